import type { Felt } from '@cairn/primitives';

const WORD_MASK = 0xffffffffn;
const WORDS = new Uint32Array(8);

/** Writes the lowest `count` limbs of nine bits of a felt to `limbs` from `at` on. */
export function splitFelt(value: Felt, limbs: Uint16Array, at: number, count: number): void {
  for (let i = 0; i < 8; i++) WORDS[i] = Number((value >> BigInt(32 * i)) & WORD_MASK);
  for (let k = 0; k < count; k++) {
    const bit = 9 * k;
    const word = bit >> 5;
    const shift = bit & 31;
    let limb = WORDS[word]! >>> shift;
    if (shift > 23 && word < 7) limb |= WORDS[word + 1]! << (32 - shift);
    limbs[at + k] = limb & 511;
  }
}

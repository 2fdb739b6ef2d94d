import { isPointer, POINTER_BASE, SMALL_BOUND, type Word } from '../word.ts';
import { TAG, TOP_FELT_BITS } from './layout.ts';

const TWO_32 = 2 ** 32;
const FELT_BITS_64 = (1n << 60n) - 1n;
/** Upper and lower half of the top word of the prime. */
const PRIME_TOP_HIGH = 0x08000000;
const PRIME_TOP_LOW = 0x11;
const ONES = 0xffffffff;

/** Views of the core's memory; `at` below counts 32-bit words. */
export interface CellViews {
  words32: Uint32Array;
  words64: BigUint64Array;
}

/** The small word or pointer in a present cell; undefined for a felt that is no small word. */
export function readSmall(words32: Uint32Array, at: number): Word | undefined {
  const top = words32[at + 7]!;
  const low = words32[at]!;
  const next = words32[at + 1]!;
  if (top & TAG.pointer) return POINTER_BASE + next * TWO_32 + low;
  const high = top & TOP_FELT_BITS;
  const middle = words32[at + 2]!;
  if (high === 0) {
    const isSmall =
      (middle | words32[at + 3]! | words32[at + 4]! | words32[at + 5]! | words32[at + 6]!) === 0 &&
      next < SMALL_BOUND / TWO_32;
    return isSmall ? next * TWO_32 + low : undefined;
  }
  if (high !== PRIME_TOP_HIGH) return undefined;
  const below = words32[at + 6]!;
  if (below === PRIME_TOP_LOW)
    return (low | next | middle | words32[at + 3]! | words32[at + 4]! | words32[at + 5]!) === 0
      ? -1
      : undefined;
  const isNegative =
    below === PRIME_TOP_LOW - 1 && middle === ONES && words32[at + 3] === ONES && words32[at + 4] === ONES;
  if (!isNegative || words32[at + 5] !== ONES) return undefined;
  const value = (next - TWO_32) * TWO_32 + low - 1;
  return value > -SMALL_BOUND ? value : undefined;
}

/** The felt in a cell. */
export function readBig(words64: BigUint64Array, at: number): bigint {
  const i = at >> 1;
  const top = words64[i + 3]! & FELT_BITS_64;
  return words64[i]! | (words64[i + 1]! << 64n) | (words64[i + 2]! << 128n) | (top << 192n);
}

/** Stores a small word or pointer. `tags` are further tags of the cell. */
export function storeSmall(words32: Uint32Array, at: number, word: Word, tags: number): void {
  let low: number;
  let next: number;
  let fill = 0;
  let below = 0;
  let top = TAG.present;
  if (word >= 0) {
    const value = isPointer(word) ? word - POINTER_BASE : word;
    if (isPointer(word)) top = TAG.present + TAG.pointer;
    next = Math.floor(value / TWO_32);
    low = value - next * TWO_32;
  } else {
    top = TAG.present + PRIME_TOP_HIGH;
    const value = word + 1;
    const isMinusOne = value === 0;
    next = isMinusOne ? 0 : Math.floor(value / TWO_32);
    low = isMinusOne ? 0 : value - next * TWO_32;
    fill = isMinusOne ? 0 : ONES;
    below = isMinusOne ? PRIME_TOP_LOW : PRIME_TOP_LOW - 1;
  }
  words32[at] = low;
  words32[at + 1] = next;
  words32[at + 2] = fill;
  words32[at + 3] = fill;
  words32[at + 4] = fill;
  words32[at + 5] = fill;
  words32[at + 6] = below;
  words32[at + 7] = top + tags;
}

/** Stores a felt. */
export function storeBig(views: CellViews, at: number, value: bigint, tags: number): void {
  const i = at >> 1;
  const { words64 } = views;
  words64[i] = value; // a typed array keeps the low 64 bits
  words64[i + 1] = value >> 64n;
  words64[i + 2] = value >> 128n;
  words64[i + 3] = value >> 192n;
  views.words32[at + 7]! += TAG.present + tags;
}

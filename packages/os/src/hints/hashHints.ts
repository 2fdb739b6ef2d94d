import type { HintContext } from '@cairn/cairo';
import { digitsOf } from './integers.ts';
import type { LibraryHint } from './libraryHint.ts';

const BLOCK_FELTS = 8n;
const BLAKE_BLOCK_WORDS = 16;
const SMALL_FELT_BOUND = 1n << 63n;

/** Hints of `poseidon.cairo` and `blake2s.cairo`. */
export const HASH_HINTS: Readonly<Record<string, LibraryHint>> = {
  'cairn.poseidon.is_block': (h) => h.felt('left') >= BLOCK_FELTS,
  'cairn.poseidon.is_last': (h) => h.felt('left') < 2n,
  'cairn.blake2s.full_words': (h) => {
    const count = h.count('len');
    return count === 0 ? 0 : count - ((count - 1) % BLAKE_BLOCK_WORDS) - 1;
  },
  'cairn.blake2s.is_small_block': (h) =>
    h.felt('left') >= BLOCK_FELTS && valuesAhead(h).every((value) => value < SMALL_FELT_BOUND),
  'cairn.blake2s.write_small_block': (h) =>
    h.writeAll(
      h.pointer('words'),
      valuesAhead(h).flatMap((value) => digitsOf(value, 32, 2).reverse()),
    ),
  'cairn.blake2s.write_words': writeWords,
};

/** The next felts to be written as words. */
function valuesAhead(h: HintContext): bigint[] {
  return h.memory.readFelts(h.pointer('value'), Number(BLOCK_FELTS));
}

/** Writes a felt's words as Starknet's Blake2s encoding has them; says whether there are eight. */
function writeWords(h: HintContext): boolean {
  const felt = h.memory.readFelt(h.pointer('value'));
  const isBig = felt >= SMALL_FELT_BOUND;
  const words = isBig ? digitsOf(felt + (1n << 255n), 32, 8) : digitsOf(felt, 32, 2);
  h.writeAll(h.pointer('words'), words.reverse());
  return isBig;
}

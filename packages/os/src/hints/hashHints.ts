import { type HintContext, offsetBy } from '@cairn/cairo';
import {
  bigIntToBytes,
  bytesToBigInt,
  concatBytes,
  keccak256,
  keccakF1600,
  SHA256_INITIAL_STATE,
  sha256Compress,
} from '@cairn/primitives';
import { digitsOf, RANGE_CHECK_BOUND } from './integers.ts';
import type { LibraryHint } from './libraryHint.ts';

const BLOCK_FELTS = 8n;
const BLAKE_BLOCK_WORDS = 16;
const SMALL_FELT_BOUND = 1n << 63n;

const KECCAK_LANES = 25;
const KECCAK_RATE_BYTES = 136n;
const WORD_BYTES = 8n;
const KECCAK_BATCH = 3;
/** Bytes of a number of `keccak.cairo`'s messages. */
const UNSAFE_NUMBER_BYTES = 16;
const SHA256_BLOCK_WORDS = 16;
const SHA256_BATCH = 7;

/** Hints of `poseidon.cairo`, `blake2s.cairo`, `keccak.cairo` and `sha256_utils.cairo`. */
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
  'cairn.keccak.is_full_block': (h) => h.felt('n_bytes') >= KECCAK_RATE_BYTES,
  'cairn.keccak.is_full_word': (h) => h.felt('n_bytes') >= WORD_BYTES,
  'cairn.keccak.permutation': (h) => {
    const end = h.pointer('keccak_ptr');
    h.writeAll(end, permuted(h.memory.readFelts(offsetBy(end, -KECCAK_LANES), KECCAK_LANES)));
  },
  'cairn.keccak.fill_block': (h) => {
    const zeros = new Array<bigint>(KECCAK_LANES).fill(0n);
    fillBatch(h, 'keccak_ptr_end', [...zeros, ...permuted(zeros)], KECCAK_BATCH);
  },
  'cairn.keccak.unsafe_hash': (h) => {
    const length = h.count('length');
    const numbers = h.memory.readFelts(h.pointer('data'), Math.ceil(length / UNSAFE_NUMBER_BYTES));
    const bytes = numbers.map((number, i) =>
      bigIntToBytes(number, Math.min(length - UNSAFE_NUMBER_BYTES * i, UNSAFE_NUMBER_BYTES)),
    );
    const hash = bytesToBigInt(keccak256(concatBytes(...bytes)));
    h.set('low', hash % RANGE_CHECK_BOUND);
    h.set('high', hash / RANGE_CHECK_BOUND);
  },
  'cairn.sha256.fill_batch': (h) => {
    const block = new Uint32Array(SHA256_BLOCK_WORDS);
    const next = sha256Compress(SHA256_INITIAL_STATE, block);
    fillBatch(h, 'sha256_ptr_end', [...block, ...SHA256_INITIAL_STATE, ...next], SHA256_BATCH);
  },
};

/** Writes as many more entries of a list of `ids.count` as fill its last batch. */
function fillBatch(
  h: HintContext,
  end: string,
  entry: readonly (bigint | number)[],
  batchSize: number,
): void {
  const missing = (batchSize - (h.count('count') % batchSize)) % batchSize;
  h.writeAll(h.pointer(end), new Array(missing).fill(entry).flat());
}

/** Lanes of a Keccak state after the permutation. */
function permuted(lanes: readonly bigint[]): bigint[] {
  const state = BigUint64Array.from(lanes);
  keccakF1600(state);
  return [...state];
}

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

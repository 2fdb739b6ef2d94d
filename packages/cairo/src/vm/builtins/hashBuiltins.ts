import { CairnError, type Felt, hadesPermutation, keccakF1600, pedersen } from '@cairn/primitives';
import type { VmErrorCode } from '../../errors.ts';
import type { Memory } from '../memory.ts';
import { wordSegment } from '../word.ts';
import { type Builtin, deduceByInstance } from './builtin.ts';

const KECCAK_WORDS = 8;
const KECCAK_WORD_BITS = 200n;

/** Cells [a, b, pedersen(a, b)]. */
export function pedersenBuiltin(memory: Memory): Builtin {
  const initialPointer = memory.newSegment();
  const segment = wordSegment(initialPointer);
  return {
    name: 'pedersen',
    segment,
    initialPointer,
    cellsPerInstance: 3,
    inputCells: 2,
    initialCells: 0,
    deduce: deduceByInstance('pedersen', segment, 3, 2, ([a, b]) => [pedersen(a!, b!)]),
  };
}

/** Cells [s0, s1, s2, the state after the Hades permutation]. */
export function poseidonBuiltin(memory: Memory): Builtin {
  const initialPointer = memory.newSegment();
  const segment = wordSegment(initialPointer);
  return {
    name: 'poseidon',
    segment,
    initialPointer,
    cellsPerInstance: 6,
    inputCells: 3,
    initialCells: 0,
    deduce: deduceByInstance('poseidon', segment, 6, 3, ([s0, s1, s2]) => hadesPermutation(s0!, s1!, s2!)),
  };
}

/** Cells: the Keccak-f[1600] state as 8 words of 200 bits, least significant first, before and after. */
export function keccakBuiltin(memory: Memory): Builtin {
  const initialPointer = memory.newSegment();
  const segment = wordSegment(initialPointer);
  return {
    name: 'keccak',
    segment,
    initialPointer,
    cellsPerInstance: 2 * KECCAK_WORDS,
    inputCells: KECCAK_WORDS,
    initialCells: 0,
    deduce: deduceByInstance('keccak', segment, 2 * KECCAK_WORDS, KECCAK_WORDS, permuteKeccakWords),
  };
}

function permuteKeccakWords(words: Felt[]): Felt[] {
  let bits = 0n;
  for (const word of words.toReversed()) {
    if (word >> KECCAK_WORD_BITS !== 0n)
      throw new CairnError<VmErrorCode>(
        'BUILTIN_INPUT',
        `keccak input: got ${word}, expected less than 2^200`,
      );
    bits = (bits << KECCAK_WORD_BITS) | word;
  }
  const state = new BigUint64Array(25);
  for (let lane = 0; lane < 25; lane++) state[lane] = BigInt.asUintN(64, bits >> BigInt(64 * lane));
  keccakF1600(state);
  let result = 0n;
  for (let lane = 24; lane >= 0; lane--) result = (result << 64n) | state[lane]!;
  const mask = (1n << KECCAK_WORD_BITS) - 1n;
  return words.map((_, i) => (result >> (KECCAK_WORD_BITS * BigInt(i))) & mask);
}

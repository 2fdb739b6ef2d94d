import { CairnError } from './cairnError.ts';
import type { Felt } from './felt.ts';
import { writeFelt } from './feltCells.ts';
import { ioBytes, type KernelExports, readCell } from './kernels.ts';
import { pedersenKernels, poseidonKernels } from './kernelTables.ts';

/** The two-to-one hashes of Starknet's tries. */
export type PairHash = 'pedersen' | 'poseidon';

/** Largest number of pairs the kernels take at once. */
const BATCH_PAIRS = 512;
const PAIR_BYTES = 64;
const HASH_BYTES = 32;

function batchKernel(kind: PairHash): (count: number) => void {
  const k: KernelExports = kind === 'pedersen' ? pedersenKernels() : poseidonKernels();
  return kind === 'pedersen' ? k.pedersenBatch : k.poseidonBatch;
}

function hashPairs(kind: PairHash, pairs: readonly (readonly [Felt, Felt])[]): Felt[] {
  const hashBatch = batchKernel(kind);
  const hashes: Felt[] = [];
  for (let first = 0; first < pairs.length; first += BATCH_PAIRS) {
    const batch = pairs.slice(first, first + BATCH_PAIRS);
    batch.forEach(([a, b], i) => {
      writeFelt(2 * i, a);
      writeFelt(2 * i + 1, b);
    });
    hashBatch(batch.length);
    for (let i = 0; i < batch.length; i++) hashes.push(readCell(i));
  }
  return hashes;
}

/**
 * Pedersen hashes of many pairs. PERF: batches of 16 and more share their inversions; 512 cost about 0.6 of as many
 * single calls each. @throws CairnError `INVALID_FELT`.
 */
export function pedersenBatch(pairs: readonly (readonly [Felt, Felt])[]): Felt[] {
  return hashPairs('pedersen', pairs);
}

/** Poseidon hashes of many pairs. PERF: four at a time in SIMD lanes. @throws CairnError `INVALID_FELT`. */
export function poseidonBatch(pairs: readonly (readonly [Felt, Felt])[]): Felt[] {
  return hashPairs('poseidon', pairs);
}

/**
 * Hashes of many pairs without bigints: `input` holds 64 bytes a pair (two big-endian felts), `output` receives 32
 * bytes a hash, big-endian. The two may be one buffer.
 * @throws CairnError `INVALID_LENGTH` when the sizes do not fit, `INVALID_FELT` for an input not below the prime
 */
export function hashPairsInto(kind: PairHash, input: Uint8Array, output: Uint8Array): void {
  const pairCount = input.length / PAIR_BYTES;
  if (!Number.isInteger(pairCount) || output.length < pairCount * HASH_BYTES) {
    throw new CairnError(
      'INVALID_LENGTH',
      `pairs and hashes do not fit: got ${input.length} bytes in, ${output.length} out, expected 64 in and 32 out a pair`,
    );
  }
  const hashBatch = batchKernel(kind);
  const k = kind === 'pedersen' ? pedersenKernels() : poseidonKernels();
  for (let first = 0; first < pairCount; first += BATCH_PAIRS) {
    const count = Math.min(BATCH_PAIRS, pairCount - first);
    ioBytes.set(input.subarray(first * PAIR_BYTES, (first + count) * PAIR_BYTES));
    const wrong = k.cellsFromBytes(2 * count);
    if (wrong >= 0) {
      throw new CairnError('INVALID_FELT', 'invalid felt in a pair: expected a value below PRIME', {
        details: { pair: first + (wrong >> 1), side: wrong & 1 },
      });
    }
    hashBatch(count);
    k.cellsToBytes(count);
    output.set(ioBytes.subarray(0, count * HASH_BYTES), first * HASH_BYTES);
  }
}

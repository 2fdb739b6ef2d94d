import type { Felt } from './felt.ts';
import { writeFelt } from './feltCells.ts';
import { IO_CELLS, readCell } from './kernels.ts';
import { poseidonKernels } from './kernelTables.ts';

/** Starknet's Hades permutation: width 3, x³, 4 + 83 + 4 rounds. @throws CairnError `INVALID_FELT`. */
export function hadesPermutation(s0: Felt, s1: Felt, s2: Felt): [Felt, Felt, Felt] {
  const k = poseidonKernels();
  writeFelt(0, s0);
  writeFelt(1, s1);
  writeFelt(2, s2);
  k.hadesPermutation();
  return [readCell(0), readCell(1), readCell(2)];
}

/** Poseidon hash of two felts: first element of hades(a, b, 2). @throws CairnError `INVALID_FELT`. */
export function poseidon(a: Felt, b: Felt): Felt {
  const k = poseidonKernels();
  writeFelt(0, a);
  writeFelt(1, b);
  k.poseidon();
  return readCell(0);
}

/** Poseidon hash of a list: sponge of rate 2, the list padded with 1 and, to an even length, 0. */
export function poseidonMany(xs: readonly Felt[]): Felt {
  const k = poseidonKernels();
  const pairCount = Math.floor(xs.length / 2) + 1;
  const chunkPairs = IO_CELLS / 2;
  for (let first = 0; first < pairCount; first += chunkPairs) {
    const count = Math.min(chunkPairs, pairCount - first);
    for (let i = 0; i < 2 * count; i++) {
      const at = 2 * first + i;
      writeFelt(i, at < xs.length ? xs[at]! : at === xs.length ? 1n : 0n);
    }
    k.poseidonAbsorb(count, first === 0);
  }
  return readCell(0);
}

import type { Felt } from './felt.ts';
import { writeFelt } from './feltCells.ts';
import { IO_CELLS, readCell } from './kernels.ts';
import { pedersenKernels } from './kernelTables.ts';

/**
 * Pedersen hash of two felts. @throws CairnError `INVALID_FELT` for numbers that are no felts.
 * @see Starknet book, "Pedersen hash"
 */
export function pedersen(a: Felt, b: Felt): Felt {
  const k = pedersenKernels();
  writeFelt(0, a);
  writeFelt(1, b);
  k.pedersen();
  return readCell(0);
}

/** Pedersen hash of a list: ped(…ped(ped(0, x1), x2)…, n). */
export function pedersenArray(xs: readonly Felt[]): Felt {
  const k = pedersenKernels();
  let hash = 0n;
  for (let first = 0; first <= xs.length; first += IO_CELLS - 1) {
    // The list ends with its length.
    const count = Math.min(IO_CELLS - 1, xs.length + 1 - first);
    writeFelt(0, hash);
    for (let i = 0; i < count; i++) writeFelt(i + 1, xs[first + i] ?? BigInt(xs.length));
    k.pedersenFold(count);
    hash = readCell(0);
  }
  return hash;
}

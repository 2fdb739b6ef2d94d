import { CairnError } from './cairnError.ts';
import { PRIME } from './felt.ts';
import { writeInteger } from './kernels.ts';

/** Writes a felt into a cell of the kernels. @throws CairnError `INVALID_FELT` when it is not in [0, PRIME). */
export function writeFelt(cell: number, value: bigint): void {
  if (value < 0n || value >= PRIME) {
    throw new CairnError('INVALID_FELT', `invalid felt: got ${value}, expected 0 ≤ x < PRIME`);
  }
  writeInteger(cell, value);
}

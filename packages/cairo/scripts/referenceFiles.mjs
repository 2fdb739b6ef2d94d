// What cairo-lang's runner writes, made comparable with our files.
import { createHash } from 'node:crypto';

/** A cell in a memory file: address and value. */
export const CELL_BYTES = 40;

export const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** The reference lists cells in the order they were written; ours are in order of address. */
export function sortedCells(file) {
  const cells = [];
  for (let at = 0; at < file.length; at += CELL_BYTES) cells.push(file.subarray(at, at + CELL_BYTES));
  return Buffer.concat(cells.sort((a, b) => Number(a.readBigUInt64LE() - b.readBigUInt64LE())));
}

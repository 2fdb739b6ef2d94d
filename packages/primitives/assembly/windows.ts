// Fixed-base tables: for a window of 9 bits at 2^(9i), the multiples 1…256 of 2^(9i)·point, affine. Digits are
// signed, −255…256, so 256 entries serve 9 bits.

import { addPoint, normalise, setAffine, XYZZ } from './curve';
import { AFFINE, SCRATCH } from './layout';

export const WINDOW_BITS: i32 = 9;
/** Bytes of the table of one window. */
export const WINDOW: usize = 256 * AFFINE;

const BASE = memory.data(72, 16);

/** `count` bits of the 256-bit number in a cell from bit `at` on, count < 64. */
export function bitsOf(cell: usize, at: i32, count: i32): i32 {
  const word = cell + <usize>((at >> 6) << 3);
  const shift = at & 63;
  let bits = load<u64>(word) >> shift;
  if (shift + count > 64 && at < 192) bits |= load<u64>(word, 8) << (64 - shift);
  return <i32>(bits & ((1 << count) - 1));
}

/** Writes first, first + step, … (count XYZZ points) from `line` on. */
export function fillLine(line: usize, first: usize, step: usize, count: i32): void {
  memory.copy(line, first, XYZZ);
  for (let i = 1; i < count; i++) {
    const sum = line + <usize>i * XYZZ;
    memory.copy(sum, sum - XYZZ, XYZZ);
    addPoint(sum, step, 0);
  }
}

/** Fills the tables of `count` windows of a point; leaves 2^(9·count)·point in `next`. */
export function fillWindows(table: usize, point: usize, count: i32, next: usize): void {
  memory.copy(BASE, point, AFFINE);
  for (let i = 0; i < count; i++) {
    const window = table + <usize>i * WINDOW;
    setAffine(SCRATCH, BASE, 0);
    fillLine(SCRATCH, SCRATCH, BASE, 256);
    normalise(window, SCRATCH, 256);
    const last = window + WINDOW - AFFINE;
    setAffine(SCRATCH, last, 0);
    addPoint(SCRATCH, last, 0);
    normalise(BASE, SCRATCH, 1);
  }
  memory.copy(next, BASE, AFFINE);
}

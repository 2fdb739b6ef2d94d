// Cells from and to 32-byte big-endian felts.

import { CELL, IO } from './layout';

function reverseBytes(cell: usize): void {
  const first = load<u64>(cell);
  const second = load<u64>(cell, 8);
  store<u64>(cell, bswap<u64>(load<u64>(cell, 24)));
  store<u64>(cell, bswap<u64>(load<u64>(cell, 16)), 8);
  store<u64>(cell, bswap<u64>(second), 16);
  store<u64>(cell, bswap<u64>(first), 24);
}

/** True when the integer in a cell is below 2^251 + 17·2^192 + 1. */
function isCanonical(cell: usize): bool {
  const top = load<u64>(cell, 24);
  if (top != 0x0800000000000011) return top < 0x0800000000000011;
  return (load<u64>(cell) | load<u64>(cell, 8) | load<u64>(cell, 16)) == 0;
}

/** Turns `count` big-endian integers in IO into cells; returns the index of the first that is no felt, or −1. */
export function cellsFromBytes(count: i32): i32 {
  let wrong = -1;
  for (let i = count - 1; i >= 0; i--) {
    const cell = IO + <usize>i * CELL;
    reverseBytes(cell);
    if (!isCanonical(cell)) wrong = i;
  }
  return wrong;
}

/** Turns `count` cells in IO into big-endian integers. */
export function cellsToBytes(count: i32): void {
  for (let i = 0; i < count; i++) reverseBytes(IO + <usize>i * CELL);
}

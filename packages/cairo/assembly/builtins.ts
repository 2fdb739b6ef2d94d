// What is cheap enough of the builtins: the bitwise cells, and checks over whole segments after a run.

import { RESULT, sameCells, storeCell } from './cells';
import { rowOf } from './arena';
import { ACCESSED, BASE, CAPACITY, CELL_SHIFT, FELT_BITS, POINTER, PRESENT, SIZE } from './layout';

const BITWISE_CELLS: i32 = 5;
/** Tag or value bits from 2^251 on. */
const ABOVE_251_BITS: u64 = 0x0800000000000000;

/** 1 when cell `index` (2 to 4) of the bitwise instance was left in RESULT, 0 without inputs, −1 for impossible ones. */
export function deduceBitwise(instance: usize, index: i32): i32 {
  const x3 = load<u64>(instance, 24);
  const y3 = load<u64>(instance, 56);
  if ((x3 & y3 & PRESENT) == 0) return 0;
  if ((x3 | y3) & (POINTER | ABOVE_251_BITS)) return -1;
  for (let word: usize = 0; word < 32; word += 8) {
    const x = load<u64>(instance + word);
    const y = load<u64>(instance + 32 + word);
    store<u64>(RESULT + word, index == 2 ? x & y : index == 3 ? x ^ y : x | y);
  }
  store<u64>(RESULT, (load<u64>(RESULT, 24) & FELT_BITS) | PRESENT, 24);
  return 1;
}

/** True when all cells of a bitwise segment are as the builtin has them; false also where the host must say why not. */
export function isBitwiseSound(context: usize, segment: i32): bool {
  const row = rowOf(context, segment);
  const size = load<i32>(row, SIZE);
  const capacity = load<i32>(row, CAPACITY);
  for (let first = 0; first < size; first += BITWISE_CELLS) {
    if (first + 1 >= capacity) break;
    const instance = load<usize>(row, BASE) + (<usize>first << CELL_SHIFT);
    for (let index = 2; index < BITWISE_CELLS && first + index < size; index++) {
      const state = deduceBitwise(instance, index);
      if (state < 0) return false;
      if (state == 0) break;
      const cell = instance + (<usize>index << CELL_SHIFT);
      if (load<u64>(cell, 24) & PRESENT && !sameCells(cell, RESULT)) return false;
    }
  }
  return true;
}

/** Cells of a segment that hold a value and were accessed. */
export function countAccessed(context: usize, segment: i32): i32 {
  const row = rowOf(context, segment);
  const base = load<usize>(row, BASE);
  const end = base + (<usize>load<u32>(row, SIZE) << CELL_SHIFT);
  let count = 0;
  for (let cell = base; cell < end; cell += 32)
    count += i32((load<u64>(cell, 24) & (PRESENT | ACCESSED)) == (PRESENT | ACCESSED));
  return count;
}

/** Cells of a segment that hold a value. */
export function countPresent(context: usize, segment: i32): i32 {
  const row = rowOf(context, segment);
  const base = load<usize>(row, BASE);
  const end = base + (<usize>load<u32>(row, SIZE) << CELL_SHIFT);
  let count = 0;
  for (let cell = base; cell < end; cell += 32) count += i32((load<u64>(cell, 24) & PRESENT) != 0);
  return count;
}

/** Tags cells of a segment as accessed. */
export function markAccessed(context: usize, segment: i32, from: i32, to: i32): void {
  const base = load<usize>(rowOf(context, segment), BASE);
  for (let at = from; at < to; at++) {
    const cell = base + (<usize>at << CELL_SHIFT);
    store<u64>(cell, load<u64>(cell, 24) | ACCESSED, 24);
  }
}

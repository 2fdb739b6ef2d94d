// Runs in the arena: contexts, segment tables, blocks of cells.

import {
  ARENA,
  BASE,
  CAPACITY,
  CELL_SHIFT,
  CONTEXT_BYTES,
  END_PC,
  FIRST_TEMPORARY,
  LAST_GROWN,
  MAX_CELLS,
  RECORD_COUNT,
  RECORD_SHIFT,
  RECORDS,
  ROW_SHIFT,
  SEGMENT_COUNT,
  SIZE,
  TABLE,
  TABLE_ROWS,
  USED_CELLS,
} from './layout';

const FIRST_ROWS: i32 = 32;
const FIRST_SEGMENT_CELLS: i64 = 8;
const MAX_ADDRESS: u64 = 0xffff0000;
const GROWTH_PAGES: i32 = 256;

let free: usize = ARENA;

/** End of what is allocated. */
export function arenaEnd(): usize {
  return free;
}

/** `bytes` of zeros aligned to 32; 0 when the memory cannot hold them. */
export function allocate(bytes: u64): usize {
  const end = (<u64>free + bytes + 31) & ~(<u64>31);
  if (end > MAX_ADDRESS) return 0;
  const have = <u64>memory.size() << 16;
  if (end > have) {
    const pages = <i32>((end - have + 0xffff) >> 16);
    if (memory.grow(max(pages, GROWTH_PAGES)) < 0 && memory.grow(pages) < 0) return 0;
  }
  const start = free;
  free = <usize>end;
  return start;
}

/** Context of a new run behind those that are open; 0 when there is no room. */
export function openRun(maxCells: u32): usize {
  const context = allocate(CONTEXT_BYTES + (FIRST_ROWS << ROW_SHIFT));
  if (!context) return 0;
  store<usize>(context, context + CONTEXT_BYTES, TABLE);
  store<i32>(context, FIRST_ROWS, TABLE_ROWS);
  store<u32>(context, maxCells, MAX_CELLS);
  store<i32>(context, -1, LAST_GROWN);
  store<i32>(context, -1, END_PC);
  return context;
}

/** Ends the run opened last. */
export function closeRun(context: usize): void {
  memory.fill(context, 0, free - context);
  free = context;
}

/** Row of a segment. */
// @ts-ignore: decorator
@inline
export function rowOf(context: usize, segment: i32): usize {
  return load<usize>(context, TABLE) + (<usize>segment << ROW_SHIFT);
}

/** Number of a new empty segment, or −1. */
export function newSegment(context: usize): i32 {
  const count = load<i32>(context, SEGMENT_COUNT);
  if (count >= FIRST_TEMPORARY) return -1;
  const rows = load<i32>(context, TABLE_ROWS);
  if (count == rows) {
    const table = allocate(<u64>rows << (ROW_SHIFT + 1));
    if (!table) return -1;
    memory.copy(table, load<usize>(context, TABLE), <usize>rows << ROW_SHIFT);
    store<usize>(context, table, TABLE);
    store<i32>(context, rows << 1, TABLE_ROWS);
  }
  store<i32>(context, count + 1, SEGMENT_COUNT);
  return count;
}

/** Makes room for `cells` cells in a segment with fewer; false beyond the limits. Blocks move. */
export function grow(context: usize, segment: i32, cells: i32): bool {
  const row = rowOf(context, segment);
  const old = load<i32>(row, CAPACITY);
  const capacity = max(max(<i64>cells, 2 * <i64>old), FIRST_SEGMENT_CELLS);
  const isLast = old != 0 && load<i32>(context, LAST_GROWN) == segment;
  const used = <i64>load<u32>(context, USED_CELLS) + capacity - (isLast ? <i64>old : 0);
  if (used > <i64>load<u32>(context, MAX_CELLS)) return false;
  const base = load<usize>(row, BASE);
  const bytes = <usize>old << CELL_SHIFT;
  if (old != 0 && base + bytes == free) {
    if (!allocate((<u64>capacity << CELL_SHIFT) - bytes)) return false;
  } else {
    const block = allocate(<u64>capacity << CELL_SHIFT);
    if (!block) return false;
    memory.copy(block, base, bytes);
    store<usize>(row, block, BASE);
  }
  store<i32>(row, <i32>capacity, CAPACITY);
  store<u32>(context, <u32>used, USED_CELLS);
  store<i32>(context, segment, LAST_GROWN);
  return true;
}

/** Makes an empty segment of `size` cells that lie elsewhere, in a block of `cells`, with their records. */
export function attach(
  context: usize,
  segment: i32,
  base: usize,
  size: i32,
  cells: i32,
  records: usize,
): void {
  const row = rowOf(context, segment);
  store<usize>(row, base, BASE);
  store<i32>(row, cells, CAPACITY);
  store<i32>(row, size, SIZE);
  store<usize>(row, records, RECORDS);
  store<i32>(row, cells, RECORD_COUNT);
  const reserved = max(<i64>cells, FIRST_SEGMENT_CELLS);
  store<u32>(context, load<u32>(context, USED_CELLS) + <u32>reserved, USED_CELLS);
}

/** Makes records for the instructions of a segment as far as it reaches now; false when there is no room. */
export function prepareRecords(context: usize, segment: i32): bool {
  const row = rowOf(context, segment);
  const known = load<i32>(row, RECORD_COUNT);
  const capacity = load<i32>(row, CAPACITY);
  if (load<i32>(row, SIZE) <= known) return true;
  const records = allocate(<u64>capacity << RECORD_SHIFT);
  if (!records) return false;
  memory.copy(records, load<usize>(row, RECORDS), <usize>known << RECORD_SHIFT);
  store<usize>(row, records, RECORDS);
  store<i32>(row, capacity, RECORD_COUNT);
  return true;
}

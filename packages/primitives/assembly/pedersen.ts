// Pedersen hash with precomputed windows: per input 27 signed windows of 9 bits, and one last table over bits 243–247
// with their carry (0…32) times the high bits 248–251 (0…8). The first input's last table has the shift point added,
// so the sum starts there and never is infinite. Equal x coordinates on the way would reveal a discrete logarithm
// between the five points, so they are not looked for.

import {
  addDistinct,
  addPoint,
  feltInverse,
  normalise,
  pointFromCells,
  setAffine,
  setInfinity,
  XYZZ,
  xToCell,
} from './curve';
import { copyFelt, mulToCell } from './felt';
import { MONTGOMERY_ONE, PLAIN_ONE } from './feltConstants';
import { feltMul, feltMulDiff, feltMulDiffSub, feltMulSignedDiff, feltSqrSub } from './feltKernels';
import { AFFINE, CELL, FELT, IO, PEDERSEN_TABLE, SCRATCH } from './layout';
import { bitsOf, fillLine, fillWindows, WINDOW, WINDOW_BITS } from './windows';

const WINDOW_COUNT: i32 = 27;
const LOW_COUNT: i32 = 33;
const HIGH_COUNT: i32 = 9;
const LAST_TABLE: usize = <usize>WINDOW_COUNT * WINDOW;
/** Bytes of the tables of one input. */
const INPUT_TABLES: usize = LAST_TABLE + <usize>(LOW_COUNT * HIGH_COUNT) * AFFINE;
/** Table entries that a hash adds up: a list of pointers, the lowest bit set for minus, 0 for nothing to add. */
const STEP_COUNT: i32 = 2 * (WINDOW_COUNT + 1);
const STEPS: usize = 4 * <usize>STEP_COUNT;

const POINTS = memory.data(360, 16);
const NEXT = memory.data(72, 16);
const SUM = memory.data(144, 16);
const ONE_HASH_STEPS = memory.data(224, 16);

function fillInput(tables: usize, low: usize, high: usize, shift: usize): void {
  fillWindows(tables, low, WINDOW_COUNT, NEXT);
  const row: usize = <usize>LOW_COUNT * XYZZ;
  const rowStart = SUM;
  if (shift) setAffine(rowStart, shift, 0);
  else setInfinity(rowStart);
  for (let h = 0; h < HIGH_COUNT; h++) {
    fillLine(SCRATCH + <usize>h * row, rowStart, NEXT, LOW_COUNT);
    addPoint(rowStart, high, 0);
  }
  // Without a shift the first entry is infinite and never used.
  const skip: i32 = shift ? 0 : 1;
  normalise(
    tables + LAST_TABLE + <usize>skip * AFFINE,
    SCRATCH + <usize>skip * XYZZ,
    LOW_COUNT * HIGH_COUNT - skip,
  );
}

/** Fills the tables from the five points (shift, P1, P2, P3, P4) in IO. */
export function pedersenPrepare(): void {
  for (let i: usize = 0; i < 5; i++) pointFromCells(POINTS + i * AFFINE, IO + 2 * i * CELL);
  fillInput(PEDERSEN_TABLE, POINTS + AFFINE, POINTS + 2 * AFFINE, POINTS);
  fillInput(PEDERSEN_TABLE + INPUT_TABLES, POINTS + 3 * AFFINE, POINTS + 4 * AFFINE, 0);
}

function listInput(steps: usize, cell: usize, tables: usize): void {
  let carry = 0;
  for (let i = 0; i < WINDOW_COUNT; i++) {
    const digit = bitsOf(cell, i * WINDOW_BITS, WINDOW_BITS) + carry;
    carry = i32(digit > 256);
    const signed = digit - (carry << WINDOW_BITS);
    const magnitude: i32 = carry ? -signed : signed;
    const entry = tables + <usize>i * WINDOW + <usize>(magnitude - 1) * AFFINE;
    store<u32>(steps + 4 + 4 * <usize>i, magnitude ? <u32>entry | carry : 0);
  }
  const last = bitsOf(cell, 248, 4) * LOW_COUNT + bitsOf(cell, 243, 5) + carry;
  store<u32>(steps, last || tables == PEDERSEN_TABLE ? <u32>(tables + LAST_TABLE + <usize>last * AFFINE) : 0);
}

function listSteps(steps: usize, a: usize, b: usize): void {
  listInput(steps, a, PEDERSEN_TABLE);
  listInput(steps + STEPS / 2, b, PEDERSEN_TABLE + INPUT_TABLES);
}

/** Cell of the hash of two cells. */
function hashCells(out: usize, a: usize, b: usize): void {
  listSteps(ONE_HASH_STEPS, a, b);
  setAffine(SUM, <usize>load<u32>(ONE_HASH_STEPS), 0);
  for (let i: usize = 4; i < STEPS; i += 4) {
    const step = load<u32>(ONE_HASH_STEPS + i);
    if (step) addDistinct(SUM, <usize>(step & ~1), -<i64>(step & 1));
  }
  xToCell(out, SUM);
}

/** The hash of the two cells in IO, left in its first cell. */
export function pedersen(): void {
  hashCells(IO, IO, IO + CELL);
}

/** Folds cells 1…count in IO into cell 0: h = pedersen(h, x). */
export function pedersenFold(count: i32): void {
  for (let i: i32 = 1; i <= count; i++) hashCells(IO, IO, IO + <usize>i * CELL);
}

/** Hashes of a batch of this many pairs and more share their inversions. */
const SHARED_INVERSION_MINIMUM: i32 = 16;
/** Largest batch; SCRATCH holds sums, products and steps. */
const BATCH_MAXIMUM: usize = 512;
const PRODUCTS: usize = SCRATCH + BATCH_MAXIMUM * AFFINE;
const BATCH_STEPS: usize = PRODUCTS + BATCH_MAXIMUM * FELT;
const INVERSE = memory.data(36, 16);
const ONE_INVERSE = memory.data(36, 16);
const SLOPE = memory.data(36, 16);
const NEW_X = memory.data(36, 16);

/** Hashes of `count` ≤ 512 pairs of cells in IO, left in its first `count` cells. */
export function pedersenBatch(count: i32): void {
  if (count < SHARED_INVERSION_MINIMUM) {
    for (let i: usize = 0; i < <usize>count; i++) hashCells(IO + i * CELL, IO + 2 * i * CELL, IO + (2 * i + 1) * CELL);
    return;
  }
  for (let i: usize = 0; i < <usize>count; i++) {
    const steps = BATCH_STEPS + i * STEPS;
    listSteps(steps, IO + 2 * i * CELL, IO + (2 * i + 1) * CELL);
    memory.copy(SCRATCH + i * AFFINE, <usize>load<u32>(steps), AFFINE);
  }
  for (let step: usize = 4; step < STEPS; step += 4) addStep(step, count);
  for (let i: usize = 0; i < <usize>count; i++) mulToCell(IO + i * CELL, SCRATCH + i * AFFINE, PLAIN_ONE);
}

/** Affine additions of one step of every hash, with one inversion (Montgomery's trick) for all slopes. */
function addStep(step: usize, count: i32): void {
  copyFelt(INVERSE, MONTGOMERY_ONE);
  for (let i: usize = 0; i < <usize>count; i++) {
    const entry = <usize>(load<u32>(BATCH_STEPS + i * STEPS + step) & ~1);
    copyFelt(PRODUCTS + i * FELT, INVERSE);
    if (entry) feltMulDiff(INVERSE, entry, SCRATCH + i * AFFINE, INVERSE);
  }
  feltInverse(INVERSE, INVERSE);
  for (let i = count - 1; i >= 0; i--) {
    const tagged = load<u32>(BATCH_STEPS + <usize>i * STEPS + step);
    if (!tagged) continue;
    const entry = <usize>(tagged & ~1);
    const x = SCRATCH + <usize>i * AFFINE;
    feltMul(ONE_INVERSE, INVERSE, PRODUCTS + <usize>i * FELT);
    feltMulDiff(INVERSE, entry, x, INVERSE);
    feltMulSignedDiff(SLOPE, entry + FELT, -<i64>(tagged & 1), x + FELT, ONE_INVERSE);
    feltSqrSub(NEW_X, SLOPE, x, entry);
    feltMulDiffSub(x + FELT, x, NEW_X, SLOPE, x + FELT);
    copyFelt(x, NEW_X);
  }
}

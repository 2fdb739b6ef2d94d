// Starknet's Poseidon on cells.

import { feltAdd, fromCell, toCell } from './felt';
import { MONTGOMERY_HALF, MONTGOMERY_TWO } from './feltConstants';
import { feltMul, feltMulDiff, feltSqr } from './feltKernels';
import { CELL, FELT, IO } from './layout';
import { partialRounds, reduceWideLimbs } from './poseidonKernels';

const MASK: i64 = 0x1fffffff;
const CONSTANT_COUNT: usize = 112;
/** In the order of the host's `poseidonKernelConstants`. */
export const CONSTANTS = memory.data(4032, 16);
const MIX_CONSTANTS: usize = CONSTANTS + 3 * FELT;
const PARTIAL_CONSTANTS: usize = MIX_CONSTANTS + 12 * FELT;
const EXIT_CONSTANTS: usize = PARTIAL_CONSTANTS + 83 * FELT;
const LAST_MIX_CONSTANTS: usize = EXIT_CONSTANTS + 2 * FELT;

const STATE = memory.data(108, 16);
const ABSORBED = memory.data(36, 16);
const SQUARE = memory.data(36, 16);
/** W and its predecessor as nine 64-bit limbs. */
const W = memory.data(72, 16);
const BEFORE = memory.data(72, 16);

/** Reads the 112 constants from IO. */
export function poseidonPrepare(): void {
  for (let i: usize = 0; i < CONSTANT_COUNT; i++) fromCell(CONSTANTS + i * FELT, IO + i * CELL);
}

/** Cubes the three elements, applies the matrix [[3,1,1],[1,−1,1],[1,1,−2]] and adds three constants. */
function fullRound(constants: usize): void {
  for (let i: usize = 0; i < 3; i++) {
    feltSqr(SQUARE, STATE + i * FELT);
    feltMul(STATE + i * FELT, SQUARE, STATE + i * FELT);
  }
  let ca: i64 = 0;
  let cb: i64 = 0;
  let cc: i64 = 0;
  for (let i: usize = 0; i < FELT; i += 4) {
    const a = i64.load32_s(STATE + i);
    const b = i64.load32_s(STATE + i, 36);
    const c = i64.load32_s(STATE + i, 72);
    const sum = a + b + c;
    ca += sum + (a << 1) + i64.load32_s(constants + i);
    cb += sum - (b << 1) + i64.load32_s(constants + i, 36);
    cc += sum - c * 3 + i64.load32_s(constants + i, 72);
    if (i == 32) {
      i64.store32(STATE + i, ca);
      i64.store32(STATE + i, cb, 36);
      i64.store32(STATE + i, cc, 72);
    } else {
      i64.store32(STATE + i, ca & MASK);
      i64.store32(STATE + i, cb & MASK, 36);
      i64.store32(STATE + i, cc & MASK, 72);
    }
    ca >>= 29;
    cb >>= 29;
    cc >>= 29;
  }
}

/** Rounds that W may go without being reduced: it grows fourfold in each from 30 bits and must stay below 2^62. */
const ROUNDS_PER_REDUCTION: i32 = 12;
const PARTIAL_ROUND_COUNT: i32 = 83;

function permute(): void {
  for (let i: usize = 0; i < 3; i++) feltAdd(STATE + i * FELT, STATE + i * FELT, CONSTANTS + i * FELT);
  for (let i: usize = 0; i < 4; i++) fullRound(MIX_CONSTANTS + 3 * i * FELT);

  feltMulDiff(SQUARE, STATE, STATE + FELT, MONTGOMERY_HALF);
  for (let i: usize = 0; i < 9; i++) {
    store<i64>(BEFORE + 8 * i, i64.load32_s(SQUARE + 4 * i));
    store<i64>(W + 8 * i, i64.load32_s(STATE + 4 * i) + i64.load32_s(STATE + 4 * i, 36));
  }
  let w = W;
  let before = BEFORE;
  for (let done = 0; done < PARTIAL_ROUND_COUNT; done += ROUNDS_PER_REDUCTION) {
    const count = min(ROUNDS_PER_REDUCTION, PARTIAL_ROUND_COUNT - done);
    partialRounds(STATE + 2 * FELT, w, before, PARTIAL_CONSTANTS + <usize>done * FELT, count);
    reduceWideLimbs(W);
    reduceWideLimbs(BEFORE);
    if (count & 1) {
      const newest = before;
      before = w;
      w = newest;
    }
  }
  leavePartialRounds(w, before);
  for (let i: usize = 0; i < 4; i++) fullRound(LAST_MIX_CONSTANTS + 3 * i * FELT);
}

/** Restores the first two elements, W/2 + W₋₁ and W/2 − W₋₁, and adds the next round's constants. */
function leavePartialRounds(w: usize, before: usize): void {
  for (let i: usize = 0; i < 9; i++) i64.store32(SQUARE + 4 * i, load<i64>(w + 8 * i));
  feltMul(SQUARE, SQUARE, MONTGOMERY_HALF);
  let ca: i64 = 0;
  let cb: i64 = 0;
  for (let i: usize = 0; i < FELT; i += 4) {
    const half = i64.load32_s(SQUARE + i);
    const other = load<i64>(before + 2 * i);
    ca += half + other + i64.load32_s(EXIT_CONSTANTS + i);
    cb += half - other + i64.load32_s(EXIT_CONSTANTS + i, 36);
    i64.store32(STATE + i, i == 32 ? ca : ca & MASK);
    i64.store32(STATE + i, i == 32 ? cb : cb & MASK, 36);
    ca >>= 29;
    cb >>= 29;
  }
}

/** (a, b, c) → the permuted state. */
export function hadesPermutation(): void {
  for (let i: usize = 0; i < 3; i++) fromCell(STATE + i * FELT, IO + i * CELL);
  permute();
  for (let i: usize = 0; i < 3; i++) toCell(IO + i * CELL, STATE + i * FELT);
}

/** Cell of the hash of the two cells from `pair` on. */
export function hashCells(out: usize, pair: usize): void {
  fromCell(STATE, pair);
  fromCell(STATE + FELT, pair + CELL);
  memory.copy(STATE + 2 * FELT, MONTGOMERY_TWO, FELT);
  permute();
  toCell(out, STATE);
}

/** The hash of the two cells in IO, left in its first cell. */
export function poseidon(): void {
  hashCells(IO, IO);
}

/** Absorbs `pairCount` pairs of cells in IO into the sponge, an empty one when `isFirst`; its hash so far is in cell 0. */
export function poseidonAbsorb(pairCount: i32, isFirst: bool): void {
  if (isFirst) memory.fill(STATE, 0, 3 * FELT);
  for (let i: usize = 0; i < 2 * <usize>pairCount; i += 2) {
    fromCell(ABSORBED, IO + i * CELL);
    feltAdd(STATE, STATE, ABSORBED);
    fromCell(ABSORBED, IO + (i + 1) * CELL);
    feltAdd(STATE + FELT, STATE + FELT, ABSORBED);
    permute();
  }
  toCell(IO, STATE);
}

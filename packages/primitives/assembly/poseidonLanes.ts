// Poseidon of four pairs at once, one in each 32-bit lane. Rounds are the plain ones of the definition.

import { feltAdd, fromCell, toCell, unpack } from './felt';
import { MONTGOMERY_TWO, PRIME_LIMBS } from './feltConstants';
import { laneMix, laneMul, laneSqr } from './feltLaneKernels';
import { CELL, FELT, IO } from './layout';
import { CONSTANTS, hashCells } from './poseidon';

const LANE_FELT: usize = 144;
const LANE_COUNT: usize = 4;
const ROUND_COUNT: i32 = 91;
const FIRST_PARTIAL: i32 = 4;
const AFTER_PARTIAL: i32 = 87;

/** Three constants to add after each round, each plus a multiple of p whose limbs outweigh what the matrix subtracts. */
const LANE_CONSTANTS = memory.data(9828, 16); // 91·3 felts
const STATE = memory.data(432, 16);
const SQUARE = memory.data(144, 16);
const FELT_OF_LANE = memory.data(36, 16);

/** Units of 2^29 in limbs 0–7 of the constants of the three rows. */
function limbBias(row: i32): i32 {
  return (row + 1) << 29;
}

/** Reads the 91·3 integers of the host's `poseidonLaneConstants` from IO and adds the biases to their limbs. */
export function poseidonLanesPrepare(): void {
  for (let i = 0; i < 3 * ROUND_COUNT; i++) {
    const constant = LANE_CONSTANTS + <usize>i * FELT;
    unpack(constant, IO + <usize>i * CELL);
    for (let j: usize = 0; j < 32; j += 4) store<i32>(constant + j, load<i32>(constant + j) + limbBias(i % 3));
  }
}

function setLane(out: usize, lane: usize, felt: usize): void {
  for (let i: usize = 0; i < FELT; i += 4) store<i32>(out + 4 * i + 4 * lane, load<i32>(felt + i));
}

function getLane(felt: usize, a: usize, lane: usize): void {
  for (let i: usize = 0; i < FELT; i += 4) store<i32>(felt + i, load<i32>(a + 4 * i + 4 * lane));
}

function cube(a: usize): void {
  laneSqr(SQUARE, a);
  laneMul(a, SQUARE, a);
}

/** Adds the first round's constant to a felt, gives it to a lane of the state, and keeps it positive there. */
function startLane(element: usize, lane: usize, felt: usize): void {
  feltAdd(FELT_OF_LANE, felt, CONSTANTS + element * FELT);
  feltAdd(FELT_OF_LANE, FELT_OF_LANE, PRIME_LIMBS);
  feltAdd(FELT_OF_LANE, FELT_OF_LANE, PRIME_LIMBS);
  setLane(STATE + element * LANE_FELT, lane, FELT_OF_LANE);
}

/** Hashes of the four pairs of cells from `pairs` on, into four cells from `out` on. */
function hashFourPairs(out: usize, pairs: usize): void {
  for (let lane: usize = 0; lane < LANE_COUNT; lane++) {
    for (let side: usize = 0; side < 2; side++) {
      fromCell(FELT_OF_LANE, pairs + (2 * lane + side) * CELL);
      startLane(side, lane, FELT_OF_LANE);
    }
    startLane(2, lane, MONTGOMERY_TWO);
  }
  for (let round = 0; round < ROUND_COUNT; round++) {
    if (round < FIRST_PARTIAL || round >= AFTER_PARTIAL) {
      cube(STATE);
      cube(STATE + LANE_FELT);
    }
    cube(STATE + 2 * LANE_FELT);
    laneMix(STATE, LANE_CONSTANTS + <usize>(3 * round) * FELT);
  }
  for (let lane: usize = 0; lane < LANE_COUNT; lane++) {
    getLane(FELT_OF_LANE, STATE, lane);
    toCell(out + lane * CELL, FELT_OF_LANE);
  }
}

/** Hashes of `count` pairs of cells in IO, left in its first `count` cells. */
export function poseidonBatch(count: i32): void {
  let i: usize = 0;
  for (; i + LANE_COUNT <= <usize>count; i += LANE_COUNT) hashFourPairs(IO + i * CELL, IO + 2 * i * CELL);
  for (; i < <usize>count; i++) hashCells(IO + i * CELL, IO + 2 * i * CELL);
}

// Scalar multiplication, point addition and ec_op on cells, and the multiples of the curve's generator.

import {
  addPoint,
  addUnlessSameX,
  isInfinity as isInfiniteSum,
  normalise,
  pointFromCells,
  setAffine,
  setInfinity,
} from './curve';
import { toCell } from './felt';
import { MONTGOMERY_ONE } from './feltConstants';
import { feltMul, feltSqr } from './feltKernels';
import { double, isInfinity, multiply, setJacobian, Z } from './jacobian';
import { AFFINE, CELL, FELT, GENERATOR_TABLE, IO } from './layout';
import { bitsOf, fillWindows, WINDOW, WINDOW_BITS } from './windows';

/** 28 windows of 9 bits hold every scalar below the curve order. */
const GENERATOR_WINDOW_COUNT: i32 = 28;

const POINT = memory.data(72, 16);
const OTHER = memory.data(72, 16);
const SUM = memory.data(144, 16);
const JACOBIAN_SUM = memory.data(144, 16);
const SCALE = memory.data(36, 16);

function pointToCells(cells: usize, point: usize): void {
  toCell(cells, point);
  toCell(cells + CELL, point + FELT);
}

/** Leaves the affine coordinates of a sum in the first two cells of IO; false when it is infinite. */
function sumToIo(sum: usize): bool {
  if (isInfiniteSum(sum)) return false;
  normalise(POINT, sum, 1);
  pointToCells(IO, POINT);
  return true;
}

/** Fills the tables of the generator, which is given by the two cells in IO. */
export function generatorPrepare(): void {
  pointFromCells(POINT, IO);
  fillWindows(GENERATOR_TABLE, POINT, GENERATOR_WINDOW_COUNT, OTHER);
}

/** sum = scalar·G for a cell below the curve order. */
export function multiplyGeneratorInto(sum: usize, scalar: usize): void {
  setInfinity(sum);
  let carry = 0;
  for (let i = 0; i < GENERATOR_WINDOW_COUNT; i++) {
    const digit = bitsOf(scalar, i * WINDOW_BITS, WINDOW_BITS) + carry;
    carry = i32(digit > 256);
    const signed = digit - (carry << WINDOW_BITS);
    const magnitude: i32 = carry ? -signed : signed;
    if (magnitude) {
      const entry = GENERATOR_TABLE + <usize>i * WINDOW + <usize>(magnitude - 1) * AFFINE;
      addPoint(sum, entry, -<i64>carry);
    }
  }
}

/** (scalar) → (x, y) of scalar·G; false when infinite. */
export function multiplyGenerator(): bool {
  multiplyGeneratorInto(SUM, IO);
  return sumToIo(SUM);
}

/** (scalar, x, y) → (x, y) of scalar·point; false when infinite. */
export function multiplyPoint(): bool {
  pointFromCells(POINT, IO + CELL);
  multiply(JACOBIAN_SUM, SCALE, IO, POINT, MONTGOMERY_ONE);
  if (isInfinity(JACOBIAN_SUM)) return false;
  feltMul(SCALE, SCALE, JACOBIAN_SUM + Z);
  jacobianToSum(SUM, JACOBIAN_SUM, SCALE);
  return sumToIo(SUM);
}

/** (x1, y1, x2, y2) → (x, y) of the sum of two points; false when infinite. */
export function addPoints(): bool {
  pointFromCells(POINT, IO);
  pointFromCells(OTHER, IO + 2 * CELL);
  setAffine(SUM, POINT, 0);
  addPoint(SUM, OTHER, 0);
  return sumToIo(SUM);
}

/** XYZZ form of the point X/z², Y/z³. */
function jacobianToSum(sum: usize, j: usize, z: usize): void {
  memory.copy(sum, j, AFFINE);
  feltSqr(sum + AFFINE, z);
  feltMul(sum + AFFINE + FELT, sum + AFFINE, z);
}

const EC_OP_BIT_COUNT: i32 = 256;

/** (p.x, p.y, q.x, q.y, m) → p + m·q by the ec_op builtin's 256 steps; false where two x coordinates meet. */
export function ecOp(): bool {
  pointFromCells(POINT, IO);
  pointFromCells(OTHER, IO + 2 * CELL);
  setAffine(SUM, POINT, 0);
  setJacobian(JACOBIAN_SUM, OTHER, 0, MONTGOMERY_ONE);
  for (let i = 0; i < EC_OP_BIT_COUNT; i++) {
    const isAdded = bitsOf(IO + 4 * CELL, i, 1) == 1;
    if (addUnlessSameX(SUM, JACOBIAN_SUM, JACOBIAN_SUM + FELT, JACOBIAN_SUM + Z, isAdded)) return false;
    double(JACOBIAN_SUM, JACOBIAN_SUM);
  }
  return sumToIo(SUM);
}

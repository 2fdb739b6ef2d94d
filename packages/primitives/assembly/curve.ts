// Points of y² = x³ + a·x + b. An affine point is x, y. A running sum is "XYZZ": X/ZZ, Y/ZZZ with ZZ³ = ZZZ²; the
// point at infinity has ZZ = 0. Formulas: Explicit-Formulas Database, short Weierstrass, add-2008-s, madd-2008-s, mdbl-2008-s-1.

import { copyFelt, fromCell, isZero, mulToCell } from './felt';
import { MONTGOMERY_CUBED, MONTGOMERY_ONE, MONTGOMERY_SQUARED, PRIME_LIMBS } from './feltConstants';
import {
  feltMul,
  feltMulDiffSubMul,
  feltMulDouble,
  feltMulSignedSub,
  feltMulSub,
  feltSqr,
  feltSqrDouble,
  feltSqrSubDouble,
  feltSqrSubSubDouble,
  feltSqrTripleAdd,
} from './feltKernels';
import { inverse } from './inverse';
import { AFFINE, CELL, FELT } from './layout';

/** Bytes of an XYZZ point. */
export const XYZZ: usize = 144;
const Y: usize = 36;
const ZZ: usize = 72;
const ZZZ: usize = 108;

const P = memory.data(36, 16);
const R = memory.data(36, 16);
const PP = memory.data(36, 16);
const PPP = memory.data(36, 16);
const Q = memory.data(36, 16);
const U = memory.data(36, 16);
const S = memory.data(36, 16);
const OTHER_ZZ = memory.data(36, 16);
const OTHER_ZZZ = memory.data(36, 16);
const INVERSE = memory.data(36, 16);

/** Affine point of two cells. */
export function pointFromCells(out: usize, cells: usize): void {
  fromCell(out, cells);
  fromCell(out + Y, cells + CELL);
}

/** a⁻¹ in Montgomery form, a not zero. */
export function feltInverse(out: usize, a: usize): void {
  inverse(out, a, PRIME_LIMBS, 1);
  feltMul(out, out, MONTGOMERY_CUBED);
}

export function setInfinity(sum: usize): void {
  memory.fill(sum, 0, XYZZ);
}

export function isInfinity(sum: usize): bool {
  let bits: i32 = 0;
  for (let i: usize = 0; i < FELT; i += 4) bits |= load<i32>(sum + ZZ + i);
  return bits == 0;
}

/** ±y in limbs that need not be carried; sign is 0 or −1. */
export function copySigned(out: usize, y: usize, sign: i64): void {
  for (let i: usize = 0; i < FELT; i += 4) store<i32>(out + i, (load<i32>(y + i) ^ <i32>sign) - <i32>sign);
}

/** sum = ±point. */
export function setAffine(sum: usize, point: usize, sign: i64): void {
  copyFelt(sum, point);
  copySigned(sum + Y, point + Y, sign);
  copyFelt(sum + ZZ, MONTGOMERY_ONE);
  copyFelt(sum + ZZZ, MONTGOMERY_ONE);
}

/** sum = 2·sum for a sum just set from an affine point of the Stark curve (a = 1). */
function doubleAffine(sum: usize): void {
  copyFelt(Q, sum + Y);
  feltSqrTripleAdd(R, sum, MONTGOMERY_ONE); // 3x² + a
  feltSqrDouble(P, Q);
  feltMulDouble(sum + ZZ, P, MONTGOMERY_ONE); // 4y²
  feltMulDouble(sum + ZZZ, Q, sum + ZZ); // 8y³
  feltMul(P, sum, sum + ZZ); // 4xy²
  feltSqrSubDouble(sum, R, P);
  feltMulDiffSubMul(sum + Y, P, sum, R, sum + ZZZ, Q);
}

/** First half of sum ± point: P and R, the differences of the x and y coordinates over a common denominator. */
function addDifferences(sum: usize, point: usize, sign: i64): void {
  feltMulSub(P, point, sum + ZZ, sum);
  feltMulSignedSub(R, point + Y, sign, sum + ZZZ, sum + Y);
}

function addFromDifferences(sum: usize): void {
  feltSqr(PP, P);
  feltMul(PPP, P, PP);
  feltMul(Q, sum, PP);
  feltSqrSubSubDouble(sum, R, PPP, Q);
  feltMulDiffSubMul(sum + Y, Q, sum, R, sum + Y, PPP);
  feltMul(sum + ZZ, sum + ZZ, PP);
  feltMul(sum + ZZZ, sum + ZZZ, PPP);
}

/** sum += ±point where neither is infinite and their x coordinates differ. */
export function addDistinct(sum: usize, point: usize, sign: i64): void {
  addDifferences(sum, point, sign);
  addFromDifferences(sum);
}

/** sum += ±point on the Stark curve, in every case. */
export function addPoint(sum: usize, point: usize, sign: i64): void {
  if (isInfinity(sum)) {
    setAffine(sum, point, sign);
    return;
  }
  addDifferences(sum, point, sign);
  if (!isZero(P)) {
    addFromDifferences(sum);
  } else if (isZero(R)) {
    setAffine(sum, point, sign);
    doubleAffine(sum);
  } else {
    setInfinity(sum);
  }
}

/**
 * True, and sum unchanged, when the finite sum and the finite Jacobian point X/Z², Y/Z³ have the same x; otherwise
 * adds the point if `add` is set.
 */
export function addUnlessSameX(sum: usize, x: usize, y: usize, z: usize, add: bool): bool {
  feltSqr(OTHER_ZZ, z);
  feltMul(U, sum, OTHER_ZZ);
  feltMulSub(P, x, sum + ZZ, U);
  if (isZero(P)) return true;
  if (add) {
    feltMul(OTHER_ZZZ, OTHER_ZZ, z);
    feltMul(S, sum + Y, OTHER_ZZZ);
    feltMulSub(R, y, sum + ZZZ, S);
    feltSqr(PP, P);
    feltMul(PPP, P, PP);
    feltMul(Q, U, PP);
    feltSqrSubSubDouble(sum, R, PPP, Q);
    feltMulDiffSubMul(sum + Y, Q, sum, R, S, PPP);
    feltMul(OTHER_ZZ, OTHER_ZZ, PP);
    feltMul(sum + ZZ, sum + ZZ, OTHER_ZZ);
    feltMul(OTHER_ZZZ, OTHER_ZZZ, PPP);
    feltMul(sum + ZZZ, sum + ZZZ, OTHER_ZZZ);
  }
  return false;
}

/** Affine points of `count` finite XYZZ points, with one inversion. The arrays may not overlap. */
export function normalise(affine: usize, sums: usize, count: i32): void {
  // The x slots keep the products of the ZZZ before them until the way back.
  copyFelt(INVERSE, MONTGOMERY_ONE);
  for (let i = 0; i < count; i++) {
    const point = affine + <usize>i * AFFINE;
    copyFelt(point, INVERSE);
    feltMul(INVERSE, INVERSE, sums + <usize>i * XYZZ + ZZZ);
  }
  feltInverse(INVERSE, INVERSE);
  for (let i = count - 1; i >= 0; i--) {
    const point = affine + <usize>i * AFFINE;
    const sum = sums + <usize>i * XYZZ;
    feltMul(P, INVERSE, point); // 1/ZZZ
    feltMul(INVERSE, INVERSE, sum + ZZZ);
    feltMul(Q, P, sum + ZZ); // ZZ/ZZZ = 1/Z
    feltSqr(Q, Q);
    feltMul(point, sum, Q);
    feltMul(point + Y, sum + Y, P);
  }
}

/** Cell of the x coordinate of a finite sum. */
export function xToCell(cell: usize, sum: usize): void {
  inverse(INVERSE, sum + ZZ, PRIME_LIMBS, 1);
  feltMul(INVERSE, INVERSE, MONTGOMERY_SQUARED); // 1/ZZ without Montgomery factor
  mulToCell(cell, sum, INVERSE);
}


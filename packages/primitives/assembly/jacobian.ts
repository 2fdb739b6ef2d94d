// Multiplication of any point by a scalar: width-5 signed sliding window over "modified Jacobian" coordinates
// X/Z², Y/Z³ with W = a·Z⁴ kept, which makes a doubling 4 products and 4 squares for every a.
// Formulas: Cohen, Miyaji, Ono, "Efficient elliptic curve exponentiation using mixed coordinates", 1998.

import { addDistinct, copySigned, normalise, setAffine, XYZZ } from './curve';
import { copyFelt, isZero } from './felt';
import { MONTGOMERY_ONE } from './feltConstants';
import {
  feltMul,
  feltMulDiffSub,
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
import { AFFINE, CELL, FELT, SCRATCH } from './layout';
import { bitsOf } from './windows';

/** Bytes of a modified Jacobian point, and where its parts lie. */
export const JACOBIAN: usize = 144;
const Y: usize = 36;
export const Z: usize = 72;
const W: usize = 108;

const A = memory.data(36, 16);
const B = memory.data(36, 16);
const C = memory.data(36, 16);
const D = memory.data(36, 16);
const E = memory.data(36, 16);

/** j = ±point, on a curve with coefficient a. */
export function setJacobian(j: usize, point: usize, sign: i64, a: usize): void {
  copyFelt(j, point);
  copySigned(j + Y, point + Y, sign);
  copyFelt(j + Z, MONTGOMERY_ONE);
  copyFelt(j + W, a);
}

function setInfinity(j: usize): void {
  memory.fill(j, 0, JACOBIAN);
}

/** True for the point at infinity. */
export function isInfinity(j: usize): bool {
  let bits: i32 = 0;
  for (let i: usize = 0; i < FELT; i += 4) bits |= load<i32>(j + Z + i);
  return bits == 0;
}

/** out = 2·j; infinity stays infinity. The two may be one. */
export function double(out: usize, j: usize): void {
  feltSqrTripleAdd(A, j, j + W); // 3X² + aZ⁴
  feltSqrDouble(B, j + Y); // 2Y²
  feltMulDouble(C, j, B); // 4XY²
  feltSqrDouble(D, B); // 8Y⁴
  feltMulDouble(out + Z, j + Y, j + Z);
  feltSqrSubDouble(out, A, C);
  feltMulDiffSub(out + Y, C, out, A, D);
  feltMulDouble(out + W, D, j + W);
}

/** j += ±point on a curve with coefficient a, in every case. */
function add(j: usize, point: usize, sign: i64, a: usize): void {
  if (isInfinity(j)) {
    setJacobian(j, point, sign, a);
    return;
  }
  feltSqr(A, j + Z);
  feltMul(B, A, j + Z);
  feltMulSub(A, point, A, j); // H
  feltMulSignedSub(B, point + Y, sign, B, j + Y); // R
  if (isZero(A)) {
    if (isZero(B)) {
      setJacobian(j, point, sign, a);
      double(j, j);
    } else {
      setInfinity(j);
    }
    return;
  }
  feltSqr(C, A);
  feltMul(D, A, C);
  feltMul(E, j, C);
  feltSqrSubSubDouble(j, B, D, E);
  feltMulDiffSubMul(j + Y, E, j, B, j + Y, D);
  feltMul(j + Z, j + Z, A);
  feltSqr(A, j + Z);
  feltSqr(A, A);
  feltMul(j + W, A, a);
}

const WIDTH: i32 = 5;
const ODD_MULTIPLE_COUNT: i32 = 8;
const ODD_SUMS: usize = SCRATCH;
const ODD_MULTIPLES: usize = ODD_SUMS + <usize>ODD_MULTIPLE_COUNT * XYZZ;
const DIGITS: usize = ODD_MULTIPLES + <usize>ODD_MULTIPLE_COUNT * AFFINE;
const SCALED_A = memory.data(36, 16);
const SCALE = memory.data(36, 16);
const TWICE = memory.data(72, 16);
const SLOPE = memory.data(36, 16);

/**
 * j = scalar·point for a finite point that is no double point, on the curve with coefficient a. The result lies on
 * an isomorphic curve: x is X/(Z·scale)², y is Y/(Z·scale)³, where scale = 2y of the point is left at `scale`.
 */
export function multiply(j: usize, scale: usize, scalar: usize, point: usize, a: usize): void {
  // On the curve scaled by 2y the double of the point is affine without an inversion.
  feltMulDouble(scale, point + Y, MONTGOMERY_ONE);
  feltSqrTripleAdd(SLOPE, point, a);
  feltSqrDouble(B, point + Y);
  setAffine(ODD_SUMS, point, 0);
  feltMulDouble(ODD_SUMS, point, B); // x·(2y)²
  feltSqrDouble(ODD_SUMS + Y, B); // y·(2y)³
  feltSqrSubDouble(TWICE, SLOPE, ODD_SUMS);
  feltMulDiffSub(TWICE + Y, ODD_SUMS, TWICE, SLOPE, ODD_SUMS + Y);
  feltMulDouble(SCALED_A, ODD_SUMS + Y, a); // a·(2y)⁴

  for (let i: usize = 1; i < <usize>ODD_MULTIPLE_COUNT; i++) {
    memory.copy(ODD_SUMS + i * XYZZ, ODD_SUMS + (i - 1) * XYZZ, XYZZ);
    addDistinct(ODD_SUMS + i * XYZZ, TWICE, 0);
  }
  normalise(ODD_MULTIPLES, ODD_SUMS, ODD_MULTIPLE_COUNT);

  const digitCount = recode(scalar);
  setInfinity(j);
  for (let i = digitCount - 1; i >= 0; i--) {
    if (!isInfinity(j)) double(j, j);
    const digit = <i32>load<i8>(DIGITS + <usize>i);
    if (digit) {
      const magnitude = digit < 0 ? -digit : digit;
      add(j, ODD_MULTIPLES + <usize>(magnitude >> 1) * AFFINE, <i64>(digit >> 31), SCALED_A);
    }
  }
}

/** Writes the width-5 non-adjacent form (odd digits −15…15 or 0) of the 252-bit scalar; returns its length. */
function recode(scalar: usize): i32 {
  memory.fill(DIGITS, 0, 264);
  let carry = 0;
  let length = 0;
  let at = 0;
  while (at < 256) {
    if ((bitsOf(scalar, at, 1) ^ carry) == 0) {
      at++;
      continue;
    }
    const digit = bitsOf(scalar, at, WIDTH) + carry;
    carry = digit >> (WIDTH - 1);
    store<i8>(DIGITS + <usize>at, digit - (carry << WIDTH));
    length = at + 1;
    at += WIDTH;
  }
  return length;
}

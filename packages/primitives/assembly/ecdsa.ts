// ECDSA verification from the x coordinate of the key alone, and the inverse modulo the curve order.

import { isInfinity as isInfiniteSum } from './curve';
import { feltAdd, fromCell, isZero, pack, unpack } from './felt';
import { BETA, MINUS_BETA, MINUS_ONE, MONTGOMERY_ONE, ORDER_LIMBS, ORDER_LOW_INVERSE } from './feltConstants';
import {
  feltMul,
  feltMulDiff,
  feltMulDouble,
  feltMulSub,
  feltSqr,
  feltSqrSubSubDouble,
} from './feltKernels';
import { inverse } from './inverse';
import { isInfinity, multiply, Z } from './jacobian';
import { CELL, FELT, IO } from './layout';
import { multiplyGeneratorInto } from './multiply';
import { isSquare } from './squareRoot';

const MASK: i64 = 0x1fffffff;
const POINT = memory.data(72, 16);
const X = memory.data(36, 16);
const SIGNATURE_R = memory.data(36, 16);
const CUBIC = memory.data(36, 16);
const HASH_PART = memory.data(144, 16);
const KEY_PART = memory.data(144, 16);
const KEY_Z = memory.data(36, 16);
const S = memory.data(36, 16);
const P = memory.data(36, 16);
const ZP = memory.data(36, 16);
const T = memory.data(36, 16);
const U = memory.data(36, 16);
const V = memory.data(36, 16);

/**
 * (u1, u2, key x, r) → whether r is the x coordinate of u1·G + u2·Q or u1·G − u2·Q for a point Q with the key's x.
 * u1 and u2 are below the curve order and u2 is not 0.
 *
 * No square root is taken: with d = x³ + x + β = y², the point (d·x, d²) lies on the curve with a = d², which is
 * ours stretched by d. Its multiple gives the x coordinate of u2·Q; then both candidates for r are the roots of
 *   r²(xA − xB)² − 2r((xA + xB)(xA·xB + 1) + 2β) + (xA·xB − 1)² − 4β(xA + xB).
 */
export function ecdsaCheck(): bool {
  fromCell(X, IO + 2 * CELL);
  fromCell(SIGNATURE_R, IO + 3 * CELL);
  feltMulSub(CUBIC, X, X, MINUS_ONE);
  feltMulSub(CUBIC, CUBIC, X, MINUS_BETA);
  if (!isSquare(CUBIC)) return false;

  feltMul(POINT, CUBIC, X);
  feltSqr(POINT + FELT, CUBIC);
  multiply(KEY_PART, KEY_Z, IO + CELL, POINT, POINT + FELT);
  if (isInfinity(KEY_PART)) return false;
  // xB = KEY_PART / KEY_Z
  feltMul(KEY_Z, KEY_Z, KEY_PART + Z);
  feltSqr(KEY_Z, KEY_Z);
  feltMul(KEY_Z, KEY_Z, CUBIC);

  multiplyGeneratorInto(HASH_PART, IO);
  if (isInfiniteSum(HASH_PART)) {
    feltMulSub(T, SIGNATURE_R, KEY_Z, KEY_PART);
    return isZero(T);
  }
  // xA = HASH_PART / hashZ
  const hashZ = HASH_PART + 2 * FELT;
  feltMul(T, HASH_PART, KEY_Z);
  feltMul(U, KEY_PART, hashZ);
  feltAdd(S, T, U);
  feltMulDiff(V, T, U, SIGNATURE_R); // r·(xA − xB)
  feltMul(P, HASH_PART, KEY_PART);
  feltMul(ZP, hashZ, KEY_Z);
  feltMul(X, ZP, BETA);

  feltAdd(T, P, ZP);
  feltMul(T, T, S);
  feltMulDouble(U, X, ZP);
  feltAdd(T, T, U);
  feltMulDouble(T, T, SIGNATURE_R);
  feltMulDouble(U, X, S);
  feltSqrSubSubDouble(V, V, T, U);
  feltMulDiff(P, P, ZP, MONTGOMERY_ONE);
  feltSqr(P, P);
  feltAdd(V, V, P);
  return isZero(V);
}

/** (s) → an integer below 2^253 that is s⁻¹ modulo the curve order; s is not 0. */
export function orderInverse(): void {
  unpack(T, IO);
  inverse(T, T, ORDER_LIMBS, ORDER_LOW_INVERSE);
  // The order is 2^251 and little more, so the top bits tell the quotient.
  const quotient: i64 = (i64.load32_s(T, 32) >> 19) - 1;
  let carry: i64 = 0;
  for (let i: usize = 0; i < FELT; i += 4) {
    carry += i64.load32_s(T + i) - quotient * i64.load32_s(ORDER_LIMBS + i);
    i64.store32(T + i, i == 32 ? carry : carry & MASK);
    carry >>= 29;
  }
  pack(IO, T);
}

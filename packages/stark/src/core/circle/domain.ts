import { type CirclePoint, LOG_CIRCLE_ORDER, pointAt } from './circlePoint.ts';

// Conventions. g_k generates the subgroup of order 2^k. The *canonical coset* C_n = g_(n+1) + <g_n> has 2^n points, the
// odd multiples of g_(n+1), and is closed under negation. Doubling maps C_n onto C_(n-1), two to one.
//
// Row order: row t of a trace of 2^n rows is the point (2t + 1)·g_(n+1); the next row is that point plus g_n.
//
// Domain order: C_n is its half coset {(1 + 4j)·g_(n+1)}, j < 2^(n-1), followed by the negatives in the same order; *bit
// reversed*, which puts a point beside its negative, then both beside the pair with -x, and so on. Every evaluation of
// this package is held in bit-reversed domain order ("position"), rows only appear in traces.
//
// The first 2^m positions (m ≥ 1) of the bit-reversed C_n are ±(g_(n+1) + <g_(m-1)>): again a domain of the circle FFT.

/** Reverses the low `bitCount` bits of an integer below 2^bitCount ≤ 2^31. */
export function reverseBits(value: number, bitCount: number): number {
  let result = 0;
  for (let i = 0; i < bitCount; i++) result |= ((value >>> i) & 1) << (bitCount - 1 - i);
  return result >>> 0;
}

/** The group index (multiple of G) of the point at a bit-reversed position of C_logSize. */
export function indexAtPosition(position: number, logSize: number): number {
  const natural = reverseBits(position, logSize);
  const halfSize = 2 ** (logSize - 1);
  const unit = 2 ** (LOG_CIRCLE_ORDER - logSize - 1);
  const order = 2 ** LOG_CIRCLE_ORDER;
  if (natural < halfSize) return (1 + 4 * natural) * unit;
  return order - (1 + 4 * (natural - halfSize)) * unit;
}

/** The point at a bit-reversed position of C_logSize. */
export function pointAtPosition(position: number, logSize: number): CirclePoint {
  return pointAt(indexAtPosition(position, logSize));
}

/** The bit-reversed position of a trace row in C_logSize. */
export function positionOfRow(row: number, logSize: number): number {
  const half = 2 ** (logSize - 1);
  const natural = row % 2 === 0 ? row / 2 : 2 * half - (row + 1) / 2;
  return reverseBits(natural, logSize);
}

/**
 * Where a position of C_(logSize + doublings) lies in C_logSize after so many doublings: the bits just above the lowest
 * are dropped. A short column is read through this map ("lifted").
 */
export function liftedPosition(position: number, doublings: number): number {
  return (position & 1) | ((position >>> (1 + doublings)) << 1);
}

/** The position of P + g_logRows for P at a position of C_(logRows + logBlowup), logBlowup ≥ 1. */
export function nextRowPosition(position: number, logRows: number, logBlowup: number): number {
  const logSize = logRows + logBlowup;
  const natural = reverseBits(position, logSize);
  const half = 2 ** (logSize - 1);
  const step = 2 ** (logBlowup - 1);
  const moved = natural < half ? (natural + step) % half : half + ((natural - half - step + half) % half);
  return reverseBits(moved, logSize);
}

import { type Felt, feltMod, feltMul, feltNeg, feltSqrt, PRIME } from './felt.ts';
import { writeFelt } from './feltCells.ts';
import { kernels, readCell, writeInteger } from './kernels.ts';
import { generatorKernels } from './kernelTables.ts';
import { type AffinePoint, STARK_CURVE } from './starkCurve.ts';

/** True when the coordinates are canonical felts that satisfy the curve equation. */
export function isOnCurve(p: AffinePoint): boolean {
  const { x, y } = p;
  if (x < 0n || x >= PRIME || y < 0n || y >= PRIME) return false;
  return feltMul(y, y) === ySquared(x);
}

/** The curve point with this x coordinate, a felt, and the smaller y; undefined when there is none. */
export function pointFromX(x: Felt): AffinePoint | undefined {
  const y = feltSqrt(ySquared(x));
  return y === undefined ? undefined : { x, y };
}

function ySquared(x: Felt): Felt {
  return feltMod(x * x * x + STARK_CURVE.alpha * x + STARK_CURVE.beta);
}

/** −p. */
export function ecNeg(p: AffinePoint | null): AffinePoint | null {
  return p === null ? null : { x: p.x, y: feltNeg(p.y) };
}

function writePoint(cell: number, p: AffinePoint): void {
  writeFelt(cell, p.x);
  writeFelt(cell + 1, p.y);
}

function readPoint(): { x: Felt; y: Felt } {
  return { x: readCell(0), y: readCell(1) };
}

/** p + q of two points on the curve; `null` is the point at infinity. @throws CairnError `INVALID_FELT`. */
export function ecAdd(p: AffinePoint | null, q: AffinePoint | null): AffinePoint | null {
  if (p === null) return q;
  if (q === null) return p;
  const k = kernels();
  writePoint(0, p);
  writePoint(2, q);
  return k.addPoints() ? readPoint() : null;
}

/**
 * scalar·p of a point on the curve, for a scalar of any size and sign. PERF: the generator has a table, about seven
 * times faster than other points. @throws CairnError `INVALID_FELT`.
 */
export function ecMul(scalar: bigint, p: AffinePoint | null): AffinePoint | null {
  const { order, generator } = STARK_CURVE;
  const reduced = ((scalar % order) + order) % order;
  if (p === null || reduced === 0n) return null;
  if (p.x === generator.x && p.y === generator.y) {
    const k = generatorKernels();
    writeInteger(0, reduced);
    return k.multiplyGenerator() ? readPoint() : null;
  }
  const k = kernels();
  writeInteger(0, reduced);
  writePoint(1, p);
  return k.multiplyPoint() ? readPoint() : null;
}

/**
 * p + m·q as Cairo's ec_op builtin computes it, for 0 ≤ m < 2^256; both points must be on the curve.
 *
 * The builtin's AIR always walks 256 bits, from the least significant one, and cannot add two points with the
 * same x: the result is undefined when the running sum and the running power of q meet in x, even under a 0 bit.
 * @throws CairnError `INVALID_FELT`. @see cairo-vm, builtin runner of ec_op
 */
export function ecOp(p: AffinePoint, q: AffinePoint, m: bigint): AffinePoint | undefined {
  const k = kernels();
  writePoint(0, p);
  writePoint(2, q);
  writeInteger(4, m);
  return k.ecOp() ? readPoint() : undefined;
}

import { ecNeg } from '../curve.ts';
import { type Felt, feltMod, feltMul, feltSub, modInverse, PRIME } from '../felt.ts';
import { type AffinePoint, STARK_CURVE } from '../starkCurve.ts';

/** Third intersection of the line with this slope through p and a point with x coordinate `otherX`, mirrored. */
function alongLine(p: AffinePoint, otherX: Felt, slope: Felt): AffinePoint {
  const x = feltMod(slope * slope - p.x - otherX);
  return { x, y: feltMod(slope * (p.x - x) - p.y) };
}

function ecDouble(p: AffinePoint): AffinePoint | null {
  if (p.y === 0n) return null;
  const slope = feltMul(feltMod(3n * p.x * p.x + STARK_CURVE.alpha), modInverse(2n * p.y, PRIME));
  return alongLine(p, p.x, slope);
}

/** p + q by the chord-and-tangent rule; `null` is the point at infinity. */
export function ecAdd(p: AffinePoint | null, q: AffinePoint | null): AffinePoint | null {
  if (p === null) return q;
  if (q === null) return p;
  if (p.x === q.x) return p.y === q.y ? ecDouble(p) : null;
  return alongLine(p, q.x, feltMul(feltSub(q.y, p.y), modInverse(q.x - p.x, PRIME)));
}

/** scalar·p for a scalar of any size and sign. */
export function ecMul(scalar: bigint, p: AffinePoint | null): AffinePoint | null {
  let sum: AffinePoint | null = null;
  let power = scalar < 0n ? ecNeg(p) : p;
  for (let rest = scalar < 0n ? -scalar : scalar; rest > 0n; rest >>= 1n) {
    if (rest & 1n) sum = ecAdd(sum, power);
    power = ecAdd(power, power);
  }
  return sum;
}

/**
 * p + m·q as Cairo's ec_op builtin computes it; both points must be on the curve.
 *
 * The builtin's AIR always walks 256 bits, from the least significant one, and cannot add two points with the
 * same x: the result is undefined when the running sum and the running power of q meet in x, even under a 0 bit.
 * @see cairo-vm, builtin runner of ec_op
 */
export function ecOp(p: AffinePoint, q: AffinePoint, m: bigint): AffinePoint | undefined {
  let sum = p;
  let power = q;
  for (let bit = 0n; bit < 256n; bit++) {
    if (sum.x === power.x) return undefined;
    if ((m >> bit) & 1n) sum = ecAdd(sum, power)!;
    power = ecAdd(power, power)!;
  }
  return sum;
}

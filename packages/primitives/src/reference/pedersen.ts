import type { Felt } from '../felt.ts';
import { PEDERSEN_LOW_BIT_COUNT, PEDERSEN_POINTS } from '../pedersenPoints.ts';
import type { AffinePoint } from '../starkCurve.ts';
import { ecAdd, ecMul } from './curve.ts';

const LOW_BITS = BigInt(PEDERSEN_LOW_BIT_COUNT);
const LOW_MASK = (1n << LOW_BITS) - 1n;

function addInput(sum: AffinePoint | null, input: Felt, low: AffinePoint, high: AffinePoint) {
  return ecAdd(ecAdd(sum, ecMul(input & LOW_MASK, low)), ecMul(input >> LOW_BITS, high));
}

/** x coordinate of shift + a_low·P1 + a_high·P2 + b_low·P3 + b_high·P4. */
export function pedersen(a: Felt, b: Felt): Felt {
  const [shift, p1, p2, p3, p4] = PEDERSEN_POINTS;
  return addInput(addInput(shift!, a, p1!, p2!), b, p3!, p4!)!.x;
}

/** Pedersen hash of a list: ped(…ped(ped(0, x1), x2)…, n). */
export function pedersenArray(xs: readonly Felt[]): Felt {
  let hash = 0n;
  for (const x of xs) hash = pedersen(hash, x);
  return pedersen(hash, BigInt(xs.length));
}

import { type AffinePoint, type Felt, hadesPermutation, pointFromX } from '@cairn/primitives';

/** An endless sequence of unrelated curve points for the `RandomEcPoint` hint. */
export interface RandomPoints {
  point(index: number): AffinePoint;
}

/**
 * The sequence that belongs to `seed`: points whose x is hashed from seed and counter. Programs use them only to
 * blind sums, so results do not depend on the seed; a seed no transaction author can know keeps authors from
 * aiming at a collision. PERF: a square root per new point, remembered.
 */
export function randomPoints(seed: Felt): RandomPoints {
  const points: AffinePoint[] = [];
  let counter = 0n;
  return {
    point(index) {
      while (points.length <= index) {
        const [x] = hadesPermutation(seed, counter++, 0n);
        const point = pointFromX(x);
        if (point !== undefined) points.push(point);
      }
      return points[index]!;
    },
  };
}

/** The sequence of seed 0. */
export const DEFAULT_RANDOM_POINTS = randomPoints(0n);

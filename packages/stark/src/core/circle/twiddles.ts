import { addPoints, type CirclePoint, subgroupGenerator } from './circlePoint.ts';
import { reverseBits } from './domain.ts';

/** Points of the half coset of C_logSize, in the order of the coset: (1 + 4j)·g_(logSize+1). */
function* halfCoset(logSize: number): Generator<CirclePoint> {
  let point = subgroupGenerator(logSize + 1);
  const step = subgroupGenerator(logSize - 1);
  for (let j = 0; j < 2 ** (logSize - 1); j++) {
    yield point;
    point = addPoints(point, step);
  }
}

/** y of C_logSize at position 2i, for all i < 2^(logSize - 1): what the first layer of the transform divides by. */
export function yTwiddles(logSize: number): Uint32Array {
  const values = new Uint32Array(2 ** (logSize - 1));
  let j = 0;
  for (const point of halfCoset(logSize)) values[reverseBits(j++, logSize - 1)] = point.y;
  return values;
}

/**
 * x of C_logSize at position 4m, for all m < 2^(logSize - 2), logSize ≥ 2. Layer l ≥ 1 of the transform over C_n uses
 * those of C_(n-l+1).
 */
export function xTwiddles(logSize: number): Uint32Array {
  const count = 2 ** (logSize - 2);
  const values = new Uint32Array(count);
  let j = 0;
  for (const point of halfCoset(logSize)) {
    if (j === count) break;
    values[reverseBits(j++, logSize - 2)] = point.x;
  }
  return values;
}

import { addM31, mulM31, subM31 } from '../field/m31.ts';
import { subgroupGenerator } from './circlePoint.ts';

/**
 * A coordinate of the first `count` points of the half coset of C_logSize, (1 + 4j)·g_(logSize+1), in bit-reversed order.
 * `count` is a power of two.
 */
function halfCosetCoordinates(logSize: number, count: number, coordinate: 'x' | 'y'): Uint32Array {
  const values = new Uint32Array(count);
  let { x, y } = subgroupGenerator(logSize + 1);
  const step = subgroupGenerator(logSize - 1);
  for (let j = 0, reversed = 0; j < count; j++) {
    values[reversed] = coordinate === 'x' ? x : y;
    const nextX = subM31(mulM31(x, step.x), mulM31(y, step.y));
    y = addM31(mulM31(x, step.y), mulM31(y, step.x));
    x = nextX;
    // Adding one in bit-reversed order: the carry runs from the highest bit down.
    let bit = count >> 1;
    while (reversed & bit) {
      reversed ^= bit;
      bit >>= 1;
    }
    reversed |= bit;
  }
  return values;
}

/** y of C_logSize at position 2i, for all i < 2^(logSize - 1): what the first layer of the transform divides by. */
export function yTwiddles(logSize: number): Uint32Array {
  return halfCosetCoordinates(logSize, 2 ** (logSize - 1), 'y');
}

/**
 * x of C_logSize at position 4m, for all m < 2^(logSize - 2), logSize ≥ 2. Layer l ≥ 1 of the transform over C_n uses
 * those of C_(n-l+1).
 */
export function xTwiddles(logSize: number): Uint32Array {
  return halfCosetCoordinates(logSize, 2 ** (logSize - 2), 'x');
}

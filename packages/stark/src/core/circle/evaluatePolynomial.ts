import type { M31 } from '../field/m31.ts';
import { add, liftM31, mul, type QM31 } from '../field/qm31.ts';
import { doubleSecureX, type SecurePoint } from './circlePoint.ts';

/** The value at a point of the polynomial with 2^n coefficients in the basis of the circle transform. */
export function evaluatePolynomial(coefficients: ArrayLike<M31>, point: SecurePoint): QM31 {
  let current = Array.from(coefficients, liftM31);
  let factor = point.y;
  for (let layer = 0; current.length > 1; layer++) {
    const folded: QM31[] = [];
    for (let i = 0; i < current.length; i += 2) folded.push(add(current[i]!, mul(current[i + 1]!, factor)));
    current = folded;
    factor = layer === 0 ? point.x : doubleSecureX(factor);
  }
  return current[0]!;
}

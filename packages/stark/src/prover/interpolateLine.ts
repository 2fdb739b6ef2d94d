import { invM31 } from '../core/field/m31.ts';
import { add, inv, liftM31, mul, type QM31, scale, sub } from '../core/field/qm31.ts';
import { foldCoordinate } from '../core/fri/fold.ts';

/** Coefficients of the line polynomial with these values, what is left of a domain of 2^logDomain points after some folds. */
export function interpolateLine(given: readonly QM31[], logDomain: number): QM31[] {
  const values = [...given];
  const foldCount = logDomain - Math.log2(values.length);
  for (let layer = 0; 2 ** layer < values.length; layer++) {
    const stride = 2 ** layer;
    for (let block = 0; 2 * stride * block < values.length; block++) {
      const inverse = invM31(foldCoordinate(logDomain, foldCount + layer, block));
      for (let i = 2 * stride * block; i < 2 * stride * block + stride; i++) {
        const [a, b] = [values[i]!, values[i + stride]!];
        values[i] = add(a, b);
        values[i + stride] = scale(sub(a, b), inverse);
      }
    }
  }
  const inverse = inv(liftM31(values.length));
  return values.map((value) => mul(value, inverse));
}

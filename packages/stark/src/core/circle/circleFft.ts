import { addM31, batchInverseM31, invM31, type M31, mulM31, subM31 } from '../field/m31.ts';
import { xTwiddles, yTwiddles } from './twiddles.ts';

// The basis: coefficient k goes with y^(bit 0 of k) · x^(bit 1) · π(x)^(bit 2) · π²(x)^(bit 3) … The basis does not depend on
// the domain, so coefficients from one domain can be evaluated on any other. The plain transform, for the reference.

/** Twiddles of the layers of C_logDomain: y, then x of C_logDomain, C_(logDomain-1) … C_2. */
export function fftTwiddles(logDomain: number): Uint32Array[] {
  const layers = [yTwiddles(logDomain)];
  for (let layer = 1; layer < logDomain; layer++) layers.push(xTwiddles(logDomain - layer + 1));
  return layers;
}

/**
 * Coefficients of the polynomial with the given values on the first 2^logSize positions of C_logDomain (all of it, or one
 * of its prefixes). In place.
 */
export function interpolate(values: Uint32Array, twiddles: readonly Uint32Array[]): void {
  const logSize = Math.log2(values.length);
  for (let layer = 0; layer < logSize; layer++) {
    const stride = 2 ** layer;
    const inverses = batchInverseM31(twiddles[layer]!.subarray(0, values.length / (2 * stride)));
    for (let block = 0, i = 0; i < values.length; block++, i += stride) {
      const t = inverses[block]!;
      for (const end = i + stride; i < end; i++) {
        const a = values[i]!;
        const b = values[i + stride]!;
        values[i] = addM31(a, b);
        values[i + stride] = mulM31(subM31(a, b), t);
      }
    }
  }
  const scale: M31 = invM31(values.length);
  for (let i = 0; i < values.length; i++) values[i] = mulM31(values[i]!, scale);
}

/** Values on C_logDomain, by position, of the polynomial with these coefficients (not more than the domain has points). */
export function evaluate(coefficients: Uint32Array, twiddles: readonly Uint32Array[]): Uint32Array {
  const logDomain = twiddles.length;
  const values = new Uint32Array(2 ** logDomain);
  values.set(coefficients);
  for (let layer = logDomain - 1; layer >= 0; layer--) {
    const stride = 2 ** layer;
    for (let block = 0, i = 0; i < values.length; block++, i += stride) {
      const t = twiddles[layer]![block]!;
      for (const end = i + stride; i < end; i++) {
        const a = values[i]!;
        const b = mulM31(values[i + stride]!, t);
        values[i] = addM31(a, b);
        values[i + stride] = subM31(a, b);
      }
    }
  }
  return values;
}

import { type CirclePoint, doubleSecureX, doubleX, type SecurePoint } from '../../core/circle/circlePoint.ts';
import { mulM31 } from '../../core/field/m31.ts';
import { mul, ONE, type QM31 } from '../../core/field/qm31.ts';

// The value of a polynomial at a point is Σ c_k·W_k with W_k = Π of the basis factors of the bits of k. W_k is split into a
// low part (the first `logLow` bits) and a high part, so that two small tables do.

/** Bits of the low table. */
export function logLowWeights(logSize: number): number {
  return Math.min(logSize, 10);
}

function products<T>(factors: readonly T[], one: T, multiply: (a: T, b: T) => T): T[] {
  const table = [one];
  for (const factor of factors) {
    const size = table.length;
    for (let i = 0; i < size; i++) table.push(multiply(table[i]!, factor));
  }
  return table;
}

/** Low table (four planes, doubled) and high table (four words each) of a point over QM31. */
export function secureWeights(point: SecurePoint, logSize: number): { low: Uint32Array; high: Uint32Array } {
  const factors: QM31[] = [point.y];
  for (let i = 1, x = point.x; i < logSize; i++, x = doubleSecureX(x)) factors.push(x);
  const logLow = logLowWeights(logSize);
  const low = products(factors.slice(0, logLow), ONE, mul);
  const high = products(factors.slice(logLow), ONE, mul);
  return {
    low: Uint32Array.from([0, 1, 2, 3].flatMap((c) => low.map((w) => 2 * w[c]!))),
    high: Uint32Array.from(high.flat()),
  };
}

/** Low table (doubled) and high table of a base-field point, one after the other. */
export function baseWeights(point: CirclePoint, logSize: number): Uint32Array {
  const factors = [point.y];
  for (let i = 1, x = point.x; i < logSize; i++, x = doubleX(x)) factors.push(x);
  const logLow = logLowWeights(logSize);
  const low = products(factors.slice(0, logLow), 1, mulM31);
  const high = products(factors.slice(logLow), 1, mulM31);
  return Uint32Array.from([...low.map((w) => 2 * w), ...high]);
}

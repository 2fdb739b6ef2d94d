import { CairnError } from '@cairn/primitives';
import type { StarkErrorCode } from '../../errors.ts';

/** p = 2^31 - 1, the prime of the base field. */
export const P = 0x7fffffff;

/** An element of the base field, canonical in [0, p). */
export type M31 = number;

/** 1/p, made smaller by 2^-50 so that a quotient estimated with it is never too large. */
const INVERSE_OF_P = (1 / P) * (1 - 2 ** -50);

/** True for an integer in [0, p). */
export function isM31(value: number): value is M31 {
  return Number.isInteger(value) && value >= 0 && value < P;
}

/** The element congruent to any safe integer. */
export function m31(integer: number): M31 {
  const r = integer % P;
  return r < 0 ? r + P : r === 0 ? 0 : r;
}

/** The element congruent to any bigint. */
export function m31FromBigInt(integer: bigint): M31 {
  const r = Number(integer % 0x7fffffffn);
  return r < 0 ? r + P : r;
}

/** a + b. */
export function addM31(a: M31, b: M31): M31 {
  const s = a + b;
  return s >= P ? s - P : s;
}

/** a - b. */
export function subM31(a: M31, b: M31): M31 {
  const s = a - b;
  return s < 0 ? s + P : s;
}

/** -a. */
export function negM31(a: M31): M31 {
  return a === 0 ? 0 : P - a;
}

/**
 * a·b. The quotient by p is estimated in floating point, at most one too small; the remainder below 2p is then exact
 * in the low 32 bits.
 */
export function mulM31(a: M31, b: M31): M31 {
  const q = Math.floor(a * b * INVERSE_OF_P);
  const r = (Math.imul(a, b) + q - (q << 31)) >>> 0;
  return r >= P ? r - P : r;
}

/** a^exponent for an integer exponent ≥ 0. */
export function powM31(a: M31, exponent: number): M31 {
  let result = 1;
  let base = a;
  for (let e = exponent; e > 0; e = Math.floor(e / 2)) {
    if (e % 2 === 1) result = mulM31(result, base);
    base = mulM31(base, base);
  }
  return result;
}

/** 1/a. @throws CairnError `DIVISION_BY_ZERO`. */
export function invM31(a: M31): M31 {
  if (a === 0) throw new CairnError<StarkErrorCode>('DIVISION_BY_ZERO', 'M31 inverse: got 0');
  // a^(p-2), p - 2 = 2^31 - 3: x29 = a^(2^29 - 1), result = x29^4 · a.
  const square = (x: M31, times: number) => {
    let y = x;
    for (let i = 0; i < times; i++) y = mulM31(y, y);
    return y;
  };
  const x2 = mulM31(square(a, 1), a);
  const x4 = mulM31(square(x2, 2), x2);
  const x8 = mulM31(square(x4, 4), x4);
  const x16 = mulM31(square(x8, 8), x8);
  const x24 = mulM31(square(x16, 8), x8);
  const x28 = mulM31(square(x24, 4), x4);
  const x29 = mulM31(square(x28, 1), a);
  return mulM31(square(x29, 2), a);
}

/** The inverses of all elements with one inversion (Montgomery). @throws CairnError `DIVISION_BY_ZERO`. */
export function batchInverseM31(values: Uint32Array): Uint32Array {
  const result = new Uint32Array(values.length);
  let product = 1;
  for (let i = 0; i < values.length; i++) {
    result[i] = product;
    product = mulM31(product, values[i]!);
  }
  let inverse = invM31(product);
  for (let i = values.length - 1; i >= 0; i--) {
    result[i] = mulM31(result[i]!, inverse);
    inverse = mulM31(inverse, values[i]!);
  }
  return result;
}

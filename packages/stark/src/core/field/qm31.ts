import { addCM31, type CM31, invCM31, mulCM31, subCM31 } from './cm31.ts';
import { addM31, isM31, type M31, mulM31, negM31, subM31 } from './m31.ts';

/** a + bi + (c + di)u in QM31 = CM31[u]/(u² - 2 - i), as [a, b, c, d]: the field of all challenges, p^4 ≈ 2^124. */
export type QM31 = readonly [M31, M31, M31, M31];

/** Base columns per QM31 value. */
export const QM31_DEGREE = 4;
export const ZERO: QM31 = [0, 0, 0, 0];
export const ONE: QM31 = [1, 0, 0, 0];

/** The base-field element as a QM31. */
export function liftM31(a: M31): QM31 {
  return [a, 0, 0, 0];
}

/** True for four canonical words. */
export function isQM31(words: readonly number[]): words is QM31 {
  return words.length === 4 && words.every(isM31);
}

/** a + b. */
export function add(a: QM31, b: QM31): QM31 {
  return [addM31(a[0], b[0]), addM31(a[1], b[1]), addM31(a[2], b[2]), addM31(a[3], b[3])];
}

/** a - b. */
export function sub(a: QM31, b: QM31): QM31 {
  return [subM31(a[0], b[0]), subM31(a[1], b[1]), subM31(a[2], b[2]), subM31(a[3], b[3])];
}

/** -a. */
export function neg(a: QM31): QM31 {
  return [negM31(a[0]), negM31(a[1]), negM31(a[2]), negM31(a[3])];
}

/** a·b for b in the base field. */
export function scale(a: QM31, b: M31): QM31 {
  return [mulM31(a[0], b), mulM31(a[1], b), mulM31(a[2], b), mulM31(a[3], b)];
}

/** a·b. */
export function mul(a: QM31, b: QM31): QM31 {
  const low = mulCM31([a[0], a[1]], [b[0], b[1]]);
  const high = mulCM31([a[2], a[3]], [b[2], b[3]]);
  const cross = subCM31(
    mulCM31([addM31(a[0], a[2]), addM31(a[1], a[3])], [addM31(b[0], b[2]), addM31(b[1], b[3])]),
    addCM31(low, high),
  );
  // u² = 2 + i: (2 + i)(x + yi) = (2x - y) + (x + 2y)i.
  return [
    addM31(low[0], subM31(addM31(high[0], high[0]), high[1])),
    addM31(low[1], addM31(high[0], addM31(high[1], high[1]))),
    cross[0],
    cross[1],
  ];
}

/** a². */
export function square(a: QM31): QM31 {
  return mul(a, a);
}

/** The conjugate over CM31: u becomes -u. A base-field polynomial takes conjugate values at conjugate points. */
export function conjugate(a: QM31): QM31 {
  return [a[0], a[1], negM31(a[2]), negM31(a[3])];
}

/** 1/a. @throws CairnError `DIVISION_BY_ZERO`. */
export function inv(a: QM31): QM31 {
  const low: CM31 = [a[0], a[1]];
  const high: CM31 = [a[2], a[3]];
  const highSquared = mulCM31(high, high);
  const norm = subCM31(mulCM31(low, low), mulCM31([2, 1], highSquared));
  const inverse = invCM31(norm);
  const x = mulCM31(low, inverse);
  const y = mulCM31(high, inverse);
  return [x[0], x[1], negM31(y[0]), negM31(y[1])];
}

/** a^exponent for an integer exponent ≥ 0. */
export function pow(a: QM31, exponent: number): QM31 {
  let result = ONE;
  let base = a;
  for (let e = exponent; e > 0; e = Math.floor(e / 2)) {
    if (e % 2 === 1) result = mul(result, base);
    base = square(base);
  }
  return result;
}

/** True when a = b. */
export function equal(a: QM31, b: QM31): boolean {
  return a[0] === b[0] && a[1] === b[1] && a[2] === b[2] && a[3] === b[3];
}

/** True when a = 0. */
export function isZero(a: QM31): boolean {
  return equal(a, ZERO);
}

/** 1, a, a², … (count of them). */
export function powers(a: QM31, count: number): QM31[] {
  const result: QM31[] = [];
  for (let i = 0, x = ONE; i < count; i++, x = mul(x, a)) result.push(x);
  return result;
}

/** c₀ + c₁i + (c₂ + c₃i)u for coordinates that are themselves in QM31 (samples of four base columns). */
export function fromCoordinates(c: readonly [QM31, QM31, QM31, QM31]): QM31 {
  return add(add(c[0], mul(c[1], [0, 1, 0, 0])), add(mul(c[2], [0, 0, 1, 0]), mul(c[3], [0, 0, 0, 1])));
}

/** The inverses of all elements with one inversion. @throws CairnError `DIVISION_BY_ZERO`. */
export function batchInverse(values: readonly QM31[]): QM31[] {
  const prefix: QM31[] = [];
  let product = ONE;
  for (const value of values) {
    prefix.push(product);
    product = mul(product, value);
  }
  let inverse = inv(product);
  const result = new Array<QM31>(values.length);
  for (let i = values.length - 1; i >= 0; i--) {
    result[i] = mul(prefix[i]!, inverse);
    inverse = mul(inverse, values[i]!);
  }
  return result;
}

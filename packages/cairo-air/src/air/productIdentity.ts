import { Expr, type TableBuilder } from '@cairn/stark';
import type { RangeChecks } from './rangeTables.ts';
import { LIMB_COUNT, PRIME_LIMBS, rangeFrom, upTo } from './valueForm.ts';

/** Carries of the identity; the last limb has none. */
export const CARRY_COUNT = LIMB_COUNT - 1;
/** Carries and quotient are kept as non-negative integers below 2^20: this is added. */
export const CARRY_BIAS = 2 ** 19;

/** Length of each of the three ranges of a threefold carry. */
export const THIRD = 2 ** 20;

/** Greatest degree of a polynomial that is folded. */
const MAX_DEGREE = 2 * LIMB_COUNT - 2;

/** Where the coefficient of X^i goes, and how many times. */
const FOLDING: readonly (readonly (readonly [at: number, factor: number])[])[] = upTo(MAX_DEGREE + 1).map(
  (i) => {
    if (i < 21)
      return [
        [i, 32],
        [i + 1, 1],
        [i + 7, 2],
      ];
    if (i < 21 + LIMB_COUNT) return [[i - 21, -4]];
    // -4·X^28 = 2·X^22 + 64·X^21 + 8
    return [
      [i - 49 + 22, 2],
      [i - 49 + 21, 64],
      [i - 49, 8],
    ];
  },
);

/**
 * Folds a polynomial in X = 512 of degree at most 54 modulo P, after multiplication with M = 32 + X + 2·X^7: as
 * 2P = 272·X^21 + X^28 + 2, X^21·M = -4 modulo P. Coefficients stay small, and M has an inverse modulo P.
 */
export function foldModuloPrime(coefficients: readonly Expr[]): Expr[] {
  const folded: (Expr | undefined)[] = upTo(LIMB_COUNT).map(() => undefined);
  coefficients.forEach((value, i) => {
    for (const [at, factor] of FOLDING[i]!) {
      const term = value.mul(factor);
      folded[at] = folded[at]?.add(term) ?? term;
    }
  });
  return folded.map((value) => value!);
}

/** {@link foldModuloPrime} of numbers, into `folded`. */
export function foldNumbers(coefficients: Float64Array, folded: Float64Array): void {
  folded.fill(0);
  for (let i = 0; i < coefficients.length; i++) {
    const value = coefficients[i]!;
    const targets = FOLDING[i]!;
    for (let k = 0; k < targets.length; k++) {
      const [at, factor] = targets[k]!;
      folded[at] = folded[at]! + factor * value;
    }
  }
}

/** Limbs up to which products are multiplied out term by term. */
const PLAIN_LIMBS = 7;

/** Σ a_i·b_j X^(i+j) of equally many limbs, with the intervals that this sum has. */
export function multiplyLimbs(a: readonly Expr[], b: readonly Expr[]): Expr[] {
  return karatsuba(a, b).map((value, k) => {
    // Karatsuba's differences have wider intervals than the sum itself, which is the same polynomial.
    let [min, max] = [0n, 0n];
    a.forEach((x, i) => {
      const y = b[k - i];
      if (y === undefined) return;
      const ends = [x.min * y.min, x.min * y.max, x.max * y.min, x.max * y.max];
      min += ends.reduce((p, q) => (q < p ? q : p));
      max += ends.reduce((p, q) => (q > p ? q : p));
    });
    return new Expr(value.graph, value.node, value.degree, min, max);
  });
}

/** The product's coefficients by Karatsuba's method: three products of half the length instead of four. */
function karatsuba(a: readonly Expr[], b: readonly Expr[]): Expr[] {
  const n = a.length;
  if (n <= PLAIN_LIMBS || n % 2 !== 0) return multiplyPlainly(a, b);
  const half = n / 2;
  const halves = (v: readonly Expr[]) => [v.slice(0, half), v.slice(half)] as const;
  const [a0, a1] = halves(a);
  const [b0, b1] = halves(b);
  const low = karatsuba(a0, b0);
  const high = karatsuba(a1, b1);
  const joined = (x: readonly Expr[], y: readonly Expr[]) => x.map((value, i) => value.add(y[i]!));
  const middle = karatsuba(joined(a0, a1), joined(b0, b1)).map((value, i) =>
    value.sub(low[i]!).sub(high[i]!),
  );
  return upTo(2 * n - 1).map((k) => {
    const parts = [low[k], middle[k - half], high[k - n]].filter((part) => part !== undefined);
    return parts.reduce((x, y) => x.add(y));
  });
}

function multiplyPlainly(a: readonly Expr[], b: readonly Expr[]): Expr[] {
  const product: (Expr | undefined)[] = upTo(a.length + b.length - 1).map(() => undefined);
  const isSquare = a.every((x, i) => x.node === b[i]!.node);
  a.forEach((x, i) => {
    b.forEach((y, j) => {
      if (isSquare && j < i) return;
      const once = x.mul(y);
      const term = isSquare && j > i ? once.add(once) : once;
      const present = product[i + j];
      product[i + j] = present === undefined ? term : present.add(term);
    });
  });
  return product.map((value) => value!);
}

/**
 * The polynomial (its coefficients, up to X^54) is 0 modulo P at X = 512: folded, it is quotient·P with carries from limb to
 * limb, all integers far below p. Adds the columns `quotient` and `carry0` to `carry26`. One product of limbs needs carries of
 * 20 bits; sums of up to three need them threefold (columns `third0` to `third26`).
 */
export function declareZeroModuloPrime(
  t: TableBuilder,
  ranges: RangeChecks,
  coefficients: readonly Expr[],
  prefix = '',
  carries: 'usual' | 'threefold' = 'usual',
): void {
  const folded = foldModuloPrime(coefficients);
  const quotient = ranges.twentyBits(t, `${prefix}quotient`, 'bound by the carries').sub(CARRY_BIAS);
  let carryIn: Expr = t.constant(0);
  folded.forEach((value, i) => {
    const total = carryIn.add(value).sub(quotient.mul(PRIME_LIMBS[i]!));
    if (i === CARRY_COUNT) {
      t.intEq(`${prefix}limb ${i}`, total, 0);
      return;
    }
    carryIn = ranges.twentyBits(t, `${prefix}carry${i}`, 'bound by the limbs below').sub(CARRY_BIAS);
    if (carries === 'threefold') {
      const third = t.free(`${prefix}third${i}`, rangeFrom('trit', 0, 2, 'constraint of its own'), {
        reason: 'bound by the limbs below',
      });
      t.assertZero(`${prefix}third${i} is 0, 1 or 2`, third.mul(third.sub(1)).mul(third.sub(2)));
      carryIn = carryIn.add(third.sub(1).mul(THIRD));
    }
    t.intEq(`${prefix}limb ${i}`, total, carryIn.mul(512));
  });
}

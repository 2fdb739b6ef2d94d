import { addM31, invM31, type M31, mulM31, negM31, subM31 } from '../field/m31.ts';
import { add, inv, mul, ONE, type QM31, square, sub } from '../field/qm31.ts';

/** A point of the circle x² + y² = 1 over the base field. */
export interface CirclePoint {
  readonly x: M31;
  readonly y: M31;
}

/** A point of the circle over QM31. */
export interface SecurePoint {
  readonly x: QM31;
  readonly y: QM31;
}

/** log2 of the order of the circle group over the base field. */
export const LOG_CIRCLE_ORDER = 31;
/** A generator of the circle group, of order 2^31 (S-two's). */
export const GENERATOR: CirclePoint = { x: 2, y: 1268011823 };

/** The group law: (x, y)·(x', y') = (xx' - yy', xy' + yx'). */
export function addPoints(a: CirclePoint, b: CirclePoint): CirclePoint {
  return {
    x: subM31(mulM31(a.x, b.x), mulM31(a.y, b.y)),
    y: addM31(mulM31(a.x, b.y), mulM31(a.y, b.x)),
  };
}

/** The inverse of a point. */
export function negatePoint(a: CirclePoint): CirclePoint {
  return { x: a.x, y: negM31(a.y) };
}

/** x of twice a point: π(x) = 2x² - 1. */
export function doubleX(x: M31): M31 {
  const s = mulM31(x, x);
  return subM31(addM31(s, s), 1);
}

const DOUBLINGS: CirclePoint[] = [GENERATOR];
for (let i = 1; i < LOG_CIRCLE_ORDER; i++) DOUBLINGS.push(addPoints(DOUBLINGS[i - 1]!, DOUBLINGS[i - 1]!));

/** index·G, for a group index in [0, 2^31). */
export function pointAt(index: number): CirclePoint {
  let result: CirclePoint = { x: 1, y: 0 };
  for (let bit = 0; bit < LOG_CIRCLE_ORDER; bit++) {
    if ((index >>> bit) & 1) result = addPoints(result, DOUBLINGS[bit]!);
  }
  return result;
}

/** g_k, the generator of the subgroup of order 2^k: 2^(31-k)·G. */
export function subgroupGenerator(logOrder: number): CirclePoint {
  return logOrder === 0 ? { x: 1, y: 0 } : DOUBLINGS[LOG_CIRCLE_ORDER - logOrder]!;
}

/** The group law over QM31. */
export function addSecurePoints(a: SecurePoint, b: SecurePoint): SecurePoint {
  return { x: sub(mul(a.x, b.x), mul(a.y, b.y)), y: add(mul(a.x, b.y), mul(a.y, b.x)) };
}

/** A base-field point as a point over QM31. */
export function liftPoint(p: CirclePoint): SecurePoint {
  return { x: [p.x, 0, 0, 0], y: [p.y, 0, 0, 0] };
}

/** π(x) over QM31. */
export function doubleSecureX(x: QM31): QM31 {
  const s = square(x);
  return sub(add(s, s), ONE);
}

/** The point doubled `times` times: π^times. */
export function doubleSecurePoint(p: SecurePoint, times: number): SecurePoint {
  let { x, y } = p;
  for (let i = 0; i < times; i++) {
    const xy = mul(x, y);
    x = doubleSecureX(x);
    y = add(xy, xy);
  }
  return { x, y };
}

/**
 * The point with parameter t: ((1 - t²)/(1 + t²), 2t/(1 + t²)); every point but (-1, 0) has one parameter. Undefined when
 * 1 + t² = 0.
 */
export function pointFromParameter(t: QM31): SecurePoint | undefined {
  const s = square(t);
  const denominator = add(ONE, s);
  if (denominator.every((word) => word === 0)) return undefined;
  const inverse = inv(denominator);
  return { x: mul(sub(ONE, s), inverse), y: mul(add(t, t), inverse) };
}

/** Half of the field: 1/2. */
export const HALF: M31 = invM31(2);

import {
  addSecurePoints,
  type CirclePoint,
  liftPoint,
  type SecurePoint,
  subgroupGenerator,
} from '../circle/circlePoint.ts';
import { type CM31, invCM31, mulCM31, subCM31 } from '../field/cm31.ts';
import { type M31, subM31 } from '../field/m31.ts';
import { add, conjugate, inv, isZero, mul, pow, powers, type QM31, scale, sub, ZERO } from '../field/qm31.ts';
import type { ProofLayout } from '../proof/proofLayout.ts';

// All openings are one low-degree statement. For a column F (lifted to the whole domain) opened at w with value v let ℓ be
// the line in y through (w, v) and (w̄, v̄), and D_w the line in x and y through w and w̄. Then (F - ℓ)/D_w is a polynomial
// exactly when F(w) = v (then F(w̄) = v̄, F having base-field coefficients). With c the batching coefficient, C columns:
//
//   Q = Σ_i c^i (F_i - ℓ_i)/D_z + Σ_j c^(C+j) (F_next(j) - ℓ_j)/D_(z+g) + Σ_h c^(C+N+hC) Σ_(i of height h) c^i (F_i - ℓ_i)/D_(z+T_h)
//
// The third sum opens each column that is shorter than the tallest table once more, at z + T_h, where T_h generates the
// translations under which a lifted column of that height is unchanged, *with the value it has at z*. So every short column
// is proven periodic, that is, to be a short column; the proof holds nothing for it.

/** One of the points that columns are opened at, with the sum of the columns' lines there. */
export interface DeepPoint {
  readonly point: SecurePoint;
  /** The summed lines Σ c^e·ℓ as slope·y + offset. */
  readonly slope: QM31;
  readonly offset: QM31;
}

/** What the quotients need once per proof. */
export interface DeepPlan {
  /** c^i for each column. */
  readonly columnCoefficients: readonly QM31[];
  /** c^(C+j) for each column with a next row. */
  readonly nextCoefficients: readonly QM31[];
  /** c^(C+N+hC) for each short height. */
  readonly shortCoefficients: readonly QM31[];
  readonly atPoint: DeepPoint;
  /** Absent when no column has a next row. */
  readonly atNext: DeepPoint | undefined;
  readonly atShort: readonly DeepPoint[];
}

/** Number of functions that the batching coefficient joins. */
export function batchedFunctionCount(layout: ProofLayout): number {
  return layout.columns.length * (1 + layout.shortLogHeights.length) + layout.nextColumns.length;
}

/** z + g: the point of the next row. */
export function nextPoint(layout: ProofLayout, z: SecurePoint): SecurePoint {
  return addSecurePoints(z, liftPoint(subgroupGenerator(layout.logMaxHeight)));
}

/** z + T_h for a short height h. */
export function periodPoint(layout: ProofLayout, z: SecurePoint, logHeight: number): SecurePoint {
  return addSecurePoints(z, liftPoint(subgroupGenerator(layout.logMaxHeight - logHeight)));
}

function deepPoint(
  point: SecurePoint,
  values: readonly QM31[],
  coefficients: readonly QM31[],
): DeepPoint | undefined {
  const gap = sub(conjugate(point.y), point.y);
  if (isZero(gap)) return undefined;
  let value = ZERO;
  let conjugateValue = ZERO;
  values.forEach((v, i) => {
    value = add(value, mul(coefficients[i]!, v));
    conjugateValue = add(conjugateValue, mul(coefficients[i]!, conjugate(v)));
  });
  const slope = mul(sub(conjugateValue, value), inv(gap));
  return { point, slope, offset: sub(value, mul(slope, point.y)) };
}

/** The plan; undefined for a point on a pole, where the quotients would say nothing. */
export function deepPlan(
  layout: ProofLayout,
  z: SecurePoint,
  coefficient: QM31,
  samples: readonly QM31[],
  nextSamples: readonly QM31[],
): DeepPlan | undefined {
  const columnCount = layout.columns.length;
  const nextCount = layout.nextColumns.length;
  const all = powers(coefficient, columnCount + nextCount);
  const columnCoefficients = all.slice(0, columnCount);
  const nextCoefficients = all.slice(columnCount);
  const step = pow(coefficient, columnCount);
  const shortCoefficients: QM31[] = [];
  for (let h = 0, c = pow(coefficient, columnCount + nextCount); h < layout.shortLogHeights.length; h++) {
    shortCoefficients.push(c);
    c = mul(c, step);
  }
  const atPoint = deepPoint(z, samples, columnCoefficients);
  const atNext = nextCount > 0 ? deepPoint(nextPoint(layout, z), nextSamples, nextCoefficients) : undefined;
  if (atPoint === undefined || (nextCount > 0 && atNext === undefined)) return undefined;
  const atShort: DeepPoint[] = [];
  for (const height of layout.shortLogHeights) {
    const own = layout.columns.flatMap((column, i) => (column.logHeight === height ? [i] : []));
    const at = deepPoint(
      periodPoint(layout, z, height),
      own.map((i) => samples[i]!),
      own.map((i) => columnCoefficients[i]!),
    );
    if (at === undefined) return undefined;
    atShort.push(at);
  }
  return { columnCoefficients, nextCoefficients, shortCoefficients, atPoint, atNext, atShort };
}

/** D_w at a base-field point: (Re wx - x)·Im wy - (Re wy - y)·Im wx, in CM31. Never 0 for a w that `deepPlan` lets pass. */
export function pointDenominator(w: SecurePoint, p: CirclePoint): CM31 {
  return subCM31(
    mulCM31([subM31(w.x[0], p.x), w.x[1]], [w.y[2], w.y[3]]),
    mulCM31([subM31(w.y[0], p.y), w.y[1]], [w.x[2], w.x[3]]),
  );
}

/** a/D_w(P). */
export function divideByPoint(a: QM31, w: SecurePoint, p: CirclePoint): QM31 {
  const inverse = invCM31(pointDenominator(w, p));
  return mul(a, [inverse[0], inverse[1], 0, 0]);
}

/** Q at a point of the domain, from the values of all columns there. */
export function deepQuotient(
  layout: ProofLayout,
  plan: DeepPlan,
  p: CirclePoint,
  values: readonly M31[],
): QM31 {
  const short = layout.shortLogHeights.map(() => ZERO);
  let all = ZERO;
  layout.columns.forEach((column, i) => {
    const term = scale(plan.columnCoefficients[i]!, values[i]!);
    all = add(all, term);
    const h = layout.shortLogHeights.indexOf(column.logHeight);
    if (h >= 0) short[h] = add(short[h]!, term);
  });
  const minusLine = (sum: QM31, at: DeepPoint) => sub(sum, add(scale(at.slope, p.y), at.offset));
  let result = divideByPoint(minusLine(all, plan.atPoint), plan.atPoint.point, p);
  if (plan.atNext !== undefined) {
    let next = ZERO;
    layout.nextColumns.forEach((column, j) => {
      next = add(next, scale(plan.nextCoefficients[j]!, values[column]!));
    });
    result = add(result, divideByPoint(minusLine(next, plan.atNext), plan.atNext.point, p));
  }
  plan.atShort.forEach((at, h) => {
    const quotient = divideByPoint(minusLine(short[h]!, at), at.point, p);
    result = add(result, mul(plan.shortCoefficients[h]!, quotient));
  });
  return result;
}

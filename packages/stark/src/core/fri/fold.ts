import { doubleX, pointAt } from '../circle/circlePoint.ts';
import { indexAtPosition } from '../circle/domain.ts';
import { invM31, type M31 } from '../field/m31.ts';
import { add, mul, type QM31, scale, square, sub } from '../field/qm31.ts';

// Layer 0 of FRI lives on the circle domain C_L, bit-reversed. Its first fold joins a point and its negative:
//   f = f₀(x) + y·f₁(x)   ↦   2(f₀ + λf₁) = (f(P) + f(-P)) + λ(f(P) - f(-P))/y.
// All later folds are on the line, x and -x: f = f₀(π(x)) + x·f₁(π(x)), likewise. The factors of 2 are left in. After k folds
// value i belongs to the abscissa x of the point at position 2i of C_(L-k+1). A layer of several folds uses λ, λ², λ⁴ …

/** (a + b) + λ(a - b)·inverse, for the values a and b at a point and its partner. */
export function foldPair(a: QM31, b: QM31, inverse: M31, lambda: QM31): QM31 {
  return add(add(a, b), mul(lambda, scale(sub(a, b), inverse)));
}

/** The coordinate that divides in the fold of pair `pairIndex`, after `foldCount` folds of a domain of 2^logDomain points. */
export function foldCoordinate(logDomain: number, foldCount: number, pairIndex: number): M31 {
  if (foldCount === 0) return pointAt(indexAtPosition(2 * pairIndex, logDomain)).y;
  return pointAt(indexAtPosition(4 * pairIndex, logDomain - foldCount + 1)).x;
}

/**
 * Folds the 2^logFold values of a leaf into one. `firstFold` is the number of folds before this layer, `leafIndex` where the
 * leaf lies among the layer's.
 */
export function foldLeaf(
  values: readonly QM31[],
  leafIndex: number,
  logDomain: number,
  firstFold: number,
  lambda: QM31,
): QM31 {
  let current = values;
  let challenge = lambda;
  for (let fold = firstFold; current.length > 1; fold++) {
    const pairCount = current.length / 2;
    const folded: QM31[] = [];
    for (let i = 0; i < pairCount; i++) {
      const inverse = invM31(foldCoordinate(logDomain, fold, leafIndex * pairCount + i));
      folded.push(foldPair(current[2 * i]!, current[2 * i + 1]!, inverse, challenge));
    }
    current = folded;
    challenge = square(challenge);
  }
  return current[0]!;
}

/** A line polynomial, coefficient k in the basis Π π^i(x)^(bit i of k), at an abscissa. */
export function evaluateLinePolynomial(coefficients: readonly QM31[], x: M31): QM31 {
  let current = coefficients;
  for (let factor = x; current.length > 1; factor = doubleX(factor)) {
    const folded: QM31[] = [];
    for (let i = 0; i < current.length; i += 2) folded.push(add(current[i]!, scale(current[i + 1]!, factor)));
    current = folded;
  }
  return current[0]!;
}

/** The abscissa of value `index` after `foldCount` ≥ 1 folds. */
export function foldedAbscissa(logDomain: number, foldCount: number, index: number): M31 {
  return pointAt(indexAtPosition(2 * index, logDomain - foldCount + 1)).x;
}

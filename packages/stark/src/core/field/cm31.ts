import { addM31, invM31, type M31, mulM31, negM31, subM31 } from './m31.ts';

/** a + bi in CM31 = M31[i]/(i² + 1). */
export type CM31 = readonly [M31, M31];

/** a + b. */
export function addCM31(a: CM31, b: CM31): CM31 {
  return [addM31(a[0], b[0]), addM31(a[1], b[1])];
}

/** a - b. */
export function subCM31(a: CM31, b: CM31): CM31 {
  return [subM31(a[0], b[0]), subM31(a[1], b[1])];
}

/** a·b. */
export function mulCM31(a: CM31, b: CM31): CM31 {
  return [subM31(mulM31(a[0], b[0]), mulM31(a[1], b[1])), addM31(mulM31(a[0], b[1]), mulM31(a[1], b[0]))];
}

/** 1/a. @throws CairnError `DIVISION_BY_ZERO`. */
export function invCM31(a: CM31): CM31 {
  const inverse = invM31(addM31(mulM31(a[0], a[0]), mulM31(a[1], a[1])));
  return [mulM31(a[0], inverse), mulM31(negM31(a[1]), inverse)];
}

/**
 * What the first cell of an enum holds for variant `index`: the index for up to two variants, otherwise the
 * relative jump into a table of two-word jumps that follows the selecting one.
 */
export function variantSelector(variantCount: number, index: number): number {
  return variantCount <= 2 ? index : 2 * (variantCount - index) - 1;
}

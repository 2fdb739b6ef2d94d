/** Cells of a value, as far as arguments and results need to know. */
export type ValueShape =
  | { readonly kind: 'felt' }
  /** Two cells: start and end of the elements. */
  | { readonly kind: 'array'; readonly element: ValueShape }
  | { readonly kind: 'struct'; readonly members: readonly ValueShape[] }
  /** A selector cell, then the variant's cells at the end of what the longest one takes. */
  | {
      readonly kind: 'enum';
      readonly variants: readonly { readonly selector: number; readonly shape: ValueShape }[];
    }
  /** A value that cannot be written down. */
  | { readonly kind: 'opaque'; readonly type: string; readonly cells: number };

/** What a function takes and returns besides values: builtins by their name in CASM, and gas. */
export type Implicit = string | 'gas';

/** A function of a compiled Cairo program: it takes its implicits, then its parameters, and returns both kinds. */
export interface CairoFunction {
  readonly name: string;
  /** Offset of its code. */
  readonly offset: number;
  readonly implicits: readonly Implicit[];
  readonly params: readonly ValueShape[];
  readonly results: readonly ValueShape[];
}

/** Cells of a value. */
export function cellCount(shape: ValueShape): number {
  switch (shape.kind) {
    case 'felt':
      return 1;
    case 'array':
      return 2;
    case 'struct':
      return shape.members.reduce((sum, member) => sum + cellCount(member), 0);
    case 'enum':
      return 1 + Math.max(0, ...shape.variants.map((variant) => cellCount(variant.shape)));
    case 'opaque':
      return shape.cells;
  }
}

/** True for the result of a function that may panic: a value, or `(Panic, Array<felt252>)`. */
export function isPanicResult(shape: ValueShape): boolean {
  if (shape.kind !== 'enum' || shape.variants.length !== 2) return false;
  const failure = shape.variants[1]!.shape;
  if (failure.kind !== 'struct' || failure.members.length !== 2) return false;
  const [panic, data] = failure.members as [ValueShape, ValueShape];
  return cellCount(panic) === 0 && data.kind === 'array' && data.element.kind === 'felt';
}

import type { SourceSpan } from '../sourceSpan.ts';
import type { CairoType } from './cairoType.ts';

/** The registers an expression may name. */
export type Register = 'ap' | 'fp';
/** An operator between two expressions. */
export type BinaryOperator = '+' | '-' | '*' | '/';

/**
 * How freely a cast converts, from least to most: what an assignment allows, unpacking a return value,
 * `cast(…)` in a program, and what the compiler itself may claim of a reference.
 */
export type CastStrength = 'assign' | 'unpacking' | 'explicit' | 'forced';

/** `name=value` or `value` in a list of arguments. */
export interface Argument {
  readonly name: Identifier | undefined;
  readonly value: Expression;
  readonly span: SourceSpan;
}

/** Arguments between parentheses or braces. */
export interface ArgumentList {
  readonly items: readonly Argument[];
  /** The line breaks and comments before each item and after the last, as a formatter writes them. */
  readonly gaps: readonly string[];
  readonly trailingComma: boolean;
  readonly span: SourceSpan;
}

/** `name{implicit}(arguments)`; also the construction of a struct. */
export interface FunctionCall {
  readonly callee: Identifier;
  readonly arguments: ArgumentList;
  readonly implicitArguments: ArgumentList | undefined;
  readonly span: SourceSpan;
}

/** An expression; `name` of an identifier is dotted, constants may be negative or beyond the prime. */
export type Expression = { readonly span: SourceSpan } & (
  | { readonly kind: 'constant'; readonly value: bigint; readonly text?: string }
  | { readonly kind: 'hint'; readonly code: string }
  | { readonly kind: 'identifier'; readonly name: string }
  /** A label whose place is not known yet; counts as a code offset while `typed`, then as a felt. */
  | { readonly kind: 'futureLabel'; readonly label: Identifier; readonly typed: boolean }
  | { readonly kind: 'register'; readonly register: Register }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: 'power'; readonly base: Expression; readonly exponent: Expression }
  | { readonly kind: 'negate'; readonly operand: Expression }
  | { readonly kind: 'addressOf'; readonly operand: Expression }
  /** Points to its operand on the stack; counts as a pointer while `typed`, then as a felt. */
  | { readonly kind: 'new'; readonly operand: Expression; readonly typed: boolean }
  | { readonly kind: 'parentheses'; readonly inner: Expression }
  | { readonly kind: 'dereference'; readonly address: Expression }
  | { readonly kind: 'subscript'; readonly base: Expression; readonly index: Expression }
  | { readonly kind: 'member'; readonly base: Expression; readonly member: string }
  | {
      readonly kind: 'cast';
      readonly value: Expression;
      readonly type: CairoType;
      readonly strength: CastStrength;
    }
  | { readonly kind: 'tuple'; readonly members: ArgumentList }
  | { readonly kind: 'call'; readonly call: FunctionCall }
);

/** The expressions of one kind. */
export type ExpressionOf<K extends Expression['kind']> = Extract<Expression, { kind: K }>;
/** A name, dotted where it leads through scopes or members. */
export type Identifier = ExpressionOf<'identifier'>;

/** A number. */
export function constant(value: bigint | number, span: SourceSpan): ExpressionOf<'constant'> {
  return { kind: 'constant', value: BigInt(value), span };
}

/** A name. */
export function identifier(name: string, span: SourceSpan): Identifier {
  return { kind: 'identifier', name, span };
}

/** `ap` or `fp`. */
export function register(name: Register, span: SourceSpan): Expression {
  return { kind: 'register', register: name, span };
}

/** `left operator right`. */
export function binary(
  operator: BinaryOperator,
  left: Expression,
  right: Expression,
  span: SourceSpan,
): ExpressionOf<'binary'> {
  return { kind: 'binary', operator, left, right, span };
}

/** `[address]`. */
export function dereference(address: Expression, span: SourceSpan): ExpressionOf<'dereference'> {
  return { kind: 'dereference', address, span };
}

/** `cast(value, type)`. */
export function cast(
  value: Expression,
  type: CairoType,
  span: SourceSpan,
  strength: CastStrength = 'explicit',
): Expression {
  return { kind: 'cast', value, type, strength, span };
}

/** `[cast(register + offset, type*)]`: where the compiler put a variable. */
export function cellReference(
  base: Register,
  offset: number,
  type: CairoType,
  span: SourceSpan,
): ExpressionOf<'dereference'> {
  const address = binary('+', register(base, span), constant(offset, span), span);
  return dereference(cast(address, { kind: 'pointer', pointee: type }, span), span);
}

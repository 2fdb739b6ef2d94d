import type { SourceSpan } from '../sourceSpan.ts';
import type { CairoType } from './cairoType.ts';
import type { Expression, FunctionCall, Identifier } from './expression.ts';

/** `name: type`, or with `local` before it. */
export interface TypedName {
  readonly identifier: Identifier;
  readonly type: CairoType | undefined;
  readonly local: SourceSpan | undefined;
  readonly span: SourceSpan;
}

/** Parameters of a function or names of an unpacking; no span when empty. */
export interface NameList {
  readonly names: readonly TypedName[];
  readonly span: SourceSpan | undefined;
}

/** What an instruction says; `label` targets are resolved when all labels are known. */
export type InstructionBody = { readonly span: SourceSpan } & (
  | { readonly kind: 'assertEq'; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'jump'; readonly target: Expression; readonly relative: boolean }
  | { readonly kind: 'jumpIf'; readonly target: Expression; readonly condition: Expression }
  | { readonly kind: 'jumpLabel'; readonly label: Identifier; readonly condition: Expression | undefined }
  | { readonly kind: 'call'; readonly target: Expression; readonly relative: boolean }
  | { readonly kind: 'callLabel'; readonly label: Identifier; readonly isFullName: boolean }
  | { readonly kind: 'return' }
  | { readonly kind: 'addAp'; readonly amount: Expression }
  | { readonly kind: 'word'; readonly value: Expression }
);

/** One machine instruction as written, `, ap++` included. */
export interface SourceInstruction {
  readonly body: InstructionBody;
  readonly incrementAp: boolean;
  readonly span: SourceSpan;
}

/** `left == right` or `left != right`. */
export interface Condition {
  readonly left: Expression;
  readonly right: Expression;
  readonly equal: boolean;
  readonly span: SourceSpan;
}

/** `original as alias`. */
export interface AliasedName {
  readonly original: Identifier;
  readonly alias: Identifier | undefined;
}

/** What a call leaves behind: of a function with arguments, or of a bare call instruction. */
export type CallValue =
  | { readonly kind: 'functionCall'; readonly call: FunctionCall; readonly span: SourceSpan }
  | { readonly kind: 'callInstruction'; readonly body: InstructionBody; readonly span: SourceSpan };

/** The value of an expression, where a call may stand too. */
export interface ExpressionValue {
  readonly kind: 'expression';
  readonly value: Expression;
  readonly span: SourceSpan;
}

/** Statements in the order they are written. */
export type Block = readonly Statement[];

/** A statement or definition. */
export type Statement = { readonly span: SourceSpan } & (
  | { readonly kind: 'instruction'; readonly instruction: SourceInstruction }
  | { readonly kind: 'const'; readonly name: Identifier; readonly value: Expression }
  | { readonly kind: 'reference'; readonly variable: TypedName; readonly value: Expression }
  /** `let x = f(…)` and `let x = call f`. */
  | { readonly kind: 'callReference'; readonly variable: TypedName; readonly call: CallValue }
  | { readonly kind: 'unpack'; readonly names: NameList; readonly value: CallValue | ExpressionValue }
  | { readonly kind: 'local'; readonly variable: TypedName; readonly value: Expression | undefined }
  | { readonly kind: 'tempvar'; readonly variable: TypedName; readonly value: Expression | undefined }
  | { readonly kind: 'assert'; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'staticAssert'; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'return'; readonly value: Expression }
  | { readonly kind: 'tailCall'; readonly call: FunctionCall }
  | { readonly kind: 'call'; readonly call: FunctionCall }
  | {
      readonly kind: 'if';
      /** All must hold; more than one only before {@link lowerConditions}. */
      readonly conditions: readonly Condition[];
      readonly body: Block;
      readonly otherwise: Block | undefined;
      /** Number within the program, unique once conditions are lowered. */
      readonly id: number;
    }
  | { readonly kind: 'label'; readonly name: Identifier }
  | FunctionDefinition
  | {
      readonly kind: 'struct';
      readonly name: Identifier;
      readonly members: readonly TypedName[];
      readonly decorators: readonly Identifier[];
    }
  | { readonly kind: 'typeAlias'; readonly name: Identifier; readonly type: CairoType }
  | { readonly kind: 'with'; readonly names: readonly AliasedName[]; readonly body: Block }
  | {
      readonly kind: 'withAttribute';
      readonly name: Identifier;
      readonly value: string;
      readonly body: Block;
    }
  | { readonly kind: 'hint'; readonly code: string }
  | { readonly kind: 'builtins'; readonly names: readonly string[] }
  | { readonly kind: 'language'; readonly name: string }
  | { readonly kind: 'import'; readonly module: Identifier; readonly items: readonly AliasedName[] }
  | { readonly kind: 'allocLocals' }
);

/** A function or a namespace, which is a function without parameters as far as names go. */
export interface FunctionDefinition {
  readonly kind: 'function' | 'namespace';
  readonly name: Identifier;
  readonly parameters: NameList;
  readonly implicitParameters: NameList | undefined;
  readonly returns: CairoType | undefined;
  readonly body: Block;
  readonly decorators: readonly Identifier[];
  readonly span: SourceSpan;
}

/** The statements of one kind. */
export type StatementOf<K extends Statement['kind']> = Extract<Statement, { kind: K }>;

/** A parsed file under the name other modules import it by. */
export interface ZeroModule {
  readonly name: string;
  readonly body: Block;
}

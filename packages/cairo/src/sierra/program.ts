/** Index of a type declaration; an index beyond the declarations is a missing type. */
export type TypeId = number;
/** Name of a Sierra variable, unique within a function. */
export type VarId = number;
/** Index of a statement. */
export type StatementIndex = number;

/** Argument of a generic type or libfunc. */
export type GenericArg =
  | { readonly kind: 'userType'; readonly id: bigint }
  | { readonly kind: 'type'; readonly id: TypeId }
  | { readonly kind: 'value'; readonly value: bigint }
  | { readonly kind: 'function'; readonly id: number }
  | { readonly kind: 'libfunc'; readonly id: number };

/** Properties of a type that decide what programs may do with its values. */
export interface TypeFlags {
  readonly storable: boolean;
  readonly droppable: boolean;
  readonly duplicatable: boolean;
  readonly zeroSized: boolean;
}

/** `type … = name<args> [flags]`; its id is its position. */
export interface TypeDeclaration {
  readonly name: string;
  readonly args: readonly GenericArg[];
  /** What the class claims about the type; must equal what follows from the definition. */
  readonly declared: TypeFlags | undefined;
}

/** `libfunc … = name<args>`; its id is its position. */
export interface LibfuncDeclaration {
  readonly name: string;
  readonly args: readonly GenericArg[];
}

/** One way out of an invocation; `target` undefined is the next statement. */
export interface Branch {
  readonly target: StatementIndex | undefined;
  readonly results: readonly VarId[];
}

export type Statement =
  | {
      readonly kind: 'invocation';
      readonly libfunc: number;
      readonly args: readonly VarId[];
      readonly branches: readonly Branch[];
    }
  | { readonly kind: 'return'; readonly args: readonly VarId[] };

export type Invocation = Extract<Statement, { kind: 'invocation' }>;

/** A function of the program; its id is its position. */
export interface SierraFunction {
  readonly paramTypes: readonly TypeId[];
  readonly returnTypes: readonly TypeId[];
  readonly params: readonly VarId[];
  readonly entryPoint: StatementIndex;
}

/** A decoded Sierra program. */
export interface SierraProgram {
  readonly types: readonly TypeDeclaration[];
  readonly libfuncs: readonly LibfuncDeclaration[];
  readonly statements: readonly Statement[];
  readonly functions: readonly SierraFunction[];
}

/** Where a branch of statement `index` goes. */
export function branchTarget(index: StatementIndex, { target }: Branch): StatementIndex {
  return target ?? index + 1;
}

export const typeArg = (id: TypeId): GenericArg => ({ kind: 'type', id });
export const valueArg = (value: bigint | number): GenericArg => ({ kind: 'value', value: BigInt(value) });
export const functionArg = (id: number): GenericArg => ({ kind: 'function', id });

/** Text that names a generic with its arguments, equal for equal ones: the key of lookups. */
export function longId(name: string, args: readonly GenericArg[]): string {
  let key = name;
  for (const arg of args) key += arg.kind === 'value' ? `,=${arg.value}` : `,${arg.kind[0]}${arg.id}`;
  return key;
}

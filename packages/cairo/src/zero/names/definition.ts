import type { CairoType } from '../ast/cairoType.ts';
import type { Reference } from '../flow/reference.ts';
import type { SourceSpan } from '../sourceSpan.ts';

/** A member of a struct; `offset` in cells from its start. */
export interface MemberDefinition {
  readonly kind: 'member';
  readonly offset: number;
  readonly type: CairoType;
  readonly span: SourceSpan | undefined;
}

/** A struct, also one made of a function's parameters; `members` by ascending offset, `size` in cells. */
export interface StructDefinition {
  readonly kind: 'struct';
  readonly fullName: string;
  readonly members: ReadonlyMap<string, MemberDefinition>;
  readonly size: number;
  readonly span: SourceSpan | undefined;
}

/** A variable: all its values in the order they were bound. */
export interface ReferenceDefinition {
  readonly kind: 'reference';
  readonly fullName: string;
  readonly type: CairoType;
  readonly references: Reference[];
}

/** A name for a type: of `using`, or the return type of a function. */
export interface TypeDefinition {
  readonly kind: 'type_definition';
  readonly type: CairoType;
}

/** What is defined by name and written to the program; `pc` in words from the start. */
export type Definition =
  | { readonly kind: 'alias'; readonly destination: string }
  | { readonly kind: 'const'; readonly value: bigint }
  | { readonly kind: 'label'; readonly pc: number }
  | { readonly kind: 'function'; readonly pc: number; readonly decorators: readonly string[] }
  | { readonly kind: 'namespace' }
  | TypeDefinition
  | StructDefinition
  | ReferenceDefinition
  | MemberDefinition
  /** Known to be defined further on. */
  | { readonly kind: 'future'; readonly definitionKind: DefinitionKind };

/** What a name may be declared as. */
export type DefinitionKind =
  | 'const'
  | 'label'
  | 'function'
  | 'namespace'
  | 'type_definition'
  | 'struct'
  | 'reference';

/** The struct of a function's parameters, in its scope. */
export const PARAMETERS = 'Args';
/** The struct of a function's implicit parameters, in its scope. */
export const IMPLICIT_PARAMETERS = 'ImplicitArgs';
/** The return type of a function, in its scope. */
export const RETURN_TYPE = 'Return';
/** The cells a function's local variables take; every function has this constant. */
export const LOCALS_SIZE = 'SIZEOF_LOCALS';
/** The size of a struct, as a member of its name. */
export const STRUCT_SIZE = 'SIZE';

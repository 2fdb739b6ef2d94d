import { type CairoType, formatType, isSingleCell } from '../ast/cairoType.ts';
import type { FunctionCall } from '../ast/expression.ts';
import type { SourceSpan } from '../sourceSpan.ts';
import { type ZeroErrorCode, zeroError } from '../zeroError.ts';
import {
  type Definition,
  RETURN_TYPE,
  type ReferenceDefinition,
  STRUCT_SIZE,
  type StructDefinition,
} from './definition.ts';
import type { FoundName, IdentifierTable } from './identifierTable.ts';
import { measureType } from './measureType.ts';

/** `variable.a.b`: a variable and the members to follow. */
export interface MemberPath {
  readonly kind: 'memberPath';
  readonly reference: ReferenceDefinition;
  readonly members: readonly string[];
}

type KindOf<D extends Definition['kind']> = Extract<Definition, { kind: D }>;

/** Largest struct or tuple, in cells. */
const MAX_TYPE_SIZE = 2 ** 20;

/** Finds names, types and sizes as seen from a stack of scopes. */
export class NameResolver {
  readonly table: IdentifierTable;
  /** Full names of the scopes in reach, outermost first. */
  scopes: readonly string[] = [];

  constructor(table: IdentifierTable) {
    this.table = table;
  }

  /** The innermost scope. */
  get scope(): string {
    return this.scopes.at(-1)!;
  }

  /** `name` in the innermost scope. */
  qualify(name: string): string {
    return `${this.scope}.${name}`;
  }

  /** Runs `body` inside one more scope. */
  within<T>(scope: string, body: () => T): T {
    const outer = this.scopes;
    this.scopes = [...outer, scope];
    const result = body();
    this.scopes = outer;
    return result;
  }

  /** @throws CairnError `ZERO_UNKNOWN_IDENTIFIER` */
  search(name: string, span: SourceSpan | undefined): FoundName {
    const found = this.table.search(this.scopes, name);
    if ('problem' in found) throw zeroError('ZERO_UNKNOWN_IDENTIFIER', found.problem, span);
    return found;
  }

  /** As {@link search}; nothing may follow the name. */
  searchWhole(name: string, span: SourceSpan | undefined): FoundName {
    const found = this.search(name, span);
    if (found.rest.length > 0) throw trailingName(found, span);
    return found;
  }

  /** What a name in an expression stands for: members of structs and of variables included. */
  searchValue(name: string, span: SourceSpan): Definition | MemberPath {
    const found = this.search(name, span);
    const { rest } = found;
    if (rest.length === 0) return found.definition;
    const definition = this.#structOf(found.definition, span) ?? found.definition;
    if (definition.kind === 'reference') return { kind: 'memberPath', reference: definition, members: rest };
    if (definition.kind !== 'struct') throw trailingName(found, span);
    if (rest.length === 1 && rest[0] === STRUCT_SIZE)
      return { kind: 'const', value: BigInt(definition.size) };
    const member = definition.members.get(rest[0]!);
    const problem =
      member === undefined
        ? `'${rest.join('.')}' is not a member of '${definition.fullName}'.`
        : `Unexpected '.' after '${definition.fullName}.${rest[0]}' which is a member.`;
    if (member === undefined || rest.length > 1) throw zeroError('ZERO_WRONG_IDENTIFIER', problem, span);
    return member;
  }

  /** The definition of a name that must be of one of some kinds. @throws CairnError `ZERO_WRONG_IDENTIFIER` */
  definitionOf<K extends Definition['kind']>(
    name: string,
    kinds: readonly K[],
    span: SourceSpan | undefined,
  ): KindOf<K> {
    const { definition, fullName } = this.searchWhole(name, span);
    if (!(kinds as readonly string[]).includes(definition.kind))
      throw wrongKind(fullName, kinds.join(' or '), definition.kind, span);
    return definition as KindOf<K>;
  }

  /** The struct of this full name, also by way of `using`. @throws CairnError `ZERO_WRONG_IDENTIFIER` */
  structByFullName(fullName: string, span: SourceSpan | undefined): StructDefinition {
    const definition = this.table.get(fullName);
    if (definition === undefined)
      throw zeroError('ZERO_UNKNOWN_IDENTIFIER', `Unknown identifier '${fullName}'.`, span);
    const struct = this.#structOf(definition, span);
    if (struct === undefined) throw wrongKind(fullName, 'struct', definition.kind, span);
    return struct;
  }

  #structOf(definition: Definition, span: SourceSpan | undefined): StructDefinition | undefined {
    if (definition.kind === 'struct') return definition;
    return definition.kind === 'type_definition' && definition.type.kind === 'struct'
      ? this.structByFullName(definition.type.name, span)
      : undefined;
  }

  /** The struct a name means, undefined when it means anything else. */
  structIfAny(name: string): StructDefinition | undefined {
    const found = this.table.search(this.scopes, name);
    if ('problem' in found || found.rest.length > 0) return undefined;
    return found.definition.kind === 'struct' ? found.definition : undefined;
  }

  /** Names and types of a function's parameters, or of a struct's members. */
  parameters(name: string, span: SourceSpan): readonly (readonly [string | undefined, CairoType])[] {
    const definition = this.definitionOf(name, ['type_definition', 'struct'], span);
    if (definition.kind === 'struct')
      return [...definition.members].map(([member, { type }]) => [member, type] as const);
    if (definition.type.kind !== 'tuple')
      throw zeroError('ZERO_TYPE', `Expected a tuple type, got '${formatType(definition.type)}'.`, span);
    return definition.type.members.map((member) => [member.name, this.resolveType(member.type)] as const);
  }

  /** The return type of the function that a call names. */
  returnType(call: FunctionCall): CairoType {
    return this.definitionOf(`${call.callee.name}.${RETURN_TYPE}`, ['type_definition'], call.span).type;
  }

  /** The type with all names looked up. @throws CairnError */
  resolveType(type: CairoType): CairoType {
    switch (type.kind) {
      case 'pointer': {
        const pointee = this.resolveType(type.pointee);
        return pointee === type.pointee ? type : { ...type, pointee };
      }
      case 'tuple': {
        checkTupleNames(type);
        let changed = false;
        const members = type.members.map((member) => {
          const resolved = this.resolveType(member.type);
          if (resolved === member.type) return member;
          changed = true;
          return { ...member, type: resolved };
        });
        if (!changed) return type;
        const result: CairoType = { ...type, members };
        measureType(result, type.span);
        return result;
      }
      case 'named':
        return this.#resolveNamed(type.name, type.span);
      default:
        return type;
    }
  }

  #resolveNamed(name: string, span: SourceSpan | undefined): CairoType {
    const { definition, fullName } = this.searchWhole(name, span);
    if (definition.kind === 'type_definition') return this.resolveType(definition.type);
    if (definition.kind === 'function') return { kind: 'function', name: fullName, span };
    const kind = definition.kind === 'future' ? definition.definitionKind : definition.kind;
    if (kind === 'type_definition')
      throw zeroError('ZERO_WRONG_IDENTIFIER', 'Cannot use a type before its definition.', span);
    if (kind !== 'struct') throw wrongKind(name, 'struct', kind, span);
    return { kind: 'struct', name: fullName, span };
  }

  /** Cells a value of the type takes. @throws CairnError */
  sizeOf(type: CairoType): number {
    if (isSingleCell(type)) return 1;
    switch (type.kind) {
      case 'named': {
        const definition = this.definitionOf(type.name, ['struct', 'type_definition'], type.span);
        return definition.kind === 'struct' ? definition.size : this.sizeOf(definition.type);
      }
      case 'struct':
        return this.structByFullName(type.name, type.span).size;
      case 'tuple':
        return addSizes(
          type.members.map((member) => this.sizeOf(member.type)),
          type.span,
        );
      default:
        throw zeroError('ZERO_TYPE', `'${formatType(type)}' is not the type of a value.`, type.span);
    }
  }
}

/** The cells of several values in a row. @throws CairnError `ZERO_TOO_COMPLEX` */
export function addSizes(sizes: readonly number[], span: SourceSpan | undefined): number {
  const sum = sizes.reduce((total, size) => total + size, 0);
  if (sum > MAX_TYPE_SIZE)
    throw zeroError('ZERO_TOO_COMPLEX', `A type of ${sum} cells; the most is ${MAX_TYPE_SIZE}.`, span);
  return sum;
}

/** @throws CairnError `ZERO_TYPE` when only some members have names, or two the same. */
function checkTupleNames(type: Extract<CairoType, { kind: 'tuple' }>): void {
  const names = new Set<string>();
  const namedCount = type.members.filter(({ name }) => name !== undefined).length;
  if (namedCount !== 0 && namedCount !== type.members.length)
    throw zeroError('ZERO_TYPE', 'All fields in a named tuple must have a name.', type.span);
  for (const { name, span } of type.members) {
    if (name === undefined) continue;
    if (names.has(name)) throw zeroError('ZERO_TYPE', `Two entries of this tuple are named '${name}'.`, span);
    names.add(name);
  }
}

function wrongKind(name: string, expected: string, found: string, span: SourceSpan | undefined) {
  const code: ZeroErrorCode = 'ZERO_WRONG_IDENTIFIER';
  return zeroError(code, `Expected '${name}' to be ${expected}. Found: '${found}'.`, span);
}

function trailingName({ fullName, definition }: FoundName, span: SourceSpan | undefined) {
  const problem = `Unexpected '.' after '${fullName}' which is ${definition.kind}.`;
  return zeroError('ZERO_WRONG_IDENTIFIER', problem, span);
}

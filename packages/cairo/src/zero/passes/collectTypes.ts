import type { CairoType } from '../ast/cairoType.ts';
import { innerBlocks } from '../ast/innerBlocks.ts';
import type { Block, FunctionDefinition, Statement, TypedName, ZeroModule } from '../ast/statement.ts';
import {
  type Definition,
  IMPLICIT_PARAMETERS,
  type MemberDefinition,
  PARAMETERS,
  RETURN_TYPE,
} from '../names/definition.ts';
import { addSizes, type NameResolver } from '../names/nameResolver.ts';
import type { SourceSpan } from '../sourceSpan.ts';
import { zeroError } from '../zeroError.ts';

/**
 * Defines the structs and type aliases of a module, and for each function the structs of its parameters and its
 * return type.
 * @throws CairnError
 */
export function collectTypes(module: ZeroModule, names: NameResolver): void {
  names.within(module.name, () => new TypeCollector(names).collectBlock(module.body));
}

class TypeCollector {
  readonly #names: NameResolver;

  constructor(names: NameResolver) {
    this.#names = names;
  }

  collectBlock(block: Block): void {
    for (const statement of block) this.#collect(statement);
  }

  #collect(statement: Statement): void {
    switch (statement.kind) {
      case 'struct': {
        const { name, members, decorators } = statement;
        const [decorator] = decorators;
        if (decorator !== undefined)
          throw zeroError('ZERO_FUNCTION', 'Decorators for structs are not supported.', decorator.span);
        for (const { type, span } of members)
          if (type === undefined)
            throw zeroError('ZERO_TYPE', 'Struct members must be explicitly typed (e.g., x: felt).', span);
        this.#defineStruct(this.#names.qualify(name.name), members, name.span);
        break;
      }
      case 'typeAlias': {
        const type = this.#names.resolveType(statement.type);
        const fullName = this.#names.qualify(statement.name.name);
        this.#define(fullName, { kind: 'type_definition', type }, statement.span);
        break;
      }
      case 'function':
      case 'namespace':
        this.#collectFunction(statement);
        break;
      default:
        for (const block of innerBlocks(statement)) this.collectBlock(block);
    }
  }

  #collectFunction({ name, parameters, implicitParameters, returns, body }: FunctionDefinition): void {
    const scope = this.#names.qualify(name.name);
    this.#names.within(scope, () => {
      const define = (suffix: string, list: readonly TypedName[], span: SourceSpan | undefined) =>
        this.#defineStruct(`${scope}.${suffix}`, list, span ?? name.span);
      define(PARAMETERS, parameters.names, parameters.span);
      define(IMPLICIT_PARAMETERS, implicitParameters?.names ?? [], implicitParameters?.span);
      const type = this.#names.resolveType(returns ?? { kind: 'tuple', members: [], span: name.span });
      this.#define(`${scope}.${RETURN_TYPE}`, { kind: 'type_definition', type }, name.span);
      this.collectBlock(body);
    });
  }

  #defineStruct(fullName: string, list: readonly TypedName[], span: SourceSpan): void {
    const members = new Map<string, MemberDefinition>();
    let size = 0;
    for (const { identifier, type: written, local, span: memberSpan } of list) {
      const { name } = identifier;
      if (local !== undefined) throw zeroError('ZERO_LOCALS', "Unexpected modifier 'local'.", local);
      const type = this.#names.resolveType(written ?? ({ kind: 'felt', span: memberSpan } as CairoType));
      if (members.has(name))
        throw zeroError('ZERO_REDEFINITION', `Redefinition of '${fullName}.${name}'.`, memberSpan);
      members.set(name, { kind: 'member', offset: size, type, span: memberSpan });
      size = addSizes([size, this.#names.sizeOf(type)], memberSpan);
    }
    this.#define(fullName, { kind: 'struct', fullName, members, size, span }, span);
  }

  #define(fullName: string, definition: Definition, span: SourceSpan): void {
    if (this.#names.table.get(fullName)?.kind !== 'future')
      throw zeroError('ZERO_REDEFINITION', `Redefinition of '${fullName}'.`, span);
    this.#names.table.define(fullName, definition);
  }
}

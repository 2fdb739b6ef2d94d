import type { Identifier } from '../ast/expression.ts';
import { innerBlocks } from '../ast/innerBlocks.ts';
import type {
  Block,
  FunctionDefinition,
  NameList,
  Statement,
  StatementOf,
  ZeroModule,
} from '../ast/statement.ts';
import {
  type Definition,
  type DefinitionKind,
  IMPLICIT_PARAMETERS,
  LOCALS_SIZE,
  PARAMETERS,
  RETURN_TYPE,
} from '../names/definition.ts';
import type { IdentifierTable } from '../names/identifierTable.ts';
import type { SourceSpan } from '../sourceSpan.ts';
import { zeroError } from '../zeroError.ts';
import { branchLabels } from './lowerConditions.ts';

/**
 * Declares every name a module defines, so that it is known before its definition is reached.
 * @throws CairnError `ZERO_REDEFINITION`, `ZERO_IMPORT`
 */
export function collectIdentifiers(module: ZeroModule, table: IdentifierTable): void {
  new Collector(table).collectBlock(module.body, module.name);
}

class Collector {
  readonly #table: IdentifierTable;

  constructor(table: IdentifierTable) {
    this.#table = table;
  }

  collectBlock(block: Block, scope: string): void {
    for (const statement of block) this.#collect(statement, scope);
  }

  #collect(statement: Statement, scope: string): void {
    switch (statement.kind) {
      case 'const':
      case 'label':
      case 'struct':
        this.#declareIn(scope, statement.name, statement.kind);
        break;
      case 'typeAlias':
        this.#declareIn(scope, statement.name, 'type_definition');
        break;
      case 'reference':
      case 'callReference':
      case 'local':
      case 'tempvar':
        this.#declareIn(scope, statement.variable.identifier, 'reference');
        break;
      case 'unpack':
        for (const { identifier } of statement.names.names)
          if (identifier.name !== '_') this.#declareIn(scope, identifier, 'reference');
        break;
      case 'if': {
        const labels = branchLabels(statement);
        this.#declare(`${scope}.${labels.notEqual}`, 'label', statement.span);
        this.#declare(`${scope}.${labels.end}`, 'label', statement.span);
        break;
      }
      case 'import':
        this.#collectImport(statement, scope);
        break;
      case 'function':
      case 'namespace':
        this.#collectFunction(statement, scope);
        return;
      case 'with':
        for (const { alias } of statement.names)
          if (alias !== undefined) this.#declareIn(scope, alias, 'reference');
        break;
    }
    for (const block of innerBlocks(statement)) this.collectBlock(block, scope);
  }

  #collectImport({ module, items }: StatementOf<'import'>, scope: string): void {
    for (const { original, alias } of items) {
      const destination = `${module.name}.${original.name}`;
      if (this.#table.get(destination) === undefined && !this.#table.hasScope(destination)) {
        const problem = `Cannot import '${original.name}' from '${module.name}'.`;
        throw zeroError('ZERO_IMPORT', problem, original.span);
      }
      const name = alias ?? original;
      this.#add(`${scope}.${name.name}`, { kind: 'alias', destination }, name.span);
    }
  }

  #collectFunction(definition: FunctionDefinition, scope: string): void {
    const { name, kind, parameters, implicitParameters, returns, body } = definition;
    const inner = `${scope}.${name.name}`;
    this.#declare(inner, kind, name.span);
    this.#declare(`${inner}.${PARAMETERS}`, 'struct', parameters.span ?? name.span);
    this.#declareParameters(parameters, inner);
    this.#declare(`${inner}.${IMPLICIT_PARAMETERS}`, 'struct', implicitParameters?.span ?? name.span);
    if (implicitParameters !== undefined) this.#declareParameters(implicitParameters, inner);
    this.#declare(`${inner}.${RETURN_TYPE}`, 'type_definition', returns?.span ?? name.span);
    const implicitNames = new Set(implicitParameters?.names.map((it) => it.identifier.name));
    const twice = parameters.names.find((it) => implicitNames.has(it.identifier.name));
    if (twice !== undefined) {
      const problem = 'An argument cannot have the same name as an implicit argument.';
      throw zeroError('ZERO_REDEFINITION', problem, twice.identifier.span);
    }
    this.#declare(`${inner}.${LOCALS_SIZE}`, 'const', name.span);
    this.collectBlock(body, inner);
  }

  #declareParameters({ names }: NameList, scope: string): void {
    for (const { identifier, span } of names) {
      const { name } = identifier;
      if (name === LOCALS_SIZE)
        throw zeroError('ZERO_REDEFINITION', `The name '${LOCALS_SIZE}' is reserved.`, span);
      this.#declare(`${scope}.${name}`, 'reference', span);
    }
  }

  #declareIn(scope: string, { name, span }: Identifier, definitionKind: DefinitionKind): void {
    this.#declare(`${scope}.${name}`, definitionKind, span);
  }

  #declare(fullName: string, definitionKind: DefinitionKind, span: SourceSpan): void {
    this.#add(fullName, { kind: 'future', definitionKind }, span);
  }

  /** Only variables may be defined more than once. */
  #add(fullName: string, definition: Definition, span: SourceSpan): void {
    const existing = this.#table.get(fullName);
    const isVariable = (it: Definition | undefined) =>
      it?.kind === 'future' && it.definitionKind === 'reference';
    if (existing !== undefined && !(isVariable(existing) && isVariable(definition)))
      throw zeroError('ZERO_REDEFINITION', `Redefinition of '${fullName}'.`, span);
    this.#table.define(fullName, definition);
  }
}

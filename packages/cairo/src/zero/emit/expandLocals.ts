import type { CairoType } from '../ast/cairoType.ts';
import { cast, cellReference, constant, type Expression, identifier } from '../ast/expression.ts';
import { mapBlocks } from '../ast/innerBlocks.ts';
import type { Block, Statement, StatementOf } from '../ast/statement.ts';
import { expressionChildren } from '../expressions/expressionChildren.ts';
import { LOCALS_SIZE } from '../names/definition.ts';
import type { SourceSpan } from '../sourceSpan.ts';
import { zeroError } from '../zeroError.ts';
import { unpackedMembers } from './emitCall.ts';
import type { Emitter } from './emitter.ts';
import { hintedValue, refuseLocalMark, requireHintedType } from './emitVariable.ts';

/** A function body in which local variables are cells above fp. */
export interface ExpandedBody {
  statements: Block;
  hasAllocLocals: boolean;
}

/**
 * Gives the local variables of a function their cells: `local x = v;` becomes an assertion about `[fp + n]` and a
 * reference to it, `alloc_locals;` the instruction that skips them all.
 * @throws CairnError `ZERO_LOCALS` when nothing skips them
 */
export function expandLocals(emitter: Emitter, body: Block, functionSpan: SourceSpan): ExpandedBody {
  const expansion = new Expansion(emitter);
  const statements = expansion.expandBlock(body);
  if (expansion.size > 0 && !expansion.sawSize)
    throw zeroError(
      'ZERO_LOCALS',
      'A function with local variables must use alloc_locals.',
      expansion.firstSpan,
    );
  const size: Statement = {
    kind: 'const',
    name: identifier(LOCALS_SIZE, functionSpan),
    value: constant(expansion.size, functionSpan),
    span: functionSpan,
  };
  return { statements: [size, ...statements], hasAllocLocals: expansion.hasAllocLocals };
}

class Expansion {
  size = 0;
  firstSpan: SourceSpan | undefined;
  hasAllocLocals = false;
  /** Whether an instruction or assertion speaks of the size of the locals. */
  sawSize = false;
  readonly #emitter: Emitter;

  constructor(emitter: Emitter) {
    this.#emitter = emitter;
  }

  expandBlock(block: Block): Statement[] {
    return block.flatMap((statement) => this.#expand(statement));
  }

  #expand(statement: Statement): Statement[] {
    const { span } = statement;
    switch (statement.kind) {
      case 'if':
      case 'with':
      case 'withAttribute':
        return [mapBlocks(statement, (block) => this.expandBlock(block))];
      case 'staticAssert':
        this.sawSize ||= namesSize(statement.left) || namesSize(statement.right);
        return [statement];
      case 'instruction': {
        const { body } = statement.instruction;
        if (body.kind === 'addAp') this.sawSize ||= namesSize(body.amount);
        return [statement];
      }
      case 'allocLocals': {
        this.hasAllocLocals = true;
        this.sawSize = true;
        const body = { kind: 'addAp', amount: identifier(LOCALS_SIZE, span), span } as const;
        return [statement, { kind: 'instruction', instruction: { body, incrementAp: false, span }, span }];
      }
      case 'local':
        return this.#expandLocal(statement);
      case 'unpack':
        return [statement, ...this.#expandUnpacked(statement)];
      default:
        return [statement];
    }
  }

  #expandLocal({ variable, value, span }: StatementOf<'local'>): Statement[] {
    this.firstSpan ??= span;
    refuseLocalMark(variable);
    const type: CairoType = variable.type ?? { kind: 'felt', span: variable.span };
    const cell = cellReference('fp', this.size, type, variable.identifier.span);
    const statements: Statement[] = [];
    if (value?.kind === 'hint') {
      requireHintedType(type, value);
      const code = `memory[fp + ${this.size}] = ${hintedValue(value.code)}`;
      statements.push({ kind: 'hint', code, span: value.span });
    } else if (value !== undefined) {
      const right = cast(value, type, value.span, 'assign');
      statements.push({ kind: 'assert', left: cell, right, span });
    }
    statements.push({ kind: 'reference', variable, value: cell, span });
    this.size += this.#emitter.names.sizeOf(type);
    return statements;
  }

  /** `let (local a, b) = f();` is followed by `local a = a;`. */
  #expandUnpacked(statement: StatementOf<'unpack'>): Statement[] {
    const { members } = unpackedMembers(this.#emitter, statement);
    return statement.names.names.flatMap((unpacked, i) => {
      if (unpacked.local === undefined) return [];
      if (unpacked.identifier.name === '_')
        throw zeroError('ZERO_INVALID_REFERENCE', "Reference name cannot be '_'.", unpacked.span);
      const variable = { ...unpacked, type: unpacked.type ?? members[i]!.type, local: undefined };
      return this.#expandLocal({ kind: 'local', variable, value: unpacked.identifier, span: unpacked.span });
    });
  }
}

function namesSize(expression: Expression): boolean {
  if (expression.kind === 'identifier') return expression.name === LOCALS_SIZE;
  return expressionChildren(expression).some(namesSize);
}

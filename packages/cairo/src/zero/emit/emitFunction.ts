import type { CairoType } from '../ast/cairoType.ts';
import { identifier } from '../ast/expression.ts';
import { mapBlocks } from '../ast/innerBlocks.ts';
import type { Block, FunctionDefinition, NameList, Statement } from '../ast/statement.ts';
import type { Reference } from '../flow/reference.ts';
import { IMPLICIT_PARAMETERS, PARAMETERS, type StructDefinition } from '../names/definition.ts';
import { reachedFrom } from '../sourceSpan.ts';
import { zeroError } from '../zeroError.ts';
import type { Emitter, LostVariable } from './emitter.ts';
import { refuseLocalMark } from './emitVariable.ts';
import { expandLocals } from './expandLocals.ts';

/** Makes the compiler refuse a function whose change of ap it cannot know. */
const KNOWN_AP_CHANGE = 'known_ap_change';
/** How often a function is compiled again with more of its variables made local. */
const MAX_RETRY_COUNT = 4;
/** Between the arguments and fp lie the caller's fp and the return address. */
const FRAME_SIZE = 2;

/** A function, or the contents of a namespace; `isNeeded` tells by full name what the program reaches. */
export function emitFunction(
  emitter: Emitter,
  definition: FunctionDefinition,
  isNeeded: (fullName: string) => boolean,
): void {
  const { names, flow } = emitter;
  const { name, kind, decorators } = definition;
  emitter.refuseHints('Hints before functions are not allowed.');
  const known = kind === 'function' ? decorators.find((it) => it.name === KNOWN_AP_CHANGE) : undefined;
  const unsupported = decorators.find((it) => kind !== 'function' || it.name !== KNOWN_AP_CHANGE);
  if (unsupported !== undefined)
    throw zeroError('ZERO_FUNCTION', `Unsupported decorator: '${unsupported.name}'.`, unsupported.span);
  flow.stop();
  if (emitter.functions.has(names.scope)) {
    const problem =
      kind === 'function'
        ? 'Nested functions are not supported.'
        : 'Cannot define a namespace inside a function.';
    throw zeroError('ZERO_FUNCTION', problem, name.span);
  }
  const scope = names.qualify(name.name);
  if (kind === 'function') {
    if (!isNeeded(scope)) {
      emitter.removedScopes.add(scope);
      return;
    }
    const decoratorNames = decorators.map((it) => it.name);
    emitter.define(scope, { kind: 'function', pc: emitter.pc, decorators: decoratorNames }, name.span);
    const facts = { initialAp: flow.apTracking, isComplete: false, apChange: undefined };
    emitter.functions.set(scope, facts);
  } else emitter.define(scope, { kind: 'namespace' }, name.span);

  bindParameters(emitter, definition, scope);
  const outerVariables = emitter.implicitVariables;
  const implicit = definition.implicitParameters?.names.map((it) => `${scope}.${it.identifier.name}`) ?? [];
  emitter.implicitVariables = new Set([...outerVariables, ...implicit]);
  names.within(scope, () => emitBody(emitter, definition));
  emitter.implicitVariables = outerVariables;

  if (kind !== 'function') return;
  if (flow.isReachable)
    throw zeroError('ZERO_FUNCTION', 'Function must end with a return instruction or a jump.', name.span);
  const facts = emitter.functions.get(scope)!;
  facts.isComplete = true;
  if (known !== undefined && typeof facts.apChange !== 'number') {
    const problem = 'The change of ap in this function, which this decorator demands to be known, is not.';
    throw zeroError('ZERO_FUNCTION', problem, known.span);
  }
  facts.apChange ??= 'unknown';
}

/** Parameters lie below fp, the implicit ones first. */
function bindParameters(emitter: Emitter, definition: FunctionDefinition, scope: string): void {
  const { names } = emitter;
  const struct = names.structByFullName(`${scope}.${PARAMETERS}`, definition.name.span);
  const implicit = names.structByFullName(`${scope}.${IMPLICIT_PARAMETERS}`, definition.name.span);
  const bind = (list: NameList | undefined, { members }: StructDefinition, start: number) =>
    names.within(scope, () => {
      for (const parameter of list?.names ?? []) {
        refuseLocalMark(parameter);
        const { name } = parameter.identifier;
        const { offset, type } = members.get(name)!;
        emitter.bindCell(name, 'fp', start + offset, type, parameter.span);
      }
    });
  bind(definition.parameters, struct, -(FRAME_SIZE + struct.size));
  bind(definition.implicitParameters, implicit, -(FRAME_SIZE + struct.size + implicit.size));
}

/**
 * Compiles a body. Where it allocates locals, variables used after they lost their values are made local and the
 * body is compiled again.
 */
function emitBody(emitter: Emitter, definition: FunctionDefinition): void {
  let { body } = definition;
  for (let retryCount = 0; ; retryCount++) {
    const { statements, hasAllocLocals } = expandLocals(emitter, body, definition.name.span);
    if (!hasAllocLocals) {
      emitter.runBlock(statements);
      return;
    }
    const lost = emitter.tryBlock(statements);
    const [first] = lost.values();
    if (first === undefined) return;
    if (retryCount === MAX_RETRY_COUNT) throw first.error();
    body = withLocals(emitter, body, lost);
  }
}

/** The body with `local x: T = x;` after each statement that bound a variable that was lost later. */
function withLocals(emitter: Emitter, body: Block, lost: ReadonlyMap<Reference, LostVariable>): Block {
  const additions = new Map<Statement, Statement[]>();
  for (const [reference, { name, error }] of lost) {
    if (reference.statement === undefined) throw error();
    const { type } = emitter.simplify(reference.value);
    const list = additions.get(reference.statement) ?? [];
    list.push(localOf(name.slice(name.lastIndexOf('.') + 1), reference, type));
    additions.set(reference.statement, list);
  }
  const extended = insertAfter(body, additions);
  // A statement the compiler made up itself has nothing to be put after.
  if (additions.size > 0) for (const { error } of lost.values()) throw error();
  return extended;
}

function localOf(name: string, reference: Reference, type: CairoType): Statement {
  const place = reference.spans.at(-1)!;
  const span = reachedFrom(place, place, `While auto generating local variable for '${name}'.`);
  const value = identifier(name, span);
  const variable = { identifier: value, type, local: undefined, span };
  return { kind: 'local', variable, value, span };
}

/** Puts statements after others, and takes those it placed out of `additions`. */
function insertAfter(block: Block, additions: Map<Statement, Statement[]>): Block {
  return block.flatMap((statement) => {
    const added = additions.get(statement) ?? [];
    additions.delete(statement);
    return [mapBlocks(statement, (inner) => insertAfter(inner, additions)), ...added];
  });
}

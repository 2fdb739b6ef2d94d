import { type CairoType, formatType, sameType } from '../ast/cairoType.ts';
import {
  type Argument,
  type Expression,
  type FunctionCall,
  type Identifier,
  identifier,
} from '../ast/expression.ts';
import type { StatementOf } from '../ast/statement.ts';
import { canConvert } from '../expressions/castRules.ts';
import { IMPLICIT_PARAMETERS, PARAMETERS, RETURN_TYPE, type StructDefinition } from '../names/definition.ts';
import { describeSpan, reachedFrom, type SourceSpan } from '../sourceSpan.ts';
import { zeroError } from '../zeroError.ts';
import { rewriteExpressions } from './compoundExpression.ts';
import type { Emitter } from './emitter.ts';
import { cellsAssignedTo, pushValues } from './pushValues.ts';

/** For each implicit parameter the variable named for it in the call, if any. */
type ImplicitBindings = readonly (Identifier | undefined)[];

/** Values to push, and what they must fit. */
interface Pushed {
  arguments: readonly Argument[];
  parameters: readonly (readonly [string | undefined, CairoType])[];
  implicitParameters: StructDefinition;
  bindings: ImplicitBindings;
  span: SourceSpan;
}

/** A call of a function by name: arguments, call, and the implicit arguments it gives back. */
export function emitCall(emitter: Emitter, call: FunctionCall): void {
  const { names } = emitter;
  const { callee, span } = call;
  const { definition } = names.searchWhole(callee.name, callee.span);
  const kind = definition.kind === 'future' ? definition.definitionKind : definition.kind;
  if (kind !== 'function') {
    const problem = `Expected ${callee.name} to be a function name. Found: ${kind}.`;
    throw zeroError('ZERO_WRONG_IDENTIFIER', problem, callee.span);
  }
  const implicitParameters = names.definitionOf(`${callee.name}.${IMPLICIT_PARAMETERS}`, ['struct'], span);
  const bindings = implicitBindings(call, implicitParameters);
  pushAll(emitter, {
    arguments: call.arguments.items,
    parameters: names.parameters(`${callee.name}.${PARAMETERS}`, call.arguments.span),
    implicitParameters,
    bindings,
    span,
  });
  emitter.emit({ kind: 'callLabel', label: callee, isFullName: false, span }, span);
  bindImplicitResults(emitter, call, implicitParameters, bindings);
}

/** `return value;` */
export function emitReturn(emitter: Emitter, { value, span }: StatementOf<'return'>): void {
  const { names } = emitter;
  requireFunction(emitter, 'return', span);
  const { type } = names.definitionOf(RETURN_TYPE, ['type_definition'], span);
  const implicitParameters = names.definitionOf(IMPLICIT_PARAMETERS, ['struct'], span);
  pushAll(emitter, {
    arguments: [{ name: undefined, value, span }],
    parameters: [[undefined, type]],
    implicitParameters,
    bindings: [...implicitParameters.members].map(() => undefined),
    span,
  });
  emitter.emit({ kind: 'return', span }, span);
}

/** `return f(…);`: what `f` leaves on the stack is what this function returns. */
export function emitTailCall(emitter: Emitter, { call, span }: StatementOf<'tailCall'>): void {
  const { names } = emitter;
  requireFunction(emitter, 'return', span);
  emitter.run({ kind: 'call', call, span });
  const own = names.table.get(names.qualify(RETURN_TYPE));
  const source = names.returnType(call);
  const ownName = names.scope.slice(names.scope.lastIndexOf('.') + 1);
  if (own?.kind !== 'type_definition' || !isTailCallType(emitter, source, own.type, span)) {
    const problem = `Cannot convert the return type of ${call.callee.name} to the return type of ${ownName}.`;
    throw zeroError('ZERO_TYPE', problem, span);
  }
  const theirs = names.definitionOf(`${call.callee.name}.${IMPLICIT_PARAMETERS}`, ['struct'], span);
  const ours = names.structByFullName(names.qualify(IMPLICIT_PARAMETERS), span);
  if (!sameMembers(theirs, ours)) {
    const notes = [[call.callee.name, theirs.span] as const, [ownName, ours.span] as const].flatMap(
      ([name, place]) =>
        place === undefined
          ? []
          : [`The implicit arguments of '${name}' were defined here:\n${describeSpan(place, '')}`],
    );
    const problem =
      'Tail calls require the implicit arguments of the callee to match the caller. ' +
      'Consider separating the function call and the return statement.';
    throw zeroError('ZERO_ARGUMENTS', problem, span, notes);
  }
  emitter.emit({ kind: 'return', span }, span);
}

function requireFunction(emitter: Emitter, what: string, span: SourceSpan): void {
  if (!emitter.functions.has(emitter.names.scope))
    throw zeroError('ZERO_FUNCTION', `${what} cannot be used outside of a function.`, span);
}

function isTailCallType(emitter: Emitter, source: CairoType, target: CairoType, span: SourceSpan): boolean {
  try {
    return canConvert({ source, target, strength: 'assign', span }, emitter.names);
  } catch {
    // The message about the whole return type says more.
    return false;
  }
}

function sameMembers(a: StructDefinition, b: StructDefinition): boolean {
  const others = [...b.members];
  return (
    a.members.size === others.length &&
    [...a.members].every(([name, { offset, type }], i) => {
      const [otherName, other] = others[i]!;
      return name === otherName && offset === other.offset && sameType(type, other.type);
    })
  );
}

/** Sorts the `name=variable` pairs of a call to the implicit parameters. */
function implicitBindings(
  { implicitArguments }: FunctionCall,
  { members }: StructDefinition,
): ImplicitBindings {
  const pairs = (implicitArguments?.items ?? []).map(({ name, value, span }) => {
    if (name === undefined)
      throw zeroError('ZERO_ARGUMENTS', 'Implicit argument binding must be of the form: arg_name=var.', span);
    if (value.kind !== 'identifier' || value.name.includes('.'))
      throw zeroError('ZERO_ARGUMENTS', 'Implicit argument binding must be an identifier.', value.span);
    return { name, variable: value };
  });
  const bindings = [...members.keys()].map((member) =>
    pairs[0]?.name.name === member ? pairs.shift()!.variable : undefined,
  );
  const [extra] = pairs;
  if (extra !== undefined) {
    const problem = `Unexpected implicit argument binding: ${extra.name.name}.`;
    throw zeroError('ZERO_ARGUMENTS', problem, extra.name.span);
  }
  return bindings;
}

/** Pushes implicit arguments, then arguments. */
function pushAll(emitter: Emitter, pushed: Pushed): void {
  // Computing an argument may call functions that rebind implicit arguments, so the arguments come first.
  const computed = rewriteExpressions(emitter, argumentCells(emitter, pushed), 'operation');
  const cells = computed.map((value) => emitter.simplifyCell(value));
  pushValues(emitter, [...implicitCells(emitter, pushed), ...cells]);
}

function argumentCells(emitter: Emitter, { arguments: args, parameters, span }: Pushed): Expression[] {
  if (args.length !== parameters.length) {
    const problem = `Expected exactly ${parameters.length} expressions, got ${args.length}.`;
    throw zeroError('ZERO_ARGUMENTS', problem, span);
  }
  let sawName = false;
  return args.flatMap(({ name, value, span: argumentSpan }, i) => {
    const [expected, type] = parameters[i]!;
    if (name === undefined && sawName) {
      const problem = 'Positional arguments must not appear after named arguments.';
      throw zeroError('ZERO_ARGUMENTS', problem, argumentSpan);
    }
    if (name !== undefined && name.name !== expected) {
      const wanted =
        expected === undefined
          ? `Expected unnamed argument, found: '${name.name}'.`
          : `Expected named argument: '${expected}', found: '${name.name}'.`;
      throw zeroError('ZERO_ARGUMENTS', wanted, name.span);
    }
    sawName ||= name !== undefined;
    return cellsAssignedTo(emitter, value, type);
  });
}

function implicitCells(emitter: Emitter, { implicitParameters, bindings, span }: Pushed): Expression[] {
  return [...implicitParameters.members].flatMap(([name, { type, span: place }], i) => {
    const message = `While trying to retrieve the implicit argument '${name}' in:`;
    const ownSpan = place === undefined ? span : reachedFrom(place, span, message);
    return cellsAssignedTo(emitter, bindings[i] ?? identifier(name, ownSpan), type);
  });
}

/** After a call the implicit arguments stand for what it gave back, below the return value. */
function bindImplicitResults(
  emitter: Emitter,
  { callee, span }: FunctionCall,
  { members, size }: StructDefinition,
  bindings: ImplicitBindings,
): void {
  const { names } = emitter;
  const returned = names.definitionOf(`${callee.name}.${RETURN_TYPE}`, ['struct', 'type_definition'], span);
  const returnSize = returned.kind === 'struct' ? returned.size : names.sizeOf(returned.type);
  for (const [i, [name, member]] of [...members].entries()) {
    const binding = bindings[i];
    const message = `While trying to update the implicit return value '${name}' in:`;
    const memberSpan = member.span === undefined ? span : reachedFrom(member.span, span, message);
    const variableSpan = binding?.span ?? memberSpan;
    emitter.bindCell(
      binding?.name ?? name,
      'ap',
      member.offset - (returnSize + size),
      member.type,
      variableSpan,
    );
    if (binding === undefined && !emitter.implicitVariables.has(names.qualify(name))) {
      const problem = `'${name}' cannot be used as an implicit return value. Consider using a 'with' statement.`;
      throw zeroError('ZERO_ARGUMENTS', problem, variableSpan);
    }
  }
}

/** The types a call leaves on the stack, for an unpacking. @throws CairnError `ZERO_TYPE` */
export function unpackedMembers(emitter: Emitter, { names: list, value, span }: StatementOf<'unpack'>) {
  if (value.kind !== 'functionCall')
    throw zeroError('ZERO_TYPE', 'Unpack binding is only supported for function calls.', value.span);
  const type = emitter.names.returnType(value.call);
  if (type.kind !== 'tuple') {
    const callee = value.call.callee.name;
    const problem = `Cannot unpack the return value of '${callee}'. The return type '${formatType(type)}' is not a tuple.`;
    throw zeroError('ZERO_TYPE', problem, value.span);
  }
  const [expected, found] = [type.members.length, list.names.length];
  if (expected !== found) {
    const plural = expected > 1 ? 's' : '';
    const problem = `Expected ${expected} unpacking identifier${plural}, found ${found}.`;
    throw zeroError('ZERO_ARGUMENTS', problem, list.span ?? span);
  }
  return { call: value.call, members: type.members };
}

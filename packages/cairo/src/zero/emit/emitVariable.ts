import { type CairoType, formatType, pointerTo } from '../ast/cairoType.ts';
import {
  binary,
  cast,
  cellReference,
  constant,
  dereference,
  type Expression,
  identifier,
} from '../ast/expression.ts';
import type { InstructionBody, StatementOf, TypedName } from '../ast/statement.ts';
import { canConvert } from '../expressions/castRules.ts';
import { expressionChildren } from '../expressions/expressionChildren.ts';
import { RETURN_TYPE } from '../names/definition.ts';
import { REGISTERS_MODULE } from '../passes/registersModule.ts';
import type { SourceSpan } from '../sourceSpan.ts';
import { zeroError } from '../zeroError.ts';
import { unpackedMembers } from './emitCall.ts';
import type { Emitter } from './emitter.ts';
import { cellsOf, pushValues } from './pushValues.ts';

/** The function that returns ap. */
const GET_AP = `${REGISTERS_MODULE}.get_ap`;

/** @throws CairnError `ZERO_LOCALS` when the name is marked `local`. */
export function refuseLocalMark({ local }: TypedName): void {
  if (local !== undefined) throw zeroError('ZERO_LOCALS', "Unexpected modifier 'local'.", local);
}

/** `let x = value;` */
export function emitReference(emitter: Emitter, { variable, value: source }: StatementOf<'reference'>): void {
  const { value, type: valueType } = emitter.simplify(source);
  refuseLocalMark(variable);
  refuseCode(value);
  const type = variable.type === undefined ? valueType : emitter.names.resolveType(variable.type);
  const { span } = value;
  if (!canConvert({ source: valueType, target: type, strength: 'assign', span: type.span }, emitter.names)) {
    const problem = `Cannot assign an expression of type '${formatType(valueType)}' to a reference of type '${formatType(type)}'.`;
    throw zeroError('ZERO_TYPE', problem, variable.type?.span ?? span);
  }
  // Programs keep the type of what lies in memory as the type of its address.
  const typed =
    value.kind === 'dereference'
      ? dereference(cast(value.address, pointerTo(type, span), value.address.span), span)
      : cast(value, type, span, 'forced');
  emitter.bind(emitter.names.qualify(variable.identifier.name), typed, type, variable.span);
}

/** What takes code to compute, and so cannot be the value of a reference. */
const NO_REFERENCE: Partial<Record<Expression['kind'], string>> = {
  hint: 'The use of hints in reference expressions is not allowed.',
  new: "The use of 'new' in reference expressions is not allowed.",
  call: 'Function calls are not allowed inside reference expressions.',
};

/** @throws CairnError `ZERO_INVALID_REFERENCE` when computing the value would take code. */
function refuseCode(value: Expression): void {
  const problem = NO_REFERENCE[value.kind];
  if (problem !== undefined) throw zeroError('ZERO_INVALID_REFERENCE', problem, value.span);
  for (const child of expressionChildren(value)) refuseCode(child);
}

/** `let x = f(…);` and `let x = call f;`: the last cells the call leaves; or a struct named like a function. */
export function emitCallReference(emitter: Emitter, statement: StatementOf<'callReference'>): void {
  const { variable, call, span } = statement;
  refuseLocalMark(variable);
  if (call.kind === 'functionCall' && emitter.names.structIfAny(call.call.callee.name) !== undefined) {
    const value: Expression = { kind: 'call', call: call.call, span: call.span };
    emitter.run({ kind: 'reference', variable, value, span });
    return;
  }
  if (call.kind === 'functionCall') emitter.run({ kind: 'call', call: call.call, span: call.span });
  else emitter.emit(call.body, call.span);
  const type = emitter.names.resolveType(variable.type ?? calledType(call, variable));
  emitter.bindCell(variable.identifier.name, 'ap', -emitter.names.sizeOf(type), type, variable.span);
}

function calledType(call: StatementOf<'callReference'>['call'], { span }: TypedName): CairoType {
  const callee = call.kind === 'functionCall' ? call.call.callee : calledLabel(call.body);
  return callee === undefined
    ? { kind: 'felt', span }
    : { kind: 'named', name: `${callee.name}.${RETURN_TYPE}`, span: callee.span };
}

function calledLabel(body: InstructionBody) {
  return body.kind === 'callLabel' ? body.label : undefined;
}

/** `let (a, b) = f(…);` */
export function emitUnpacking(emitter: Emitter, statement: StatementOf<'unpack'>): void {
  const { names } = emitter;
  const { call, members } = unpackedMembers(emitter, statement);
  emitter.run({ kind: 'call', call, span: call.span });
  const sizes = members.map(({ type }) => names.sizeOf(type));
  let offset = -sizes.reduce((sum, size) => sum + size, 0);
  for (const [i, variable] of statement.names.names.entries()) {
    if (!emitter.functions.has(names.scope)) refuseLocalMark(variable);
    const { type: source } = members[i]!;
    if (variable.identifier.name !== '_') {
      const target = variable.type === undefined ? source : names.resolveType(variable.type);
      if (!canConvert({ source, target, strength: 'unpacking', span: variable.span }, names)) {
        const problem = `Expected expression of type '${formatType(source)}', got '${formatType(target)}'.`;
        throw zeroError('ZERO_TYPE', problem, variable.span);
      }
      emitter.bindCell(variable.identifier.name, 'ap', offset, target, variable.span);
    }
    offset += sizes[i]!;
  }
}

/** `tempvar x = value;`: the value at the top of the stack, or, without one, room for it. */
export function emitTempvar(emitter: Emitter, { variable, value, span }: StatementOf<'tempvar'>): void {
  refuseLocalMark(variable);
  const { type, size } =
    value === undefined || value.kind === 'hint'
      ? reserve(emitter, variable, value?.kind === 'hint' ? value : undefined, span)
      : pushNew(emitter, variable, value, span);
  emitter.bindCell(variable.identifier.name, 'ap', -size, type, variable.identifier.span);
}

interface Stacked {
  type: CairoType;
  size: number;
}

function reserve(
  emitter: Emitter,
  variable: TypedName,
  hint: Extract<Expression, { kind: 'hint' }> | undefined,
  span: SourceSpan,
): Stacked {
  const type = emitter.names.resolveType(variable.type ?? { kind: 'felt', span: variable.span });
  const size = emitter.names.sizeOf(type);
  if (hint !== undefined) {
    requireHintedType(type, hint);
    emitter.run({ kind: 'hint', code: `memory[ap] = ${hintedValue(hint.code)}`, span });
  }
  emitter.emit({ kind: 'addAp', amount: constant(size, span), span }, span);
  return { type, size };
}

/** The text of a hint that gives a cell its value. */
export function hintedValue(code: string): string {
  return `to_felt_or_relocatable(${code})`;
}

/** @throws CairnError `ZERO_TYPE` when one hint cannot give a variable of this type its value. */
export function requireHintedType(type: CairoType, { span }: Expression): void {
  if (type.kind !== 'felt' && type.kind !== 'pointer')
    throw zeroError('ZERO_TYPE', 'Only a felt or a pointer can be initialized using nondet.', span);
}

function pushNew(emitter: Emitter, variable: TypedName, source: Expression, span: SourceSpan): Stacked {
  const expression = source.kind === 'new' ? emitNew(emitter, source) : source;
  const { value, type: valueType } = emitter.simplify(expression);
  const size = emitter.names.sizeOf(valueType);
  const type = variable.type === undefined ? valueType : emitter.names.resolveType(variable.type);
  if (!canConvert({ source: valueType, target: type, strength: 'assign', span }, emitter.names)) {
    const problem = `Cannot assign an expression of type '${formatType(valueType)}' to a temporary variable of type '${formatType(type)}'.`;
    throw zeroError('ZERO_TYPE', problem, variable.type?.span ?? span);
  }
  pushValues(emitter, cellsOf(emitter, value, valueType));
  return { type, size };
}

/** Pushes the operand of `new` and asks for ap: the pointer to the operand, as an expression. */
function emitNew(
  emitter: Emitter,
  { operand, typed, span }: Extract<Expression, { kind: 'new' }>,
): Expression {
  const { value, type } = emitter.simplify(operand);
  pushValues(emitter, cellsOf(emitter, value, type));
  emitter.emit({ kind: 'callLabel', label: identifier(GET_AP, span), isFullName: true, span }, span);
  const ap = cellReference('ap', -1, { kind: 'felt', span }, span);
  const start = binary('-', ap, constant(emitter.names.sizeOf(type), span), span);
  return typed ? cast(start, pointerTo(type, span), span) : start;
}

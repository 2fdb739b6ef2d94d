import { type CairoType, formatType, isSingleCell } from '../ast/cairoType.ts';
import { binary, constant, dereference, type Expression, register } from '../ast/expression.ts';
import { canConvert } from '../expressions/castRules.ts';
import { simplifyExpression } from '../expressions/simplifyExpression.ts';
import { translateAp } from '../expressions/translateAp.ts';
import { addressOf } from '../expressions/typeExpression.ts';
import { zeroError } from '../zeroError.ts';
import { rewriteExpressions } from './compoundExpression.ts';
import type { Emitter } from './emitter.ts';

/** The cells of a value that is to be assigned to `expected`. @throws CairnError `ZERO_TYPE` */
export function cellsAssignedTo(emitter: Emitter, expression: Expression, expected: CairoType): Expression[] {
  const { value, type } = emitter.simplify(expression);
  const { span } = expression;
  if (!canConvert({ source: type, target: expected, strength: 'assign', span }, emitter.names)) {
    const problem = `Expected expression of type '${formatType(expected)}', got '${formatType(type)}'.`;
    throw zeroError('ZERO_TYPE', problem, span);
  }
  return cellsOf(emitter, value, type);
}

/** The cells that make up a simplified value. */
export function cellsOf(emitter: Emitter, value: Expression, type: CairoType): Expression[] {
  if (value.kind === 'new' && type.kind === 'pointer') return [untypedNew(emitter, value, type.pointee)];
  if (isSingleCell(type)) return [value];
  const types = memberTypes(emitter, type);
  const members =
    value.kind === 'tuple'
      ? value.members.items.map((item) => item.value)
      : memberCells(emitter, value, types);
  return types.flatMap((memberType, i) => cellsOf(emitter, members[i]!, memberType));
}

/** `new` of a struct as `new` of its cells: a pointer no longer, so that it is taken apart once. */
function untypedNew(
  emitter: Emitter,
  value: Extract<Expression, { kind: 'new' }>,
  pointee: CairoType,
): Expression {
  const cells = cellsOf(emitter, value.operand, pointee);
  const { span } = value.operand;
  const items = cells.map((cell) => ({ name: undefined, value: cell, span: cell.span }));
  const gaps = Array.from({ length: items.length + 1 }, () => '');
  const operand: Expression = { kind: 'tuple', members: { items, gaps, trailingComma: true, span }, span };
  return { ...value, operand, typed: false };
}

function memberTypes(emitter: Emitter, type: CairoType): CairoType[] {
  if (type.kind === 'tuple') return type.members.map((member) => member.type);
  if (type.kind === 'struct')
    return [...emitter.names.structByFullName(type.name, type.span).members.values()].map(
      (member) => member.type,
    );
  throw zeroError('ZERO_TYPE', `Unexpected type '${formatType(type)}'.`, type.span);
}

/** The members of a struct or tuple in memory, one after the other. */
function memberCells(emitter: Emitter, value: Expression, types: readonly CairoType[]): Expression[] {
  const address = addressOf(value);
  const { span } = value;
  let offset = 0;
  return types.map((type) => {
    const place = binary('+', address, constant(offset, span), span);
    offset += emitter.names.sizeOf(type);
    return simplifyExpression(dereference(place, span), 'felt');
  });
}

/** Puts values into the cells from ap on. */
export function pushValues(emitter: Emitter, values: readonly Expression[]): void {
  const plain = withoutPushed(emitter, rewriteExpressions(emitter, values, 'operation'));
  const pushed = values.slice(values.length - plain.length);
  for (const [i, value] of plain.entries()) {
    const { span } = pushed[i]!;
    const left = dereference(register('ap', span), span);
    // Values are over ap before the first push.
    emitter.emit({ kind: 'assertEq', left, right: translateAp(value, i)!, span }, span, true);
  }
}

/** Leaves out the first values where they already are the last cells before ap. */
function withoutPushed(emitter: Emitter, values: readonly Expression[]): Expression[] {
  const cells = values.map((value) => emitter.simplifyCell(value));
  const count = cells.length === 0 ? undefined : distanceBelowAp(cells[0]!);
  if (count === undefined || count <= 0 || count > cells.length) return cells;
  for (let i = 1; i < count; i++) if (distanceBelowAp(cells[i]!) !== count - i) return cells;
  return cells.slice(count);
}

/** n of `[ap + (-n)]`. */
function distanceBelowAp(expression: Expression): number | undefined {
  if (expression.kind !== 'dereference' || expression.address.kind !== 'binary') return undefined;
  const { operator, left, right } = expression.address;
  const isBelow =
    operator === '+' && left.kind === 'register' && left.register === 'ap' && right.kind === 'constant';
  return isBelow ? -Number(right.value) : undefined;
}

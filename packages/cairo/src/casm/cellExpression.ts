import type { CellRef } from './hint.ts';

/** Operators of a {@link CellExpression}; `-` and `/` become `+` and `*` when the result is asserted. */
export type CellOperator = '+' | '-' | '*' | '/';

/** The constant operand of an expression, any sign and size; reduced modulo the prime when assembled. */
export interface Immediate {
  readonly kind: 'immediate';
  readonly value: bigint;
}

/** The cell `[register + offset]`. */
export interface Deref {
  readonly kind: 'deref';
  readonly cell: CellRef;
}

/** The cell `[[cell] + offset]`. */
export interface DoubleDeref {
  readonly kind: 'doubleDeref';
  readonly cell: CellRef;
  readonly offset: number;
}

/** `[a] op b`, not yet stored in a cell. */
export interface BinOp {
  readonly kind: 'binOp';
  readonly op: CellOperator;
  readonly a: CellRef;
  readonly b: Deref | Immediate;
}

/** How the value of one cell of a Sierra variable is obtained at a program point. */
export type CellExpression = Deref | DoubleDeref | Immediate | BinOp;

const I16_MIN = -0x8000;
const I16_MAX = 0x7fff;

/** True when `value` fits the 16 bits of an instruction offset. */
export function isOffset(value: number): boolean {
  return value >= I16_MIN && value <= I16_MAX;
}

export function apCell(offset: number): CellRef {
  return { register: 'AP', offset };
}

export function fpCell(offset: number): CellRef {
  return { register: 'FP', offset };
}

export function deref(cell: CellRef): Deref {
  return { kind: 'deref', cell };
}

export function immediate(value: bigint | number): Immediate {
  return { kind: 'immediate', value: BigInt(value) };
}

/** `[cell] + value`, which is the cell itself for 0. */
export function addConstant(cell: CellRef, value: number | bigint): Deref | BinOp {
  return Number(value) === 0 ? deref(cell) : { kind: 'binOp', op: '+', a: cell, b: immediate(value) };
}

/** The cell as seen after ap grew by `apChange`; undefined when the offset leaves 16 bits. */
export function shiftCell(cell: CellRef, apChange: number): CellRef | undefined {
  if (cell.register === 'FP') return cell;
  const offset = cell.offset - apChange;
  return offset < I16_MIN || apChange > I16_MAX ? undefined : { register: 'AP', offset };
}

/** The expression as seen after ap grew by `apChange`; undefined when an offset leaves 16 bits. */
export function shiftExpression(expression: CellExpression, apChange: number): CellExpression | undefined {
  if (apChange === 0) return expression;
  switch (expression.kind) {
    case 'immediate':
      return expression;
    case 'deref': {
      if (expression.cell.register === 'FP') return expression;
      const cell = shiftCell(expression.cell, apChange);
      return cell && { kind: 'deref', cell };
    }
    case 'doubleDeref': {
      if (expression.cell.register === 'FP') return expression;
      const cell = shiftCell(expression.cell, apChange);
      return cell && { kind: 'doubleDeref', cell, offset: expression.offset };
    }
    case 'binOp': {
      const a = shiftCell(expression.a, apChange);
      const b = shiftExpression(expression.b, apChange) as Deref | Immediate | undefined;
      return a && b && { kind: 'binOp', op: expression.op, a, b };
    }
  }
}

/** True when the expression does not depend on ap, so an unknown change of ap leaves it valid. */
export function isApIndependent(expression: CellExpression): boolean {
  switch (expression.kind) {
    case 'immediate':
      return true;
    case 'deref':
    case 'doubleDeref':
      return expression.cell.register === 'FP';
    case 'binOp':
      return expression.a.register === 'FP' && isApIndependent(expression.b);
  }
}

export function sameCell(x: CellRef, y: CellRef): boolean {
  return x.offset === y.offset && x.register === y.register;
}

/** Structural equality. */
export function sameExpression(x: CellExpression, y: CellExpression): boolean {
  if (x === y) return true;
  switch (x.kind) {
    case 'immediate':
      return y.kind === 'immediate' && x.value === y.value;
    case 'deref':
      return y.kind === 'deref' && sameCell(x.cell, y.cell);
    case 'doubleDeref':
      return y.kind === 'doubleDeref' && x.offset === y.offset && sameCell(x.cell, y.cell);
    case 'binOp':
      return y.kind === 'binOp' && x.op === y.op && sameCell(x.a, y.a) && sameExpression(x.b, y.b);
  }
}

/** `[cell]` or `[cell] + constant` split into both; undefined for anything else or a constant beyond 32 bits. */
export function asCellPlusConstant(
  expression: CellExpression,
): { cell: CellRef; offset: number } | undefined {
  if (expression.kind === 'deref') return { cell: expression.cell, offset: 0 };
  if (expression.kind !== 'binOp' || expression.op !== '+' || expression.b.kind !== 'immediate')
    return undefined;
  const { value } = expression.b;
  if (value !== BigInt.asIntN(32, value)) return undefined;
  return { cell: expression.a, offset: Number(value) };
}

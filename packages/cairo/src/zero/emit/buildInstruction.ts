import type { Instruction, Op1Source, ResLogic } from '../../casm/instruction.ts';
import type { Expression, ExpressionOf, Register } from '../ast/expression.ts';
import type { SourceInstruction } from '../ast/statement.ts';
import { formatExpression } from '../expressions/formatExpression.ts';
import type { SourceSpan } from '../sourceSpan.ts';
import { zeroError } from '../zeroError.ts';

/** The machine's form of one instruction; `immediate` as written, not reduced. */
export type MachineCode =
  | { kind: 'instruction'; instruction: Instruction; immediate: bigint | undefined }
  | { kind: 'word'; value: bigint };

type RegisterName = Instruction['dstRegister'];

/** `[register + offset]`. */
interface Cell {
  register: RegisterName;
  offset: number;
}

/** The second half of an instruction: how the result comes about. */
interface Result {
  offOp0: number;
  offOp1: number;
  op0Register: RegisterName;
  op1Source: Op1Source;
  res: ResLogic;
  immediate: bigint | undefined;
}

/** The operands an instruction does not use. */
const UNUSED = { register: 'FP', offset: -1 } as const satisfies Cell;
const PLAIN = { pcUpdate: 'regular', apUpdate: 'regular', opcode: 'nop', extension: 'stone' } as const;
const OFFSET_LIMIT = 2n ** 15n;

/** Words the code takes. */
export function codeSize(code: MachineCode): 1 | 2 {
  return code.kind === 'instruction' && code.immediate !== undefined ? 2 : 1;
}

/** @throws CairnError `ZERO_INSTRUCTION` when the machine has no such instruction. */
export function buildInstruction({ body, incrementAp, span }: SourceInstruction): MachineCode {
  const apUpdate = incrementAp ? 'add1' : 'regular';
  const refuseIncrement = (name: string) => {
    if (incrementAp) throw invalid(`ap++ may not be used with the ${name} opcode.`, span);
  };
  switch (body.kind) {
    case 'assertEq':
      return buildAssert(body.left, body.right, apUpdate, body.span);
    case 'jump': {
      const pcUpdate = body.relative ? 'jumpRel' : 'jump';
      return instruction(UNUSED, parseResult(body.target), { pcUpdate, apUpdate });
    }
    case 'jumpIf': {
      const result = jumpOperand(body.target, 'Invalid expression for jmp offset.');
      const condition = parseCell(addressIn(body.condition));
      return instruction(
        condition,
        { ...result, offOp0: -1, op0Register: 'FP', res: 'unconstrained' },
        { pcUpdate: 'jnz', apUpdate },
      );
    }
    case 'call': {
      const result = jumpOperand(body.target, 'Invalid offset for call.');
      refuseIncrement('call');
      return instruction(
        { register: 'AP', offset: 0 },
        { ...result, offOp0: 1, op0Register: 'AP' },
        { pcUpdate: body.relative ? 'jumpRel' : 'jump', apUpdate: 'add2', opcode: 'call' },
      );
    }
    case 'return':
      refuseIncrement('ret');
      return instruction(
        { register: 'FP', offset: -2 },
        { offOp0: -1, offOp1: -1, op0Register: 'FP', op1Source: 'fp', res: 'op1', immediate: undefined },
        { pcUpdate: 'jump', opcode: 'ret' },
      );
    case 'addAp': {
      const result = parseResult(body.amount);
      refuseIncrement('addap');
      return instruction(UNUSED, result, { apUpdate: 'add' });
    }
    case 'word':
      refuseIncrement('dw');
      if (body.value.kind !== 'constant')
        throw invalid('dw must be followed by a constant expression.', body.value.span);
      return { kind: 'word', value: body.value.value };
    default:
      throw invalid(`Unknown label ${body.label.name}.`, body.label.span);
  }
}

function invalid(problem: string, span: SourceSpan) {
  return zeroError('ZERO_INSTRUCTION', problem, span);
}

function instruction(
  dst: Cell,
  { immediate, ...result }: Result,
  updates: Partial<Pick<Instruction, 'pcUpdate' | 'apUpdate' | 'opcode'>>,
): MachineCode {
  const operands = { offDst: dst.offset, dstRegister: dst.register };
  return { kind: 'instruction', instruction: { ...PLAIN, ...operands, ...result, ...updates }, immediate };
}

/** `left = right`, or, where the machine has no such instruction, `right = left`. */
function buildAssert(
  left: Expression,
  right: Expression,
  apUpdate: 'add1' | 'regular',
  span: SourceSpan,
): MachineCode {
  const build = (a: Expression, b: Expression): MachineCode => {
    const [dst, result] = withoutInverse(a, b, span);
    return instruction(parseCell(addressIn(dst)), parseResult(result), { apUpdate, opcode: 'assertEq' });
  };
  if (isAssertable(left, right)) return build(left, right);
  if (isAssertable(right, left)) return build(right, left);
  // Neither way exists: say what is wrong with the way it was written.
  return build(left, right);
}

/** Whether `left = right` is an instruction. */
function isAssertable(left: Expression, right: Expression): boolean {
  if (right.kind === 'binary' && (right.operator === '-' || right.operator === '/')) {
    if (right.right.kind === 'constant') return false;
    const operator = right.operator === '-' ? '+' : '*';
    return isAssertable(right.left, { ...right, operator, left });
  }
  if (!isCell(left)) return false;
  switch (right.kind) {
    case 'constant':
      return true;
    case 'dereference': {
      const { address } = right;
      if (isCellAddress(address)) return true;
      const inner = offsetOf(address);
      return inner !== undefined && isCell(inner.base);
    }
    case 'binary':
      return isCell(right.left) && (right.right.kind === 'constant' || isCell(right.right));
    default:
      return false;
  }
}

/** `a = b - c` as `b = a + c`, `a = b / c` as `b = a * c`. */
function withoutInverse(left: Expression, right: Expression, span: SourceSpan): [Expression, Expression] {
  if (right.kind !== 'binary' || right.operator === '+' || right.operator === '*') return [left, right];
  if (right.right.kind === 'constant')
    throw invalid('Subtraction and division are not supported for immediates.', right.right.span);
  const operator = right.operator === '-' ? '+' : '*';
  return [right.left, { kind: 'binary', operator, left, right: right.right, span }];
}

/** Whether an expression is `[register + offset]`. */
export function isCell(expression: Expression): boolean {
  return expression.kind === 'dereference' && isCellAddress(expression.address);
}

function isCellAddress(address: Expression): boolean {
  return offsetOf(address)?.base.kind === 'register';
}

/** `base + offset`, `base - offset` or `base`; undefined when the offset is no constant of 16 bits. */
export function offsetOf(expression: Expression): { base: Expression; offset: number } | undefined {
  if (expression.kind !== 'binary') return { base: expression, offset: 0 };
  const { operator, left, right } = expression;
  if ((operator !== '+' && operator !== '-') || right.kind !== 'constant') return undefined;
  const offset = operator === '+' ? right.value : -right.value;
  const isInRange = -OFFSET_LIMIT <= offset && offset < OFFSET_LIMIT;
  return isInRange ? { base: left, offset: Number(offset) } : undefined;
}

function parseOffset(expression: Expression): { base: Expression; offset: number } {
  const parsed = offsetOf(expression);
  if (parsed !== undefined) return parsed;
  const { operator, right } = expression as ExpressionOf<'binary'>;
  throw operator === '+' || operator === '-'
    ? invalid('Expected a constant offset in the range [-2^15, 2^15).', right.span)
    : invalid(`Expected '+' or '-', found: '${operator}'.`, expression.span);
}

function addressIn(expression: Expression): Expression {
  if (expression.kind !== 'dereference') throw invalid('Expected a dereference expression.', expression.span);
  return expression.address;
}

function parseCell(address: Expression): Cell {
  const { base, offset } = parseOffset(address);
  if (base.kind !== 'register')
    throw invalid(`Expected a register. Found: ${formatExpression(base)}.`, base.span);
  return { register: registerName(base.register), offset };
}

function registerName(register: Register): RegisterName {
  return register === 'ap' ? 'AP' : 'FP';
}

function cellSource({ register }: Cell): Op1Source {
  return register === 'FP' ? 'fp' : 'ap';
}

/** The operand that is a constant or a cell by itself. */
function plainResult(expression: Expression): Result | undefined {
  const op0 = { offOp0: UNUSED.offset, op0Register: UNUSED.register, res: 'op1' } as const;
  if (expression.kind === 'constant')
    return { ...op0, offOp1: 1, op1Source: 'imm', immediate: expression.value };
  if (expression.kind !== 'dereference') return undefined;
  const cell = parseCell(expression.address);
  return { ...op0, offOp1: cell.offset, op1Source: cellSource(cell), immediate: undefined };
}

function jumpOperand(expression: Expression, problem: string): Result {
  const result = plainResult(expression);
  if (result === undefined) throw invalid(problem, expression.span);
  return result;
}

/** A constant, a cell, `[cell + offset]`, or a cell plus or times a constant or cell. */
function parseResult(expression: Expression): Result {
  if (expression.kind === 'binary') {
    const { operator, left, right } = expression;
    if (operator !== '+' && operator !== '*')
      throw invalid(`Expected '+' or '*', found: '${operator}'.`, expression.span);
    const op0 = parseCell(addressIn(left));
    const op1 = plainResult(right);
    if (op1 === undefined)
      throw invalid('Expected a constant expression or a dereference expression.', right.span);
    const res = operator === '+' ? 'add' : 'mul';
    return { ...op1, offOp0: op0.offset, op0Register: op0.register, res };
  }
  if (expression.kind === 'dereference') {
    const { address } = expression;
    const isDouble =
      address.kind === 'dereference' || (address.kind === 'binary' && address.left.kind === 'dereference');
    if (isDouble) {
      const { base, offset } = parseOffset(address);
      const op0 = parseCell(addressIn(base));
      return {
        offOp0: op0.offset,
        offOp1: offset,
        op0Register: op0.register,
        op1Source: 'op0',
        res: 'op1',
        immediate: undefined,
      };
    }
  }
  const result = plainResult(expression);
  if (result === undefined) throw invalid('Invalid RHS expression.', expression.span);
  return result;
}

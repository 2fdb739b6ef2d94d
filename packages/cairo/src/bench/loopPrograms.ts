import { PUSH, push, word } from '../testing/instructionWord.ts';

const FELT_MINUS_ONE = 2n ** 251n + 17n * 2n ** 192n;

function copy(offset: number): bigint[] {
  return [word({ ...PUSH, op1Source: 'ap', offOp1: offset })];
}

function combine(res: 'add' | 'mul', left: number, right: number): bigint[] {
  return [word({ ...PUSH, res, op0Register: 'AP', offOp0: left, op1Source: 'ap', offOp1: right })];
}

function addConstant(offset: number, value: bigint): bigint[] {
  return [
    word({ ...PUSH, res: 'add', op0Register: 'AP', offOp0: offset, op1Source: 'imm', offOp1: 1 }),
    value,
  ];
}

/** Jumps by `distance` words while the cell `[ap + offset]` is not 0. */
function jumpNotZero(offset: number, distance: number): bigint[] {
  const target = distance < 0 ? FELT_MINUS_ONE + 1n + BigInt(distance) : BigInt(distance);
  return [
    word({
      dstRegister: 'AP',
      offDst: offset,
      op1Source: 'imm',
      offOp1: 1,
      res: 'unconstrained',
      pcUpdate: 'jnz',
    }),
    target,
  ];
}

const RETURN = [word({ offDst: -2, pcUpdate: 'jump', opcode: 'ret' })];

function loop(start: bigint[], body: bigint[], counter: number): bigint[] {
  return [...start, ...body, ...jumpNotZero(counter, -body.length), ...RETURN];
}

/** (a, b, n) → (b, a + b, n − 1): 4 steps and full-size felts from iteration 75 on. */
export function fibonacci(iterations: bigint): bigint[] {
  const start = [...push(1n), ...push(1n), ...push(iterations)];
  const body = [...copy(-2), ...combine('add', -4, -3), ...addConstant(-3, FELT_MINUS_ONE)];
  return loop(start, body, -1);
}

/** (a, n) → (a·n, n − 1): 3 steps, one full-size product each. */
export function factorial(iterations: bigint): bigint[] {
  const start = [...push(1n), ...push(iterations)];
  const body = [...combine('mul', -2, -1), ...addConstant(-2, FELT_MINUS_ONE)];
  return loop(start, body, -1);
}

/** (a, n) → (a², n − 1): 3 steps, one product of two full-size felts each. */
export function squares(iterations: bigint): bigint[] {
  const start = [...push(FELT_MINUS_ONE / 3n), ...push(iterations)];
  const body = [...combine('mul', -2, -2), ...addConstant(-2, FELT_MINUS_ONE)];
  return loop(start, body, -1);
}

/** {@link fibonacci} on (a, 0, n): the same instructions on small values. */
export function smallFibonacci(iterations: bigint): bigint[] {
  const start = [...push(0n), ...push(0n), ...push(iterations)];
  const body = [...copy(-2), ...combine('add', -4, -3), ...addConstant(-3, FELT_MINUS_ONE)];
  return loop(start, body, -1);
}

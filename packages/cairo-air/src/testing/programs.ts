import type { BuiltinName } from '@cairn/cairo';
import { type Instruction, type ProofRun, runProof } from '@cairn/cairo';
import { CALL, copy, IMMEDIATE, PUSH, push, RET, word } from '@cairn/cairo/testing';

/** `[ap] = [ap + a] op [ap + b]; ap++` */
export const combine = (res: 'add' | 'mul', a: number, b: number): bigint[] => [
  word({ ...PUSH, res, op0Register: 'AP', offOp0: a, op1Source: 'ap', offOp1: b }),
];
/** `[ap] = [fp + offset] + value; ap++` */
export const addToFp = (offset: number, value: bigint): bigint[] => [
  word({ ...PUSH, res: 'add', op0Register: 'FP', offOp0: offset, ...IMMEDIATE }),
  value,
];
/** `[ap - 1] = [[fp + pointer] + offset]` */
export const store = (pointer: number, offset: number): bigint[] => [
  word({
    opcode: 'assertEq',
    dstRegister: 'AP',
    offDst: -1,
    op1Source: 'op0',
    op0Register: 'FP',
    offOp0: pointer,
    offOp1: offset,
  }),
];
/** `[ap] = [[fp + pointer] + offset]; ap++` */
export const load = (pointer: number, offset: number): bigint[] => [
  word({ ...PUSH, op1Source: 'op0', op0Register: 'FP', offOp0: pointer, offOp1: offset }),
];
/** Runs main, given as words, in proof mode behind the usual entry. */
export function runMain(builtins: BuiltinName[], main: readonly bigint[], maxSteps = 1_000_000): ProofRun {
  const entry = [
    word({ apUpdate: 'add', ...IMMEDIATE }),
    BigInt(builtins.length),
    word(CALL),
    4n,
    word({ pcUpdate: 'jumpRel', ...IMMEDIATE }),
    0n,
  ];
  return runProof({
    program: {
      data: [...entry, ...main],
      builtins,
      main: entry.length,
      hints: new Map(),
      start: 0,
      end: 4,
    },
    hints: { find: () => undefined, createState: () => undefined },
    maxSteps,
  });
}

/** main(output): writes the `count`-th Fibonacci number, computed in a loop. */
export function fibonacciMain(count: number): bigint[] {
  // Stack: a, b, n with the loop: [ap] = b; [ap+1] = a + b; [ap+2] = n - 1; jmp back unless 0.
  return [
    ...push(1n),
    ...push(1n),
    ...push(BigInt(count)),
    word({ ...PUSH, op1Source: 'ap', offOp1: -2 }),
    word({ ...PUSH, res: 'add', op0Register: 'AP', offOp0: -4, op1Source: 'ap', offOp1: -3 }),
    word({ ...PUSH, res: 'add', op0Register: 'AP', offOp0: -3, ...IMMEDIATE }),
    -1n,
    word({
      dstRegister: 'AP',
      offDst: -1,
      res: 'unconstrained',
      pcUpdate: 'jnz',
      ...IMMEDIATE,
    }),
    -4n,
    ...[word({ ...PUSH, op1Source: 'ap', offOp1: -2 })],
    ...store(-3, 0),
    ...addToFp(-3, 1n),
    RET,
  ].map((value) => (value < 0n ? value + 2n ** 251n + 17n * 2n ** 192n + 1n : value));
}

/** `[ap - 1] = [[fp + pointer] + offset]` for each value after pushing it, then the moved pointers of all builtins. */
export function callBuiltin(
  inputs: readonly bigint[],
  cellsPerInstance: number,
  outputCell: number,
  instances = 1,
): bigint[] {
  // main(output, builtin): fp - 4 is the output pointer, fp - 3 the builtin's.
  const code: bigint[] = [];
  for (let instance = 0; instance < instances; instance++) {
    inputs.forEach((value, i) => {
      code.push(...push(value), ...store(-3, instance * cellsPerInstance + i));
    });
    code.push(...load(-3, instance * cellsPerInstance + outputCell), ...store(-4, instance));
  }
  return [
    ...code,
    ...addToFp(-4, BigInt(instances)),
    ...addToFp(-3, BigInt(instances * cellsPerInstance)),
    RET,
  ];
}

/** main(output, range_check): one step of every common kind, small and big. */
export function mixedMain(): bigint[] {
  const minus = (n: bigint) => 2n ** 251n + 17n * 2n ** 192n + 1n - n;
  return [
    ...push(2n ** 200n + 5n),
    ...push(minus(7n)),
    ...combine('mul', -2, -1),
    ...combine('add', -3, -1),
    ...push(minus(1n)),
    ...push(minus(2n ** 27n)),
    ...combine('add', -2, -1),
    ...push(100n),
    ...push(minus(30n)),
    ...combine('add', -2, -1),
    ...combine('add', -2, -1),
    ...push(2n),
    ...push(2n),
    ...combine('mul', -2, -1),
    // ap += 2; a jump over nothing; a jnz that is not taken and one that is.
    word({ apUpdate: 'add', ...IMMEDIATE }),
    2n,
    word({ pcUpdate: 'jumpRel', ...IMMEDIATE }),
    2n,
    ...push(0n),
    word({ dstRegister: 'AP', offDst: -1, res: 'unconstrained', pcUpdate: 'jnz', ...IMMEDIATE }),
    2n,
    ...push(minus(3n)),
    word({ dstRegister: 'AP', offDst: -1, res: 'unconstrained', pcUpdate: 'jnz', ...IMMEDIATE }),
    2n,
    // f: ret. g: the frame copied, call f, ret. Then call g and a jump over nothing.
    word({ pcUpdate: 'jumpRel', ...IMMEDIATE }),
    8n,
    RET,
    ...copy(-2),
    ...copy(-1),
    word(CALL),
    minus(3n),
    RET,
    word(CALL),
    minus(5n),
    word({ pcUpdate: 'jumpRel', ...IMMEDIATE }),
    2n,
    ...push(77n),
    ...store(-4, 0),
    ...store(-3, 0),
    ...load(-3, 0),
    ...addToFp(-4, 1n),
    ...addToFp(-3, 1n),
    RET,
  ];
}

/** main(output): state, message and the two compressions of them, the second a last block, stand in the output. */
export function blakeMain(state: readonly number[], message: readonly number[], counter: number): bigint[] {
  const words = [...state, ...message];
  const compress = (extension: 'blake' | 'blakeFinalize', out: bigint) => [
    ...addToFp(-3, BigInt(state.length)),
    ...push(BigInt(counter)),
    // [ap] = output + out; the instruction writes there.
    word({
      opcode: 'assertEq',
      dstRegister: 'AP',
      offDst: 0,
      res: 'add',
      op0Register: 'FP',
      offOp0: -3,
      ...IMMEDIATE,
    }),
    out,
    word({
      dstRegister: 'AP',
      offDst: -1,
      op0Register: 'FP',
      offOp0: -3,
      op1Source: 'ap',
      offOp1: -2,
      apUpdate: 'add1',
      extension,
    }),
  ];
  return [
    ...words.flatMap((value, i) => [...push(BigInt(value)), ...store(-3, i)]),
    ...compress('blake', BigInt(words.length)),
    ...compress('blakeFinalize', BigInt(words.length + state.length)),
    ...addToFp(-3, BigInt(words.length + 2 * state.length)),
    RET,
  ];
}

/** main(output, add_mod or mul_mod): a, b, c stand in the output, then the offsets; instances of `count` operations on them. */
export function modMain(words: readonly bigint[], modulus: readonly bigint[], count: number): bigint[] {
  const offsets = Array.from({ length: count }, () => [0n, 4n, 8n]).flat();
  const toOutput = [...words, ...offsets].flatMap((value, i) => [...push(value), ...store(-4, i)]);
  const instances = Array.from({ length: count }, (_, k) => [
    ...modulus.flatMap((value, i) => [...push(value), ...store(-3, 7 * k + i)]),
    ...copy(-4),
    ...store(-3, 7 * k + 4),
    ...addToFp(-4, BigInt(words.length + 3 * k)),
    ...store(-3, 7 * k + 5),
    ...push(BigInt(count - k)),
    ...store(-3, 7 * k + 6),
  ]).flat();
  return [
    ...toOutput,
    ...instances,
    ...addToFp(-4, BigInt(words.length + offsets.length)),
    ...addToFp(-3, BigInt(7 * count)),
    RET,
  ];
}

/** main(): forms that compilers hardly write: jumps and moves of ap by sums and products, jumps to addresses. */
export function oddMain(): bigint[] {
  const plain = (fields: Partial<Instruction>) => word({ op0Register: 'AP', op1Source: 'ap', ...fields });
  return [
    ...push(1n),
    ...push(2n),
    // jmp rel [ap - 1] + [ap - 2]: over two words.
    plain({ pcUpdate: 'jumpRel', res: 'add', offOp0: -1, offOp1: -2 }),
    RET,
    RET,
    // ap += [ap - 1]·[ap - 2]
    plain({ apUpdate: 'add', res: 'mul', offOp0: -1, offOp1: -2 }),
    // jmp rel [ap - 3]·[ap - 4], over a word.
    plain({ pcUpdate: 'jumpRel', res: 'mul', offOp0: -3, offOp1: -4 }),
    RET,
    ...push(2n),
    ...push(5n),
    // [ap] = [fp - 2] + [[fp - 2] - 1]; ap++
    word({ ...PUSH, res: 'add', op0Register: 'FP', offOp0: -2, op1Source: 'op0', offOp1: -1 }),
    word({
      dstRegister: 'AP',
      offDst: -1,
      res: 'unconstrained',
      pcUpdate: 'jnz',
      op1Source: 'ap',
      offOp1: -3,
    }),
    RET,
    RET,
    RET,
  ];
}

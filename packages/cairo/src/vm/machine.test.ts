import { CairnError, PRIME } from '@cairn/primitives';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { decodeInstruction } from '../casm/instruction.ts';
import { IMMEDIATE, PLAIN, PUSH, RET, word } from '../testing/instructionWord.ts';
import { prepareProgram } from './preparedProgram.ts';
import type { VmValue } from './relocatable.ts';
import { addRelocationRule } from './relocateTemporary.ts';
import { TypescriptMachine } from './typescriptMachine.ts';
import { TypescriptMemory } from './typescriptMemory.ts';
import { WasmMachine } from './wasm/wasmMachine.ts';
import { WasmMemory } from './wasm/wasmMemory.ts';
import { wordSegment } from './word.ts';

/** The engine the tests run on. */
let engine: 'typescript' | 'wasm' = 'typescript';

interface Outcome {
  error: string | undefined;
  message: string | undefined;
  trace: unknown[];
  registers: [pc: string, ap: number, fp: number, steps: number];
  stack: (VmValue | undefined)[];
  accessed: number[];
  data: (VmValue | undefined)[];
  details?: Record<string, unknown>;
}

/** Runs words with a stack [return fp, return pc] on top of `stack`; segment 3 is free for data. */
function run(
  words: bigint[],
  options: { stack?: VmValue[]; slow?: boolean; maxSteps?: number; runs?: number } = {},
): Outcome {
  const program = prepareProgram(words, words.length, () => []);
  let outcome: Outcome | undefined;
  for (let i = 0; i < (options.runs ?? 1); i++) outcome = runOnce(program, options);
  return outcome!;
}

function runOnce(
  program: ReturnType<typeof prepareProgram>,
  options: { stack?: VmValue[]; slow?: boolean; maxSteps?: number },
): Outcome {
  const memory =
    engine === 'wasm' ? new WasmMemory(2 ** 20, program) : new TypescriptMemory(2 ** 20, program.bigs);
  if (memory instanceof TypescriptMemory) memory.load(wordSegment(memory.newSegment()), program.words);
  memory.newSegment();
  const end = memory.newSegment();
  memory.newSegment();
  const stack = [...(options.stack ?? []).map((value) => memory.fromValue(value)), 0, end];
  memory.load(1, Float64Array.from(stack));
  // A rule about a segment nobody uses sends every step through the general rules.
  if (options.slow) addRelocationRule(memory, memory.newTemporarySegment(), end);
  const machineOptions = {
    program: program.code,
    pc: 0,
    ap: stack.length,
    fp: stack.length,
    end,
    maxSteps: options.maxSteps ?? 1000,
    deductions: [],
    hintState: undefined,
    withTrace: true,
  };
  const machine =
    memory instanceof WasmMemory
      ? new WasmMachine({ ...machineOptions, memory })
      : new TypescriptMachine({ ...machineOptions, memory });
  let error: CairnError | undefined;
  try {
    machine.run();
  } catch (e) {
    if (!(e instanceof CairnError)) throw e;
    error = e;
  }
  const values = (segment: number) =>
    Array.from({ length: memory.sizeOf(segment) }, (_, offset) => memory.get({ segment, offset }));
  const outcome: Outcome = {
    error: error?.code,
    message: error?.message,
    trace: Array.from({ length: machine.trace!.length }, (_, i) => machine.trace!.entry(i)),
    registers: [`${machine.code.segment}:${machine.pc}`, machine.ap, machine.fp, machine.stepCount],
    stack: values(1),
    accessed: Array.from({ length: memory.sizeOf(1) }, (_, i) => Number(memory.isAccessed(1, i))),
    data: values(3),
    ...(error === undefined ? {} : { details: error.details }),
  };
  if (memory instanceof WasmMemory) memory.close();
  return outcome;
}

describe.each(['typescript', 'wasm'] as const)('%s engine', (name) => {
  beforeAll(() => {
    engine = name;
  });

  describe('instructions', () => {
    const value = (words: bigint[], stack: VmValue[] = []) => run([...words, RET], { stack });
    it('assert a constant, a cell, and a cell behind a pointer', () => {
      const first = value([word({ ...PUSH, ...IMMEDIATE }), 2n ** 200n, word({ ...PUSH, op1Source: 'ap' })]);
      expect(first.stack.slice(2)).toEqual([2n ** 200n, 2n ** 200n]);
      const behind = { ...PUSH, op1Source: 'op0', op0Register: 'FP', offOp0: -3, offOp1: 2 } as const;
      const read = value([word(behind)], [{ segment: 1, offset: 0 }]);
      expect(read.error).toBeUndefined();
      expect(read.stack.at(-1)).toEqual({ segment: 2, offset: 0 });
    });
    it('write through a pointer when the target is free', () => {
      const store = word({
        opcode: 'assertEq',
        dstRegister: 'FP',
        offDst: -4,
        op1Source: 'op0',
        op0Register: 'FP',
        offOp0: -3,
        offOp1: 7,
      });
      const out = value([store], [77n, { segment: 3, offset: 1 }]);
      expect(out.data).toEqual([...Array(8).fill(undefined), 77n]);
    });
    it('add, subtract, multiply and divide', () => {
      const cells = { op0Register: 'FP', offOp0: -3, op1Source: 'fp', offOp1: -4 } as const;
      expect(value([word({ ...PUSH, res: 'add', ...cells })], [2n, 3n]).stack.at(-1)).toBe(5n);
      expect(value([word({ ...PUSH, res: 'mul', ...cells })], [PRIME - 2n, 3n]).stack.at(-1)).toBe(
        PRIME - 6n,
      );
      const unknownOp0 = {
        ...PUSH,
        dstRegister: 'FP',
        offDst: -4,
        op0Register: 'AP',
        offOp0: 0,
        op1Source: 'fp',
        offOp1: -3,
      } as const;
      expect(value([word({ ...unknownOp0, res: 'add' })], [10n, 4n]).stack.at(-1)).toBe(6n);
      expect(value([word({ ...unknownOp0, res: 'mul' })], [12n, 4n]).stack.at(-1)).toBe(3n);
      const unknownOp1 = {
        ...PUSH,
        dstRegister: 'FP',
        offDst: -4,
        op0Register: 'FP',
        offOp0: -3,
        op1Source: 'ap',
        offOp1: 0,
      } as const;
      expect(value([word({ ...unknownOp1, res: 'add' })], [10n, 14n]).stack.at(-1)).toBe(PRIME - 4n);
      expect(
        (3n * (value([word({ ...unknownOp1, res: 'mul' })], [7n, 3n]).stack.at(-1) as bigint)) % PRIME,
      ).toBe(7n);
      expect(
        value(
          [word({ ...PUSH, res: 'add', op0Register: 'FP', offOp0: -3, ...IMMEDIATE }), PRIME - 1n],
          [0n],
        ).stack.at(-1),
      ).toBe(PRIME - 1n);
      expect(
        value(
          [word({ ...PUSH, res: 'mul', op0Register: 'FP', offOp0: -3, ...IMMEDIATE }), 9n],
          [2n ** 60n],
        ).stack.at(-1),
      ).toBe(9n * 2n ** 60n);
    });
    it('jump: relative, absolute, conditional', () => {
      const skip = [word({ pcUpdate: 'jumpRel', ...IMMEDIATE }), 3n, 0n, RET];
      expect(run(skip).registers[3]).toBe(2);
      const byCell = [word({ pcUpdate: 'jumpRel', op1Source: 'fp', offOp1: -3 }), 0n, RET];
      expect(run(byCell, { stack: [2n] }).registers[3]).toBe(2);
      const absolute = [word({ pcUpdate: 'jump', op1Source: 'fp', offOp1: -3 }), 0n, RET];
      expect(run(absolute, { stack: [{ segment: 0, offset: 2 }] }).registers[3]).toBe(2);
      const jnz = [
        word({ pcUpdate: 'jnz', res: 'unconstrained', offDst: -3, ...IMMEDIATE }),
        3n,
        RET,
        word({ ...PUSH, ...IMMEDIATE }),
        1n,
        RET,
      ];
      expect(run(jnz, { stack: [0n] }).registers[3]).toBe(2);
      for (const taken of [1n, PRIME - 1n, 2n ** 100n, { segment: 0, offset: 0 }])
        expect(run(jnz, { stack: [taken] }).registers[3]).toBe(3);
    });
    it('call and return, relative and absolute', () => {
      const call = {
        dstRegister: 'AP',
        offDst: 0,
        op0Register: 'AP',
        offOp0: 1,
        opcode: 'call',
        apUpdate: 'add2',
      } as const;
      const relative = run([word({ ...call, pcUpdate: 'jumpRel', ...IMMEDIATE }), 3n, RET, RET]);
      expect(relative).toMatchObject({ error: undefined, registers: ['2:0', 4, 0, 3] });
      expect(relative.stack.slice(2)).toEqual([
        { segment: 1, offset: 2 },
        { segment: 0, offset: 2 },
      ]);
      const absolute = [word({ ...call, pcUpdate: 'jump', op1Source: 'fp', offOp1: -3 }), RET, RET];
      expect(run(absolute, { stack: [{ segment: 0, offset: 2 }] }).registers[3]).toBe(3);
    });
    it('run from any segment', () => {
      // Code on the stack, entered twice: push 5, return.
      const code = [word({ ...PUSH, ...IMMEDIATE }), 5n, RET];
      const call = word({
        dstRegister: 'AP',
        offDst: 0,
        op0Register: 'AP',
        offOp0: 1,
        opcode: 'call',
        apUpdate: 'add2',
        pcUpdate: 'jump',
        op1Source: 'fp',
        offOp1: -3,
      });
      const stack = [...code, { segment: 1, offset: 0 }];
      const outcomes = [false, true].map((slow) => run([call, call, RET], { stack, slow, runs: 2 }));
      expect(outcomes[0]).toEqual(outcomes[1]);
      expect(outcomes[0]).toMatchObject({ error: undefined, registers: ['2:0', 12, 0, 7] });
      expect(outcomes[0]!.stack.filter((value) => value === 5n)).toHaveLength(3);
      expect(outcomes[0]!.accessed.slice(0, 3)).toEqual([1, 1, 1]);
    });
    it('advance ap by a constant or a cell', () => {
      expect(run([word({ apUpdate: 'add', ...IMMEDIATE }), 10n, RET]).registers[1]).toBe(12);
      expect(
        run([word({ apUpdate: 'add', op1Source: 'fp', offOp1: -3 }), RET], { stack: [5n] }).registers[1],
      ).toBe(8);
    });
    it('add and multiply QM31', () => {
      const pack = (a: bigint, b: bigint, c: bigint, d: bigint) => a + (b << 36n) + (c << 72n) + (d << 108n);
      const cells = {
        ...PUSH,
        extension: 'qm31',
        op0Register: 'FP',
        offOp0: -3,
        op1Source: 'fp',
        offOp1: -4,
      } as const;
      const p = 2n ** 31n - 1n;
      const add = run([word({ ...cells, res: 'add' }), RET], {
        stack: [pack(p - 1n, 1n, 2n, 3n), pack(5n, 6n, 7n, 8n)],
      });
      expect(add.stack.at(-1)).toBe(pack(4n, 7n, 9n, 11n));
      // u·u = 2 + i
      const square = run([word({ ...cells, res: 'mul' }), RET], {
        stack: [pack(0n, 0n, 1n, 0n), pack(0n, 0n, 1n, 0n)],
      });
      expect(square.stack.at(-1)).toBe(pack(2n, 1n, 0n, 0n));
      const x = pack(1234n, 99n, p - 5n, 77n);
      const y = pack(3n, p - 1n, 4n, 1n);
      const product = run([word({ ...cells, res: 'mul' }), RET], { stack: [x, y] }).stack.at(-1) as bigint;
      const divide = {
        ...cells,
        dstRegister: 'FP',
        offDst: -4,
        op0Register: 'AP',
        offOp0: 0,
        offOp1: -3,
        res: 'mul',
      } as const;
      expect(run([word(divide), RET], { stack: [product, y] }).stack.at(-1)).toBe(x);
      expect(run([word({ ...cells, res: 'add' }), RET], { stack: [p, 0n] }).error).toBe('UNREDUCED_QM31');
    });
    it('compress Blake2s blocks', () => {
      // Message "abc" of RFC 7693, appendix B.
      const iv = [
        0x6b08e647n,
        0xbb67ae85n,
        0x3c6ef372n,
        0xa54ff53an,
        0x510e527fn,
        0x9b05688cn,
        0x1f83d9abn,
        0x5be0cd19n,
      ];
      const message = [0x00636261n, ...Array(15).fill(0n)];
      const digest = [
        0x8c5e8c50n,
        0xe2147c32n,
        0xa32ba7e1n,
        0x2f45eb4en,
        0x208b4537n,
        0x293ad69en,
        0x4c9b994dn,
        0x82596786n,
      ];
      const stack = [
        ...iv,
        ...message,
        { segment: 1, offset: 0 },
        { segment: 1, offset: 8 },
        3n,
        { segment: 3, offset: 0 },
      ];
      const blake = word({
        extension: 'blakeFinalize',
        dstRegister: 'FP',
        offDst: -4,
        op0Register: 'FP',
        offOp0: -6,
        op1Source: 'fp',
        offOp1: -5,
      });
      const output = word({ ...PUSH, op1Source: 'fp', offOp1: -3, apUpdate: 'regular' });
      expect(run([output, blake, RET], { stack }).data).toEqual(digest);
      expect(
        run([output, blake, RET], { stack: [...stack.slice(0, -2), 2n ** 32n, stack.at(-1)!] }).error,
      ).toBe('EXPECTED_INTEGER');
    });
  });

  describe('failures', () => {
    it('have codes, the pc and the calls that led there', () => {
      const call = word({
        dstRegister: 'AP',
        offDst: 0,
        op0Register: 'AP',
        offOp0: 1,
        opcode: 'call',
        apUpdate: 'add2',
        pcUpdate: 'jumpRel',
        ...IMMEDIATE,
      });
      const fail = word({ opcode: 'assertEq', dstRegister: 'FP', offDst: -1, ...IMMEDIATE });
      const out = run([RET, RET, call, 2n, fail, 7n, RET].slice(2));
      expect(out.error).toBe('ASSERT_EQ_FAILED');
      expect(out.details).toMatchObject({
        pc: { segment: 0, offset: 2 },
        traceback: [{ segment: 0, offset: 0 }],
      });
    });
    const cases: [string, bigint[], VmValue[], string][] = [
      ['endless loop', [word({ pcUpdate: 'jumpRel', ...IMMEDIATE }), 0n], [], 'STEP_LIMIT'],
      ['jump out of the program', [word({ pcUpdate: 'jumpRel', ...IMMEDIATE }), 100n], [], 'UNKNOWN_CELL'],
      [
        'jump before the program',
        [word({ pcUpdate: 'jumpRel', ...IMMEDIATE }), PRIME - 1n],
        [],
        'POINTER_ARITHMETIC',
      ],
      ['huge jump', [word({ pcUpdate: 'jumpRel', ...IMMEDIATE }), 2n ** 40n], [], 'POINTER_ARITHMETIC'],
      ['jump by a pointer', [word({ pcUpdate: 'jumpRel', op1Source: 'fp', offOp1: -1 })], [], 'INVALID_JUMP'],
      ['absolute jump to a felt', [word({ pcUpdate: 'jump', ...IMMEDIATE }), 1n], [], 'INVALID_JUMP'],
      ['no instruction', [2n ** 70n], [], 'INVALID_INSTRUCTION'],
      [
        'wrong immediate offset',
        [word({ ...PUSH, op1Source: 'imm', offOp1: 2 }), 1n],
        [],
        'OPERAND_NOT_DEDUCIBLE',
      ],
      ['two unknowns', [word({ ...PUSH, op1Source: 'ap', offOp1: 1 })], [], 'OPERAND_NOT_DEDUCIBLE'],
      ['pointer behind a felt', [word({ ...PUSH, op1Source: 'op0', offOp0: -2 })], [], 'EXPECTED_POINTER'],
      ['cell before the stack', [word({ ...PUSH, op1Source: 'fp', offOp1: -3 })], [], 'POINTER_ARITHMETIC'],
      ['pointer + pointer', [word({ ...PUSH, res: 'add' })], [], 'POINTER_ARITHMETIC'],
      ['pointer · pointer', [word({ ...PUSH, res: 'mul' })], [], 'POINTER_ARITHMETIC'],
      ['wild ap', [word({ apUpdate: 'add', ...IMMEDIATE }), 2n ** 60n], [], 'POINTER_ARITHMETIC'],
      ['ap below the stack', [word({ apUpdate: 'add', ...IMMEDIATE }), PRIME - 3n], [], 'POINTER_ARITHMETIC'],
      [
        'far write',
        [word({ apUpdate: 'add', ...IMMEDIATE }), 2n ** 27n, word({ ...PUSH, ...IMMEDIATE }), 1n],
        [],
        'MEMORY_LIMIT',
      ],
      ['immediate missing', [word({ ...PUSH, ...IMMEDIATE })], [], 'OPERAND_NOT_DEDUCIBLE'],
    ];
    for (const [name, words, stack, code] of cases)
      it(name, () => expect(run(words, { stack }).error).toBe(code));

    it('do not leak decoded words into later runs of the same program', () => {
      const store = word({
        opcode: 'assertEq',
        dstRegister: 'FP',
        offDst: -4,
        op1Source: 'op0',
        offOp0: -3,
        offOp1: 3,
      });
      const words = [store, word({ pcUpdate: 'jumpRel', ...IMMEDIATE }), 2n];
      const program = prepareProgram(words, words.length, () => []);
      for (let i = 0; i < 2; i++) {
        expect(runOnce(program, { stack: [RET, { segment: 0, offset: 0 }] }).error).toBeUndefined();
        expect(runOnce(program, { stack: [RET, { segment: 3, offset: 0 }] }).error).toBe('UNKNOWN_CELL');
      }
    });

    it('are the same when the program is already decoded', () => {
      for (const [, words, stack, code] of cases) expect(run(words, { stack, runs: 3 }).error).toBe(code);
    });
  });
});

describe('the fast loop of each engine', () => {
  const register = fc.constantFrom('AP' as const, 'FP' as const);
  const near = fc.integer({ min: -6, max: 3 });
  const instruction = fc
    .record({
      offDst: near,
      offOp0: near,
      offOp1: near,
      dstRegister: register,
      op0Register: register,
      op1Source: fc.constantFrom(
        'op0' as const,
        'imm' as const,
        'imm' as const,
        'fp' as const,
        'ap' as const,
      ),
      res: fc.constantFrom('op1' as const, 'add' as const, 'mul' as const),
      kind: fc.constantFrom('assert', 'assert', 'assert', 'assert', 'jnz', 'jump', 'ap', 'call', 'ret'),
      ap1: fc.boolean(),
    })
    .map((g): bigint => {
      const base = { ...PLAIN, ...g, offOp1: g.op1Source === 'imm' ? 1 : g.offOp1 };
      const apUpdate = g.ap1 ? ('add1' as const) : ('regular' as const);
      switch (g.kind) {
        case 'jnz':
          return word({ ...base, res: 'unconstrained', pcUpdate: 'jnz', apUpdate });
        case 'jump':
          return word({ ...base, res: 'op1', pcUpdate: 'jumpRel', apUpdate });
        case 'ap':
          return word({ ...base, apUpdate: 'add' });
        case 'call':
          return word({
            ...base,
            dstRegister: 'AP',
            offDst: 0,
            op0Register: 'AP',
            offOp0: 1,
            res: 'op1',
            opcode: 'call',
            apUpdate: 'add2',
            pcUpdate: 'jumpRel',
          });
        case 'ret':
          return RET;
        default:
          return word({ ...base, opcode: 'assertEq', apUpdate });
      }
    });
  const item = fc.tuple(instruction, fc.constantFrom(1n, 2n, 3n, PRIME - 2n, 0n, 2n ** 60n, 5n));
  const stackValue = fc.oneof(
    fc.constantFrom<VmValue>(
      0n,
      1n,
      2n,
      3n,
      PRIME - 1n,
      PRIME - 2n,
      2n ** 64n - 1n,
      2n ** 100n,
      2n ** 51n - 1n,
      2n ** 51n,
      PRIME - 2n ** 51n,
      2n ** 251n,
    ),
    fc.record({ segment: fc.constantFrom(0, 1, 3), offset: fc.nat(6) }),
  );

  it('does what the general rules do, on random programs', () => {
    fc.assert(
      fc.property(
        fc.array(item, { minLength: 1, maxLength: 12 }),
        fc.array(stackValue, { maxLength: 6 }),
        (items, stack) => {
          const words = items.flatMap(([w, immediate]) =>
            decodeInstruction(w).op1Source === 'imm' ? [w, immediate] : [w],
          );
          // Twice, so that the second run starts with everything decoded.
          engine = 'typescript';
          const fast = run([...words, RET], { stack, runs: 2, maxSteps: 40 });
          const slow = run([...words, RET], { stack, slow: true, maxSteps: 40 });
          engine = 'wasm';
          const wasm = run([...words, RET], { stack, runs: 2, maxSteps: 40 });
          expect(fast).toEqual(slow);
          expect(wasm).toEqual(slow);
        },
      ),
      { numRuns: 3000 },
    );
  });
});

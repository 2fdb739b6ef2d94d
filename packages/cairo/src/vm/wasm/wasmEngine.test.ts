import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { CairnError, decodeShortString, formatFelt, PRIME } from '@cairn/primitives';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CasmClass, parseCasmClass } from '../../casm/casmClass.ts';
import type { CasmHint, CellRef, ResOperand } from '../../casm/hint.ts';
import { copy, PUSH, push, RET, word } from '../../testing/instructionWord.ts';
import { type CairoEngine, type EntryPointRequest, typescriptEngine, wasmEngine } from '../entryPoint.ts';
import type { SyscallHandler } from '../hints/hintState.ts';
import { offsetBy } from '../relocatable.ts';

const VECTORS = new URL('../../../../../../shared/vectors/sierra-casm/', import.meta.url);
const COSTS = {
  pedersen: 4050n,
  bitwise: 583n,
  ecOp: 4085n,
  poseidon: 491n,
  addMod: 230n,
  mulMod: 604n,
  blake: 3334n,
};

const noSyscalls: SyscallHandler = {
  execute(memory, pointer) {
    throw new CairnError('UNKNOWN_SYSCALL', decodeShortString(memory.readFelt(pointer)) ?? '');
  },
};

/** Storage of one contract; every other syscall is unknown. */
function storage(): SyscallHandler {
  const cells = new Map<bigint, bigint>();
  return {
    execute(memory, pointer) {
      const selector = decodeShortString(memory.readFelt(pointer));
      const gas = memory.readFelt(offsetBy(pointer, 1));
      const argument = (i: number) => memory.readFelt(offsetBy(pointer, 2 + i));
      const respond = (inputs: number, values: bigint[]) => {
        for (const [i, value] of [gas, 0n, ...values].entries())
          memory.write(offsetBy(pointer, 2 + inputs + i), value);
        return offsetBy(pointer, 4 + inputs + values.length);
      };
      if (selector === 'StorageRead') return respond(2, [cells.get(argument(1)) ?? 0n]);
      if (selector === 'EmitEvent') return respond(4, []);
      if (selector !== 'StorageWrite') throw new CairnError('UNKNOWN_SYSCALL', selector ?? '');
      cells.set(argument(1), argument(2));
      return respond(3, []);
    },
  };
}

function classOf(bytecode: bigint[], hints: CasmClass['hints'] = []): CasmClass {
  return {
    prime: PRIME,
    compilerVersion: 'test',
    bytecode,
    hints,
    entryPointsByType: { EXTERNAL: [], L1_HANDLER: [], CONSTRUCTOR: [] },
  };
}

function request(program: CasmClass, rest: Partial<EntryPointRequest> = {}): EntryPointRequest {
  return {
    program,
    entryPoint: { offset: 0, builtins: [] },
    calldata: [],
    initialGas: 10n ** 10n,
    entryPointInitialBudget: 10_000n,
    builtinCosts: COSTS,
    syscalls: noSyscalls,
    maxSteps: 100_000,
    ...rest,
  };
}

/** Result or error with everything it tells. */
function outcomeOf(engine: CairoEngine, call: EntryPointRequest): unknown {
  try {
    return engine.runEntryPoint(call);
  } catch (error) {
    if (!(error instanceof CairnError)) throw error;
    return { code: error.code, message: error.message, details: error.details };
  }
}

function expectSame(makeRequest: () => EntryPointRequest, what?: string): unknown {
  const outcome = outcomeOf(wasmEngine, makeRequest());
  expect(outcome, what).toEqual(outcomeOf(typescriptEngine, makeRequest()));
  return outcome;
}

describe('the WebAssembly engine does what the TypeScript engine does', () => {
  const value = fc.oneof(
    fc.constantFrom(0n, 1n, 2n, 2n ** 31n, 2n ** 64n, 2n ** 128n - 1n, 2n ** 128n, PRIME - 1n, PRIME - 2n),
    fc.bigInt(0n, 2n ** 130n),
    fc.bigInt(0n, PRIME - 1n),
  );
  // Cells around ap: −12 … −3 pushed values, −2 and −1 pointers, what follows is free.
  const cell = fc.record({
    register: fc.constantFrom('AP' as const, 'FP' as const),
    offset: fc.integer({ min: -12, max: 2 }),
  });
  const immediate = value.map((x) => ({ Immediate: formatFelt(x) }));
  const operand: fc.Arbitrary<ResOperand> = fc.oneof(
    { weight: 4, arbitrary: fc.record({ Deref: cell }) },
    { weight: 2, arbitrary: immediate },
    fc.record({ DoubleDeref: fc.tuple(cell, fc.integer({ min: -2, max: 4 })) }),
    fc.record({
      BinOp: fc.record({
        op: fc.constantFrom('Add' as const, 'Mul' as const),
        a: cell,
        b: fc.oneof(fc.record({ Deref: cell }), immediate),
      }),
    }),
  );
  const free: fc.Arbitrary<CellRef> = fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({ register: fc.constant('AP' as const), offset: fc.integer({ min: 0, max: 6 }) }),
    },
    cell,
  );
  const hint: fc.Arbitrary<CasmHint> = fc.oneof(
    fc.record({ AllocSegment: fc.record({ dst: free }) }),
    fc.record({ TestLessThan: fc.record({ lhs: operand, rhs: operand, dst: free }) }),
    fc.record({ TestLessThanOrEqual: fc.record({ lhs: operand, rhs: operand, dst: free }) }),
    fc.record({ TestLessThanOrEqualAddress: fc.record({ lhs: operand, rhs: operand, dst: free }) }),
    fc.record({ DivMod: fc.record({ lhs: operand, rhs: operand, quotient: free, remainder: free }) }),
    fc.record({
      LinearSplit: fc.record({ value: operand, scalar: operand, max_x: operand, x: free, y: free }),
    }),
    fc.record({ WideMul128: fc.record({ lhs: operand, rhs: operand, high: free, low: free }) }),
    fc.record({ SquareRoot: fc.record({ value: operand, dst: free }) }),
  );

  it('for hints with any operands', () => {
    let seenCount = 0;
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 10, maxLength: 10 }),
        fc.array(hint, { minLength: 1, maxLength: 3 }),
        (values, hints) => {
          const start = [...values.flatMap(push), ...copy(-5), ...copy(-3)];
          const program = classOf(
            [...start, RET],
            [[start.length, [...hints, { SystemCall: { system: { Immediate: '0x0' } } }]]],
          );
          const stacks: unknown[] = [];
          const show: SyscallHandler = {
            execute(memory) {
              stacks.push(Array.from({ length: 40 }, (_, offset) => memory.get({ segment: 1, offset })));
              throw new CairnError('UNKNOWN_SYSCALL', 'seen');
            },
          };
          expectSame(() => request(program, { calldata: [3n, 5n], syscalls: show }));
          expect(stacks[0]).toEqual(stacks[1]);
          seenCount += stacks.length / 2;
        },
      ),
      { numRuns: 4000 },
    );
    // Hints that all found what they need.
    expect(seenCount).toBeGreaterThan(500);
  });

  it.skipIf(!existsSync(VECTORS))('for every entry point of the vectors (needs ../shared/vectors)', () => {
    const names = readdirSync(VECTORS).filter((name) => name.endsWith('.casm.json'));
    expect(names.length).toBeGreaterThan(50);
    let [callCount, endedCount] = [0, 0];
    for (const name of names) {
      const program = parseCasmClass(JSON.parse(readFileSync(new URL(name, VECTORS), 'utf8')));
      const entryPoints = Object.values(program.entryPointsByType).flat();
      for (const entryPoint of entryPoints)
        for (const calldata of [[], [1n], [2n, 1n, 3n], [PRIME - 1n, 0n, 2n ** 128n, 1n, 1n, 1n, 0n]]) {
          const outcome = expectSame(
            () => request(program, { entryPoint, calldata, syscalls: storage() }),
            `${name} ${entryPoint.offset} [${calldata}]`,
          );
          callCount++;
          if ('retdata' in (outcome as object)) endedCount++;
        }
    }
    expect(callCount).toBeGreaterThan(1000);
    expect(endedCount).toBeGreaterThan(callCount / 2);
  });
});

describe('runs of the WebAssembly engine', () => {
  const hints: CasmClass['hints'] = [
    [0, [{ SystemCall: { system: { Deref: { register: 'FP', offset: -5 } } } }]],
  ];
  const goodReturn = [...copy(-6), ...copy(-5), ...push(0n), ...copy(-4), ...copy(-3), RET];

  it('may nest in the same class with other builtins, and see their own costs', () => {
    const program = classOf(goodReturn, hints);
    const seen: unknown[][] = [];
    for (const engine of [typescriptEngine, wasmEngine]) {
      const log: unknown[] = [];
      let depth = 0;
      const nested: SyscallHandler = {
        execute(memory, pointer) {
          log.push(memory.get({ segment: 0, offset: program.bytecode.length + 1 }));
          if (++depth < 4) {
            const builtins = depth === 1 ? ['pedersen', 'range_check'] : depth === 2 ? ['bitwise'] : [];
            log.push(
              outcomeOf(engine, request(program, { entryPoint: { offset: 0, builtins }, syscalls: nested })),
            );
          }
          log.push(memory.get({ segment: 0, offset: program.bytecode.length + 1 }));
          return pointer;
        },
      };
      log.push(outcomeOf(engine, request(program, { syscalls: nested })));
      seen.push(log);
    }
    expect(seen[1]).toEqual(seen[0]);
    expect(seen[0]!.slice(0, 2)).toEqual([
      { segment: 2, offset: 0 },
      { segment: 4, offset: 0 },
    ]);
  });

  it('with much memory below them get a core of their own, and leave nothing behind', () => {
    const program = classOf(goodReturn, hints);
    let depth = 0;
    const nested: SyscallHandler = {
      execute(memory, pointer) {
        // 2^22 cells: 96 MiB and more.
        memory.write({ segment: memory.addSegment().segment, offset: 3 * 2 ** 20 }, 1n);
        if (++depth < 6)
          expect(wasmEngine.runEntryPoint(request(program, { syscalls: nested })).failed).toBe(false);
        return pointer;
      },
    };
    for (let i = 0; i < 3; i++) {
      depth = 0;
      expect(wasmEngine.runEntryPoint(request(program, { syscalls: nested })).retdata).toEqual([]);
      expect(depth).toBe(6);
    }
  });

  it('start with clean memory', () => {
    const program = classOf([word({ ...PUSH, op1Source: 'fp', offOp1: 3 }), ...goodReturn]);
    const dirty = classOf([...Array.from({ length: 40 }, () => push(7n)).flat(), ...goodReturn]);
    for (let i = 0; i < 3; i++) {
      expect(outcomeOf(wasmEngine, request(dirty))).toMatchObject({ failed: false });
      expectSame(() => request(program));
    }
  });
});

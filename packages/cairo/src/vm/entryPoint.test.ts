import { existsSync, readFileSync } from 'node:fs';
import { CairnError, decodeShortString, type Felt, selectorFromName } from '@cairn/primitives';
import { beforeAll, describe, expect, it } from 'vitest';
import { type CasmClass, type EntryPointType, parseCasmClass } from '../casm/casmClass.ts';
import { copy, push, RET, word } from '../testing/instructionWord.ts';
import { type BuiltinCosts, type EntryPointRequest, typescriptEngine, wasmEngine } from './entryPoint.ts';
import type { SyscallHandler } from './hints/hintState.ts';
import { offsetBy, type Relocatable, type VmValue } from './relocatable.ts';
import type { VmMemory } from './vmMemory.ts';

const VECTORS = new URL('../../../../../shared/vectors/sierra-casm/', import.meta.url);
const COSTS: BuiltinCosts = {
  pedersen: 4050n,
  bitwise: 583n,
  ecOp: 4085n,
  poseidon: 491n,
  addMod: 230n,
  mulMod: 604n,
  blake: 3334n,
};

/** The engine the tests run on. */
let engine = typescriptEngine;

interface GoldenCase {
  class: string;
  name: string;
  type: EntryPointType;
  calldata: string[];
  gas: number;
  signature?: string[];
  caller?: string;
  outcome: {
    failed: boolean;
    retdata: string[];
    gas: string;
    steps: number;
    holes: number;
    builtins: Record<string, number>;
  };
}

const golden = JSON.parse(
  readFileSync(new URL('fixtures/entryPoint.golden.json', import.meta.url), 'utf8'),
) as {
  machineTest: GoldenCase[];
  vectors: GoldenCase[];
};

/** Storage, events and execution info: what small contracts need. */
class SmallChain implements SyscallHandler {
  readonly storage: Map<Felt, Felt>;
  readonly caller: Felt;
  readonly signature: Felt[];

  constructor(storage: Map<Felt, Felt>, caller: Felt = 0n, signature: Felt[] = []) {
    this.storage = storage;
    this.caller = caller;
    this.signature = signature;
  }

  execute(memory: VmMemory, pointer: Relocatable): Relocatable {
    const selector = decodeShortString(memory.readFelt(pointer));
    const argument = (i: number) => memory.readFelt(offsetBy(pointer, 2 + i));
    switch (selector) {
      case 'StorageRead':
        return this.respond(memory, pointer, 2, [this.storage.get(argument(1)) ?? 0n]);
      case 'StorageWrite':
        this.storage.set(argument(1), argument(2));
        return this.respond(memory, pointer, 3, []);
      case 'EmitEvent':
        return this.respond(memory, pointer, 4, []);
      case 'GetExecutionInfo':
        return this.respond(memory, pointer, 0, [this.executionInfo(memory)]);
      default:
        throw new CairnError('UNKNOWN_SYSCALL', `no syscall ${selector}`);
    }
  }

  private respond(memory: VmMemory, pointer: Relocatable, inputs: number, values: VmValue[]): Relocatable {
    const gas = memory.readFelt(offsetBy(pointer, 1));
    const start = offsetBy(pointer, 2 + inputs);
    const response = [gas, 0n, ...values];
    for (const [i, value] of response.entries()) memory.write(offsetBy(start, i), value);
    return offsetBy(start, response.length);
  }

  private executionInfo(memory: VmMemory): Relocatable {
    const block = memory.allocateReadOnly([1n, 2n, 3n]);
    const empty = memory.allocateReadOnly([]);
    const signature = memory.allocateReadOnly(this.signature);
    const signatureEnd = offsetBy(signature, this.signature.length);
    const transaction = memory.allocateReadOnly([
      3n,
      0n,
      0n,
      signature,
      signatureEnd,
      77n,
      1n,
      0n,
      empty,
      empty,
      0n,
      empty,
      empty,
      0n,
      0n,
      empty,
      empty,
    ]);
    return memory.allocateReadOnly([block, transaction, this.caller, 0x11n, 0n]);
  }
}

function call(
  program: CasmClass,
  name: string,
  request: Partial<EntryPointRequest> = {},
  type: EntryPointType = 'EXTERNAL',
) {
  const selector = selectorFromName(name);
  const entryPoint = program.entryPointsByType[type].find((entry) => entry.selector === selector);
  if (entryPoint === undefined) throw new Error(`no entry point ${name}`);
  return engine.runEntryPoint({
    program,
    entryPoint,
    calldata: [],
    initialGas: 10n ** 10n,
    entryPointInitialBudget: 10_000n,
    builtinCosts: COSTS,
    syscalls: new SmallChain(new Map()),
    maxSteps: 3_000_000,
    ...request,
  });
}

/** Runs the cases in order, storage kept per class, and compares everything the reference reports. */
function checkGolden(cases: GoldenCase[], load: (name: string) => CasmClass): void {
  const storages = new Map<string, Map<Felt, Felt>>();
  for (const golden of cases) {
    const storage = new Map(storages.get(golden.class) ?? []);
    const result = call(
      load(golden.class),
      golden.name,
      {
        calldata: golden.calldata.map(BigInt),
        initialGas: BigInt(golden.gas),
        syscalls: new SmallChain(storage, BigInt(golden.caller ?? 0), (golden.signature ?? []).map(BigInt)),
      },
      golden.type,
    );
    if (!result.failed) storages.set(golden.class, storage);
    const { resources } = result;
    expect(
      {
        failed: result.failed,
        retdata: result.retdata.map((x) => `0x${x.toString(16)}`),
        gas: `0x${result.remainingGas.toString(16)}`,
        steps: resources.steps,
        holes: resources.memoryHoles,
        builtins: resources.builtins,
      },
      `${golden.class} ${golden.name} ${golden.calldata}`,
    ).toEqual(golden.outcome);
  }
}

const machineTest = parseCasmClass(
  JSON.parse(readFileSync(new URL('fixtures/machineTest.casm.json', import.meta.url), 'utf8')),
);

// The frame below fp ends with gas −6, syscall pointer −5, calldata −4 and −3.
/** gas, syscall pointer, failure flag 0, empty return data. */
const GOOD_RETURN = [...copy(-6), ...copy(-5), ...push(0n), ...copy(-4), ...copy(-4), RET];
const SYSCALL = {
  words: GOOD_RETURN,
  hints: [[0, [{ SystemCall: { system: { Deref: { register: 'FP', offset: -5 } } } }]]] as CasmClass['hints'],
};

function hostileRequest(options: {
  words: bigint[];
  hints?: CasmClass['hints'];
  builtins?: string[];
  calldata?: bigint[];
}): EntryPointRequest {
  return {
    program: {
      prime: 2n ** 251n + 17n * 2n ** 192n + 1n,
      compilerVersion: 'test',
      bytecode: options.words,
      hints: options.hints ?? [],
      entryPointsByType: { EXTERNAL: [], L1_HANDLER: [], CONSTRUCTOR: [] },
    },
    entryPoint: { offset: 0, builtins: options.builtins ?? [] },
    calldata: options.calldata ?? [],
    initialGas: 20_000n,
    entryPointInitialBudget: 10_000n,
    builtinCosts: COSTS,
    syscalls: new SmallChain(new Map()),
    maxSteps: 10_000,
  };
}

describe.each([typescriptEngine, wasmEngine])('$name engine', (candidate) => {
  beforeAll(() => {
    engine = candidate;
  });

  describe('contract calls', () => {
    it('give the results, gas and resources of the reference machine', () => {
      checkGolden(golden.machineTest, () => machineTest);
    });

    it.skipIf(!existsSync(VECTORS))('do so for real classes (needs ../shared/vectors)', () => {
      const classes = new Map<string, CasmClass>();
      checkGolden(golden.vectors, (name) => {
        let casm = classes.get(name);
        if (casm === undefined) {
          casm = parseCasmClass(JSON.parse(readFileSync(new URL(`${name}.casm.json`, VECTORS), 'utf8')));
          classes.set(name, casm);
        }
        return casm;
      });
    });

    it('count Blake2s instructions', () => {
      expect(call(machineTest, 'blake', { calldata: [1n, 64n] }).resources.blakeOpcodes).toBe(2);
    });

    it('need the initial budget and known builtins in order', () => {
      expect(() => call(machineTest, 'recurse', { calldata: [1n], initialGas: 9_999n })).toThrow(
        /not enough gas/,
      );
      for (const builtins of [['ecdsa'], ['range_check', 'pedersen'], ['pedersen', 'pedersen'], ['other']]) {
        expect(() => call(machineTest, 'recurse', { entryPoint: { offset: 0, builtins } })).toThrow(
          /builtins/,
        );
      }
    });

    it('end with the step limit and the memory limit', () => {
      const fib = { calldata: [25n] };
      expect(() => call(machineTest, 'recurse', { ...fib, maxSteps: 1000 })).toThrow(/within 1000 steps/);
      expect(() => call(machineTest, 'recurse', { ...fib, maxMemoryCells: 20_000 })).toThrow(
        /too many cells/,
      );
    });

    it('pass on what the syscall handler throws, with its code and the place', () => {
      const account = golden.vectors.find(({ class: name }) => name.startsWith('hello'));
      if (account === undefined || !existsSync(VECTORS)) return;
      const casm = parseCasmClass(
        JSON.parse(readFileSync(new URL(`${account.class}.casm.json`, VECTORS), 'utf8')),
      );
      const syscalls: SyscallHandler = {
        execute() {
          throw new CairnError('BROKEN_STORAGE', 'no storage today', { details: { block: 7 } });
        },
      };
      try {
        call(casm, 'get_balance', { syscalls });
        expect.unreachable();
      } catch (error) {
        expect(error).toMatchObject({ code: 'BROKEN_STORAGE', details: { block: 7, pc: { segment: 0 } } });
        expect((error as CairnError).details.traceback).toBeInstanceOf(Array);
      }
    });

    it('may nest 50 deep', () => {
      let depth = 0;
      const nested: SyscallHandler = {
        execute(memory, pointer) {
          depth++;
          if (depth < 50) engine.runEntryPoint({ ...hostileRequest(SYSCALL), syscalls: nested });
          memory.write(pointer, 1n);
          return offsetBy(pointer, 1);
        },
      };
      expect(engine.runEntryPoint({ ...hostileRequest(SYSCALL), syscalls: nested }).failed).toBe(false);
      expect(depth).toBe(50);
    });
  });

  describe('hostile programs', () => {
    const codeOf = (options: Parameters<typeof hostileRequest>[0]) => {
      try {
        return engine.runEntryPoint(hostileRequest(options));
      } catch (error) {
        if (error instanceof CairnError) return error.code;
        throw error;
      }
    };
    it('the honest form of them passes', () => {
      expect(codeOf({ words: GOOD_RETURN })).toMatchObject({
        failed: false,
        retdata: [],
        remainingGas: 10_000n,
      });
    });
    const store = (pointer: number, offset: number, source: number) =>
      word({
        opcode: 'assertEq',
        dstRegister: 'FP',
        offDst: source,
        op1Source: 'op0',
        offOp0: pointer,
        offOp1: offset,
      });
    const cases: [string, Parameters<typeof hostileRequest>[0], string][] = [
      [
        'failure flag 2',
        { words: [...copy(-6), ...copy(-5), ...push(2n), ...copy(-4), ...copy(-4), RET] },
        'MALFORMED_RETURN_DATA',
      ],
      [
        'more gas than it got',
        { words: [...push(20_001n), ...copy(-5), ...push(0n), ...copy(-4), ...copy(-4), RET] },
        'MALFORMED_RETURN_DATA',
      ],
      [
        'a pointer for gas',
        { words: [...copy(-5), ...copy(-5), ...push(0n), ...copy(-4), ...copy(-4), RET] },
        'MALFORMED_RETURN_DATA',
      ],
      [
        'return data of two segments',
        { words: [...copy(-6), ...copy(-5), ...push(0n), ...copy(-4), ...copy(-5), RET] },
        'MALFORMED_RETURN_DATA',
      ],
      [
        'return data that ends before it starts',
        { words: [...copy(-6), ...copy(-5), ...push(0n), ...copy(-3), ...copy(-4), RET], calldata: [1n] },
        'MALFORMED_RETURN_DATA',
      ],
      [
        'nothing returned',
        { words: [word({ apUpdate: 'add', op1Source: 'imm', offOp1: 1 }), 100n, RET] },
        'UNKNOWN_CELL',
      ],
      [
        'calldata overwritten',
        { words: [store(-4, 0, -6), ...GOOD_RETURN], calldata: [1n] },
        'ASSERT_EQ_FAILED',
      ],
      [
        'a value that is no 128-bit integer range-checked',
        {
          words: [
            ...push(2n ** 128n),
            word({
              opcode: 'assertEq',
              dstRegister: 'FP',
              offDst: 0,
              op1Source: 'op0',
              offOp0: -7,
              offOp1: 0,
            }),
            ...GOOD_RETURN,
          ],
          builtins: ['range_check'],
        },
        'RANGE_CHECK_FAILED',
      ],
      [
        'a hole in the range-check segment',
        { words: [store(-7, 1, -6), ...GOOD_RETURN], builtins: ['range_check'] },
        'SECURITY_CHECK',
      ],
      [
        'a wrong hash',
        {
          words: [store(-7, 2, -6), store(-7, 0, -6), store(-7, 1, -6), ...GOOD_RETURN],
          builtins: ['pedersen'],
        },
        'BUILTIN_DEDUCTION',
      ],
      [
        'half a hash',
        { words: [store(-7, 0, -6), ...GOOD_RETURN], builtins: ['pedersen'] },
        'SECURITY_CHECK',
      ],
      [
        'a syscall nobody knows',
        {
          words: [store(-5, 0, -6), store(-5, 1, -6), ...GOOD_RETURN],
          hints: [[2, [{ SystemCall: { system: { Immediate: '0x0' } } }]]],
        },
        'UNKNOWN_SYSCALL',
      ],
      [
        'a cheatcode',
        {
          words: GOOD_RETURN,
          hints: [
            [
              0,
              [
                {
                  Cheatcode: {
                    selector: '0x0',
                    input_start: { Immediate: '0x0' },
                    input_end: { Immediate: '0x0' },
                    output_start: { register: 'AP', offset: 0 },
                    output_end: { register: 'AP', offset: 1 },
                  },
                },
              ],
            ],
          ],
        },
        'UNKNOWN_HINT',
      ],
      [
        'an external hint',
        { words: GOOD_RETURN, hints: [[0, [{ AddTrace: { flag: { Immediate: '0x0' } } }]]] },
        'HINT_FAILED',
      ],
    ];
    for (const [name, options, code] of cases) it(name, () => expect(codeOf(options)).toBe(code));

    it('writing behind the program', () => {
      // The costs pointer lies at the end of the program: `call` leaves a pointer into it that can be moved there.
      const words = [
        word({
          dstRegister: 'AP',
          offDst: 0,
          op0Register: 'AP',
          offOp0: 1,
          opcode: 'call',
          apUpdate: 'add2',
          pcUpdate: 'jumpRel',
          op1Source: 'imm',
          offOp1: 1,
        }),
        2n,
        word({ opcode: 'assertEq', dstRegister: 'FP', offDst: -2, op1Source: 'op0', offOp0: -1, offOp1: 40 }),
        RET,
      ];
      expect(codeOf({ words })).toBe('SECURITY_CHECK');
    });
  });
});

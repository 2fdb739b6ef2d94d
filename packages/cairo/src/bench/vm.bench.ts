import { selectorFromName } from '@cairn/primitives';
import { parseCasmClass } from '../casm/casmClass.ts';
import { typescriptEngine, wasmEngine } from '../vm/entryPoint.ts';
import machineTest from '../vm/fixtures/machineTest.casm.json' with { type: 'json' };
import type { Machine, MachineOptions } from '../vm/machine.ts';
import type { Memory } from '../vm/memory.ts';
import { type PreparedProgram, prepareProgram } from '../vm/preparedProgram.ts';
import type { Relocatable } from '../vm/relocatable.ts';
import { TypescriptMachine } from '../vm/typescriptMachine.ts';
import { TypescriptMemory } from '../vm/typescriptMemory.ts';
import { WasmMachine } from '../vm/wasm/wasmMachine.ts';
import { WasmMemory } from '../vm/wasm/wasmMemory.ts';
import { wordSegment } from '../vm/word.ts';
import { type BenchResult, median } from './benchResult.ts';
import { factorial, fibonacci, smallFibonacci, squares } from './loopPrograms.ts';

interface Engine {
  open(program: PreparedProgram): {
    memory: Memory;
    machine(options: MachineOptions): Machine;
    close(): void;
  };
}

const TYPESCRIPT: Engine = {
  open: (program) => {
    const memory = new TypescriptMemory(MAX_CELLS, program.bigs);
    memory.load(wordSegment(memory.newSegment()), program.words);
    return {
      memory,
      machine: (options) => new TypescriptMachine({ ...options, memory }),
      close: () => {},
    };
  },
};

const WASM: Engine = {
  open: (program) => {
    const memory = new WasmMemory(MAX_CELLS, program);
    return {
      memory,
      machine: (options) => new WasmMachine({ ...options, memory }),
      close: () => memory.close(),
    };
  },
};

const MAX_CELLS = 2 ** 26;

function stepsPerSecond(engine: Engine, program: PreparedProgram, withTrace: boolean): number {
  const run = engine.open(program);
  const { memory } = run;
  const stack = memory.newSegment();
  const end = memory.newSegment();
  memory.load(wordSegment(stack), Float64Array.of(0, end));
  const machine = run.machine({
    memory,
    program: program.code,
    pc: 0,
    ap: 2,
    fp: 2,
    end,
    maxSteps: Number.MAX_SAFE_INTEGER,
    deductions: [],
    hintState: undefined,
    withTrace,
  });
  const start = performance.now();
  machine.run();
  const rate = (1000 * machine.stepCount) / (performance.now() - start);
  run.close();
  return rate;
}

/** Both engines in turn on the same program; medians. */
function compare(
  name: string,
  unit: string,
  rounds: number,
  measure: (engine: 'wasm' | 'typescript') => number,
) {
  const [wasm, typescript]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    typescript.push(measure('typescript'));
    wasm.push(measure('wasm'));
  }
  const [value, baselineValue] = [median(wasm), median(typescript)];
  const ratio = unit === 'steps/s' ? value / baselineValue : baselineValue / value;
  return { name, value, unit, baseline: 'typescript-vm', baselineValue, ratio };
}

function compareLoop(name: string, bytecode: bigint[], rounds: number, withTrace = false): BenchResult {
  const program = prepareProgram(bytecode, bytecode.length, () => []);
  return compare(name, 'steps/s', rounds, (engine) =>
    stepsPerSecond(engine === 'wasm' ? WASM : TYPESCRIPT, program, withTrace),
  );
}

const MACHINE_TEST = parseCasmClass(machineTest);
const CALL = {
  program: MACHINE_TEST,
  initialGas: 10n ** 10n,
  entryPointInitialBudget: 10_000n,
  builtinCosts: {
    pedersen: 4050n,
    bitwise: 583n,
    ecOp: 4085n,
    poseidon: 491n,
    addMod: 230n,
    mulMod: 604n,
    blake: 3334n,
  },
  syscalls: { execute: (_: unknown, pointer: Relocatable) => pointer },
  maxSteps: 10_000_000,
};

/** Microseconds per call of a function of fixtures/machineTest.cairo. */
function compareCall(
  name: string,
  functionName: string,
  calldata: bigint[],
  options: { calls: number; rounds: number },
): BenchResult {
  const selector = selectorFromName(functionName);
  const entryPoint = MACHINE_TEST.entryPointsByType.EXTERNAL.find((entry) => entry.selector === selector)!;
  return compare(name, 'us', options.rounds, (engine) => {
    const { runEntryPoint } = engine === 'wasm' ? wasmEngine : typescriptEngine;
    const start = performance.now();
    for (let i = 0; i < options.calls; i++) runEntryPoint({ ...CALL, entryPoint, calldata });
    return (1000 * (performance.now() - start)) / options.calls;
  });
}

/** Steps per second of another machine on a program of one function without builtins. */
export type MeasureProgram = (data: readonly bigint[], withTrace: boolean) => Promise<number>;

async function compareOther(
  name: string,
  bytecode: bigint[],
  rounds: number,
  other: { name: string; measure: MeasureProgram },
  withTrace = false,
): Promise<BenchResult> {
  const program = prepareProgram(bytecode, bytecode.length, () => []);
  const [wasm, others]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    others.push(await other.measure(bytecode, withTrace));
    wasm.push(stepsPerSecond(WASM, program, withTrace));
  }
  const [value, baselineValue] = [median(wasm), median(others)];
  return { name, value, unit: 'steps/s', baseline: other.name, baselineValue, ratio: value / baselineValue };
}

/**
 * Steps per second of the WebAssembly core against the TypeScript machine, memory growth included; with `other`
 * against that machine instead, in turn on the same programs.
 */
export async function runVmBench(options: {
  smoke: boolean;
  other?: { name: string; measure: MeasureProgram };
}): Promise<BenchResult[]> {
  const { smoke, other } = options;
  const iterations = smoke ? 1000n : 1_000_000n;
  const rounds = smoke ? 1 : 5;
  const calls = (count: number) => ({ calls: smoke ? 2 : count, rounds });
  const loops: [name: string, bytecode: bigint[], withTrace: boolean][] = [
    ['vm/fibonacci', fibonacci(iterations), false],
    ['vm/fibonacci-small', smallFibonacci(iterations), false],
    ['vm/factorial', factorial(iterations), false],
    ['vm/squares', squares(iterations), false],
    ['vm/fibonacci-trace', fibonacci(iterations), true],
  ];
  const results: BenchResult[] = [];
  for (const [name, bytecode, withTrace] of loops)
    results.push(
      other === undefined
        ? compareLoop(name, bytecode, rounds, withTrace)
        : await compareOther(name, bytecode, rounds, other, withTrace),
    );
  if (other !== undefined) return results;
  // Divides and multiplies u256: a hint every 8 steps. Then a long run of calls that withdraw gas.
  const u256Arguments = [5n, 2n ** 100n, 2n ** 90n, 7n, 9n, 11n];
  results.push(compareCall('vm/contract-call', 'wide', u256Arguments, calls(1000)));
  results.push(compareCall('vm/contract-call-long', 'recurse', [15n], calls(30)));
  return results;
}

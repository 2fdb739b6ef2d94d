import { CairnError, type Felt } from '@cairn/primitives';
import type { VmErrorCode } from '../errors.ts';
import type { Builtin } from './builtins/builtin.ts';
import { usedInstances } from './builtins/builtin.ts';
import { createBuiltin } from './builtins/createBuiltin.ts';
import { MODULAR_WORDS } from './builtins/modularBuiltins.ts';
import type { CairoProgram } from './cairoProgram.ts';
import { deductionTable } from './entryPoint.ts';
import { checkSecureRun, endRun, measureRun, type RunResources } from './finishRun.ts';
import type { CompiledHint, Machine } from './machine.ts';
import type { Memory } from './memory.ts';
import { type PreparedProgram, prepareProgram } from './preparedProgram.ts';
import { TypescriptMachine } from './typescriptMachine.ts';
import { TypescriptMemory } from './typescriptMemory.ts';
import { VmCore } from './wasm/vmCore.ts';
import { WasmMachine } from './wasm/wasmMachine.ts';
import { WasmMemory } from './wasm/wasmMemory.ts';
import { EXECUTION_SEGMENT, isPointer, pointerWord, wordOffset, wordSegment } from './word.ts';

/**
 * What the hint texts of Cairo Zero programs do. `state` of a run is the machine's `hintState`: the registry
 * makes it.
 */
export interface HintRegistry {
  /** The hint with this text, undefined when it is not known. */
  find(code: string): CompiledHint | undefined;
  createState(builtins: readonly Builtin[]): unknown;
}

/** A run of a Cairo Zero program from main. */
export interface ProgramRequest {
  program: CairoProgram;
  hints: HintRegistry;
  maxSteps: number;
  maxMemoryCells?: number;
  withTrace?: boolean;
  /** Which machine runs it; the results are the same. WebAssembly when left out. */
  engine?: 'typescript' | 'wasm';
}

/** A finished run of a program. */
export interface ProgramResult {
  machine: Machine;
  memory: Memory;
  builtins: readonly Builtin[];
  /** Cells of the output builtin's segment. */
  output: Felt[];
  resources: RunResources;
}

/** What unused instances of modular builtins point to, in proof mode; runs with these builtins have it always. */
const ZERO_NUMBER = new Array<Felt>(MODULAR_WORDS).fill(0n);
const DEFAULT_MAX_CELLS = 2 ** 27;

/**
 * Runs a program from main to its return, outside proof mode, and checks the run as {@link checkSecureRun} does.
 * @throws CairnError machine failures; `UNKNOWN_HINT` when a reached hint is not in the registry;
 * `BUILTIN_STOP_POINTER` when main does not return the ends of its builtin segments.
 */
export function runProgram(request: ProgramRequest): ProgramResult {
  const { program, hints } = request;
  const prepared = prepareProgram(program.data, program.data.length, () => compileHintTexts(program, hints));
  return runPrepared(prepared, program, (builtins) => hints.createState(builtins), request);
}

/** Memory of an engine, with the program in its first segment. */
export function programMemory(
  prepared: PreparedProgram,
  { engine, maxMemoryCells = DEFAULT_MAX_CELLS }: Pick<ProgramRequest, 'engine' | 'maxMemoryCells'>,
): TypescriptMemory | WasmMemory {
  if (engine !== 'typescript')
    return new WasmMemory(maxMemoryCells, prepared, prepared.words.length, new VmCore());
  const memory = new TypescriptMemory(maxMemoryCells, prepared.bigs, prepared.words.length);
  memory.load(wordSegment(memory.newSegment()), prepared.words);
  return memory;
}

/** The machine of the engine that the memory belongs to. */
export function machineOver(
  memory: TypescriptMemory | WasmMemory,
  builtins: readonly Builtin[],
  options: Omit<ConstructorParameters<typeof TypescriptMachine>[0], 'memory'>,
): Machine {
  return memory instanceof TypescriptMemory
    ? new TypescriptMachine({ ...options, memory })
    : new WasmMachine({ ...options, memory }, builtins);
}

/** {@link runProgram} with the hints made ready; `createState` makes their state. */
export function runPrepared(
  prepared: PreparedProgram,
  program: CairoProgram,
  createState: (builtins: readonly Builtin[]) => unknown,
  request: Pick<ProgramRequest, 'maxSteps' | 'maxMemoryCells' | 'withTrace' | 'engine'>,
): ProgramResult {
  const memory = programMemory(prepared, request);
  memory.newSegment();
  const builtins = program.builtins.map((name) => createBuiltin(memory, name));
  const returnFp = memory.newSegment();
  const end = memory.newSegment();
  allocateZeroNumber(memory, builtins);
  const stack = [...builtins.map(({ initialPointer }) => initialPointer), returnFp, end];
  memory.load(EXECUTION_SEGMENT, Float64Array.from(stack));

  const options = {
    program: prepared.code,
    pc: program.main,
    ap: stack.length,
    fp: stack.length,
    end,
    maxSteps: request.maxSteps,
    deductions: deductionTable(builtins),
    hintState: createState(builtins),
    withTrace: request.withTrace,
  };
  const machine = machineOver(memory, builtins, options);
  machine.run();
  endRun(memory, builtins);
  const sizes = memory.sizes();
  checkStopPointers(machine, builtins, sizes);
  checkSecureRun(machine, builtins, program.data.length, stack.length);
  return {
    machine,
    memory,
    builtins,
    output: outputCells(memory, builtins),
    resources: measureRun(machine, builtins, sizes),
  };
}

/** What a finished run wrote to its output builtin. @throws CairnError `UNKNOWN_CELL`, `EXPECTED_FELT`. */
export function outputCells(memory: Memory, builtins: readonly Builtin[]): Felt[] {
  const output = builtins.find(({ name }) => name === 'output');
  if (output === undefined) return [];
  return memory.readFelts({ segment: output.segment, offset: 0 }, memory.sizeOf(output.segment));
}

/** Gives modular builtins, where there are any, the number that unused instances point to. */
export function allocateZeroNumber(memory: Memory, builtins: readonly Builtin[]): void {
  if (builtins.some(({ name }) => name === 'add_mod' || name === 'mul_mod'))
    memory.allocateReadOnly(ZERO_NUMBER);
}

/**
 * Main returns, in the program's order, where each builtin's segment ends; whole instances must have been used. A
 * builtin that is not there has 0.
 */
export function checkStopPointers(
  machine: Machine,
  builtins: readonly (Builtin | undefined)[],
  sizes: Int32Array,
): void {
  const { memory, ap } = machine;
  for (const [i, builtin] of builtins.entries()) {
    const at = ap - builtins.length + i;
    const stop = at < 0 ? Number.NaN : memory.read(pointerWord(EXECUTION_SEGMENT, at));
    if (builtin === undefined) {
      if (stop === 0) continue;
      throw new CairnError<VmErrorCode>(
        'BUILTIN_STOP_POINTER',
        `a builtin that the layout lacks ends at ${memory.show(stop)}, expected 0`,
      );
    }
    const { name, segment, cellsPerInstance, initialCells } = builtin;
    const expected = usedInstances(builtin, sizes[segment]!) * cellsPerInstance + initialCells;
    if (isPointer(stop) && wordSegment(stop) === segment && wordOffset(stop) === expected) continue;
    throw new CairnError<VmErrorCode>(
      'BUILTIN_STOP_POINTER',
      `${name} ends at ${memory.show(stop)}, expected ${segment}:${expected}`,
    );
  }
}

/** The program's hints by offset; an unknown one fails when it is reached. */
export function compileHintTexts(program: CairoProgram, hints: HintRegistry): CompiledHint[][] {
  const compiled: CompiledHint[][] = [];
  for (const [offset, codes] of program.hints)
    compiled[offset] = codes.map((code) => hints.find(code) ?? unknownHint(code));
  return compiled;
}

function unknownHint(code: string): CompiledHint {
  return () => {
    throw new CairnError<VmErrorCode>('UNKNOWN_HINT', `no hint with this text: ${JSON.stringify(code)}`);
  };
}

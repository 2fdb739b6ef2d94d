import { CairnError, type Felt } from '@cairn/primitives';
import type { CasmClass, CasmEntryPoint } from '../casm/casmClass.ts';
import type { VmErrorCode } from '../errors.ts';
import type { Builtin, BuiltinName } from './builtins/builtin.ts';
import { createBuiltin } from './builtins/createBuiltin.ts';
import { checkSecureRun, endRun, measureRun, type RunResources } from './finishRun.ts';
import { HintState, type SyscallHandler } from './hints/hintState.ts';
import type { RandomPoints } from './hints/randomPoints.ts';
import type { CellDeduction, Machine, MachineOptions } from './machine.ts';
import type { Memory } from './memory.ts';
import { EXTRA_WORDS, type PreparedProgram, prepareClass } from './preparedProgram.ts';
import { wordToRelocatable } from './relocatable.ts';
import { TypescriptMachine } from './typescriptMachine.ts';
import { TypescriptMemory } from './typescriptMemory.ts';
import { WasmMachine } from './wasm/wasmMachine.ts';
import { WasmMemory } from './wasm/wasmMemory.ts';
import {
  EXECUTION_SEGMENT,
  isFelt,
  isPointer,
  pointerWord,
  type Word,
  wordOffset,
  wordSegment,
} from './word.ts';

/** Prices in gas that the program reads from the builtin-cost segment, in its order. @see blockifier GasCosts */
export interface BuiltinCosts {
  pedersen: bigint;
  bitwise: bigint;
  ecOp: bigint;
  poseidon: bigint;
  addMod: bigint;
  mulMod: bigint;
  blake: bigint;
}

/** A call of a contract class's entry point. */
export interface EntryPointRequest {
  program: CasmClass;
  entryPoint: Pick<CasmEntryPoint, 'offset' | 'builtins'>;
  calldata: readonly Felt[];
  /** Gas the call may use, below 2^64. */
  initialGas: bigint;
  /** Gas held back from the program: enough for a minimal entry point (10,000). */
  entryPointInitialBudget: bigint;
  builtinCosts: BuiltinCosts;
  syscalls: SyscallHandler;
  maxSteps: number;
  /** Most cells the run's memory may reserve; 2^26 when left out. */
  maxMemoryCells?: number;
  randomPoints?: RandomPoints;
}

/** Outcome of a call that ran to its end. */
export interface EntryPointResult {
  /** True when the contract panicked; `retdata` is then the panic data. */
  failed: boolean;
  retdata: Felt[];
  remainingGas: bigint;
  gasConsumed: bigint;
  /** Of this run alone, without nested calls and without what syscalls cost. */
  resources: RunResources;
}

/**
 * Runs calls of contract classes. The TypeScript machine is one; a WASM core can take its place and must give
 * the same results, errors and resources.
 */
export interface CairoEngine {
  readonly name: string;
  /**
   * Runs the call. @throws CairnError {@link VmErrorCode} when the machine fails (not when the contract panics:
   * that is a result); what the syscall handler throws comes out with its own code and `details.pc`,
   * `details.traceback` added.
   */
  runEntryPoint(request: EntryPointRequest): EntryPointResult;
}

/** Builtins of Cairo 1 classes in the order entry points list them. @see blockifier entry_point_execution.rs */
const CLASS_BUILTINS: readonly BuiltinName[] = [
  'pedersen',
  'range_check',
  'bitwise',
  'ec_op',
  'poseidon',
  'segment_arena',
  'range_check96',
  'add_mod',
  'mul_mod',
];
const DEFAULT_MAX_CELLS = 2 ** 26;
/** Cells an entry point returns after its builtins: gas, syscall pointer, failure flag, data start, data end. */
const RETURN_CELLS = 5;
/** Stack cells every call gets at once; most calls need no more. */
const FIRST_STACK_CELLS = 256;

/** Parts in which engines differ. */
interface EngineParts<M extends Memory> {
  /** Memory with the program in segment 0, with room for `programSize` cells. */
  createMemory(maxCells: number, program: PreparedProgram, programSize: number): M;
  createMachine(options: MachineOptions<M>, builtins: readonly Builtin[]): Machine;
  closeMemory(memory: M): void;
}

const TYPESCRIPT: EngineParts<TypescriptMemory> = {
  createMemory: (maxCells, program, programSize) => {
    const memory = new TypescriptMemory(maxCells, program.bigs, programSize);
    const segment = wordSegment(memory.newSegment());
    memory.reserve(segment, programSize);
    memory.load(segment, program.words);
    return memory;
  },
  createMachine: (options) => new TypescriptMachine(options),
  closeMemory: () => {},
};

const WASM: EngineParts<WasmMemory> = {
  createMemory: (maxCells, program, programSize) => new WasmMemory(maxCells, program, programSize),
  createMachine: (options, builtins) => new WasmMachine(options, builtins),
  closeMemory: (memory) => memory.close(),
};

/** The engine in plain TypeScript. */
export const typescriptEngine: CairoEngine = {
  name: 'typescript',
  runEntryPoint: (request) => runOn(TYPESCRIPT, request),
};

/** The engine whose run loop is WebAssembly. */
export const wasmEngine: CairoEngine = { name: 'wasm', runEntryPoint: (request) => runOn(WASM, request) };

/** {@link CairoEngine.runEntryPoint} on the default engine. */
export function runEntryPoint(request: EntryPointRequest): EntryPointResult {
  return wasmEngine.runEntryPoint(request);
}

function runOn<M extends Memory>(parts: EngineParts<M>, request: EntryPointRequest): EntryPointResult {
  const program = prepareClass(request.program);
  const names = checkBuiltins(request.entryPoint.builtins);
  const programSize = request.program.bytecode.length + EXTRA_WORDS;
  const memory = parts.createMemory(request.maxMemoryCells ?? DEFAULT_MAX_CELLS, program, programSize);
  try {
    return runIn(memory, parts, request, program, names);
  } finally {
    parts.closeMemory(memory);
  }
}

/** Segments are made in the sequencer's order: program, execution, builtins, costs, syscalls, calldata, end. */
function runIn<M extends Memory>(
  memory: M,
  parts: EngineParts<M>,
  request: EntryPointRequest,
  program: PreparedProgram,
  names: readonly BuiltinName[],
): EntryPointResult {
  const { entryPoint, syscalls } = request;
  const programSize = request.program.bytecode.length + EXTRA_WORDS;
  memory.newSegment();
  const builtins = names.map((name) => createBuiltin(memory, name));
  const costs = memory.allocateReadOnly(costValues(request.builtinCosts));
  memory.write({ segment: 0, offset: programSize - 1 }, costs);
  const syscallPointer = memory.newSegment();
  const stack = [...builtins.map(({ initialPointer }) => initialPointer)];
  if (request.initialGas < request.entryPointInitialBudget)
    throw new CairnError<VmErrorCode>(
      'INSUFFICIENT_ENTRY_POINT_GAS',
      `not enough gas to enter: got ${request.initialGas}, expected at least ${request.entryPointInitialBudget}`,
    );
  stack.push(memory.fromFelt(request.initialGas - request.entryPointInitialBudget), syscallPointer);
  const calldata = memory.allocateReadOnly(request.calldata);
  const calldataStart = pointerWord(calldata.segment, 0);
  stack.push(calldataStart, calldataStart + request.calldata.length);
  const argumentCount = stack.length;
  const end = memory.newSegment();
  stack.push(0, end);
  memory.reserve(EXECUTION_SEGMENT, FIRST_STACK_CELLS);
  memory.load(EXECUTION_SEGMENT, Float64Array.from(stack));

  const options: MachineOptions<M> = {
    memory,
    program: program.code,
    pc: entryPoint.offset,
    ap: stack.length,
    fp: stack.length,
    end,
    maxSteps: request.maxSteps,
    deductions: deductionTable(builtins),
    hintState: new HintState({
      syscalls,
      syscallPointer: wordToRelocatable(syscallPointer),
      randomPoints: request.randomPoints,
    }),
  };
  const machine = parts.createMachine(options, builtins);
  machine.run();

  endRun(memory, builtins);
  const sizes = memory.sizes();
  const position = builtins.findIndex(({ name }) => name === 'range_check96');
  if (position !== -1) {
    const stopAt = stackCell(machine.ap - RETURN_CELLS - (builtins.length - position));
    fillRangeCheck96(memory, builtins[position]!, stopAt, sizes);
  }
  checkSecureRun(machine, builtins, programSize, stack.length);
  memory.markAccessed(pointerWord(EXECUTION_SEGMENT, 0), argumentCount);
  for (const { start, length } of memory.readOnlySegments) memory.markAccessed(start, length);
  return { ...readReturn(machine, request.initialGas), resources: measureRun(machine, builtins, sizes) };
}

/** Deduction rules by segment number. */
export function deductionTable(builtins: readonly Builtin[]): (CellDeduction | undefined)[] {
  const table: (CellDeduction | undefined)[] = [];
  const last = Math.max(0, ...builtins.map(({ segment }) => segment));
  for (let segment = 0; segment <= last; segment++)
    table.push(builtins.find((builtin) => builtin.segment === segment)?.deduce);
  return table;
}

function checkBuiltins(names: readonly string[]): BuiltinName[] {
  let from = 0;
  return names.map((name) => {
    const at = CLASS_BUILTINS.indexOf(name as BuiltinName, from);
    if (at === -1)
      throw new CairnError<VmErrorCode>(
        'UNSUPPORTED_BUILTINS',
        `entry point builtins: got [${names.join(', ')}], expected a part of [${CLASS_BUILTINS.join(', ')}] in order`,
      );
    from = at + 1;
    return CLASS_BUILTINS[at]!;
  });
}

/** Cells of the builtin-cost segment. */
export function costValues(costs: BuiltinCosts): bigint[] {
  return [costs.pedersen, costs.bitwise, costs.ecOp, costs.poseidon, costs.addMod, costs.mulMod, costs.blake];
}

/** Circuits leave range_check96 cells unwritten; they are proven as 0. `stopAt` is the cell with the end of the segment. */
export function fillRangeCheck96(
  memory: Memory,
  { segment }: Builtin,
  stopAt: Word,
  sizes: Int32Array,
): void {
  const stop = memory.readKnown(stopAt);
  if (!isPointer(stop) || wordSegment(stop) !== segment)
    throw new CairnError<VmErrorCode>('BUILTIN_STOP_POINTER', `range_check96 ends at ${memory.show(stop)}`);
  sizes[segment] = wordOffset(stop);
  for (let offset = 0; offset < wordOffset(stop); offset++) {
    const cell = pointerWord(segment, offset);
    if (Number.isNaN(memory.read(cell))) memory.set(cell, 0);
  }
}

function readReturn(machine: Machine, initialGas: bigint): Omit<EntryPointResult, 'resources'> {
  const { memory, ap } = machine;
  const first = stackCell(ap - RETURN_CELLS);
  const [gas, , flag, start, end] = [0, 1, 2, 3, 4].map((i) => memory.readKnown(first + i)) as [
    Word,
    Word,
    Word,
    Word,
    Word,
  ];
  if (flag !== 0 && flag !== 1) throw malformed(`failure flag: got ${memory.show(flag)}, expected 0 or 1`);
  if (!isPointer(start) || !isPointer(end) || wordSegment(start) !== wordSegment(end) || end < start)
    throw malformed(`return data: got ${memory.show(start)} to ${memory.show(end)}`);
  const remainingGas = isFelt(gas) ? memory.toFelt(gas) : undefined;
  if (remainingGas === undefined || remainingGas > initialGas)
    throw malformed(`remaining gas: got ${memory.show(gas)}, expected at most ${initialGas}`);
  return {
    failed: flag === 1,
    retdata: memory.readFelts(wordToRelocatable(start), wordOffset(end) - wordOffset(start)),
    remainingGas,
    gasConsumed: initialGas - remainingGas,
  };
}

function stackCell(offset: number): Word {
  if (offset < 0) throw malformed('the stack is too short');
  return pointerWord(EXECUTION_SEGMENT, offset);
}

function malformed(what: string): CairnError<VmErrorCode> {
  return new CairnError('MALFORMED_RETURN_DATA', `the entry point returned no call result: ${what}`);
}

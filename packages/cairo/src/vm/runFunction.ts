import { CairnError, type Felt } from '@cairn/primitives';
import { type CairoFunction, cellCount, isPanicResult } from '../casm/cairoFunction.ts';
import type { CasmClass } from '../casm/casmClass.ts';
import type { VmErrorCode } from '../errors.ts';
import { createBuiltin, isBuiltinName } from './builtins/createBuiltin.ts';
import { type BuiltinCosts, costValues, deductionTable, fillRangeCheck96 } from './entryPoint.ts';
import { checkSecureRun, endRun, measureRun, type RunResources } from './finishRun.ts';
import { argumentWords, type CairoArgument, type CairoValue, readValue } from './functionValues.ts';
import { HintState } from './hints/hintState.ts';
import type { Machine } from './machine.ts';
import type { Memory } from './memory.ts';
import { EXTRA_WORDS, prepareClass } from './preparedProgram.ts';
import { VmCore } from './wasm/vmCore.ts';
import { WasmMachine } from './wasm/wasmMachine.ts';
import { WasmMemory } from './wasm/wasmMemory.ts';
import { EXECUTION_SEGMENT, pointerWord, type Word } from './word.ts';

/** A call of a function of a compiled Sierra program. */
export interface FunctionRequest {
  program: CasmClass;
  fn: CairoFunction;
  arguments: readonly CairoArgument[];
  /** Gas for a function that takes gas, below 2^64. */
  availableGas: bigint;
  builtinCosts: BuiltinCosts;
  maxSteps: number;
  maxMemoryCells?: number;
  withTrace?: boolean;
}

/** A finished call. */
export interface FunctionResult {
  machine: Machine;
  memory: Memory;
  /** What the function returned besides builtins and gas; the panic data when it panicked. */
  values: readonly CairoValue[];
  panicked: boolean;
  /** Undefined when the function takes no gas. */
  remainingGas: Felt | undefined;
  resources: RunResources;
}

const DEFAULT_MAX_CELLS = 2 ** 27;

/**
 * Calls a function by its own calling convention, with its builtins made for it.
 * @throws CairnError machine failures; `INVALID_ARGUMENTS`; `UNSUPPORTED_BUILTINS` for a function that makes syscalls.
 */
export function runFunction(request: FunctionRequest): FunctionResult {
  const { program, fn } = request;
  const prepared = prepareClass(program);
  const programSize = program.bytecode.length + EXTRA_WORDS;
  const memory = new WasmMemory(
    request.maxMemoryCells ?? DEFAULT_MAX_CELLS,
    prepared,
    programSize,
    new VmCore(),
  );
  memory.newSegment();
  const builtins = fn.implicits.filter(isBuiltinName).map((name) => createBuiltin(memory, name));
  const costs = memory.allocateReadOnly(costValues(request.builtinCosts));
  memory.write({ segment: 0, offset: programSize - 1 }, costs);
  const implicits = fn.implicits.map((name): Word => {
    if (name === 'gas') return memory.fromFelt(request.availableGas);
    const builtin = builtins.find((candidate) => candidate.name === name);
    if (builtin !== undefined) return builtin.initialPointer;
    throw new CairnError<VmErrorCode>(
      'UNSUPPORTED_BUILTINS',
      `function ${fn.name} takes ${name}, which only a contract's call has`,
    );
  });
  const values = argumentWords(memory, fn.params, request.arguments);
  const end = memory.newSegment();
  const stack = [...implicits, ...values, 0, end];
  memory.load(EXECUTION_SEGMENT, Float64Array.from(stack));
  const machine = new WasmMachine(
    {
      memory,
      program: prepared.code,
      pc: fn.offset,
      ap: stack.length,
      fp: stack.length,
      end,
      maxSteps: request.maxSteps,
      deductions: deductionTable(builtins),
      hintState: new HintState({}),
      withTrace: request.withTrace,
    },
    builtins,
  );
  machine.run();
  endRun(memory, builtins);
  const sizes = memory.sizes();
  const returnedAt = pointerWord(EXECUTION_SEGMENT, machine.ap - resultCells(fn) - fn.implicits.length);
  const range96 = fn.implicits.indexOf('range_check96');
  if (range96 !== -1)
    fillRangeCheck96(
      memory,
      builtins.find(({ name }) => name === 'range_check96')!,
      returnedAt + range96,
      sizes,
    );
  checkSecureRun(machine, builtins, programSize, stack.length);
  memory.markAccessed(pointerWord(EXECUTION_SEGMENT, 0), stack.length);
  return {
    machine,
    memory,
    ...readResults(memory, returnedAt, fn),
    resources: measureRun(machine, builtins, sizes),
  };
}

function resultCells({ results }: CairoFunction): number {
  return results.reduce((sum, shape) => sum + cellCount(shape), 0);
}

/** What stands on the stack from `at` on: implicits, then results. */
function readResults(
  memory: Memory,
  at: Word,
  { implicits, results }: CairoFunction,
): Pick<FunctionResult, 'values' | 'panicked' | 'remainingGas'> {
  const gasAt = implicits.indexOf('gas');
  const remainingGas = gasAt === -1 ? undefined : memory.toFelt(memory.readKnown(at + gasAt));
  let next = at + implicits.length;
  const values = results.map((shape) => {
    const value = readValue(memory, shape, next);
    next += cellCount(shape);
    return value;
  });
  const [shape] = results;
  if (results.length !== 1 || !isPanicResult(shape!)) return { values, panicked: false, remainingGas };
  const { variant, value } = values[0] as { variant: number; value: readonly CairoValue[] };
  return variant === 0
    ? { values: value, panicked: false, remainingGas }
    : { values: value[1] as readonly CairoValue[], panicked: true, remainingGas };
}

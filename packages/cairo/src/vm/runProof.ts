import { CairnError, type Felt } from '@cairn/primitives';
import type { VmErrorCode } from '../errors.ts';
import type { Builtin } from './builtins/builtin.ts';
import { createBuiltin } from './builtins/createBuiltin.ts';
import type { CairoProgram } from './cairoProgram.ts';
import { deductionTable } from './entryPoint.ts';
import { checkSecureRun, endRun, measureRun, type RunResources } from './finishRun.ts';
import type { Layout } from './layout.ts';
import type { Machine } from './machine.ts';
import type { Memory } from './memory.ts';
import { type PreparedProgram, prepareProgram } from './preparedProgram.ts';
import {
  allocateZeroNumber,
  checkStopPointers,
  compileHintTexts,
  type HintRegistry,
  machineOver,
  outputCells,
  programMemory,
} from './runProgram.ts';
import { EXECUTION_SEGMENT, pointerWord } from './word.ts';

/** A program that can be proven: its code starts with `ap += builtin count; call main; jmp rel 0`. */
export interface ProvableProgram extends CairoProgram {
  /** Offsets of the labels `__start__` and `__end__`, the last of them at the `jmp rel 0`. */
  start: number;
  end: number;
}

/** A run to be proven. */
export interface ProofRequest {
  program: ProvableProgram;
  hints: HintRegistry;
  maxSteps: number;
  maxMemoryCells?: number;
  /** `typescript` for programs that load code of their own; by default `wasm`. */
  engine?: 'typescript' | 'wasm';
  /** Gives all builtins of a layout a segment, in its order; builtins the layout lacks get 0 for a pointer. */
  layout?: Layout;
  /** False leaves out the checks that the run can be proven, as the reference runner does in proof mode. */
  secureRun?: boolean;
}

/** A finished run with what the verifier sees of it. */
export interface ProofRun {
  program: ProvableProgram;
  machine: Machine;
  memory: Memory;
  /** Those of the program in its order, or those of the layout in its order. */
  builtins: readonly Builtin[];
  /** Cells of the output builtin's segment. */
  output: Felt[];
  resources: RunResources;
  /** Offset of ap and fp in the execution segment at the start. */
  initialAp: number;
  /** Offsets in the execution segment that are public: the frame main starts from and what it returns. */
  publicStack: readonly number[];
}

/** Cells below the builtin pointers: the address behind them, as fp of a frame, and 0. */
const STACK_PREFIX = 2;

/** Labels of a program compiled for proofs. @throws CairnError `INVALID_PROGRAM` when it was not. */
export function proofLabels(json: unknown): { start: number; end: number } {
  const { identifiers } = json as { identifiers?: Record<string, { pc?: number }> };
  const start = identifiers?.['__main__.__start__']?.pc;
  const end = identifiers?.['__main__.__end__']?.pc;
  if (start === undefined || end === undefined)
    throw new CairnError<VmErrorCode>('INVALID_PROGRAM', 'the program was not compiled in proof mode');
  return { start, end };
}

/**
 * Runs a program in proof mode, without padding: from `__start__` to `__end__` and the jump there once, with trace.
 * @throws CairnError like `runProgram`.
 */
export function runProof(request: ProofRequest): ProofRun {
  const { program, hints } = request;
  const prepared = prepareProgram(program.data, program.data.length, () => compileHintTexts(program, hints));
  return runPreparedProof(prepared, program, (builtins) => hints.createState(builtins), request);
}

/** {@link runProof} of a program with its hints made ready; `createState` makes their state. */
export function runPreparedProof(
  prepared: PreparedProgram,
  program: ProvableProgram,
  createState: (builtins: readonly Builtin[]) => unknown,
  request: Pick<ProofRequest, 'maxSteps' | 'maxMemoryCells' | 'engine' | 'layout' | 'secureRun'>,
): ProofRun {
  const memory = programMemory(prepared, request);
  const execution = memory.newSegment();
  const names = request.layout?.builtins.map(({ name }) => name) ?? program.builtins;
  const builtins = names.map((name) => createBuiltin(memory, name));
  allocateZeroNumber(memory, builtins);
  const own = program.builtins.map((name) => builtins.find((builtin) => builtin.name === name));
  const bases = own.map((builtin) => builtin?.initialPointer ?? 0);
  memory.load(EXECUTION_SEGMENT, Float64Array.of(execution + STACK_PREFIX, 0, ...bases));
  const machine = machineOver(memory, builtins, {
    program: prepared.code,
    pc: program.start,
    ap: STACK_PREFIX,
    fp: STACK_PREFIX,
    end: pointerWord(0, program.end),
    maxSteps: request.maxSteps,
    deductions: deductionTable(builtins),
    hintState: createState(builtins),
    withTrace: true,
  });
  machine.run();
  machine.step();
  endRun(memory, builtins);
  checkStopPointers(machine, own, memory.sizes());
  if (request.secureRun !== false) checkSecureRun(machine, builtins, program.data.length, STACK_PREFIX);
  const count = own.length;
  const first = Array.from({ length: STACK_PREFIX + count }, (_, i) => i);
  const last = own.map((_, i) => machine.ap - count + i);
  return {
    program,
    machine,
    memory,
    builtins,
    output: outputCells(memory, builtins),
    resources: measureRun(machine, builtins, memory.sizes()),
    initialAp: STACK_PREFIX,
    publicStack: [...first, ...last],
  };
}

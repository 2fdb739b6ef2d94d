import { CairnError } from '@cairn/primitives';
import type { VmErrorCode } from '../errors.ts';
import { CodeSegment } from './codeSegment.ts';
import { executeInstruction } from './executeInstruction.ts';
import type { Memory } from './memory.ts';
import { wordToRelocatable } from './relocatable.ts';
import { Trace } from './trace.ts';
import { traceback } from './traceback.ts';
import { pointerWord, type Word, wordOffset, wordSegment } from './word.ts';

/** A hint made ready for a program: runs before the instruction it stands at. */
export type CompiledHint = (machine: Machine) => void;

/** Gives the value of an empty cell of a builtin's segment, or EMPTY while it does not follow yet. */
export type CellDeduction = (memory: Memory, offset: number) => Word;

/** What the machine is told before it runs. */
export interface MachineOptions<M extends Memory = Memory> {
  memory: M;
  /** Decoded program of segment 0. */
  program: CodeSegment;
  /** Offset in the program of the first instruction. */
  pc: number;
  ap: number;
  fp: number;
  /** The pc that ends the run. */
  end: Word;
  maxSteps: number;
  /** Deduction rules by segment number. */
  deductions: readonly (CellDeduction | undefined)[];
  /** What hints of this run share: dictionaries, allocators, the syscall handler. */
  hintState: unknown;
  withTrace?: boolean;
}

/**
 * The Cairo CPU on a {@link Memory}: registers, step counter, one step by the general rules. Engines add a fast loop
 * for the common forms; its outcome must be that of the general rules.
 */
export abstract class Machine {
  readonly memory: Memory;
  readonly hintState: unknown;
  readonly deductions: readonly (CellDeduction | undefined)[];
  readonly trace: Trace | undefined;
  /** Offsets into the execution segment. */
  ap: number;
  fp: number;
  /** Code that pc points into, and its offset there. */
  code: CodeSegment;
  pc: number;
  stepCount = 0;
  /** Blake2s instructions executed. */
  blakeCount = 0;
  /** The pc that ends the run. */
  protected readonly end: Word;
  protected readonly maxSteps: number;
  readonly #codeSegments = new Map<number, CodeSegment>();

  constructor(options: MachineOptions) {
    this.memory = options.memory;
    this.hintState = options.hintState;
    this.deductions = options.deductions;
    this.trace = options.withTrace ? new Trace() : undefined;
    this.ap = options.ap;
    this.fp = options.fp;
    this.code = options.program;
    this.pc = options.pc;
    this.end = options.end;
    this.maxSteps = options.maxSteps;
    this.#codeSegments.set(options.program.segment, options.program);
  }

  /** Where pc points. */
  get pcWord(): Word {
    return pointerWord(this.code.segment, this.pc);
  }

  /** Tells of code in another segment than the program's that has hints; before any of it runs. */
  addCode(code: CodeSegment): void {
    this.#codeSegments.set(code.segment, code);
  }

  /** Continues at `target`; any segment may hold code. */
  jump(target: Word): void {
    const segment = wordSegment(target);
    this.pc = wordOffset(target);
    if (segment === this.code.segment) return;
    let code = this.#codeSegments.get(segment);
    if (code === undefined) {
      code = new CodeSegment(segment);
      this.#codeSegments.set(segment, code);
    }
    this.code = code;
  }

  /**
   * Runs until pc is the end. @throws CairnError with `details.pc` and `details.traceback`; `STEP_LIMIT` when
   * the steps do not suffice.
   */
  run(): void {
    try {
      while (this.pcWord !== this.end) {
        if (this.memory.relocationRules.size === 0) this.runFast();
        if (this.pcWord !== this.end) this.#stepSlowly();
      }
    } catch (error) {
      throw this.#located(error);
    }
  }

  /** Runs one more instruction, also where pc is the end. @throws CairnError like {@link Machine.run}. */
  step(): void {
    try {
      this.#stepSlowly();
    } catch (error) {
      throw this.#located(error);
    }
  }

  /** One step by the general rules: for instructions and states the fast loop leaves alone. */
  #stepSlowly(): void {
    this.checkSteps();
    const hints = this.code.hints[this.pc];
    if (hints !== undefined) for (const hint of hints) hint(this);
    this.execute();
  }

  /** @throws CairnError `STEP_LIMIT` when no step is left. */
  protected checkSteps(): void {
    if (this.stepCount < this.maxSteps) return;
    throw new CairnError<VmErrorCode>('STEP_LIMIT', `the run did not end within ${this.maxSteps} steps`);
  }

  /** Runs the instruction at pc by the general rules; its hints are done. */
  protected execute(): void {
    const instruction = this.code.fetch(this.memory, this.pc);
    executeInstruction(this, instruction);
    this.stepCount++;
  }

  /** Runs until pc is the end, or until relocation rules appear. pc is not the end before. */
  protected abstract runFast(): void;

  #located(error: unknown): unknown {
    if (!(error instanceof CairnError)) return error;
    return new CairnError(error.code, error.message, {
      details: {
        ...error.details,
        pc: { ...wordToRelocatable(pointerWord(this.code.segment, 0)), offset: this.pc },
        traceback: traceback(this.memory, this.fp),
        stepCount: this.stepCount,
      },
      cause: error,
    });
  }
}

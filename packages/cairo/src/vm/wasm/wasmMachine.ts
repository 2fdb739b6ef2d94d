import type { Builtin } from '../builtins/builtin.ts';
import { Machine, type MachineOptions } from '../machine.ts';
import { memoryLimit } from '../memory.ts';
import { FIRST_TEMPORARY, wordOffset, wordSegment } from '../word.ts';
import { CONTEXT, STOP, TRACE_ENTRY_BYTES } from './layout.ts';
import { pointerFromHalves, type WasmMemory } from './wasmMemory.ts';

/** Steps per call: the engine replaces baseline code only between calls. */
const STEPS_PER_CALL = 2 ** 17;
const TRACE_ENTRIES = 2 ** 15;

/** The machine whose fast loop is the WebAssembly core. */
export class WasmMachine extends Machine {
  declare readonly memory: WasmMemory;
  /** Where the core writes trace entries; 0 without trace. */
  readonly #traceAddress: number;

  /** `builtins` are those of the run; their deductions are in the options. */
  constructor(options: MachineOptions<WasmMemory>, builtins: readonly Builtin[] = []) {
    super(options);
    this.memory.describeBuiltins(builtins);
    this.#traceAddress =
      this.trace === undefined ? 0 : this.memory.core.allocate(TRACE_ENTRIES * TRACE_ENTRY_BYTES);
    if (this.trace !== undefined && this.#traceAddress === 0) throw memoryLimit('trace entries', 0);
  }

  protected override runFast(): void {
    const { memory, end } = this;
    const { core, context } = memory;
    let skipsHints = 0;
    let isPrepared = false;
    do {
      const { segment } = this.code;
      if (segment >= FIRST_TEMPORARY || segment >= memory.segmentCount) {
        this.checkSteps();
        this.execute();
        continue;
      }
      if (!isPrepared) {
        if (core.exports.prepareRecords(context, segment) === 0) throw memoryLimit('instructions', 0);
        core.refresh();
        core.words32[(context + CONTEXT.codeSegment) >> 2] = segment;
        core.words32[(context + CONTEXT.endPc) >> 2] = wordSegment(end) === segment ? wordOffset(end) : -1;
        isPrepared = true;
      }
      const stop = this.#runCore(segment, skipsHints);
      skipsHints = 0;
      if (stop === STOP.limit) this.checkSteps();
      else if (stop === STOP.general) {
        this.execute();
        isPrepared = false;
      } else if (stop === STOP.jump) {
        this.jump(this.#jumpTarget());
        isPrepared = false;
      } else if (stop === STOP.hint) {
        const hints = this.code.hints[this.pc]!;
        for (let i = core.words32[(context + CONTEXT.hintIndex) >> 2]!; i < hints.length; i++)
          hints[i]!(this);
        if (memory.relocationRules.size !== 0) {
          this.execute();
          return;
        }
        skipsHints = 1;
      }
    } while (skipsHints === 1 || this.pcWord !== end);
  }

  /** Runs the core until it stops, and takes over registers and trace. */
  #runCore(segment: number, skipsHints: number): number {
    const { core, context } = this.memory;
    const left = this.maxSteps - this.stepCount;
    const limit = Math.max(0, Math.min(left, this.trace === undefined ? STEPS_PER_CALL : TRACE_ENTRIES));
    if (limit === 0) this.checkSteps();
    core.words32[(context + CONTEXT.trace) >> 2] = this.#traceAddress;
    const stop = core.exports.run(context, this.pc, this.ap, this.fp, limit, skipsHints);
    core.refresh();
    const { words32 } = core;
    const steps = words32[(context + CONTEXT.steps) >> 2]!;
    this.pc = words32[(context + CONTEXT.pc) >> 2]!;
    this.ap = words32[(context + CONTEXT.ap) >> 2]!;
    this.fp = words32[(context + CONTEXT.fp) >> 2]!;
    this.stepCount += steps;
    if (this.trace !== undefined && steps > 0) {
      const entries = new Int32Array(words32.buffer, this.#traceAddress, (steps * TRACE_ENTRY_BYTES) >> 2);
      this.trace.append(segment, entries);
    }
    return stop;
  }

  #jumpTarget(): number {
    const { core, context } = this.memory;
    const at = (context + CONTEXT.jumpTarget) >> 2;
    // The highest bit only says that there is a target.
    return pointerFromHalves(core.words32[at]!, core.words32[at + 1]! & 0x7fffffff);
  }
}

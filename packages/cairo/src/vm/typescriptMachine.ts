import { FIELD, FLAG, KIND, RECORD_INTS } from './codeSegment.ts';
import { Machine, type MachineOptions } from './machine.ts';
import type { TypescriptMemory } from './typescriptMemory.ts';
import {
  EXECUTION_SEGMENT,
  FIRST_TEMPORARY,
  isPointer,
  OFFSET_BOUND,
  POINTER_BASE,
  pointerWord,
  SMALL_BOUND,
  type Word,
  wordOffset,
  wordSegment,
} from './word.ts';

/** The machine whose fast loop is TypeScript. */
export class TypescriptMachine extends Machine {
  declare readonly memory: TypescriptMemory;

  constructor(options: MachineOptions<TypescriptMemory>) {
    super(options);
  }

  /**
   * Runs the common instruction forms on local copies of the state, and everything else through
   * {@link executeInstruction}; returns at the end of the run, or when relocation rules appear.
   */
  protected override runFast(): void {
    const memory = this.memory;
    const segments = memory.segments;
    const deductions = this.deductions;
    const trace = this.trace;
    const end = this.end;
    const maxSteps = this.maxSteps;
    let code = this.code;
    let records = code.records;
    let endPc = wordSegment(end) === code.segment ? wordOffset(end) : -1;
    let pc = this.pc;
    let ap = this.ap;
    let fp = this.fp;
    let stepCount = this.stepCount;
    let cells = memory.cells;
    let accessed = memory.accessed;
    let sizes = segments.size;
    let bases = segments.base;
    let codeBase = bases[code.segment]!;
    let stack = bases[EXECUTION_SEGMENT]!;
    let stackCells = segments.capacity[EXECUTION_SEGMENT]!;
    /** True after state was changed through `this` or `memory` methods: locals must be read again. */
    let isStale = false;
    try {
      while (true) {
        if (isStale) {
          code = this.code;
          records = code.records;
          endPc = wordSegment(end) === code.segment ? wordOffset(end) : -1;
          cells = memory.cells;
          accessed = memory.accessed;
          sizes = segments.size;
          bases = segments.base;
          codeBase = code.segment < FIRST_TEMPORARY ? bases[code.segment]! : 0;
          stack = bases[EXECUTION_SEGMENT]!;
          stackCells = segments.capacity[EXECUTION_SEGMENT]!;
          isStale = false;
        }
        if (pc === endPc) return;
        if (stepCount >= maxSteps) {
          this.stepCount = stepCount;
          this.checkSteps();
        }
        const r = pc * RECORD_INTS;
        let flags = records[r + FIELD.flags]!;
        if ((flags & FLAG.hinted) !== 0) {
          this.pc = pc;
          this.ap = ap;
          this.fp = fp;
          this.stepCount = stepCount;
          const hints = code.hints[pc]!;
          for (let i = 0; i < hints.length; i++) hints[i]!(this);
          // A run nested in a hint may have decoded this very instruction.
          records = code.records;
          flags = records[r + FIELD.flags]!;
          cells = memory.cells;
          accessed = memory.accessed;
          sizes = segments.size;
          bases = segments.base;
          codeBase = bases[code.segment]!;
          stack = bases[EXECUTION_SEGMENT]!;
          stackCells = segments.capacity[EXECUTION_SEGMENT]!;
          if (memory.relocationRules.size !== 0) {
            this.execute();
            ({ pc, ap, fp, stepCount } = this);
            return;
          }
        }

        const dstAt = (records[r + FIELD.dstFp] === 0 ? ap : fp) + records[r + FIELD.dst]!;
        const op0At = (records[r + FIELD.op0Fp] === 0 ? ap : fp) + records[r + FIELD.op0]!;
        // Words outside the records have no kind and no operands: they fail the comparison.
        if (records[r]! > KIND.generic && dstAt >>> 0 < stackCells && op0At >>> 0 < stackCells) {
          const kind = records[r]!;
          const dst = cells[stack + dstAt]!;
          const op0 = cells[stack + op0At]!;
          /** Left false by states that the general rules must treat. */
          let isDone = false;
          switch (kind) {
            case KIND.assertImmediate: {
              if (Number.isNaN(op0)) break;
              const value = cells[codeBase + pc + 1]!;
              if (Number.isNaN(dst)) {
                cells[stack + dstAt] = value;
                if (dstAt >= sizes[EXECUTION_SEGMENT]!) sizes[EXECUTION_SEGMENT] = dstAt + 1;
              } else if (dst !== value && !memory.same(dst, value)) break;
              if (trace !== undefined) trace.push(code.segment, pc, ap, fp);
              pc += 2;
              isDone = true;
              break;
            }
            case KIND.assertCell: {
              const op1At = (records[r + FIELD.op1Fp] === 0 ? ap : fp) + records[r + FIELD.op1]!;
              if (Number.isNaN(op0) || op1At >>> 0 >= stackCells) break;
              const value = cells[stack + op1At]!;
              if (Number.isNaN(value)) break;
              if (Number.isNaN(dst)) {
                cells[stack + dstAt] = value;
                if (dstAt >= sizes[EXECUTION_SEGMENT]!) sizes[EXECUTION_SEGMENT] = dstAt + 1;
              } else if (dst !== value && !memory.same(dst, value)) break;
              accessed[stack + op1At] = 1;
              if (trace !== undefined) trace.push(code.segment, pc, ap, fp);
              pc++;
              isDone = true;
              break;
            }
            case KIND.assertDoubleDeref: {
              if (!(op0 >= POINTER_BASE)) break;
              const segment = wordSegment(op0);
              const offset = wordOffset(op0) + records[r + FIELD.op1]!;
              if (segment >= FIRST_TEMPORARY || offset < 0 || offset >= OFFSET_BOUND) break;
              if (segment >= segments.count) break;
              if (offset < sizes[segment]!) {
                const at = bases[segment]! + offset;
                const value = cells[at]!;
                if (!Number.isNaN(value)) {
                  if (Number.isNaN(dst)) {
                    cells[stack + dstAt] = value;
                    if (dstAt >= sizes[EXECUTION_SEGMENT]!) sizes[EXECUTION_SEGMENT] = dstAt + 1;
                  } else if (dst !== value && !memory.same(dst, value)) break;
                  accessed[at] = 1;
                  accessed[stack + dstAt] = 1;
                  accessed[stack + op0At] = 1;
                  if (trace !== undefined) trace.push(code.segment, pc, ap, fp);
                  pc++;
                  isDone = true;
                  break;
                }
              }
              if (Number.isNaN(dst) || deductions[segment] !== undefined) break;
              memory.setAccessed(pointerWord(segment, offset), dst);
              cells = memory.cells;
              accessed = memory.accessed;
              codeBase = bases[code.segment]!;
              stack = bases[EXECUTION_SEGMENT]!;
              stackCells = segments.capacity[EXECUTION_SEGMENT]!;
              if (trace !== undefined) trace.push(code.segment, pc, ap, fp);
              pc++;
              isDone = true;
              break;
            }
            case KIND.addImmediate:
            case KIND.addCell: {
              let op1At = -1;
              let op1: Word;
              if (kind === KIND.addImmediate) op1 = cells[codeBase + pc + 1]!;
              else {
                op1At = (records[r + FIELD.op1Fp] === 0 ? ap : fp) + records[r + FIELD.op1]!;
                if (op1At >>> 0 >= stackCells) break;
                op1 = cells[stack + op1At]!;
              }
              let sum = op0 + op1;
              if (!Number.isNaN(sum)) {
                if (!(sum > -SMALL_BOUND && sum < SMALL_BOUND && op0 < SMALL_BOUND && op1 < SMALL_BOUND))
                  sum = memory.add(op0, op1);
                if (Number.isNaN(dst)) {
                  cells[stack + dstAt] = sum;
                  if (dstAt >= sizes[EXECUTION_SEGMENT]!) sizes[EXECUTION_SEGMENT] = dstAt + 1;
                } else if (dst !== sum && !memory.same(dst, sum)) break;
              } else {
                // A subtraction: the one unknown term follows from the sum.
                if (Number.isNaN(dst) || Number.isNaN(op0) === Number.isNaN(op1)) break;
                const isFirst = Number.isNaN(op0);
                const known = isFirst ? op1 : op0;
                if (known >= POINTER_BASE && dst < POINTER_BASE) break;
                const at = isFirst ? op0At : op1At;
                cells[stack + at] = memory.subtract(dst, known);
                if (at >= sizes[EXECUTION_SEGMENT]!) sizes[EXECUTION_SEGMENT] = at + 1;
              }
              if (trace !== undefined) trace.push(code.segment, pc, ap, fp);
              if (op1At >= 0) {
                accessed[stack + op1At] = 1;
                pc++;
              } else pc += 2;
              isDone = true;
              break;
            }
            case KIND.multiplyImmediate:
            case KIND.multiplyCell: {
              let op1At = -1;
              let op1: Word;
              if (kind === KIND.multiplyImmediate) op1 = cells[codeBase + pc + 1]!;
              else {
                op1At = (records[r + FIELD.op1Fp] === 0 ? ap : fp) + records[r + FIELD.op1]!;
                if (op1At >>> 0 >= stackCells) break;
                op1 = cells[stack + op1At]!;
              }
              if (Number.isNaN(op0) || Number.isNaN(op1)) break;
              const product = memory.multiply(op0, op1);
              if (Number.isNaN(dst)) {
                cells[stack + dstAt] = product;
                if (dstAt >= sizes[EXECUTION_SEGMENT]!) sizes[EXECUTION_SEGMENT] = dstAt + 1;
              } else if (dst !== product && !memory.same(dst, product)) break;
              if (trace !== undefined) trace.push(code.segment, pc, ap, fp);
              if (op1At >= 0) {
                accessed[stack + op1At] = 1;
                pc++;
              } else pc += 2;
              isDone = true;
              break;
            }
            case KIND.jumpNotZero: {
              const step = cells[codeBase + pc + 1]!;
              if (Number.isNaN(dst) || Number.isNaN(op0) || !isOffset(pc + step)) break;
              if (trace !== undefined) trace.push(code.segment, pc, ap, fp);
              pc = (pc + (dst === 0 ? 2 : step)) | 0;
              isDone = true;
              break;
            }
            case KIND.jumpRelative: {
              const step = cells[codeBase + pc + 1]!;
              if (Number.isNaN(dst) || Number.isNaN(op0) || !isOffset(pc + step)) break;
              if (trace !== undefined) trace.push(code.segment, pc, ap, fp);
              pc = (pc + step) | 0;
              isDone = true;
              break;
            }
            case KIND.advanceAp: {
              const step = cells[codeBase + pc + 1]!;
              if (Number.isNaN(dst) || Number.isNaN(op0) || !isOffset(ap + step)) break;
              if (trace !== undefined) trace.push(code.segment, pc, ap, fp);
              ap = (ap + step) | 0;
              pc += 2;
              isDone = true;
              break;
            }
            case KIND.callRelative: {
              const step = cells[codeBase + pc + 1]!;
              if (!Number.isNaN(dst) || !Number.isNaN(op0) || !isOffset(pc + step)) break;
              cells[stack + dstAt] = pointerWord(EXECUTION_SEGMENT, fp);
              cells[stack + op0At] = pointerWord(code.segment, pc + 2);
              if (op0At >= sizes[EXECUTION_SEGMENT]!) sizes[EXECUTION_SEGMENT] = op0At + 1;
              if (trace !== undefined) trace.push(code.segment, pc, ap, fp);
              pc = (pc + step) | 0;
              ap += 2;
              fp = ap;
              isDone = true;
              break;
            }
            case KIND.return: {
              // The word after [fp − 2] and op0 are the same cell: the return pc.
              if (!isPointer(dst) || !isPointer(op0)) break;
              if (trace !== undefined) trace.push(code.segment, pc, ap, fp);
              fp = wordOffset(dst);
              if (wordSegment(op0) === code.segment) pc = wordOffset(op0);
              else {
                accessed[stack + dstAt] = 1;
                accessed[stack + op0At] = 1;
                stepCount++;
                this.jump(op0);
                pc = this.pc;
                if (op0 === end) return;
                isStale = true;
                continue;
              }
              isDone = true;
              break;
            }
          }
          if (isDone) {
            accessed[stack + dstAt] = 1;
            accessed[stack + op0At] = 1;
            ap += flags & FLAG.apIncrement;
            stepCount++;
            continue;
          }
        }

        this.pc = pc;
        this.ap = ap;
        this.fp = fp;
        this.stepCount = stepCount;
        this.execute();
        ({ pc, ap, fp, stepCount } = this);
        isStale = true;
      }
    } finally {
      this.pc = pc;
      this.ap = ap;
      this.fp = fp;
      this.stepCount = stepCount;
    }
  }
}

/** True for what a register can hold; false too for sums with pointers, big felts and empty cells. */
function isOffset(value: number): boolean {
  return value >= 0 && value < OFFSET_BOUND;
}

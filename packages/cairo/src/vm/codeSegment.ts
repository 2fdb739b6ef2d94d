import { decodeInstruction, type Instruction } from '../casm/instruction.ts';
import type { CompiledHint } from './machine.ts';
import type { Memory } from './memory.ts';
import { FIRST_TEMPORARY, pointerWord, type Word } from './word.ts';

/** Ints per instruction in {@link CodeSegment.records}: see the FIELD constants. */
export const RECORD_INTS = 8;
/** Fields of a record: one of KIND; three operands as offset and 1 for fp, 0 for ap; FLAG bits. */
export const FIELD = { kind: 0, dst: 1, dstFp: 2, op0: 3, op0Fp: 4, op1: 5, op1Fp: 6, flags: 7 } as const;
/** Bits of the flags field. `apIncrement` must stay 1: the loop adds the bit to ap. */
export const FLAG = { apIncrement: 1, hinted: 2 } as const;

/**
 * Forms of instructions the run loop does itself; everything else, and these in unusual states (unknown
 * operands, cells outside the allocated block), is `generic`. 0 means not decoded yet.
 */
export const KIND = {
  undecoded: 0,
  generic: 1,
  assertImmediate: 2,
  assertCell: 3,
  assertDoubleDeref: 4,
  addImmediate: 5,
  addCell: 6,
  multiplyImmediate: 7,
  multiplyCell: 8,
  jumpRelative: 9,
  jumpNotZero: 10,
  callRelative: 11,
  return: 12,
  advanceAp: 13,
} as const;

/** The decoded form of one segment of code. Memory is write-once, so a word decoded once stays decoded. */
export class CodeSegment {
  readonly segment: number;
  records: Int32Array;
  readonly instructions: (Instruction | undefined)[] = [];
  readonly hints: readonly (readonly CompiledHint[] | undefined)[];

  readonly #wordCount: number | undefined;

  /**
   * With `wordCount`, the words before it are the same in every run and the segment may be shared by runs;
   * what a run writes behind them is decoded but not kept. Without, the segment belongs to one run. `hints` by
   * offset.
   */
  constructor(
    segment: number,
    wordCount?: number,
    hints: readonly (readonly CompiledHint[] | undefined)[] = [],
  ) {
    this.segment = segment;
    this.#wordCount = wordCount;
    this.records = new Int32Array((wordCount ?? 0) * RECORD_INTS);
    this.hints = hints;
    for (const [offset, list] of hints.entries())
      if (list !== undefined) this.records[offset * RECORD_INTS + FIELD.flags] = FLAG.hinted;
  }

  /** The instruction at `offset`, decoded now if it was not. @throws CairnError when there is none. */
  fetch(memory: Memory, offset: number): Instruction {
    const known = this.instructions[offset];
    if (known !== undefined) return known;
    const address = pointerWord(this.segment, offset);
    const instruction = decodeInstruction(memory.toFelt(memory.readKnown(address)));
    if (this.#wordCount !== undefined && offset + 1 >= this.#wordCount) return instruction;
    if (offset * RECORD_INTS >= this.records.length) {
      const grown = new Int32Array(Math.max(2 * this.records.length, (offset + 1) * RECORD_INTS));
      grown.set(this.records);
      this.records = grown;
    }
    this.#record(instruction, offset, memory.read(address + 1));
    this.instructions[offset] = instruction;
    return instruction;
  }

  #record(i: Instruction, offset: number, nextWord: Word): void {
    const r = offset * RECORD_INTS;
    const records = this.records;
    const hasImmediate = i.op1Source === 'imm' && i.offOp1 === 1 && !Number.isNaN(nextWord);
    records[r] = this.segment < FIRST_TEMPORARY ? kindOf(i, hasImmediate) : KIND.generic;
    records[r + FIELD.dst] = i.offDst;
    records[r + FIELD.dstFp] = i.dstRegister === 'FP' ? 1 : 0;
    records[r + FIELD.op0] = i.offOp0;
    records[r + FIELD.op0Fp] = i.op0Register === 'FP' ? 1 : 0;
    records[r + FIELD.op1] = i.offOp1;
    records[r + FIELD.op1Fp] = i.op1Source === 'fp' ? 1 : 0;
    records[r + FIELD.flags]! |= i.apUpdate === 'add1' ? FLAG.apIncrement : 0;
  }
}

function kindOf(i: Instruction, hasImmediate: boolean): number {
  if (i.extension !== 'stone') return KIND.generic;
  const fromCell = i.op1Source === 'fp' || i.op1Source === 'ap';
  const isPlain = i.apUpdate === 'regular' || i.apUpdate === 'add1';
  if (i.opcode === 'assertEq' && i.pcUpdate === 'regular' && isPlain) {
    if (i.res === 'op1') {
      if (hasImmediate) return KIND.assertImmediate;
      if (fromCell) return KIND.assertCell;
      if (i.op1Source === 'op0') return KIND.assertDoubleDeref;
    }
    if (i.res === 'add') return hasImmediate ? KIND.addImmediate : fromCell ? KIND.addCell : KIND.generic;
    if (i.res === 'mul')
      return hasImmediate ? KIND.multiplyImmediate : fromCell ? KIND.multiplyCell : KIND.generic;
  }
  if (i.opcode === 'nop' && hasImmediate) {
    if (i.pcUpdate === 'jnz' && isPlain) return KIND.jumpNotZero;
    if (i.res !== 'op1') return KIND.generic;
    if (i.pcUpdate === 'jumpRel' && isPlain) return KIND.jumpRelative;
    if (i.pcUpdate === 'regular' && i.apUpdate === 'add') return KIND.advanceAp;
  }
  if (i.opcode === 'call' && hasImmediate && i.pcUpdate === 'jumpRel' && i.res === 'op1')
    return KIND.callRelative;
  if (i.opcode === 'ret' && i.op0Register === 'FP' && i.offOp0 === -1 && i.apUpdate === 'regular')
    return KIND.return;
  return KIND.generic;
}

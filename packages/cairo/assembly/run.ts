// The run loop: common instruction forms in usual states. Everything else stops the run before it changed anything.

import { grow, rowOf } from './arena';
import { deduceBitwise } from './builtins';
import { addCells, addFelts, isBelow, multiplyCells, RESULT, smallValue, subtractCells } from './cells';
import { decode } from './decode';
import { runHints } from './hints';
import {
  ACCESSED,
  AP,
  BASE,
  CAPACITY,
  CELL_SHIFT,
  CODE_SEGMENT,
  END_PC,
  EXECUTION_SEGMENT,
  FELT_BITS,
  FLAG_AP_PLUS_1,
  FLAG_DST_FP,
  FLAG_HINTED,
  FLAG_IMMEDIATE,
  FLAG_OP0_FP,
  FLAG_OP1_FP,
  FP,
  HINT_INDEX,
  HINTS,
  INPUT_CELLS,
  INSTANCE_CELLS,
  IS_BITWISE,
  JUMP_TARGET,
  KIND_ADD,
  KIND_ADVANCE_AP,
  KIND_ASSERT,
  KIND_CALL,
  KIND_DOUBLE_DEREF,
  KIND_GENERIC,
  KIND_JUMP,
  KIND_JUMP_BY_CELL,
  KIND_JUMP_NOT_ZERO,
  KIND_MULTIPLY,
  KIND_RETURN,
  KIND_UNDECODED,
  OFFSET_BITS,
  OFFSET_BOUND,
  PC,
  POINTER,
  PRESENT,
  RECORD_COUNT,
  RECORD_SHIFT,
  RECORDS,
  ROW_SHIFT,
  SEGMENT_COUNT,
  SIZE,
  STEP,
  STEPS,
  STOP_END,
  STOP_GENERAL,
  STOP_HINT,
  STOP_JUMP,
  STOP_LIMIT,
  TABLE,
  TRACE,
  VALUE_BITS,
  WATCHED,
} from './layout';

/** Number of the operand's cell in the stack, from the record's bits at `shift`. */
// @ts-ignore: decorator
@inline
function operandAt(head: u64, flag: u64, shift: u64, ap: i32, fp: i32): i32 {
  return select<i32>(fp, ap, (head & flag) != 0) + <i32>(<i16>(head >> shift));
}

// @ts-ignore: decorator
@inline
function touch(cell: usize, top: u64): void {
  store<u64>(cell, top | ACCESSED, 24);
}

function stop(
  context: usize,
  reason: i32,
  pc: i32,
  ap: i32,
  fp: i32,
  steps: i32,
  stackSize: i32,
  trace: usize,
): i32 {
  store<i32>(context, pc, PC);
  store<i32>(context, ap, AP);
  store<i32>(context, fp, FP);
  store<i32>(context, steps, STEPS);
  store<usize>(context, trace, TRACE);
  store<i32>(rowOf(context, EXECUTION_SEGMENT), stackSize, SIZE);
  return reason;
}

/**
 * Runs at most `limit` steps in the context's code segment. With `skipsHints` the hints at the first instruction
 * were run already. Registers and steps are left in the context; returns why the run stopped.
 */
export function run(
  context: usize,
  startPc: i32,
  startAp: i32,
  startFp: i32,
  limit: i32,
  skipsHints: bool,
): i32 {
  let pc = startPc;
  let ap = startAp;
  let fp = startFp;
  let steps = 0;
  const segment = load<i32>(context, CODE_SEGMENT);
  const endPc = load<i32>(context, END_PC);
  let trace = load<usize>(context, TRACE);
  let codeRow = rowOf(context, segment);
  let stackRow = rowOf(context, EXECUTION_SEGMENT);
  let code = load<usize>(codeRow, BASE);
  const records = load<usize>(codeRow, RECORDS);
  const recordCount = load<u32>(codeRow, RECORD_COUNT);
  let stack = load<usize>(stackRow, BASE);
  let stackCells = load<u32>(stackRow, CAPACITY);
  let stackSize = load<i32>(stackRow, SIZE);

  while (true) {
    if (pc == endPc) return stop(context, STOP_END, pc, ap, fp, steps, stackSize, trace);
    if (steps == limit) return stop(context, STOP_LIMIT, pc, ap, fp, steps, stackSize, trace);
    if (<u32>pc >= recordCount) return stop(context, STOP_GENERAL, pc, ap, fp, steps, stackSize, trace);
    const record = records + (<usize>pc << RECORD_SHIFT);
    let head = load<u64>(record);
    if ((head & 0xff) == KIND_UNDECODED) {
      decode(codeRow, code, segment, pc, record);
      head = load<u64>(record);
    }
    if (head & FLAG_HINTED && !skipsHints) {
      const hints = load<usize>(record, HINTS);
      let left = 0;
      if (hints) {
        store<i32>(stackRow, stackSize, SIZE);
        left = runHints(context, hints, ap, fp);
        codeRow = rowOf(context, segment);
        stackRow = rowOf(context, EXECUTION_SEGMENT);
        stackSize = load<i32>(stackRow, SIZE);
      }
      if (left >= 0) {
        store<i32>(context, left, HINT_INDEX);
        return stop(context, STOP_HINT, pc, ap, fp, steps, stackSize, trace);
      }
    }
    skipsHints = false;

    const kind = <u32>(head & 0xff);
    const dstAt = operandAt(head, FLAG_DST_FP, 16, ap, fp);
    const op0At = operandAt(head, FLAG_OP0_FP, 32, ap, fp);
    if (kind <= KIND_GENERIC || <u32>dstAt >= stackCells || <u32>op0At >= stackCells)
      return stop(context, STOP_GENERAL, pc, ap, fp, steps, stackSize, trace);
    let dst = stack + (<usize>dstAt << CELL_SHIFT);
    let op0 = stack + (<usize>op0At << CELL_SHIFT);
    const dst3 = load<u64>(dst, 24);
    const op03 = load<u64>(op0, 24);

    if (kind <= KIND_DOUBLE_DEREF) {
      // Assertions: the result r, then the comparison with dst, or dst becomes r.
      let r0: u64, r1: u64, r2: u64, r3: u64;
      let pcNext = pc + 1;
      /** The cell of op1. */
      let op1: usize;
      if ((op03 & PRESENT) == 0 && kind != KIND_ADD)
        return stop(context, STOP_GENERAL, pc, ap, fp, steps, stackSize, trace);
      if (kind == KIND_DOUBLE_DEREF) {
        if ((op03 & POINTER) == 0) return stop(context, STOP_GENERAL, pc, ap, fp, steps, stackSize, trace);
        const pointer = load<u64>(op0);
        const target = <i32>(pointer >> OFFSET_BITS);
        const offset = <i32>(pointer & (OFFSET_BOUND - 1)) + <i32>(<i16>(head >> 48));
        if (<u32>offset >= <u32>OFFSET_BOUND || target >= load<i32>(context, SEGMENT_COUNT))
          return stop(context, STOP_GENERAL, pc, ap, fp, steps, stackSize, trace);
        const row = rowOf(context, target);
        let cell = load<usize>(row, BASE) + (<usize>offset << CELL_SHIFT);
        const isInside = <u32>offset < load<u32>(row, CAPACITY);
        const cell3 = isInside ? load<u64>(cell, 24) : 0;
        if (cell3 & PRESENT) {
          r0 = load<u64>(cell);
          r1 = load<u64>(cell, 8);
          r2 = load<u64>(cell, 16);
          r3 = cell3;
        } else {
          // The cell behind the pointer is empty: it becomes dst, or what its builtin deduces.
          const instanceCells = <i32>load<u8>(row, INSTANCE_CELLS);
          const index = instanceCells ? offset % instanceCells : 0;
          const isOutput = index >= <i32>load<u8>(row, INPUT_CELLS) && instanceCells != 0;
          if (load<u32>(row, WATCHED) || (isOutput ? !load<u8>(row, IS_BITWISE) : (dst3 & PRESENT) == 0))
            return stop(context, STOP_GENERAL, pc, ap, fp, steps, stackSize, trace);
          const d0 = load<u64>(dst);
          const d1 = load<u64>(dst, 8);
          const d2 = load<u64>(dst, 16);
          if (isOutput) {
            const instance = cell - (<usize>index << CELL_SHIFT);
            if (<u32>(offset - index + 1) >= load<u32>(row, CAPACITY) || deduceBitwise(instance, index) != 1)
              return stop(context, STOP_GENERAL, pc, ap, fp, steps, stackSize, trace);
            r0 = load<u64>(RESULT);
            r1 = load<u64>(RESULT, 8);
            r2 = load<u64>(RESULT, 16);
            r3 = load<u64>(RESULT, 24);
            // A dst that differs is the host's to report.
            const isDifferent =
              ((d0 ^ r0) | (d1 ^ r1) | (d2 ^ r2) | ((dst3 ^ r3) & (FELT_BITS | POINTER))) != 0;
            if (dst3 & PRESENT && isDifferent)
              return stop(context, STOP_GENERAL, pc, ap, fp, steps, stackSize, trace);
          } else {
            r0 = d0;
            r1 = d1;
            r2 = d2;
            r3 = dst3;
            const bits = load<i32>(row, VALUE_BITS);
            if (bits && !isBelow(dst, bits))
              return stop(context, STOP_GENERAL, pc, ap, fp, steps, stackSize, trace);
          }
          if (!isInside) {
            store<i32>(stackRow, stackSize, SIZE);
            if (!grow(context, target, offset + 1))
              return stop(context, STOP_GENERAL, pc, ap, fp, steps, stackSize, trace);
            code = load<usize>(codeRow, BASE);
            stack = load<usize>(stackRow, BASE);
            stackCells = load<u32>(stackRow, CAPACITY);
            dst = stack + (<usize>dstAt << CELL_SHIFT);
            op0 = stack + (<usize>op0At << CELL_SHIFT);
            cell = load<usize>(row, BASE) + (<usize>offset << CELL_SHIFT);
          }
          store<u64>(cell, r0);
          store<u64>(cell, r1, 8);
          store<u64>(cell, r2, 16);
          store<u64>(cell, r3 | ACCESSED, 24);
          if (target == EXECUTION_SEGMENT) stackSize = max(stackSize, offset + 1);
          else if (offset >= load<i32>(row, SIZE)) store<i32>(row, offset + 1, SIZE);
        }
        op1 = cell;
      } else {
        let op1At = -1;
        if (head & FLAG_IMMEDIATE) {
          pcNext = pc + 2;
          op1 = code + (<usize>(pc + 1) << CELL_SHIFT);
        } else {
          op1At = operandAt(head, FLAG_OP1_FP, 48, ap, fp);
          if (<u32>op1At >= stackCells) return stop(context, STOP_GENERAL, pc, ap, fp, steps, stackSize, trace);
          op1 = stack + (<usize>op1At << CELL_SHIFT);
        }
        const op13 = load<u64>(op1, 24);
        if ((op03 & op13 & PRESENT) == 0) {
          // An unknown operand follows from dst.
          if ((dst3 & PRESENT) == 0 || kind == KIND_MULTIPLY)
            return stop(context, STOP_GENERAL, pc, ap, fp, steps, stackSize, trace);
          const isFirst = (op03 & PRESENT) == 0;
          if (kind == KIND_ASSERT) {
            r0 = load<u64>(dst);
            r1 = load<u64>(dst, 8);
            r2 = load<u64>(dst, 16);
            r3 = dst3;
          } else {
            if (((op03 | op13) & PRESENT) == 0 || !subtractCells(dst, isFirst ? op1 : op0))
              return stop(context, STOP_GENERAL, pc, ap, fp, steps, stackSize, trace);
            r0 = load<u64>(RESULT);
            r1 = load<u64>(RESULT, 8);
            r2 = load<u64>(RESULT, 16);
            r3 = load<u64>(RESULT, 24);
          }
          const unknown = isFirst ? op0 : op1;
          store<u64>(unknown, r0);
          store<u64>(unknown, r1, 8);
          store<u64>(unknown, r2, 16);
          store<u64>(unknown, r3 | ACCESSED, 24);
          stackSize = max(stackSize, (isFirst ? op0At : op1At) + 1);
          touch(dst, dst3);
          if (isFirst) touch(op1, load<u64>(op1, 24));
          else touch(op0, load<u64>(op0, 24));
          if (trace) {
            store<i32>(trace, pc);
            store<i32>(trace, ap, 4);
            store<i32>(trace, fp, 8);
            trace += 12;
          }
          pc = pcNext;
          ap += i32((head & FLAG_AP_PLUS_1) != 0);
          steps++;
          continue;
        }
        if (kind == KIND_ASSERT) {
          r0 = load<u64>(op1);
          r1 = load<u64>(op1, 8);
          r2 = load<u64>(op1, 16);
          r3 = op13;
        } else if (kind == KIND_ADD) {
          const a0 = load<u64>(op0);
          const a1 = load<u64>(op0, 8);
          const a2 = load<u64>(op0, 16);
          const b1 = load<u64>(op1, 8);
          const b2 = load<u64>(op1, 16);
          if (((a1 | a2 | b1 | b2) | ((op03 | op13) & (FELT_BITS | POINTER))) == 0) {
            r0 = a0 + load<u64>(op1);
            r1 = u64(r0 < a0);
            r2 = 0;
            r3 = PRESENT;
          } else {
            if (((op03 | op13) & POINTER) == 0) addFelts(op0, op1);
            else if (!addCells(op0, op1))
              return stop(context, STOP_GENERAL, pc, ap, fp, steps, stackSize, trace);
            r0 = load<u64>(RESULT);
            r1 = load<u64>(RESULT, 8);
            r2 = load<u64>(RESULT, 16);
            r3 = load<u64>(RESULT, 24);
          }
        } else {
          if ((op03 | op13) & POINTER)
            return stop(context, STOP_GENERAL, pc, ap, fp, steps, stackSize, trace);
          multiplyCells(op0, op1);
          r0 = load<u64>(RESULT);
          r1 = load<u64>(RESULT, 8);
          r2 = load<u64>(RESULT, 16);
          r3 = load<u64>(RESULT, 24);
        }
      }
      if (dst3 & PRESENT) {
        const isDifferent =
          ((load<u64>(dst) ^ r0) |
            (load<u64>(dst, 8) ^ r1) |
            (load<u64>(dst, 16) ^ r2) |
            ((dst3 ^ r3) & (FELT_BITS | POINTER))) !=
          0;
        if (isDifferent) return stop(context, STOP_GENERAL, pc, ap, fp, steps, stackSize, trace);
        touch(dst, dst3);
      } else {
        store<u64>(dst, r0);
        store<u64>(dst, r1, 8);
        store<u64>(dst, r2, 16);
        store<u64>(dst, r3 | ACCESSED, 24);
        if (dstAt >= stackSize) stackSize = dstAt + 1;
      }
      touch(op0, load<u64>(op0, 24));
      touch(op1, load<u64>(op1, 24));
      if (trace) {
        store<i32>(trace, pc);
        store<i32>(trace, ap, 4);
        store<i32>(trace, fp, 8);
        trace += 12;
      }
      pc = pcNext;
      ap += i32((head & FLAG_AP_PLUS_1) != 0);
      steps++;
      continue;
    }

    const isKnown = (dst3 & op03 & PRESENT) != 0;
    let pcNext = pc + load<i32>(record, STEP);
    let apNext = ap + i32((head & FLAG_AP_PLUS_1) != 0);
    let fpNext = fp;
    let jumpTarget: u64 = 0;
    if (kind == KIND_CALL) {
      if (((dst3 | op03) & PRESENT) != 0 || <u32>pcNext >= <u32>OFFSET_BOUND)
        return stop(context, STOP_GENERAL, pc, ap, fp, steps, stackSize, trace);
      store<u64>(dst, (<u64>EXECUTION_SEGMENT << OFFSET_BITS) | <u64>fp);
      store<u64>(dst, PRESENT | POINTER | ACCESSED, 24);
      store<u64>(op0, (<u64>segment << OFFSET_BITS) | <u64>(pc + 2));
      store<u64>(op0, PRESENT | POINTER | ACCESSED, 24);
      if (op0At >= stackSize) stackSize = op0At + 1;
      apNext = ap + 2;
      fpNext = apNext;
    } else {
      if (!isKnown) return stop(context, STOP_GENERAL, pc, ap, fp, steps, stackSize, trace);
      if (kind == KIND_JUMP_NOT_ZERO) {
        if (<u32>pcNext >= <u32>OFFSET_BOUND)
          return stop(context, STOP_GENERAL, pc, ap, fp, steps, stackSize, trace);
        const isZero =
          (load<u64>(dst) |
            load<u64>(dst, 8) |
            load<u64>(dst, 16) |
            (dst3 & (FELT_BITS | POINTER))) ==
          0;
        if (isZero) pcNext = pc + 2;
      } else if (kind == KIND_RETURN) {
        if ((dst3 & op03 & POINTER) == 0)
          return stop(context, STOP_GENERAL, pc, ap, fp, steps, stackSize, trace);
        const target = load<u64>(op0);
        fpNext = <i32>(load<u64>(dst) & (OFFSET_BOUND - 1));
        if (<i32>(target >> OFFSET_BITS) == segment) pcNext = <i32>(target & (OFFSET_BOUND - 1));
        else jumpTarget = target | (1 << 63);
      } else if (kind == KIND_JUMP_BY_CELL) {
        const op1At = operandAt(head, FLAG_OP1_FP, 48, ap, fp);
        if (<u32>op1At >= stackCells)
          return stop(context, STOP_GENERAL, pc, ap, fp, steps, stackSize, trace);
        const op1 = stack + (<usize>op1At << CELL_SHIFT);
        const op13 = load<u64>(op1, 24);
        const distance = (op13 & (PRESENT | POINTER)) == PRESENT ? smallValue(op1) : i64.MIN_VALUE;
        if (distance <= -<i64>OFFSET_BOUND || distance >= <i64>OFFSET_BOUND)
          return stop(context, STOP_GENERAL, pc, ap, fp, steps, stackSize, trace);
        pcNext = pc + <i32>distance;
        if (<u32>pcNext >= <u32>OFFSET_BOUND)
          return stop(context, STOP_GENERAL, pc, ap, fp, steps, stackSize, trace);
        touch(op1, op13);
      } else if (kind == KIND_JUMP) {
        if (<u32>pcNext >= <u32>OFFSET_BOUND)
          return stop(context, STOP_GENERAL, pc, ap, fp, steps, stackSize, trace);
      } else {
        apNext = ap + load<i32>(record, STEP);
        if (<u32>apNext >= <u32>OFFSET_BOUND)
          return stop(context, STOP_GENERAL, pc, ap, fp, steps, stackSize, trace);
        pcNext = pc + 2;
      }
      touch(dst, load<u64>(dst, 24));
      touch(op0, load<u64>(op0, 24));
    }
    if (trace) {
      store<i32>(trace, pc);
      store<i32>(trace, ap, 4);
      store<i32>(trace, fp, 8);
      trace += 12;
    }
    ap = apNext;
    fp = fpNext;
    steps++;
    if (jumpTarget) {
      store<u64>(context, jumpTarget, JUMP_TARGET);
      return stop(context, STOP_JUMP, pc, ap, fp, steps, stackSize, trace);
    }
    pc = pcNext;
  }
}

// The most frequent hints. A hint that meets anything unusual is left to the host, before it has changed a cell.

import { newSegment, rowOf } from './arena';
import {
  addCells,
  isBelow,
  isLess,
  isTemporary,
  multiplyCells,
  RESULT,
  sameCells,
  storeCell,
} from './cells';
import { divide, QUOTIENT, REMAINDER } from './divide';
import {
  ACCESSED,
  BASE,
  CAPACITY,
  CELL_SHIFT,
  EXECUTION_SEGMENT,
  FELT_BITS,
  OFFSET_BITS,
  OFFSET_BOUND,
  POINTER,
  PRESENT,
  SEGMENT_COUNT,
  SIZE,
} from './layout';

// A list of hints: their count, then per hint its number, three operands and two target cells.
const HINT_BYTES: usize = 96;
const FIRST_HINT: usize = 8;
const OPERANDS: usize = 4;
const OPERAND_BYTES: usize = 24;
const TARGETS: usize = 76;
const TARGET_BYTES: usize = 8;

const ALLOC_SEGMENT: i32 = 0;
const TEST_LESS_THAN: i32 = 1;
const TEST_LESS_THAN_OR_EQUAL: i32 = 2;
const DIV_MOD: i32 = 3;
const LINEAR_SPLIT: i32 = 4;
const WIDE_MULTIPLY: i32 = 5;

const FORM_CELL: i32 = 0;
const FORM_DOUBLE_DEREF: i32 = 1;
const FORM_CONSTANT: i32 = 2;
const FORM_ADD_CELL: i32 = 3;
const FORM_ADD_CONSTANT: i32 = 4;
const FORM_MULTIPLY_CELL: i32 = 5;

const A: usize = memory.data(32, 32);
const B: usize = memory.data(32, 32);
const C: usize = memory.data(32, 32);

let context: usize = 0;
let ap: i32 = 0;
let fp: i32 = 0;

/** Runs the hints of a list; returns −1, or the index of the first that is left to the host. */
export function runHints(runContext: usize, list: usize, runAp: i32, runFp: i32): i32 {
  context = runContext;
  ap = runAp;
  fp = runFp;
  const count = load<i32>(list);
  for (let i = 0; i < count; i++) if (!runHint(list + FIRST_HINT + <usize>i * HINT_BYTES)) return i;
  return -1;
}

/** A stack cell by register (1 for fp) and offset; 0 when it is outside the block. */
function stackCell(at: usize): usize {
  const offset = (load<i32>(at) ? fp : ap) + load<i32>(at, 4);
  const row = rowOf(context, EXECUTION_SEGMENT);
  if (<u32>offset >= load<u32>(row, CAPACITY)) return 0;
  return load<usize>(row, BASE) + (<usize>offset << CELL_SHIFT);
}

function copyValue(out: usize, cell: usize): bool {
  const top = load<u64>(cell, 24);
  storeCell(out, load<u64>(cell), load<u64>(cell, 8), load<u64>(cell, 16), top & ~ACCESSED);
  return (top & PRESENT) != 0;
}

/** The value of an operand; false when the host must find it. */
function readOperand(hint: usize, index: i32, out: usize): bool {
  const operand = hint + OPERANDS + <usize>index * OPERAND_BYTES;
  const form = load<i32>(operand);
  const constant = load<usize>(operand, 20);
  if (form == FORM_CONSTANT) return copyValue(out, constant);
  const first = stackCell(operand + 4);
  if (!first || !copyValue(out, first)) return false;
  if (form == FORM_CELL) return true;
  if (form == FORM_DOUBLE_DEREF) {
    if ((load<u64>(out, 24) & POINTER) == 0) return false;
    const pointer = load<u64>(out);
    const segment = <i32>(pointer >> OFFSET_BITS);
    const offset = <i32>(pointer & (OFFSET_BOUND - 1)) + load<i32>(operand, 12);
    if (segment >= load<i32>(context, SEGMENT_COUNT)) return false;
    const row = rowOf(context, segment);
    if (<u32>offset >= load<u32>(row, CAPACITY)) return false;
    return copyValue(out, load<usize>(row, BASE) + (<usize>offset << CELL_SHIFT));
  }
  const isConstant = form != FORM_ADD_CELL && form != FORM_MULTIPLY_CELL;
  const second = isConstant ? constant : stackCell(operand + 12);
  if (!second || (load<u64>(second, 24) & (PRESENT | POINTER)) != PRESENT) return false;
  if (form == FORM_ADD_CELL || form == FORM_ADD_CONSTANT) {
    if (!addCells(out, second)) return false;
  } else {
    if (load<u64>(out, 24) & POINTER) return false;
    multiplyCells(out, second);
  }
  return copyValue(out, RESULT);
}

function readFelt(hint: usize, index: i32, out: usize): bool {
  return readOperand(hint, index, out) && (load<u64>(out, 24) & POINTER) == 0;
}

/** Sets a target cell; false when it holds another value or lies outside the block. */
function write(hint: usize, index: i32, value: usize): bool {
  const at = hint + TARGETS + <usize>index * TARGET_BYTES;
  const cell = stackCell(at);
  if (!cell) return false;
  if (load<u64>(cell, 24) & PRESENT) return sameCells(cell, value);
  const top = load<u64>(value, 24) | load<u64>(cell, 24) | PRESENT;
  storeCell(cell, load<u64>(value), load<u64>(value, 8), load<u64>(value, 16), top);
  const size = (load<i32>(at) ? fp : ap) + load<i32>(at, 4) + 1;
  const row = rowOf(context, EXECUTION_SEGMENT);
  if (size > load<i32>(row, SIZE)) store<i32>(row, size, SIZE);
  return true;
}

function writeFlag(hint: usize, value: bool): bool {
  storeCell(RESULT, u64(value), 0, 0, PRESENT);
  return write(hint, 0, RESULT);
}

function runHint(hint: usize): bool {
  switch (load<i32>(hint)) {
    case ALLOC_SEGMENT: {
      const cell = stackCell(hint + TARGETS);
      if (!cell || load<u64>(cell, 24) & PRESENT) return false;
      const segment = newSegment(context);
      if (segment < 0) return false;
      storeCell(RESULT, <u64>segment << OFFSET_BITS, 0, 0, PRESENT | POINTER);
      return write(hint, 0, RESULT);
    }
    case TEST_LESS_THAN: {
      if (!readFelt(hint, 0, A) || !readFelt(hint, 1, B)) return false;
      return writeFlag(hint, isLess(A, B));
    }
    case TEST_LESS_THAN_OR_EQUAL: {
      if (!readOperand(hint, 0, A) || !readOperand(hint, 1, B)) return false;
      if (isTemporary(A) || isTemporary(B)) return false;
      const isPointerA = (load<u64>(A, 24) & POINTER) != 0;
      const isPointerB = (load<u64>(B, 24) & POINTER) != 0;
      // Pointers come before felts.
      if (isPointerA != isPointerB) return writeFlag(hint, isPointerA);
      return writeFlag(hint, isPointerA ? load<u64>(A) <= load<u64>(B) : !isLess(B, A));
    }
    case DIV_MOD: {
      if (!readFelt(hint, 0, A) || !readFelt(hint, 1, B) || isZero(B)) return false;
      divide(A, B);
      return write(hint, 0, QUOTIENT) && write(hint, 1, REMAINDER);
    }
    case LINEAR_SPLIT: {
      if (!readFelt(hint, 0, A) || !readFelt(hint, 1, B) || !readFelt(hint, 2, C) || isZero(B)) return false;
      divide(A, B);
      if (isLess(C, QUOTIENT)) return false;
      return write(hint, 0, QUOTIENT) && write(hint, 1, REMAINDER);
    }
    case WIDE_MULTIPLY: {
      if (!readFelt(hint, 0, A) || !readFelt(hint, 1, B)) return false;
      if (!isBelow(A, 128) || !isBelow(B, 128)) return false;
      wideMultiply();
      return write(hint, 0, A) && write(hint, 1, B);
    }
    default:
      return false;
  }
}

function isZero(cell: usize): bool {
  return (load<u64>(cell) | load<u64>(cell, 8) | load<u64>(cell, 16) | (load<u64>(cell, 24) & FELT_BITS)) == 0;
}

/** Turns the 128-bit integers A and B into the high and the low half of their product. */
function wideMultiply(): void {
  let low: u64 = 0;
  let high: u64 = 0;
  let top: u64 = 0;
  let first: u64 = 0;
  let second: u64 = 0;
  let third: u64 = 0;
  // Columns of 32-bit digits; a column is below 2^67: `top` takes what leaves 64 bits.
  let carry: u64 = 0;
  for (let column = 0; column < 8; column++) {
    low = carry;
    top = 0;
    for (let i = max(0, column - 3); i <= min(3, column); i++) {
      const product =
        <u64>load<u32>(A + (<usize>i << 2)) * <u64>load<u32>(B + (<usize>(column - i) << 2));
      low += product;
      top += u64(low < product);
    }
    carry = (low >> 32) | (top << 32);
    const digit = low & 0xffffffff;
    if (column < 2) first |= digit << (<u64>column << 5);
    else if (column < 4) second |= digit << (<u64>(column - 2) << 5);
    else if (column < 6) third |= digit << (<u64>(column - 4) << 5);
    else high |= digit << (<u64>(column - 6) << 5);
  }
  storeCell(A, third, high, 0, PRESENT);
  storeCell(B, first, second, 0, PRESENT);
}

// Instruction words to records. What is no common form stays with the host, errors included.

import { smallValue } from './cells';
import {
  ACCESSED,
  CAPACITY,
  CELL_SHIFT,
  FELT_BITS,
  FLAG_AP_PLUS_1,
  FLAG_DST_FP,
  FLAG_HINTED,
  FLAG_IMMEDIATE,
  FLAG_OP0_FP,
  FLAG_OP1_FP,
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
  OFFSET_BOUND,
  POINTER,
  PRESENT,
  STEP,
} from './layout';

const OFFSET_BIAS: i32 = 0x8000;
const OP1_OP0: u32 = 0;
const OP1_IMMEDIATE: u32 = 1;
const OP1_FP: u32 = 2;
const OP1_AP: u32 = 4;
const OPCODE_NOP: u32 = 0;
const OPCODE_CALL: u32 = 1;
const OPCODE_RETURN: u32 = 2;
const OPCODE_ASSERT: u32 = 4;
const PC_REGULAR: u32 = 0;
const PC_JUMP: u32 = 1;
const PC_RELATIVE: u32 = 2;
const PC_NOT_ZERO: u32 = 4;
const AP_REGULAR: u32 = 0;
const AP_ADD: u32 = 1;
const AP_PLUS_1: u32 = 2;

/** Fills the record of the word at `pc`; leaves it undecoded while words are missing. */
export function decode(row: usize, code: usize, segment: i32, pc: i32, record: usize): void {
  const cell = code + (<usize>pc << CELL_SHIFT);
  const top = load<u64>(cell, 24);
  if ((top & PRESENT) == 0) return;
  const word = load<u64>(cell);
  const isPlain = ((top & (FELT_BITS | POINTER)) | load<u64>(cell, 8) | load<u64>(cell, 16)) == 0;
  if (!isPlain || <i64>word < 0) {
    store<u8>(record, <u8>KIND_GENERIC);
    return;
  }
  const flags = <u32>(word >> 48);
  const op1Source = (flags >> 2) & 7;
  const offOp1 = <i32>((word >> 32) & 0xffff) - OFFSET_BIAS;
  let immediate: usize = 0;
  if (op1Source == OP1_IMMEDIATE && offOp1 == 1) {
    if (pc + 1 >= load<i32>(row, CAPACITY)) return;
    immediate = cell + (1 << CELL_SHIFT);
    if ((load<u64>(immediate, 24) & PRESENT) == 0) return;
  }
  const kind = kindOf(word, flags, op1Source, offOp1, immediate != 0);
  if (kind == KIND_GENERIC) {
    store<u8>(record, <u8>KIND_GENERIC);
    return;
  }
  if (kind >= KIND_JUMP && kind <= KIND_ADVANCE_AP && kind != KIND_RETURN) {
    const step = (load<u64>(immediate, 24) & POINTER) == 0 ? smallValue(immediate) : i64.MIN_VALUE;
    if (step <= -<i64>OFFSET_BOUND || step >= <i64>OFFSET_BOUND) {
      store<u8>(record, <u8>KIND_GENERIC);
      return;
    }
    store<i32>(record, <i32>step, STEP);
  }
  // Cells of the program segment never count as holes; code elsewhere is touched by running it.
  if (segment != 0) {
    store<u64>(cell, top | ACCESSED, 24);
    if (immediate) store<u64>(immediate, load<u64>(immediate, 24) | ACCESSED, 24);
  }
  let head = <u64>kind | (load<u64>(record) & FLAG_HINTED);
  if (flags & 1) head |= FLAG_DST_FP;
  if (flags & 2) head |= FLAG_OP0_FP;
  if (op1Source == OP1_FP) head |= FLAG_OP1_FP;
  if (immediate) head |= FLAG_IMMEDIATE;
  if (((flags >> 10) & 3) == AP_PLUS_1) head |= FLAG_AP_PLUS_1;
  // The biased offsets become signed 16-bit numbers by flipping their top bits.
  store<u64>(record, head | (((word & 0x0000ffffffffffff) ^ 0x0000800080008000) << 16));
}

function kindOf(word: u64, flags: u32, op1Source: u32, offOp1: i32, hasImmediate: bool): u32 {
  const res = (flags >> 5) & 3;
  const pcUpdate = (flags >> 7) & 7;
  const apUpdate = (flags >> 10) & 3;
  const opcode = (flags >> 12) & 7;
  const offDst = <i32>(word & 0xffff) - OFFSET_BIAS;
  const offOp0 = <i32>((word >> 16) & 0xffff) - OFFSET_BIAS;
  const hasCell = op1Source == OP1_FP || op1Source == OP1_AP;
  const keepsAp = apUpdate == AP_REGULAR || apUpdate == AP_PLUS_1;
  if (opcode == OPCODE_ASSERT && pcUpdate == PC_REGULAR && keepsAp) {
    if (res == 0 && op1Source == OP1_OP0) return KIND_DOUBLE_DEREF;
    if (!hasImmediate && !hasCell) return KIND_GENERIC;
    if (res == 0) return KIND_ASSERT;
    if (res == 1) return KIND_ADD;
    return res == 2 ? KIND_MULTIPLY : KIND_GENERIC;
  }
  if (res != 0) return KIND_GENERIC;
  if (opcode == OPCODE_NOP) {
    if (hasImmediate) {
      if (pcUpdate == PC_NOT_ZERO && keepsAp) return KIND_JUMP_NOT_ZERO;
      if (pcUpdate == PC_RELATIVE && keepsAp) return KIND_JUMP;
      if (pcUpdate == PC_REGULAR && apUpdate == AP_ADD) return KIND_ADVANCE_AP;
    }
    return hasCell && pcUpdate == PC_RELATIVE && keepsAp ? KIND_JUMP_BY_CELL : KIND_GENERIC;
  }
  if (opcode == OPCODE_CALL) {
    const isCall = hasImmediate && pcUpdate == PC_RELATIVE && apUpdate == AP_REGULAR && (flags & 3) == 0;
    return isCall && offDst == 0 && offOp0 == 1 ? KIND_CALL : KIND_GENERIC;
  }
  if (opcode == OPCODE_RETURN) {
    const isReturn = op1Source == OP1_FP && pcUpdate == PC_JUMP && apUpdate == AP_REGULAR && (flags & 3) == 3;
    return isReturn && offDst == -2 && offOp0 == -1 && offOp1 == -1 ? KIND_RETURN : KIND_GENERIC;
  }
  return KIND_GENERIC;
}

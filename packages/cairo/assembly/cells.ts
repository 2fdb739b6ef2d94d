// Arithmetic on cells. Operands are addresses of present cells; results go to RESULT, without the accessed tag.

import { multiplyFelts } from './multiplyKernel';
import { FELT_BITS, FIRST_TEMPORARY, OFFSET_BITS, OFFSET_BOUND, POINTER, PRESENT } from './layout';

/** Where results are left. */
export const RESULT: usize = memory.data(32, 32);

/** Top word of the prime 2^251 + 17·2^192 + 1; its low word is 1, the others 0. */
export const PRIME_TOP: u64 = 0x0800000000000011;
const NOT_SMALL: i64 = i64.MIN_VALUE;

/** Stores a value word by word. */
// @ts-ignore: decorator
@inline
export function storeCell(cell: usize, w0: u64, w1: u64, w2: u64, w3: u64): void {
  store<u64>(cell, w0);
  store<u64>(cell, w1, 8);
  store<u64>(cell, w2, 16);
  store<u64>(cell, w3, 24);
}

/** A felt cell's value as a signed number of magnitude below 2^52, or the smallest i64. */
export function smallValue(cell: usize): i64 {
  const w0 = load<u64>(cell);
  const w1 = load<u64>(cell, 8);
  const w2 = load<u64>(cell, 16);
  const w3 = load<u64>(cell, 24) & FELT_BITS;
  if ((w1 | w2 | w3) == 0) return w0 < 0x10000000000000 ? <i64>w0 : NOT_SMALL;
  if (w3 == PRIME_TOP) return (w0 | w1 | w2) == 0 ? -1 : NOT_SMALL;
  if (w3 == PRIME_TOP - 1 && (w1 & w2) == 0xffffffffffffffff && w0 > 0xfff0000000000000) return <i64>w0 - 1;
  return NOT_SMALL;
}

/** Leaves pointer + delta; false when it leaves the segment. */
function movePointer(pointer: u64, delta: i64): bool {
  const offset = <i64>(pointer & (OFFSET_BOUND - 1));
  if (delta == NOT_SMALL || <u64>(offset + delta) >= <u64>OFFSET_BOUND) return false;
  storeCell(RESULT, pointer + delta, 0, 0, PRESENT | POINTER);
  return true;
}

/** Leaves the sum of two felts. */
export function addFelts(a: usize, b: usize): void {
  const a0 = load<u64>(a);
  const a1 = load<u64>(a, 8);
  const a2 = load<u64>(a, 16);
  const b1 = load<u64>(b, 8);
  const b2 = load<u64>(b, 16);
  let w0 = a0 + load<u64>(b);
  let carry = u64(w0 < a0);
  let w1 = a1 + b1;
  let next = u64(w1 < a1);
  w1 += carry;
  carry = next | u64(w1 < carry);
  let w2 = a2 + b2;
  next = u64(w2 < a2);
  w2 += carry;
  carry = next | u64(w2 < carry);
  let w3 = (load<u64>(a, 24) & FELT_BITS) + (load<u64>(b, 24) & FELT_BITS) + carry;
  if (w3 > PRIME_TOP || (w3 == PRIME_TOP && (w0 | w1 | w2) != 0)) {
    const borrow0 = u64(w0 == 0);
    w0 -= 1;
    const borrow1 = borrow0 & u64(w1 == 0);
    w1 -= borrow0;
    const borrow2 = borrow1 & u64(w2 == 0);
    w2 -= borrow1;
    w3 -= PRIME_TOP + borrow2;
  }
  storeCell(RESULT, w0, w1, w2, w3 | PRESENT);
}

/** Leaves the difference of two felts. */
function subtractFelts(a: usize, b: usize): void {
  const a0 = load<u64>(a);
  const a1 = load<u64>(a, 8);
  const a2 = load<u64>(a, 16);
  const b0 = load<u64>(b);
  const b1 = load<u64>(b, 8);
  const b2 = load<u64>(b, 16);
  let w0 = a0 - b0;
  let borrow = u64(a0 < b0);
  let w1 = a1 - b1 - borrow;
  borrow = u64(a1 < b1) | (u64(a1 == b1) & borrow);
  let w2 = a2 - b2 - borrow;
  borrow = u64(a2 < b2) | (u64(a2 == b2) & borrow);
  let w3 = (load<u64>(a, 24) & FELT_BITS) - (load<u64>(b, 24) & FELT_BITS) - borrow;
  if (<i64>w3 < 0) {
    w0 += 1;
    const carry0 = u64(w0 == 0);
    w1 += carry0;
    const carry1 = carry0 & u64(w1 == 0);
    w2 += carry1;
    w3 += PRIME_TOP + (carry1 & u64(w2 == 0));
  }
  storeCell(RESULT, w0, w1, w2, w3 | PRESENT);
}

/** Leaves a + b for felts and pointers; false where there is no sum. */
export function addCells(a: usize, b: usize): bool {
  const isPointerA = (load<u64>(a, 24) & POINTER) != 0;
  const isPointerB = (load<u64>(b, 24) & POINTER) != 0;
  if (isPointerA) return !isPointerB && movePointer(load<u64>(a), smallValue(b));
  if (isPointerB) return movePointer(load<u64>(b), smallValue(a));
  addFelts(a, b);
  return true;
}

/** Leaves a − b; false where there is no difference. */
export function subtractCells(a: usize, b: usize): bool {
  const isPointerA = (load<u64>(a, 24) & POINTER) != 0;
  const isPointerB = (load<u64>(b, 24) & POINTER) != 0;
  if (!isPointerA) {
    if (isPointerB) return false;
    subtractFelts(a, b);
    return true;
  }
  const p = load<u64>(a);
  if (!isPointerB) {
    const delta = smallValue(b);
    return delta != NOT_SMALL && movePointer(p, -delta);
  }
  const q = load<u64>(b);
  if (p >> OFFSET_BITS != q >> OFFSET_BITS) return false;
  leaveSmall(<i64>p - <i64>q);
  return true;
}

/** Leaves a signed number as a felt. */
export function leaveSmall(value: i64): void {
  if (value >= 0) storeCell(RESULT, value, 0, 0, PRESENT);
  else if (value == -1) storeCell(RESULT, 0, 0, 0, PRIME_TOP | PRESENT);
  else storeCell(RESULT, value + 1, 0xffffffffffffffff, 0xffffffffffffffff, (PRIME_TOP - 1) | PRESENT);
}

/** Leaves the product of two felts. */
export function multiplyCells(a: usize, b: usize): void {
  const a1 = load<u64>(a, 8);
  const a2 = load<u64>(a, 16);
  const a3 = load<u64>(a, 24) & FELT_BITS;
  const b1 = load<u64>(b, 8);
  const b2 = load<u64>(b, 16);
  const b3 = load<u64>(b, 24) & FELT_BITS;
  const a0 = load<u64>(a);
  const b0 = load<u64>(b);
  if ((b1 | b2 | b3 | (b0 >> 32)) == 0) multiplyBySmall(a0, a1, a2, a3, b0);
  else if ((a1 | a2 | a3 | (a0 >> 32)) == 0) multiplyBySmall(b0, b1, b2, b3, a0);
  else multiplyFelts(RESULT, a0, a1, a2, a3, b0, b1, b2, b3);
}

/** Leaves a·m for m below 2^32: the 33 bits above 2^251 fold back as −1 − 17·2^192 each. */
// @ts-ignore: decorator
@inline
function multiplyBySmall(a0: u64, a1: u64, a2: u64, a3: u64, m: u64): void {
  let low = (a0 & 0xffffffff) * m;
  let high = (a0 >> 32) * m + (low >> 32);
  const w0 = (high << 32) | (low & 0xffffffff);
  low = (a1 & 0xffffffff) * m + (high >> 32);
  high = (a1 >> 32) * m + (low >> 32);
  const w1 = (high << 32) | (low & 0xffffffff);
  low = (a2 & 0xffffffff) * m + (high >> 32);
  high = (a2 >> 32) * m + (low >> 32);
  const w2 = (high << 32) | (low & 0xffffffff);
  low = (a3 & 0xffffffff) * m + (high >> 32);
  high = (a3 >> 32) * m + (low >> 32);
  const w3 = (high << 32) | (low & 0xffffffff);
  const fold = ((high >> 32) << 5) | (w3 >> 59);
  let r0 = w0 - fold;
  let borrow = u64(w0 < fold);
  let r1 = w1 - borrow;
  borrow &= u64(w1 == 0);
  let r2 = w2 - borrow;
  borrow &= u64(w2 == 0);
  let r3 = (w3 & 0x07ffffffffffffff) - 17 * fold - borrow;
  if (<i64>r3 < 0) {
    r0 += 1;
    const carry0 = u64(r0 == 0);
    r1 += carry0;
    const carry1 = carry0 & u64(r1 == 0);
    r2 += carry1;
    r3 += PRIME_TOP + (carry1 & u64(r2 == 0));
  }
  storeCell(RESULT, r0, r1, r2, r3 | PRESENT);
}

/** True for the same value; tags besides present and pointer do not count. */
export function sameCells(a: usize, b: usize): bool {
  return (
    ((load<u64>(a) ^ load<u64>(b)) |
      (load<u64>(a, 8) ^ load<u64>(b, 8)) |
      (load<u64>(a, 16) ^ load<u64>(b, 16)) |
      ((load<u64>(a, 24) ^ load<u64>(b, 24)) & (FELT_BITS | POINTER))) ==
    0
  );
}

/** True when felt a is below felt b. */
export function isLess(a: usize, b: usize): bool {
  const a3 = load<u64>(a, 24) & FELT_BITS;
  const b3 = load<u64>(b, 24) & FELT_BITS;
  if (a3 != b3) return a3 < b3;
  const a2 = load<u64>(a, 16);
  const b2 = load<u64>(b, 16);
  if (a2 != b2) return a2 < b2;
  const a1 = load<u64>(a, 8);
  const b1 = load<u64>(b, 8);
  if (a1 != b1) return a1 < b1;
  return load<u64>(a) < load<u64>(b);
}

/** True for a pointer into a temporary segment. */
export function isTemporary(cell: usize): bool {
  return (load<u64>(cell, 24) & POINTER) != 0 && load<u64>(cell) >> OFFSET_BITS >= <u64>FIRST_TEMPORARY;
}

/** True for a felt below 2^bitCount, bitCount 96 or 128. */
export function isBelow(cell: usize, bitCount: i32): bool {
  if ((load<u64>(cell, 16) | (load<u64>(cell, 24) & (FELT_BITS | POINTER))) != 0) return false;
  return bitCount == 128 || load<u64>(cell, 8) >> 32 == 0;
}

// Division of 256-bit integers by 32-bit digits (Knuth's algorithm D).

import { FELT_BITS } from './layout';

/** Where {@link divide} leaves its results, as cells without tags. */
export const QUOTIENT: usize = memory.data(32, 32);
export const REMAINDER: usize = memory.data(32, 32);

const DIGITS: i32 = 8;
const DIGIT_BITS: u64 = 32;
const DIGIT_MASK: u64 = 0xffffffff;
const BASE: u64 = 0x100000000;
/** The dividend, shifted, with one digit more. */
const U: usize = memory.data(40, 32);
const V: usize = memory.data(32, 32);

function digitCount(number: usize): i32 {
  for (let i = DIGITS; i > 0; i--) if (load<u32>(number + (<usize>(i - 1) << 2))) return i;
  return 0;
}

/** Divides the values of cell a by that of cell b, which must not be 0. */
export function divide(a: usize, b: usize): void {
  memory.fill(QUOTIENT, 0, 32);
  memory.copy(V, b, 32);
  store<u64>(V, load<u64>(b, 24) & FELT_BITS, 24);
  memory.copy(REMAINDER, a, 32);
  store<u64>(REMAINDER, load<u64>(a, 24) & FELT_BITS, 24);
  const m = digitCount(REMAINDER);
  const n = digitCount(V);
  if (m < n) return;
  if (m <= 2) {
    const x = load<u64>(REMAINDER);
    const y = load<u64>(V);
    store<u64>(QUOTIENT, x / y);
    store<u64>(REMAINDER, x % y);
    return;
  }
  if (n == 1) {
    const y = <u64>load<u32>(V);
    let rest: u64 = 0;
    for (let i = m - 1; i >= 0; i--) {
      const at = <usize>i << 2;
      const x = (rest << DIGIT_BITS) | <u64>load<u32>(REMAINDER + at);
      store<u32>(QUOTIENT + at, <u32>(x / y));
      store<u32>(REMAINDER + at, 0);
      rest = x % y;
    }
    store<u64>(REMAINDER, rest);
    return;
  }
  divideLong(m, n);
}

/** The general case: divides REMAINDER of m digits by V of n ≥ 2 digits, m ≥ n. */
function divideLong(m: i32, n: i32): void {
  const shift = <u64>clz<u32>(load<u32>(V + (<usize>(n - 1) << 2)));
  store<u32>(U + (<usize>m << 2), 0);
  let low: u64 = 0;
  for (let i = 0; i < m; i++) {
    const digit = (<u64>load<u32>(REMAINDER + (<usize>i << 2)) << shift) | low;
    store<u32>(U + (<usize>i << 2), <u32>digit);
    low = digit >> DIGIT_BITS;
  }
  store<u32>(U + (<usize>m << 2), <u32>low);
  low = 0;
  for (let i = 0; i < n; i++) {
    const digit = (<u64>load<u32>(V + (<usize>i << 2)) << shift) | low;
    store<u32>(V + (<usize>i << 2), <u32>digit);
    low = digit >> DIGIT_BITS;
  }
  const top = <u64>load<u32>(V + (<usize>(n - 1) << 2));
  const second = <u64>load<u32>(V + (<usize>(n - 2) << 2));
  for (let j = m - n; j >= 0; j--) {
    const u = U + (<usize>j << 2);
    const head = (<u64>load<u32>(u + (<usize>n << 2)) << DIGIT_BITS) | <u64>load<u32>(u + (<usize>(n - 1) << 2));
    let q = head / top;
    let rest = head % top;
    while (q >= BASE || q * second > ((rest << DIGIT_BITS) | <u64>load<u32>(u + (<usize>(n - 2) << 2)))) {
      q--;
      rest += top;
      if (rest >= BASE) break;
    }
    let borrow: i64 = 0;
    let carry: u64 = 0;
    for (let i = 0; i < n; i++) {
      const at = u + (<usize>i << 2);
      const product = q * <u64>load<u32>(V + (<usize>i << 2)) + carry;
      carry = product >> DIGIT_BITS;
      const digit = <i64>load<u32>(at) - <i64>(product & DIGIT_MASK) + borrow;
      store<u32>(at, <u32>digit);
      borrow = digit >> DIGIT_BITS;
    }
    const last = <i64>load<u32>(u + (<usize>n << 2)) - <i64>carry + borrow;
    store<u32>(u + (<usize>n << 2), <u32>last);
    if (last < 0) {
      q--;
      let add: u64 = 0;
      for (let i = 0; i < n; i++) {
        const at = u + (<usize>i << 2);
        add += <u64>load<u32>(at) + <u64>load<u32>(V + (<usize>i << 2));
        store<u32>(at, <u32>add);
        add >>= DIGIT_BITS;
      }
      store<u32>(u + (<usize>n << 2), load<u32>(u + (<usize>n << 2)) + <u32>add);
    }
    store<u32>(QUOTIENT + (<usize>j << 2), <u32>q);
  }
  memory.fill(REMAINDER, 0, 32);
  for (let i = 0; i < n; i++) {
    const pair = <u64>load<u32>(U + (<usize>i << 2)) | (<u64>load<u32>(U + (<usize>(i + 1) << 2)) << DIGIT_BITS);
    store<u32>(REMAINDER + (<usize>i << 2), <u32>(pair >> shift));
  }
}

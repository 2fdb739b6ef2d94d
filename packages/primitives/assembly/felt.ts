// Felts between cells (canonical 256-bit integers) and limbs (Montgomery form), see scripts/feltKernels.mjs.

import { MONTGOMERY_SQUARED, PLAIN_ONE } from './feltConstants';
import { feltMul } from './feltKernels';
import { FELT } from './layout';

const MASK: i64 = 0x1fffffff;
const REDUCED = memory.data(36, 16);
const CANONICAL = memory.data(32, 16);

/** Limbs of the integer in a cell, no Montgomery factor. */
export function unpack(out: usize, cell: usize): void {
  const a = load<u64>(cell);
  const b = load<u64>(cell, 8);
  const c = load<u64>(cell, 16);
  const d = load<u64>(cell, 24);
  i64.store32(out, a & MASK);
  i64.store32(out, (a >> 29) & MASK, 4);
  i64.store32(out, ((a >> 58) | (b << 6)) & MASK, 8);
  i64.store32(out, (b >> 23) & MASK, 12);
  i64.store32(out, ((b >> 52) | (c << 12)) & MASK, 16);
  i64.store32(out, (c >> 17) & MASK, 20);
  i64.store32(out, ((c >> 46) | (d << 18)) & MASK, 24);
  i64.store32(out, (d >> 11) & MASK, 28);
  i64.store32(out, d >> 40, 32);
}

/** Cell of a non-negative integer below 2^256 in carried limbs. */
export function pack(cell: usize, a: usize): void {
  const l2 = i64.load32_u(a, 8);
  const l4 = i64.load32_u(a, 16);
  const l6 = i64.load32_u(a, 24);
  store<u64>(cell, i64.load32_u(a) | (i64.load32_u(a, 4) << 29) | (l2 << 58));
  store<u64>(cell, (l2 >> 6) | (i64.load32_u(a, 12) << 23) | (l4 << 52), 8);
  store<u64>(cell, (l4 >> 12) | (i64.load32_u(a, 20) << 17) | (l6 << 46), 16);
  store<u64>(cell, (l6 >> 18) | (i64.load32_u(a, 28) << 11) | (i64.load32_u(a, 32) << 40), 24);
}

/** Montgomery form of the integer in a cell. */
export function fromCell(out: usize, cell: usize): void {
  unpack(out, cell);
  feltMul(out, out, MONTGOMERY_SQUARED);
}

/** Canonical cell of the plain integer in carried limbs, −2p < a < p. Overwrites a. */
function packCanonical(cell: usize, a: usize): void {
  while (load<i32>(a, 32) < 0) {
    let carry: i64 = 1;
    for (let i: usize = 0; i < 32; i += 4) {
      carry += i64.load32_s(a + i) + (i == 24 ? 0x440000 : 0);
      i64.store32(a + i, carry & MASK);
      carry >>= 29;
    }
    i64.store32(a, carry + i64.load32_s(a, 32) + 0x80000, 32);
  }
  pack(cell, a);
}

/** Canonical cell of a·b without Montgomery factor: one factor is plain, the other in Montgomery form. */
export function mulToCell(cell: usize, a: usize, b: usize): void {
  feltMul(REDUCED, a, b);
  packCanonical(cell, REDUCED);
}

/** Canonical cell of a felt in Montgomery form. */
export function toCell(cell: usize, a: usize): void {
  mulToCell(cell, a, PLAIN_ONE);
}

/** True when a, carried and of magnitude below 2^6·p, is a multiple of p. */
export function isZero(a: usize): bool {
  // k·p has the low limb k modulo 2^29, so nearly every other value is sorted out by it.
  if (((load<i32>(a) + 64) & <i32>MASK) > 128) return false;
  toCell(CANONICAL, a);
  return (load<u64>(CANONICAL) | load<u64>(CANONICAL, 8) | load<u64>(CANONICAL, 16) | load<u64>(CANONICAL, 24)) == 0;
}

/** Copy of a felt. */
export function copyFelt(out: usize, a: usize): void {
  memory.copy(out, a, FELT);
}

/** a + b, carried. */
export function feltAdd(out: usize, a: usize, b: usize): void {
  let carry: i64 = 0;
  for (let i: usize = 0; i < 32; i += 4) {
    carry += i64.load32_s(a + i) + i64.load32_s(b + i);
    i64.store32(out + i, carry & MASK);
    carry >>= 29;
  }
  i64.store32(out, carry + i64.load32_s(a, 32) + i64.load32_s(b, 32), 32);
}

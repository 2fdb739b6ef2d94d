// Modular inverse by Bernstein–Yang divisions steps ("Fast constant-time gcd computation and modular inversion",
// 2019, with δ starting at 1/2), 29 steps at a time on the low limbs, then one matrix product on the full numbers.

import { FELT } from './layout';

const MASK: i64 = 0x1fffffff;
const F = memory.data(36, 16);
const G = memory.data(36, 16);
/** D·a ≡ F and E·a ≡ G modulo the modulus, at every moment. */
const D = memory.data(36, 16);
const E = memory.data(36, 16);

function isZeroInteger(a: usize): bool {
  let bits: i32 = 0;
  for (let i: usize = 0; i < FELT; i += 4) bits |= load<i32>(a + i);
  return bits == 0;
}

/**
 * Inverse of the integer a (carried limbs, not a non-zero multiple of the modulus; 0 gives 0) modulo an odd prime,
 * as carried limbs of magnitude below 22 times the modulus. `modulusInverse` is modulus⁻¹ mod 2^29.
 */
export function inverse(out: usize, a: usize, modulus: usize, modulusInverse: i64): void {
  memory.copy(F, modulus, FELT);
  memory.copy(G, a, FELT);
  memory.fill(D, 0, FELT);
  memory.fill(E, 0, FELT);
  store<i32>(E, 1);
  let zeta: i64 = -1; // −(δ + 1/2)
  while (!isZeroInteger(G)) {
    // Transition matrix (u v; q r) of 29 steps, scaled by 2^29; each row in one word: u + v·2^32.
    let f: i64 = i64.load32_u(F) | (i64.load32_u(F, 4) << 29);
    let g: i64 = i64.load32_u(G) | (i64.load32_u(G, 4) << 29);
    let uv: i64 = 1;
    let qr: i64 = 1 << 32;
    for (let step = 0; step < 29; step++) {
      const isOdd: i64 = -(g & 1);
      const swap: i64 = zeta >> 63;
      g += ((f ^ swap) - swap) & isOdd;
      qr += ((uv ^ swap) - swap) & isOdd;
      const swapOdd = swap & isOdd;
      zeta = (zeta ^ swapOdd) - 1;
      f += g & swapOdd;
      uv = (uv + (qr & swapOdd)) << 1;
      g >>= 1;
    }
    const u: i64 = <i64>(<i32>uv);
    const v: i64 = (uv - u) >> 32;
    const q: i64 = <i64>(<i32>qr);
    const r: i64 = (qr - q) >> 32;

    const d0 = i64.load32_s(D);
    const e0 = i64.load32_s(E);
    const md: i64 = (-(u * d0 + v * e0) * modulusInverse) & MASK;
    const me: i64 = (-(q * d0 + r * e0) * modulusInverse) & MASK;
    let cf: i64 = 0;
    let cg: i64 = 0;
    let cd: i64 = 0;
    let ce: i64 = 0;
    for (let i: usize = 0; i < FELT; i += 4) {
      const fi = i64.load32_s(F + i);
      const gi = i64.load32_s(G + i);
      const di = i64.load32_s(D + i);
      const ei = i64.load32_s(E + i);
      const mi = i64.load32_s(modulus + i);
      cf += u * fi + v * gi;
      cg += q * fi + r * gi;
      cd += u * di + v * ei + md * mi;
      ce += q * di + r * ei + me * mi;
      if (i > 0) {
        i64.store32(F + i - 4, cf & MASK);
        i64.store32(G + i - 4, cg & MASK);
        i64.store32(D + i - 4, cd & MASK);
        i64.store32(E + i - 4, ce & MASK);
      }
      cf >>= 29;
      cg >>= 29;
      cd >>= 29;
      ce >>= 29;
    }
    i64.store32(F, cf, 32);
    i64.store32(G, cg, 32);
    i64.store32(D, cd, 32);
    i64.store32(E, ce, 32);
  }
  const sign: i64 = load<i32>(F, 32) < 0 ? -1 : 1;
  let carry: i64 = 0;
  for (let i: usize = 0; i < 32; i += 4) {
    carry += i64.load32_s(D + i) * sign;
    i64.store32(out + i, carry & MASK);
    carry >>= 29;
  }
  i64.store32(out, carry + i64.load32_s(D, 32) * sign, 32);
}

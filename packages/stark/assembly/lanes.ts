// Arithmetic of M31 in four 32-bit lanes. Values lie in [0, p], so 0 has two forms; `canonical` makes it one. A doubled factor
// is 2b: then 2ab has floor(ab / 2^31) in its high word and 2·(ab mod 2^31) in its low one. p is passed in a register, loaded
// from memory by the caller: V8 from version 13 rebuilds vector constants at every use.

export const PRIME: usize = memory.data<u32>([0x7fffffff], 16);

// @ts-ignore: decorator
@inline
export function addLanes(a: v128, b: v128, p: v128): v128 {
  const s = i32x4.add(a, b);
  return i32x4.min_u(s, i32x4.sub(s, p));
}

// @ts-ignore: decorator
@inline
export function subLanes(a: v128, b: v128, p: v128): v128 {
  const d = i32x4.sub(a, b);
  return i32x4.min_u(d, i32x4.add(d, p));
}

// @ts-ignore: decorator
@inline
export function mulDoubled(a: v128, doubled: v128, p: v128): v128 {
  const low = i64x2.extmul_low_i32x4_u(a, doubled);
  const high = i64x2.extmul_high_i32x4_u(a, doubled);
  const s = i32x4.add(
    i32x4.shr_u(v128.shuffle<i32>(low, high, 0, 2, 4, 6), 1),
    v128.shuffle<i32>(low, high, 1, 3, 5, 7),
  );
  return i32x4.min_u(s, i32x4.sub(s, p));
}

// @ts-ignore: decorator
@inline
export function mulLanes(a: v128, b: v128, p: v128): v128 {
  return mulDoubled(a, i32x4.add(b, b), p);
}

// @ts-ignore: decorator
@inline
export function canonical(a: v128, p: v128): v128 {
  return i32x4.min_u(a, i32x4.sub(a, p));
}

/** a·b of two words in [0, p], in [0, p). */
export function mulWord(a: u32, b: u32): u32 {
  const product = <u64>a * <u64>b;
  const s = <u32>(product & 0x7fffffff) + <u32>(product >> 31);
  const r = select<u32>(s - 0x7fffffff, s, s >= 0x7fffffff);
  return select<u32>(r - 0x7fffffff, r, r >= 0x7fffffff);
}

/** a + b of two words in [0, p), in [0, p). */
export function addWord(a: u32, b: u32): u32 {
  const s = a + b;
  return select<u32>(s - 0x7fffffff, s, s >= 0x7fffffff);
}

/** a^(p - 2) in every lane. */
export function invertLanes(a: v128, p: v128): v128 {
  // p - 2 = 0b1111111111111111111111111111101.
  let result = a;
  for (let bit = 29; bit >= 0; bit--) {
    result = mulLanes(result, result, p);
    if (bit != 1) result = mulLanes(result, a, p);
  }
  return result;
}

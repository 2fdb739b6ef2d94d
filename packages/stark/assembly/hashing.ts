import { compressFour } from './blakeLanes';
import { keccakF1600Pair } from './keccakKernels';

// Leaves and nodes of Merkle trees: Blake2s four at a time, keccak-256 two at a time. `scratch` is memory of the caller's own.
// A column entry is two words: the address of its values and how to read them. Mode m < 32: value of row r at the lifted
// position r with m doublings; m ≥ 32: at index r·2^(m - 32) (columns of FRI leaves).

const SWAP_BYTES: usize = memory.data<u8>([3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12], 16);

/** Values of rows r … r + 3 (r a multiple of 4) of a column. */
// @ts-ignore: decorator
@inline
function fourRows(entry: usize, r: u32): v128 {
  const values = <usize>load<u32>(entry);
  const mode = load<u32>(entry, 4);
  if (mode == 0) return v128.load(values + (<usize>r << 2));
  if (mode < 32) return v128.load64_splat(values + (<usize>((r >> (mode + 1)) << 1) << 2));
  const stride: usize = <usize>4 << (mode - 32);
  const at = values + <usize>r * stride;
  let v = i32x4.splat(load<u32>(at));
  v = i32x4.replace_lane(v, 1, load<u32>(at + stride));
  v = i32x4.replace_lane(v, 2, load<u32>(at + 2 * stride));
  return i32x4.replace_lane(v, 3, load<u32>(at + 3 * stride));
}

/** Transposes four rows of four words at `from` (16 bytes apart) to `to`, `stride` bytes apart. */
// @ts-ignore: decorator
@inline
function transposeOut(from: usize, to: usize, stride: usize): void {
  const a = v128.load(from), b = v128.load(from + 16), c = v128.load(from + 32), d = v128.load(from + 48);
  const ab0 = v128.shuffle<i32>(a, b, 0, 4, 1, 5), ab1 = v128.shuffle<i32>(a, b, 2, 6, 3, 7);
  const cd0 = v128.shuffle<i32>(c, d, 0, 4, 1, 5), cd1 = v128.shuffle<i32>(c, d, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<i64>(ab0, cd0, 0, 2));
  v128.store(to + stride, v128.shuffle<i64>(ab0, cd0, 1, 3));
  v128.store(to + 2 * stride, v128.shuffle<i64>(ab1, cd1, 0, 2));
  v128.store(to + 3 * stride, v128.shuffle<i64>(ab1, cd1, 1, 3));
}

/** Transposes four words of four inputs, `stride` bytes apart, to four vectors. */
// @ts-ignore: decorator
@inline
function transposeIn(from: usize, stride: usize, to: usize): void {
  const a = v128.load(from), b = v128.load(from + stride), c = v128.load(from + 2 * stride), d = v128.load(from + 3 * stride);
  const ab0 = v128.shuffle<i32>(a, b, 0, 4, 1, 5), ab1 = v128.shuffle<i32>(a, b, 2, 6, 3, 7);
  const cd0 = v128.shuffle<i32>(c, d, 0, 4, 1, 5), cd1 = v128.shuffle<i32>(c, d, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<i64>(ab0, cd0, 0, 2));
  v128.store(to, v128.shuffle<i64>(ab0, cd0, 1, 3), 16);
  v128.store(to, v128.shuffle<i64>(ab1, cd1, 0, 2), 32);
  v128.store(to, v128.shuffle<i64>(ab1, cd1, 1, 3), 48);
}

// @ts-ignore: decorator
@inline
function setState(state: usize, initial: usize): void {
  for (let i: usize = 0; i < 8; i++) v128.store(state + (i << 4), v128.load32_splat(initial + (i << 2)));
}

/**
 * Digests of leaves first … first + count - 1 (multiples of 4) to target (32 bytes each, leaf `first` at its start).
 * `initial` is the state of the role.
 */
export function blakeLeaves(columns: usize, columnCount: i32, first: u32, count: u32, target: usize, initial: usize, scratch: usize): void {
  const state = scratch;
  const block = scratch + 128;
  for (let r = first; r < first + count; r += 4, target += 128) {
    setState(state, initial);
    let done = 0;
    let entry = columns;
    do {
      const words = min(16, columnCount - done);
      for (let i = 0; i < words; i++, entry += 8) v128.store(block + (<usize>i << 4), fourRows(entry, r));
      for (let i = words; i < 16; i++) v128.store(block + (<usize>i << 4), i32x4.splat(0));
      done += words;
      compressFour(state, block, done << 2, done == columnCount ? -1 : 0);
    } while (done < columnCount);
    transposeOut(state, target, 32);
    transposeOut(state + 64, target + 16, 32);
  }
}

/** Digests of count nodes (a multiple of 4) from the 2·count digests at source. */
export function blakeNodes(source: usize, target: usize, count: u32, initial: usize, scratch: usize): void {
  const state = scratch;
  const block = scratch + 128;
  for (let i: u32 = 0; i < count; i += 4, source += 256, target += 128) {
    setState(state, initial);
    for (let quarter: usize = 0; quarter < 4; quarter++) transposeIn(source + (quarter << 4), 64, block + (quarter << 6));
    compressFour(state, block, 64, -1);
    transposeOut(state, target, 32);
    transposeOut(state + 64, target + 16, 32);
  }
}

/** Adds 64 bits of two messages to the lane of a pair of states at an address. */
// @ts-ignore: decorator
@inline
function absorb(lane: usize, words: v128): void {
  v128.store(lane, v128.xor(v128.load(lane), words));
}

/** Leaves are hashed in such groups; what their columns share is absorbed once in each. */
const GROUP: u32 = 256;
/** Least count of states of a stage. */
const LEAST_STATES: u32 = 4;
/** Bytes of two states of Keccak, lane by lane. */
const PAIR_BYTES: usize = 400;

/** Values of classes j … j + 3 of a column, where 2^share rows of the same parity are one class. */
// @ts-ignore: decorator
@inline
function fourClasses(entry: usize, j: u32, share: u32): v128 {
  const values = <usize>load<u32>(entry);
  const mode = load<u32>(entry, 4) - share;
  if (mode == 0) return v128.load(values + (<usize>j << 2));
  if (mode < 32) return v128.load64_splat(values + (<usize>((j >> (mode + 1)) << 1) << 2));
  return fourRows(entry, j);
}

/**
 * Digests of leaves first … first + count - 1 (multiples of 4) to target. `role` is the role word as bytes stand.
 *
 * Columns of short tables have the same values in many leaves, and the sponge takes columns in order: what the first blocks
 * hold is absorbed once for all leaves that share it. `stages` lists pairs of words: a count of columns that ends with a
 * block (the last: all of them), and log2 of the leaves that share those so far.
 */
export function keccakLeaves(
  columns: usize,
  columnCount: i32,
  stages: usize,
  stageCount: i32,
  first: u32,
  count: u32,
  target: usize,
  role: u32,
  scratch: usize,
): void {
  for (let done: u32 = 0; done < count; done += GROUP) {
    const n = min(GROUP, count - done);
    const mostShared = 31 - clz(n / LEAST_STATES);
    let from = 0;
    let shareBefore: u32 = 0;
    let before: usize = 0;
    let next = scratch + 2 * PAIR_BYTES;
    for (let s = 0; s < stageCount; s++) {
      const to = load<i32>(stages + (<usize>s << 3));
      const share = min(load<u32>(stages + (<usize>s << 3), 4), mostShared);
      const isLast = s == stageCount - 1;
      const isFirst = s == 0;
      const base = (first + done) >> share;
      const step = shareBefore - share;
      for (let j: u32 = 0; j < n >> share; j += 4) {
        const low = isLast ? scratch : next + <usize>(j >> 1) * PAIR_BYTES;
        const high = low + PAIR_BYTES;
        if (isFirst) memory.fill(low, 0, 2 * PAIR_BYTES);
        else {
          memory.copy(low, before + <usize>((j >> 1) >> step) * PAIR_BYTES, PAIR_BYTES);
          memory.copy(high, before + <usize>(((j >> 1) + 1) >> step) * PAIR_BYTES, PAIR_BYTES);
        }
        const last = absorbColumns(columns, from, to, base + j, share, low, role);
        if (isLast) finishLeaves(low, columnCount, last, target + (<usize>(done + j) << 5));
      }
      from = to;
      shareBefore = share;
      before = next;
      next += <usize>(n >> share) * (PAIR_BYTES / 2);
    }
  }
}

/** Absorbs columns [from, to) into four states, and the role before column 0; the last column's words if they wait for more. */
function absorbColumns(columns: usize, from: i32, to: i32, j: u32, share: u32, low: usize, role: u32): v128 {
  const high = low + PAIR_BYTES;
  const swap = v128.load(SWAP_BYTES);
  // The words are the role and then the columns, two to a lane: columns 0, 1 + 2, 3 + 4 …
  let left = i32x4.splat(role);
  let c = from;
  if (from == to) return left;
  if (from > 0) {
    left = v128.swizzle(fourClasses(columns + (<usize>c << 3), j, share), swap);
    c++;
  }
  let at: usize = 0; // of the lane, in bytes
  for (; c < to; c += 2) {
    const entry = columns + (<usize>c << 3);
    const right = v128.swizzle(fourClasses(entry, j, share), swap);
    absorb(low + at, v128.shuffle<i32>(left, right, 0, 4, 1, 5));
    absorb(high + at, v128.shuffle<i32>(left, right, 2, 6, 3, 7));
    at += 16;
    if (at == 272) {
      keccakF1600Pair(low);
      keccakF1600Pair(high);
      at = 0;
    }
    if (c + 1 < to) left = v128.swizzle(fourClasses(entry + 8, j, share), swap);
  }
  return left;
}

/** Pads four states that have absorbed all columns, and writes their digests. */
function finishLeaves(low: usize, columnCount: i32, last: v128, target: usize): void {
  const high = low + PAIR_BYTES;
  const at = <usize>(((columnCount + 1) % 34) >> 1) << 4;
  // Padding: 0x01 after the last word, 0x80 in the last byte of the block. The last word stands alone when the columns
  // are an even number.
  const one = i32x4.splat(1);
  const isAlone = (columnCount & 1) == 0;
  const left = isAlone ? last : one;
  const pad = isAlone ? one : i32x4.splat(0);
  absorb(low + at, v128.shuffle<i32>(left, pad, 0, 4, 1, 5));
  absorb(high + at, v128.shuffle<i32>(left, pad, 2, 6, 3, 7));
  const end = i64x2.splat(0x8000000000000000);
  absorb(low + 256, end);
  absorb(high + 256, end);
  keccakF1600Pair(low);
  keccakF1600Pair(high);
  squeeze(low, target);
  squeeze(high, target + 64);
}

/** The digests of a pair of states, one after the other. */
// @ts-ignore: decorator
@inline
function squeeze(state: usize, target: usize): void {
  for (let i: usize = 0; i < 4; i++) {
    store<u64>(target + (i << 3), load<u64>(state + (i << 4)));
    store<u64>(target + (i << 3), load<u64>(state + (i << 4), 8), 32);
  }
}

/** Digests of count nodes (even) from the 2·count digests at source. */
export function keccakNodes(source: usize, target: usize, count: u32, role: u32, scratch: usize): void {
  for (let i: u32 = 0; i < count; i += 2, source += 128, target += 64) {
    memory.fill(scratch, 0, 400);
    for (let k: usize = 0; k < 2; k++) {
      const at = source + (k << 6);
      const state = scratch + (k << 3);
      store<u64>(state, <u64>role | (<u64>load<u32>(at) << 32));
      for (let lane: usize = 1; lane < 8; lane++) store<u64>(state + (lane << 4), load<u64>(at + (lane << 3) - 4));
      store<u64>(state, <u64>load<u32>(at, 60) | (<u64>1 << 32), 128);
      store<u64>(state, 0x8000000000000000, 256);
    }
    keccakF1600Pair(scratch);
    squeeze(scratch, target);
  }
}

/** The same for digests of 24 bytes, which lie 32 bytes apart. */
export function keccakShortNodes(source: usize, target: usize, count: u32, role: u32, scratch: usize): void {
  for (let i: u32 = 0; i < count; i += 2, source += 128, target += 64) {
    memory.fill(scratch, 0, 400);
    for (let k: usize = 0; k < 2; k++) {
      const left = source + (k << 6), right = left + 32;
      const state = scratch + (k << 3);
      store<u64>(state, <u64>role | (<u64>load<u32>(left) << 32));
      store<u64>(state, load<u64>(left, 4), 16);
      store<u64>(state, load<u64>(left, 12), 32);
      store<u64>(state, <u64>load<u32>(left, 20) | (<u64>load<u32>(right) << 32), 48);
      store<u64>(state, load<u64>(right, 4), 64);
      store<u64>(state, load<u64>(right, 12), 80);
      store<u64>(state, <u64>load<u32>(right, 20) | (<u64>1 << 32), 96);
      store<u64>(state, 0x8000000000000000, 256);
    }
    keccakF1600Pair(scratch);
    squeeze(scratch, target);
  }
}

/** Leading zero bits of a digest's first eight bytes, read as bytes stand. */
function leadingZeros(first: u64): i32 {
  return <i32>clz<u64>(bswap<u64>(first));
}

/**
 * Looks for a nonce low word in [from, to), an even range, such that the message (52 bytes, of which the last four are the
 * low word, big-endian) hashes to `bits` ≤ 64 zero bits; the least, or -1.
 */
export function keccakGrind(message: usize, from: u32, to: u32, bits: i32, role: u32, scratch: usize): i64 {
  for (let nonce = from; nonce < to; nonce += 2) {
    memory.fill(scratch, 0, 400);
    for (let k: usize = 0; k < 2; k++) {
      const state = scratch + (k << 3);
      store<u64>(state, <u64>role | (<u64>load<u32>(message) << 32));
      for (let lane: usize = 1; lane < 6; lane++) store<u64>(state + (lane << 4), load<u64>(message + (lane << 3) - 4));
      store<u64>(state, <u64>load<u32>(message, 44) | (<u64>bswap<u32>(nonce + <u32>k) << 32), 96);
      store<u64>(state, 1, 112);
      store<u64>(state, 0x8000000000000000, 256);
    }
    keccakF1600Pair(scratch);
    if (leadingZeros(load<u64>(scratch)) >= bits) return <i64>nonce;
    if (leadingZeros(load<u64>(scratch, 8)) >= bits) return <i64>nonce + 1;
  }
  return -1;
}

/** The same with Blake2s, four nonces at a time: the range is a multiple of four. */
export function blakeGrind(message: usize, from: u32, to: u32, bits: i32, initial: usize, scratch: usize): i64 {
  const state = scratch;
  const block = scratch + 128;
  for (let i: usize = 0; i < 16; i++) {
    v128.store(block + (i << 4), i < 12 ? v128.load32_splat(message + (i << 2)) : i32x4.splat(0));
  }
  for (let nonce = from; nonce < to; nonce += 4) {
    let v = i32x4.splat(bswap<u32>(nonce));
    v = i32x4.replace_lane(v, 1, bswap<u32>(nonce + 1));
    v = i32x4.replace_lane(v, 2, bswap<u32>(nonce + 2));
    v = i32x4.replace_lane(v, 3, bswap<u32>(nonce + 3));
    v128.store(block + (12 << 4), v);
    setState(state, initial);
    compressFour(state, block, 52, -1);
    for (let k: usize = 0; k < 4; k++) {
      const first = <u64>load<u32>(state + (k << 2)) | (<u64>load<u32>(state + (k << 2), 16) << 32);
      if (leadingZeros(first) >= bits) return <i64>nonce + <i64>k;
    }
  }
  return -1;
}

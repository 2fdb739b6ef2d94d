import {
  forwardPass1,
  forwardPass2,
  forwardPass3,
  forwardTail,
  inversePass1,
  inversePass2,
  inversePass3,
  inverseTail,
} from './fftKernels';

/** Values of a segment that is finished before the next is begun: 2^12 words fit the first-level cache. */
const LOG_SEGMENT: i32 = 12;

function forwardPass(count: i32, source: usize, target: usize, logSegment: i32, top: i32, segment: i32, layers: usize): void {
  if (count == 3) forwardPass3(source, target, logSegment, top, segment, layers);
  else if (count == 2) forwardPass2(source, target, logSegment, top, segment, layers);
  else forwardPass1(source, target, logSegment, top, segment, layers);
}

function inversePass(count: i32, target: usize, logSegment: i32, top: i32, segment: i32, layers: usize): void {
  if (count == 3) inversePass3(target, target, logSegment, top, segment, layers);
  else if (count == 2) inversePass2(target, target, logSegment, top, segment, layers);
  else inversePass1(target, target, logSegment, top, segment, layers);
}

/** Layers in the next pass when so many are left: threes, with what does not fit first. */
function passSize(left: i32): i32 {
  const rest = left % 3;
  return rest == 0 ? 3 : rest;
}

/**
 * Values on block `block` (2^logSize positions) of the domain whose layers are given, from 2^logSize coefficients. `layers`
 * points to the addresses of each layer's doubled twiddles. logSize ≥ 4; source may be target.
 */
export function evaluateBlock(source: usize, target: usize, logSize: i32, block: i32, layers: usize): void {
  let from = source;
  let top = logSize - 1;
  const logSegment = min(logSize, LOG_SEGMENT);
  while (top >= logSegment) {
    const count = passSize(top - logSegment + 1);
    forwardPass(count, from, target, logSize, top, block, layers);
    from = target;
    top -= count;
  }
  const segmentCount = 1 << (logSize - logSegment);
  for (let i = 0; i < segmentCount; i++) {
    const offset = <usize>i << (logSegment + 2);
    const segment = (block << (logSize - logSegment)) + i;
    let read = from + offset;
    for (let layer = logSegment - 1; layer >= 4; ) {
      const count = passSize(layer - 3);
      forwardPass(count, read, target + offset, logSegment, layer, segment, layers);
      read = target + offset;
      layer -= count;
    }
    forwardTail(read, target + offset, logSegment, segment, layers);
  }
}

/** Coefficients, times 2^logSize, from the values on block `block` of a domain, in place; `layers` holds inverse twiddles. */
export function interpolateBlock(target: usize, logSize: i32, block: i32, layers: usize): void {
  const logSegment = min(logSize, LOG_SEGMENT);
  const segmentCount = 1 << (logSize - logSegment);
  for (let i = 0; i < segmentCount; i++) {
    const at = target + (<usize>i << (logSegment + 2));
    const segment = (block << (logSize - logSegment)) + i;
    inverseTail(at, at, logSegment, segment, layers);
    for (let layer = 4; layer < logSegment; ) {
      const count = passSize(logSegment - layer);
      inversePass(count, at, logSegment, layer + count - 1, segment, layers);
      layer += count;
    }
  }
  for (let layer = logSegment; layer < logSize; ) {
    const count = passSize(logSize - layer);
    inversePass(count, target, logSize, layer + count - 1, block, layers);
    layer += count;
  }
}

/** Rows to positions, each value times 2^(-logSize): what interpolateBlock wants. source and target do not overlap. */
export function placeRows(source: usize, target: usize, logSize: i32): void {
  const half: u32 = 1 << (logSize - 1);
  const last = source + (<usize>half << 3) - 4;
  const up: u32 = 31 - logSize;
  let j: u32 = 0;
  for (let i: u32 = 0; i < half; i++, target += 8) {
    const a = load<u32>(source + (<usize>j << 3));
    const b = load<u32>(last - (<usize>j << 3));
    store<u32>(target, ((a << up) & 0x7fffffff) | (a >> <u32>logSize));
    store<u32>(target, ((b << up) & 0x7fffffff) | (b >> <u32>logSize), 4);
    const k = ctz<u32>(i + 1);
    j ^= (((<u32>2 << k) - 1) << (<u32>logSize - 1 - 1 - k)) & (half - 1);
  }
}

/**
 * The column of next rows: target[q] = source[position of P + g], for the 2^(logRows + logBlocks) first positions of a
 * domain of 2^(logRows + logBlowup).
 */
export function placeNext(source: usize, target: usize, logRows: i32, logBlocks: i32, logBlowup: i32): void {
  const logSize = logRows + logBlowup;
  const half: u32 = 1 << (logSize - 1);
  const step: u32 = 1 << (logBlowup - 1);
  const pairs: u32 = 1 << (logRows + logBlocks - 1);
  let j: u32 = 0; // bit reversal of i in logSize - 1 bits
  for (let i: u32 = 0; i < pairs; i++, target += 8) {
    const up = reverse((j + step) & (half - 1), logSize - 1);
    const down = reverse((j - step) & (half - 1), logSize - 1);
    store<u32>(target, load<u32>(source + (<usize>up << 3)));
    store<u32>(target, load<u32>(source + (<usize>down << 3) + 4), 4);
    const k = ctz<u32>(i + 1);
    j ^= (((<u32>2 << k) - 1) << (<u32>logSize - 2 - k)) & (half - 1);
  }
}

function reverse(value: u32, bits: i32): u32 {
  let v = bswap<u32>(value);
  v = ((v >> 4) & 0x0f0f0f0f) | ((v & 0x0f0f0f0f) << 4);
  v = ((v >> 2) & 0x33333333) | ((v & 0x33333333) << 2);
  v = ((v >> 1) & 0x55555555) | ((v & 0x55555555) << 1);
  return v >> <u32>(32 - bits);
}

/** Coefficients at target from the values in row order at source: both steps of interpolation for a trace column. */
export function interpolateRows(source: usize, target: usize, logSize: i32, layers: usize): void {
  placeRows(source, target, logSize);
  interpolateBlock(target, logSize, 0, layers);
}

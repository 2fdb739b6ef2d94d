/**
 * One memory word as a double, so that memory is one flat `Float64Array` and no step allocates:
 *
 * - |w| < 2^51: the felt w; negative numbers stand for P − |w| (immediates like −1 stay small);
 * - w ≥ 2^52: the pointer 2^52 + segment·2^28 + offset;
 * - w ≤ −2^52: the big felt number −w − 2^52 of the memory the word belongs to;
 * - NaN: no value.
 *
 * Every felt has one class (small or big), so small words are equal exactly when their doubles are.
 */
export type Word = number;

/** The word of a cell without value. Test with `Number.isNaN`. */
export const EMPTY: Word = Number.NaN;
/** Exclusive bound of |felt| for small words. */
export const SMALL_BOUND = 2 ** 51;
/** First pointer word; its negative is the first big word. */
export const POINTER_BASE = 2 ** 52;
/** Exclusive bound of a pointer's offset. */
export const OFFSET_BOUND = 2 ** 28;
const OFFSET_MASK = OFFSET_BOUND - 1;
/** Number of the segment ap and fp point into. */
export const EXECUTION_SEGMENT = 1;
/** Segment numbers from here on are temporary segments: number FIRST_TEMPORARY + k is segment −1 − k. */
export const FIRST_TEMPORARY = 2 ** 24 - 2 ** 20;
/** Exclusive bound of segment numbers inside words. */
export const SEGMENT_BOUND = 2 ** 24;

/** The pointer to `offset` in segment number `segment`. */
export function pointerWord(segment: number, offset: number): Word {
  return POINTER_BASE + segment * OFFSET_BOUND + offset;
}

/** Segment number of a pointer word. */
export function wordSegment(word: Word): number {
  return ((word - POINTER_BASE) / OFFSET_BOUND) | 0;
}

/** Offset of a pointer word. */
export function wordOffset(word: Word): number {
  return word & OFFSET_MASK;
}

/** True for a felt that is its own word. */
export function isSmall(word: Word): boolean {
  return word > -SMALL_BOUND && word < SMALL_BOUND;
}

export function isPointer(word: Word): boolean {
  return word >= POINTER_BASE;
}

/** True for a felt held in the memory's list of big felts. */
export function isBig(word: Word): boolean {
  return word <= -POINTER_BASE;
}

/** True for small and big felts, false for pointers and empty cells. */
export function isFelt(word: Word): boolean {
  return word < SMALL_BOUND;
}

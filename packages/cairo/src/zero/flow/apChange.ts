/** By how much ap moved: a number of cells, or not known before the program runs. */
export type ApChange = number | 'unknown';

/**
 * Where ap stands: `offset` cells after the start of `group`. Between points of different groups the distance is
 * not known.
 */
export interface ApTracking {
  readonly group: number;
  readonly offset: number;
}

/** How far ap moved between two points. */
export function apDistance(from: ApTracking, to: ApTracking): ApChange {
  return from.group === to.group ? to.offset - from.offset : 'unknown';
}

/** One change after another. */
export function addApChanges(a: ApChange, b: ApChange): ApChange {
  return a === 'unknown' || b === 'unknown' ? 'unknown' : a + b;
}

/** What is known when either of two changes may have happened; undefined stands for a way never taken. */
export function eitherApChange(a: ApChange | undefined, b: ApChange): ApChange {
  return a === undefined || a === b ? b : 'unknown';
}

import type { HintContext } from '@cairn/cairo';

/** The places of each number in a list, and how far a walk through them has come. */
interface Walk {
  /** Places by number; the numbers sorted. */
  places: [value: bigint, places: number[]][];
  valueIndex: number;
  placeIndex: number;
}

const WALK = 'cairn.walk';

/** Prepares to walk through the places of each number of `list`, numbers in growing order. */
export function startWalk(h: HintContext, list: readonly bigint[]): void {
  const places = new Map<bigint, number[]>();
  for (const [i, value] of list.entries()) {
    const known = places.get(value);
    if (known) known.push(i);
    else places.set(value, [i]);
  }
  const walk: Walk = {
    places: [...places].sort(([a], [b]) => (a < b ? -1 : 1)),
    valueIndex: -1,
    placeIndex: 0,
  };
  h.vars.set(WALK, walk);
}

/** The next number; its places are walked from the first. */
export function nextValue(h: HintContext): bigint {
  const walk = h.local<Walk>(WALK);
  walk.placeIndex = 0;
  const next = walk.places[++walk.valueIndex];
  if (next === undefined) throw h.fail('the walk has no more numbers');
  return next[0];
}

/** The largest number of the list. */
export function largestValue(h: HintContext): bigint {
  return h.local<Walk>(WALK).places.at(-1)![0];
}

/** Elements between the place before, or the list's start, and the next place of the number; goes there. */
export function nextDistance(h: HintContext): number {
  const walk = h.local<Walk>(WALK);
  const [, places] = walk.places[walk.valueIndex]!;
  const place = places[walk.placeIndex];
  if (place === undefined) throw h.fail('the number has no more places');
  const before = walk.placeIndex === 0 ? -1 : places[walk.placeIndex - 1]!;
  walk.placeIndex++;
  return place - before - 1;
}

/** Whether the number has places ahead. */
export function hasMorePlaces(h: HintContext): boolean {
  const walk = h.local<Walk>(WALK);
  return walk.placeIndex < walk.places[walk.valueIndex]![1].length;
}

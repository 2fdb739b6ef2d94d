import { type HintContext, offsetBy } from '@cairn/cairo';
import { RANGE_CHECK_BOUND } from './integers.ts';
import type { LibraryHint } from './libraryHint.ts';
import { hasMorePlaces, largestValue, nextDistance, nextValue, startWalk } from './walk.ts';

const ACCESS_CELLS = 3;

/** Hints of `squash_dict.cairo` and `usort.cairo`. */
export const SORT_HINTS: Readonly<Record<string, LibraryHint>> = {
  'cairn.squash_dict.enter': (h) => {
    const start = h.pointer('dict_accesses');
    const count = h.count('cell_count') / ACCESS_CELLS;
    startWalk(
      h,
      Array.from({ length: count }, (_, i) => h.memory.readFelt(offsetBy(start, ACCESS_CELLS * i))),
    );
    return nextValue(h);
  },
  'cairn.squash_dict.has_big_keys': (h) => largestValue(h) >= RANGE_CHECK_BOUND,
  'cairn.squash_dict.first_distance': (h) => writeDistance(h, 'range_check_ptr'),
  'cairn.squash_dict.distance': (h) => writeDistance(h, 'next_range_check'),
  'cairn.squash_dict.is_last_access': (h) => !hasMorePlaces(h),
  'cairn.squash_dict.has_more_accesses': hasMorePlaces,
  'cairn.squash_dict.next_key': nextValue,
  'cairn.usort.enter': (h) => {
    h.enterScope();
    startWalk(h, h.memory.readFelts(h.pointer('input'), h.count('input_len')));
  },
  'cairn.usort.exit': (h) => h.exitScope(),
  'cairn.usort.next_value': nextValue,
  'cairn.usort.first_distance': (h) =>
    h.memory.write(offsetBy(h.pointer('range_check_ptr'), 1), BigInt(nextDistance(h))),
  'cairn.usort.distance': (h) => writeDistance(h, 'next_range_check'),
  'cairn.usort.is_last_place': (h) => !hasMorePlaces(h),
  'cairn.usort.has_more_places': hasMorePlaces,
};

function writeDistance(h: HintContext, rangeCheck: string): void {
  h.memory.write(h.pointer(rangeCheck), BigInt(nextDistance(h)));
}

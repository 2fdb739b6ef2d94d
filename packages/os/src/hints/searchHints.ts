import { type HintContext, offsetBy, type VmValue } from '@cairn/cairo';
import type { LibraryHint } from './libraryHint.ts';

/** Hints of `find_element.cairo` and `set.cairo`. */
export const SEARCH_HINTS: Readonly<Record<string, LibraryHint>> = {
  'cairn.find_element.index_of_key': (h) => {
    const key = h.get('key');
    const index = firstIndex(h, (candidate) => isEqual(candidate, key));
    h.assert(index < h.count('n_elms'), 'the array has no element with the key');
    h.memory.write(h.pointer('range_check_ptr'), BigInt(index));
  },
  'cairn.find_element.index_of_lower_bound': (h) => {
    const key = h.felt('key');
    const index = firstIndex(h, (candidate) => typeof candidate !== 'bigint' || candidate >= key);
    h.memory.write(h.pointer('range_check_ptr'), BigInt(index));
  },
  'cairn.find_element.is_missing': (h) => {
    const key = h.get('key');
    return firstIndex(h, (candidate) => isEqual(candidate, key)) === h.count('n_elms');
  },
  'cairn.set.is_known': (h) => setIndex(h) >= 0,
  'cairn.set.index_to_range_check': (h) => h.memory.write(h.pointer('range_checks'), BigInt(setIndex(h))),
};

/** Index of the first element with such a key, the number of elements if there is none; reads no further. */
function firstIndex(h: HintContext, matches: (key: VmValue) => boolean): number {
  const size = h.count('elm_size');
  h.assert(size > 0, 'got elements of no size, expected at least their keys');
  const [start, count] = [h.pointer('array_ptr'), h.count('n_elms')];
  for (let index = 0; index < count; index++)
    if (matches(h.readAll(offsetBy(start, size * index), 1)[0]!)) return index;
  return count;
}

/** Where the element stands in the set, -1 if nowhere. */
function setIndex(h: HintContext): number {
  const size = h.count('elm_size');
  const element = h.readAll(h.pointer('elm_ptr'), size);
  const [start, end] = [h.pointer('set_ptr'), h.pointer('end')];
  for (let at = start.offset; at < end.offset; at += size) {
    const candidate = h.readAll({ segment: start.segment, offset: at }, size);
    if (candidate.every((value, i) => isEqual(value, element[i]!))) return (at - start.offset) / size;
  }
  return -1;
}

function isEqual(a: VmValue, b: VmValue): boolean {
  if (typeof a === 'bigint' || typeof b === 'bigint') return a === b;
  return a.segment === b.segment && a.offset === b.offset;
}

import { DictData, type HintContext, offsetBy, type VmValue } from '@cairn/cairo';
import type { LibraryHint } from './libraryHint.ts';

const ACCESS_CELLS = 3;

/** Hints of `dict.cairo` and `default_dict.cairo`: what a dictionary holds now. */
export const DICT_HINTS: Readonly<Record<string, LibraryHint>> = {
  'cairn.dict.new': (h) => {
    const data = h.local<DictData>('initial_dict');
    h.vars.delete('initial_dict');
    return h.state.dicts.create(h.memory, data);
  },
  'cairn.dict.new_default': (h) => h.state.dicts.create(h.memory, new DictData(h.get('default_value'))),
  'cairn.dict.read': (h) => h.set('dict_ptr.prev_value', access(h)),
  'cairn.dict.write': (h) => h.set('dict_ptr.prev_value', access(h, h.get('new_value'))),
  'cairn.dict.update': (h) => {
    access(h, h.get('new_value'));
  },
  'cairn.dict.new_squashed': (h) => {
    const { data } = h.state.dicts.tracker(h.pointer('dict_accesses_end'));
    return h.state.dicts.create(h.memory, data.copy());
  },
  'cairn.dict.set_squashed_end': (h) => {
    h.state.dicts.bySegment(h.pointer('squashed_dict_start')).currentPointer = h.pointer('squashed_dict_end');
  },
};

/** The value at the key, before it is set if one is given; the log grows by one access. */
function access(h: HintContext, newValue?: VmValue): VmValue {
  const tracker = h.state.dicts.tracker(h.pointer('dict_ptr'));
  const key = h.get('key');
  const value = tracker.data.get(key);
  if (newValue !== undefined) tracker.data.set(key, newValue);
  tracker.currentPointer = offsetBy(tracker.currentPointer, ACCESS_CELLS);
  return value;
}

import { offsetBy } from '../../relocatable.ts';
import { DictData } from '../dictManager.ts';
import type { HintContext } from '../hintContext.ts';

const RANGE_CHECK_BOUND = 1n << 128n;

/** Hints of `dict.cairo`, `default_dict.cairo` and `squash_dict.cairo`. */
export const DICT_HINTS = {
  newDefaultDict: (h: HintContext) =>
    h.setAp(h.state.dicts.create(h.memory, new DictData(h.get('default_value')))),
  newDict: (h: HintContext) => {
    h.setAp(h.state.dicts.create(h.memory, h.local<DictData>('initial_dict')));
    h.vars.delete('initial_dict');
  },
  read: (h: HintContext) => {
    const tracker = advance(h);
    h.set('value', tracker.data.get(h.get('key')));
  },
  write: (h: HintContext) => {
    const tracker = h.state.dicts.tracker(h.pointer('dict_ptr'));
    h.set('dict_ptr.prev_value', tracker.data.get(h.get('key')));
    advance(h);
    tracker.data.set(h.get('key'), h.get('new_value'));
  },
  update: (h: HintContext) => {
    const tracker = h.state.dicts.tracker(h.pointer('dict_ptr'));
    const [current, expected] = [tracker.data.get(h.get('key')), h.get('prev_value')];
    const same =
      typeof current === 'bigint'
        ? current === expected
        : typeof expected !== 'bigint' &&
          current.segment === expected.segment &&
          current.offset === expected.offset;
    h.assert(same, 'wrong previous value in dict');
    tracker.data.set(h.get('key'), h.get('new_value'));
    advance(h);
  },
  squashEnter: (h: HintContext) =>
    h.enterScope([['initial_dict', h.state.dicts.tracker(h.pointer('dict_accesses_end')).data.copy()]]),
  squashExit: (h: HintContext) => {
    h.state.dicts.bySegment(h.pointer('squashed_dict_start')).currentPointer = h.address('squashed_dict_end');
  },
  squashBody: (h: HintContext) => {
    const size = h.count('DictAccess.SIZE');
    const start = h.address('dict_accesses');
    h.assert(h.count('ptr_diff') % size === 0, 'the accesses array must hold whole accesses');
    const indices = new Map<bigint, number[]>();
    for (let i = 0; i < h.count('n_accesses'); i++) {
      const key = h.memory.readFelt(offsetBy(start, size * i));
      const list = indices.get(key);
      if (list) list.push(i);
      else indices.set(key, [i]);
    }
    const keys = [...indices.keys()].sort((a, b) => (a > b ? -1 : 1));
    h.set('big_keys', keys[0]! >= RANGE_CHECK_BOUND);
    const key = keys.pop()!;
    h.vars.set('access_indices', indices).set('keys', keys).set('key', key);
    h.set('first_key', key);
  },
  squashFirstAccess: (h: HintContext) => {
    const left = [...h.local<Map<bigint, number[]>>('access_indices').get(h.local('key'))!].reverse();
    const current = left.pop()!;
    h.vars.set('current_access_indices', left).set('current_access_index', current);
    h.memory.write(h.pointer('range_check_ptr'), BigInt(current));
  },
  squashShouldSkip: (h: HintContext) =>
    h.set('should_skip_loop', h.local<number[]>('current_access_indices').length === 0),
  squashNextAccess: (h: HintContext) => {
    const next = h.local<number[]>('current_access_indices').pop()!;
    h.set('loop_temps.index_delta_minus1', next - h.local<number>('current_access_index') - 1);
    h.vars.set('current_access_index', next);
  },
  squashShouldContinue: (h: HintContext) =>
    h.set('loop_temps.should_continue', h.local<number[]>('current_access_indices').length > 0),
  squashAllIndicesUsed: (h: HintContext) =>
    h.assert(h.local<number[]>('current_access_indices').length === 0, 'accesses are left'),
  squashAllAccessesUsed: (h: HintContext) => {
    const all = h.local<Map<bigint, number[]>>('access_indices').get(h.local('key'))!.length;
    h.assert(h.count('n_used_accesses') === all, `${all} accesses, ${h.count('n_used_accesses')} used`);
  },
  squashNoKeysLeft: (h: HintContext) => h.assert(h.local<bigint[]>('keys').length === 0, 'keys are left'),
  squashNextKey: (h: HintContext) => {
    const keys = h.local<bigint[]>('keys');
    h.assert(keys.length > 0, 'no keys left but remaining_accesses > 0');
    const key = keys.pop()!;
    h.vars.set('key', key);
    h.set('next_key', key);
  },
};

/** Moves a dictionary's end behind the access that is being made. */
function advance(h: HintContext) {
  const tracker = h.state.dicts.tracker(h.pointer('dict_ptr'));
  tracker.currentPointer = offsetBy(tracker.currentPointer, h.count('DictAccess.SIZE'));
  return tracker;
}

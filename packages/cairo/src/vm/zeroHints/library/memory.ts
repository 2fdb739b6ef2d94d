import type { Relocatable, VmValue } from '../../relocatable.ts';
import { offsetBy, relocatableToWord } from '../../relocatable.ts';
import { addRelocationRule } from '../../relocateTemporary.ts';
import { difference, type HintContext } from '../hintContext.ts';
import { asSigned, readCell } from '../reference.ts';

/** Hints of `memcpy.cairo`, `memset.cairo`, `find_element.cairo`, `set.cairo`, `usort.cairo` and segments. */
export const MEMORY_HINTS = {
  addSegment: (h: HintContext) => h.setAp(h.memory.addSegment()),
  addRelocationRule: (h: HintContext) =>
    addRelocationRule(
      h.memory,
      relocatableToWord(h.pointer('src_ptr')),
      relocatableToWord(h.pointer('dest_ptr')),
    ),
  addTemporaryArray: (h: HintContext) => h.set('temporary_array', h.memory.addTemporarySegment()),
  enterScope: (h: HintContext) => h.enterScope(),
  exitScope: (h: HintContext) => h.exitScope(),
  memcpyEnter: (h: HintContext) => h.enterScope([['n', h.count('len')]]),
  memcpyContinue: (h: HintContext) => countDown(h, 'continue_copying'),
  memsetEnter: (h: HintContext) => h.enterScope([['n', h.count('n')]]),
  memsetContinue: (h: HintContext) => countDown(h, 'continue_loop'),
  searchSortedLower: (h: HintContext) => {
    const [array, size, count, key] = arrayToSearch(h);
    let index = 0;
    while (index < count && compareValues(readCell(h.memory, offsetBy(array, size * index)), key) < 0)
      index++;
    h.set('index', index);
  },
  findElement: (h: HintContext) => {
    const [array, size, count, key] = arrayToSearch(h);
    for (let index = 0; index < count; index++) {
      if (compareValues(readCell(h.memory, offsetBy(array, size * index)), key) === 0)
        return h.set('index', index);
    }
    throw h.fail('find_element(): the key was not found');
  },
  setContains: (h: HintContext) => {
    const size = h.count('elm_size');
    const element = h.readAll(h.pointer('elm_ptr'), size);
    const set = h.pointer('set_ptr');
    const length = Number(difference(h.get('set_end_ptr'), set));
    for (let at = 0; at < length; at += size) {
      const candidate = h.readAll(offsetBy(set, at), size);
      if (!candidate.every((value, i) => compareValues(value, element[i]!) === 0)) continue;
      h.set('index', at / size);
      return h.set('is_elm_in_set', 1);
    }
    h.set('is_elm_in_set', 0);
  },
  usortEnter: (h: HintContext) => h.enterScope(),
  usortBody: (h: HintContext) => {
    const positions = new Map<bigint, number[]>();
    for (const [i, value] of h.memory.readFelts(h.pointer('input'), h.count('input_len')).entries()) {
      const list = positions.get(value);
      if (list) list.push(i);
      else positions.set(value, [i]);
    }
    const output = [...positions.keys()].sort((a, b) => (a < b ? -1 : 1));
    h.vars.set('positions_dict', positions);
    h.set('output_len', output.length);
    h.set('output', h.memory.allocate(output));
    h.set('multiplicities', h.memory.allocate(output.map((value) => BigInt(positions.get(value)!.length))));
  },
  usortVerifyEnter: (h: HintContext) => {
    h.vars.set('last_pos', 0);
    h.vars.set(
      'positions',
      [...h.local<Map<bigint, number[]>>('positions_dict').get(h.felt('value'))!].reverse(),
    );
  },
  usortVerifyDone: (h: HintContext) =>
    h.assert(h.local<number[]>('positions').length === 0, 'usort(): positions are left'),
  usortNextIndex: (h: HintContext) => {
    const position = h.local<number[]>('positions').pop()!;
    h.set('next_item_index', position - h.local<number>('last_pos'));
    h.vars.set('last_pos', position + 1);
  },
  atLeast10Elements: (h: HintContext) => h.setAp(difference(h.get('elements_end'), h.get('elements')) >= 10n),
  atLeast2Elements: (h: HintContext) => h.setAp(difference(h.get('elements_end'), h.get('elements')) >= 2n),
};

function countDown(h: HintContext, flag: string): void {
  const n = h.local<number>('n') - 1;
  h.vars.set('n', n);
  h.set(flag, n > 0);
}

function arrayToSearch(h: HintContext): [array: Relocatable, size: number, count: number, key: VmValue] {
  const size = h.signed('elm_size');
  const count = h.signed('n_elms');
  h.assert(size > 0n, `invalid elm_size: got ${size}, expected more than 0`);
  h.assert(count >= 0n, `invalid n_elms: got ${count}, expected at least 0`);
  return [h.pointer('array_ptr'), Number(size), Number(count), h.get('key')];
}

/** Order of two felts, or of two addresses of one segment. */
function compareValues(a: VmValue, b: VmValue): number {
  if (typeof a === 'bigint' && typeof b === 'bigint') return a < b ? -1 : a > b ? 1 : 0;
  if (typeof a === 'bigint' || typeof b === 'bigint') return 1;
  return Number(asSigned(difference(a, b)));
}

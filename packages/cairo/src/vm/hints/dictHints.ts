import type { HintOperands } from '../../casm/hint.ts';
import type { CompiledHint } from '../machine.ts';
import { isPointer, wordSegment } from '../word.ts';
import { hintFailed, keyOf, stateOf } from './hintState.ts';
import { addressReader, cellAddress, feltReader, type Literal, valueReader } from './operands.ts';

/** Cells of one dictionary access: key, previous value, new value. */
const ACCESS_CELLS = 3;
const RANGE_CHECK_BOUND = 2n ** 128n;

/** Starts a dictionary in a new segment and enters it in the segment arena. */
export function allocFelt252Dict(o: HintOperands<'AllocFelt252Dict'>, literal: Literal): CompiledHint {
  const arena = addressReader(o.segment_arena_ptr, literal);
  return (m) => {
    const { memory } = m;
    const state = stateOf(m);
    const row = arena(m);
    const count = memory.readKnown(memory.add(row, -2));
    const infos = memory.readKnown(memory.add(row, -3));
    if (!isPointer(infos) || !(count >= 0 && count < 2 ** 32))
      throw hintFailed('the segment arena is broken');
    const isTemporary = state.external?.withTemporaryDicts === true && state.dictionaries.size > 0;
    const start = isTemporary ? memory.newTemporarySegment() : memory.newSegment();
    state.dictionaries.set(wordSegment(start), { values: new Map(), index: state.dictionaries.size });
    memory.set(memory.add(infos, 3 * count), start);
  };
}

/** Writes the key's present value into the new access. */
export function felt252DictEntryInit(
  o: HintOperands<'Felt252DictEntryInit'>,
  literal: Literal,
): CompiledHint {
  const [pointer, key] = [addressReader(o.dict_ptr, literal), feltReader(o.key, literal)];
  return (m) => {
    const at = pointer(m);
    const value =
      stateOf(m)
        .dictionary(at)
        .values.get(keyOf(m, key(m))) ?? 0;
    m.memory.set(m.memory.add(at, 1), value);
  };
}

/** Remembers the new value of the access that ends at dict_ptr. */
export function felt252DictEntryUpdate(
  o: HintOperands<'Felt252DictEntryUpdate'>,
  literal: Literal,
): CompiledHint {
  const [pointer, value] = [addressReader(o.dict_ptr, literal), valueReader(o.value, literal)];
  return (m) => {
    const at = pointer(m);
    const key = m.memory.readKnown(m.memory.add(at, -ACCESS_CELLS));
    if (isPointer(key)) throw hintFailed('a dictionary key is a pointer');
    stateOf(m).dictionary(at).values.set(keyOf(m, key), value(m));
  };
}

/** Deprecated: reads the key's present value. */
export function felt252DictRead(o: HintOperands<'Felt252DictRead'>, literal: Literal): CompiledHint {
  const [pointer, key] = [addressReader(o.dict_ptr, literal), feltReader(o.key, literal)];
  const target = cellAddress(o.value_dst);
  return (m) =>
    m.memory.set(
      target(m),
      stateOf(m)
        .dictionary(pointer(m))
        .values.get(keyOf(m, key(m))) ?? 0,
    );
}

/** Deprecated: writes the previous value and remembers the new one. */
export function felt252DictWrite(o: HintOperands<'Felt252DictWrite'>, literal: Literal): CompiledHint {
  const pointer = addressReader(o.dict_ptr, literal);
  const [key, value] = [feltReader(o.key, literal), valueReader(o.value, literal)];
  return (m) => {
    const at = pointer(m);
    const { values } = stateOf(m).dictionary(at);
    const k = keyOf(m, key(m));
    m.memory.set(m.memory.add(at, 1), values.get(k) ?? 0);
    values.set(k, value(m));
  };
}

export function getSegmentArenaIndex(
  o: HintOperands<'GetSegmentArenaIndex'>,
  literal: Literal,
): CompiledHint {
  const pointer = addressReader(o.dict_end_ptr, literal);
  const target = cellAddress(o.dict_index);
  return (m) => m.memory.set(target(m), stateOf(m).dictionary(pointer(m)).index);
}

/** Sorts the accesses by key; `big_keys` tells whether a key exceeds 128 bits. */
export function initSquashData(o: HintOperands<'InitSquashData'>, literal: Literal): CompiledHint {
  const [pointer, count] = [addressReader(o.dict_accesses, literal), feltReader(o.n_accesses, literal)];
  const [bigKeys, firstKey] = [cellAddress(o.big_keys), cellAddress(o.first_key)];
  return (m) => {
    const { memory } = m;
    const [start, accessCount] = [pointer(m), count(m)];
    if (!(accessCount > 0)) throw hintFailed('no dictionary accesses to squash');
    const accesses = new Map<bigint, number[]>();
    for (let i = 0; i < accessCount; i++) {
      const key = memory.toFelt(memory.readKnown(memory.add(start, i * ACCESS_CELLS)));
      const indices = accesses.get(key);
      if (indices === undefined) accesses.set(key, [i]);
      else indices.push(i);
    }
    for (const indices of accesses.values()) indices.reverse();
    const keys = [...accesses.keys()].sort((a, b) => (a < b ? 1 : a > b ? -1 : 0));
    stateOf(m).squash = { accesses, keys };
    memory.set(bigKeys(m), keys[0]! < RANGE_CHECK_BOUND ? 0 : 1);
    memory.set(firstKey(m), memory.fromFelt(keys.at(-1)!));
  };
}

export function getCurrentAccessIndex(
  o: HintOperands<'GetCurrentAccessIndex'>,
  literal: Literal,
): CompiledHint {
  const target = addressReader(o.range_check_ptr, literal);
  return (m) => m.memory.set(target(m), lastAccess(stateOf(m).currentAccesses()));
}

/** Writes 1 when the key has one access left (`skip`), or when it has more (`continue`). */
export function squashLoopFlag(
  cell: HintOperands<'AllocSegment'>['dst'],
  on: 'skip' | 'continue',
): CompiledHint {
  const target = cellAddress(cell);
  return (m) => {
    const hasMore = stateOf(m).currentAccesses().length > 1;
    m.memory.set(target(m), hasMore === (on === 'continue') ? 1 : 0);
  };
}

export function getCurrentAccessDelta(o: HintOperands<'GetCurrentAccessDelta'>): CompiledHint {
  const target = cellAddress(o.index_delta_minus1);
  return (m) => {
    const accesses = stateOf(m).currentAccesses();
    const previous = lastAccess(accesses);
    accesses.pop();
    m.memory.set(target(m), lastAccess(accesses) - previous - 1);
  };
}

export function getNextDictKey(o: HintOperands<'GetNextDictKey'>): CompiledHint {
  const target = cellAddress(o.next_key);
  return (m) => {
    const state = stateOf(m);
    if (state.currentAccesses().length !== 1) throw hintFailed('a key still has accesses to squash');
    state.squash!.keys.pop();
    m.memory.set(target(m), m.memory.fromFelt(state.currentKey()));
  };
}

function lastAccess(accesses: number[]): number {
  const index = accesses.at(-1);
  if (index === undefined) throw hintFailed('no dictionary access is left');
  return index;
}

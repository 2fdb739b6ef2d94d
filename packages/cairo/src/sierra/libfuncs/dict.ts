import type { CasmBuilder, Var } from '../../casm/casmBuilder.ts';
import { RANGE_CHECK_COST, regularCost, STEP_COST } from '../costToken.ts';
import {
  built,
  type CallInput,
  type ConcreteLibfunc,
  deferred,
  emit,
  fallthrough,
  type LibfuncContext,
  type LibfuncTable,
  output,
  reinterpret,
  sameAs,
  straight,
  temp,
} from '../libfunc.ts';
import type { GenericArg } from '../program.ts';
import { singleType } from '../typeContext.ts';
import { arrayOf, structOf, wrapped } from './commonTypes.ts';

/** Key, previous value, new value. */
const ACCESS_SIZE = 3;
/** Gas of allocating an entry of the segment arena, paid when a dictionary is made. */
const ARENA_ALLOCATION_GAS = 8 * STEP_COST;
/** Gas of squashing a dictionary, of the first access of each key in it, and of each further access. */
const SQUASH_GAS = 57 * STEP_COST + 3 * RANGE_CHECK_COST;
const UNIQUE_KEY_GAS = 46 * STEP_COST + 6 * RANGE_CHECK_COST;
const REPEATED_ACCESS_GAS = 9 * STEP_COST + RANGE_CHECK_COST;

const PRIME_OVER_3_HIGH = 3544607988759775765608368578435044694n;
const PRIME_OVER_2_HIGH = 5316911983139663648412552867652567041n;

function dictNew({ types }: LibfuncContext, args: readonly GenericArg[]): ConcreteLibfunc {
  const type = singleType(args);
  const arenaType = types.find('SegmentArena');
  const dict = wrapped(types, 'Felt252Dict', type);
  const signature = straight([arenaType], [output(arenaType, deferred), output(dict, deferred)], 'other');
  return built(
    signature,
    (id) => types.size(id),
    (b, input) => {
      const arena = input.buffer(0, 2);
      b.hint('AllocFelt252Dict', { segment_arena_ptr: arena });
      const infos = b.temp(b.at(arena, -3));
      const segmentCount = b.temp(b.at(arena, -2));
      const finalizedCount = b.temp(b.at(arena, -1));
      b.write(arena, infos);
      const newSegmentCount = b.temp(b.add(segmentCount, b.constant(1)));
      b.write(arena, newSegmentCount, finalizedCount);
      const offset = b.temp(b.mul(segmentCount, b.constant(3)));
      const info = b.temp(b.add(infos, offset));
      return { ends: [fallthrough([arena], [b.at(info)])], extraGas: [ARENA_ALLOCATION_GAS] };
    },
  );
}

function squash({ types }: LibfuncContext, args: readonly GenericArg[]): ConcreteLibfunc {
  const type = singleType(args);
  const params = [
    types.find('RangeCheck'),
    types.find('GasBuiltin'),
    types.find('SegmentArena'),
    wrapped(types, 'Felt252Dict', type),
  ];
  const results = [...params.slice(0, 3), wrapped(types, 'SquashedFelt252Dict', type)];
  const signature = straight(
    params,
    results.map((result, i) => output(result, temp(i))),
    'other',
  );
  return {
    ...signature,
    costs: () => [regularCost(SQUASH_GAS)],
    apChanges: () => ['unknown'],
    generate: (call) => emit(signature, writeSquash, call),
  };
}

/** Three functions that only this code calls, each behind its label. */
function writeSquash(b: CasmBuilder, input: CallInput) {
  const arena = input.buffer(2, 2);
  const rangeCheck = input.buffer(0, 0);
  const gas = input.deref(1);
  const dictEnd = input.buffer(3, 0);
  const args = {
    rangeCheck: b.temp(rangeCheck),
    gas: b.temp(gas),
    arena: b.temp(arena),
    dictEnd: b.temp(dictEnd),
  };
  const [newRangeCheck, newGas, newArena, squashedStart, squashedEnd] = b.call('DestructDict', 5) as [
    Var,
    Var,
    Var,
    Var,
    Var,
  ];
  b.jump('Done');
  const squashArgs = writeDestruct(b, args);
  const innerArgs = writeSquashDict(b, squashArgs);
  writeSquashInner(b, innerArgs);
  b.label('Done');
  return { ends: [fallthrough([newRangeCheck], [newGas], [newArena], [squashedStart, squashedEnd])] };
}

/** Marks the dictionary as destructed in the arena, squashes it and refunds gas of repeated accesses. */
function writeDestruct(
  b: CasmBuilder,
  { rangeCheck, gas, arena, dictEnd }: Record<'rangeCheck' | 'gas' | 'arena' | 'dictEnd', Var>,
) {
  b.label('DestructDict');
  const one = b.constant(1);
  const index = b.local();
  const accessesLength = b.local();
  b.hint('GetSegmentArenaIndex', { dict_end_ptr: dictEnd }, { dict_index: index });
  const infos = b.local(b.at(arena, -3));
  const dictCount = b.local(b.at(arena, -2));
  const destructedCount = b.local(b.at(arena, -1));
  b.write(rangeCheck, index);
  const last = b.temp(b.sub(dictCount, one));
  b.write(rangeCheck, b.temp(b.sub(last, index)));
  const offset = b.temp(b.mul(index, b.constant(3)));
  const info = b.temp(b.add(infos, offset));
  b.assert(destructedCount, b.at(info, 2));
  b.assert(dictEnd, b.at(info, 1));
  b.write(arena, infos, dictCount);
  b.write(arena, b.temp(b.add(destructedCount, one)));

  const squashRangeCheck = b.temp(rangeCheck);
  const start = b.temp(b.at(info, 0));
  const end = b.temp(dictEnd);
  b.assert(accessesLength, b.sub(dictEnd, start));
  const [newRangeCheck, squashedEnd, squashedStart] = b.call('SquashDict', 3) as [Var, Var, Var];
  const squashedLength = b.temp(b.sub(squashedEnd, squashedStart));
  const repeatedLength = b.temp(b.sub(accessesLength, squashedLength));
  const repeatedCount = b.temp(b.div(repeatedLength, b.constant(ACCESS_SIZE)));
  const refund = b.temp(b.mul(repeatedCount, b.constant(UNIQUE_KEY_GAS - REPEATED_ACCESS_GAS)));
  b.temp(newRangeCheck);
  b.temp(b.add(gas, refund));
  b.temp(arena);
  b.temp(squashedStart);
  b.temp(squashedEnd);
  b.ret();
  return { rangeCheck: squashRangeCheck, start, end };
}

type InnerName = 'rangeCheck' | 'accesses' | 'lastAccess' | 'key' | 'remaining' | 'squashedEnd' | 'bigKeys';

function writeSquashDict(
  b: CasmBuilder,
  { rangeCheck, start, end }: Record<'rangeCheck' | 'start' | 'end', Var>,
) {
  b.label('SquashDict');
  b.takeSteps();
  const length = b.local(b.sub(end, start));
  const firstKey = b.local();
  const bigKeys = b.local();
  const squashedStart = b.local();
  b.addAp(3);
  b.hint('AllocSegment', {}, { dst: squashedStart });
  b.jumpIf('SquashDictNotEmpty', length);
  b.temp(rangeCheck);
  b.temp(squashedStart);
  b.temp(squashedStart);
  b.ret();
  b.label('SquashDictNotEmpty');
  const one = b.constant(1);
  const count = b.temp(b.div(length, b.constant(ACCESS_SIZE)));
  b.hint(
    'InitSquashData',
    { dict_accesses: start, ptr_diff: length, n_accesses: count },
    { big_keys: bigKeys, first_key: firstKey },
  );
  const pointer = b.copy(rangeCheck);
  const innerRangeCheck = b.temp();
  b.jumpIf('SquashDictIfBigKeys', bigKeys);
  const kept = [innerRangeCheck, start, end, squashedStart, one, firstKey, count, bigKeys];
  const keep = () => b.rescope(kept.map((v) => [v, v]));
  b.write(pointer, firstKey);
  b.assert(innerRangeCheck, pointer);
  keep();
  b.jump('SquashDictEndIfBigKeys');
  b.label('SquashDictIfBigKeys');
  b.assert(innerRangeCheck, pointer);
  keep();
  b.label('SquashDictEndIfBigKeys');
  const inner: Record<InnerName, Var> = {
    rangeCheck: innerRangeCheck,
    accesses: b.temp(start),
    lastAccess: b.temp(b.sub(end, one)),
    key: b.temp(firstKey),
    remaining: b.temp(count),
    squashedEnd: b.temp(squashedStart),
    bigKeys: b.temp(bigKeys),
  };
  b.call('SquashDictInner', 2);
  b.temp(squashedStart);
  b.ret();
  return inner;
}

/** Squashes the accesses of one key, then calls itself for the next. */
function writeSquashInner(b: CasmBuilder, inner: Record<InnerName, Var>): void {
  b.label('SquashDictInner');
  b.takeSteps();
  const accessSize = b.constant(ACCESS_SIZE);
  const one = b.constant(1);
  const nextKey = b.local();
  const newRemaining = b.local();
  const squashed = b.copy(inner.squashedEnd);
  b.hint('GetCurrentAccessIndex', { range_check_ptr: inner.rangeCheck });
  const accessIndex = b.temp(b.at(inner.rangeCheck));
  const offset = b.temp(b.mul(accessIndex, accessSize));
  const firstValue = b.temp();
  const shouldSkip = b.temp();
  const access = b.temp(b.add(inner.accesses, offset));
  const value = b.temp(b.at(access, 2));
  const rangeCheck = b.temp(b.add(inner.rangeCheck, one));
  b.assert(inner.key, b.at(access, 0));
  b.assert(inner.key, b.at(squashed, 0));
  b.assert(firstValue, b.at(access, 1));
  b.assert(firstValue, b.at(squashed, 1));
  b.assert(firstValue, b.constant(0));
  b.hint('ShouldSkipSquashLoop', {}, { should_skip_loop: shouldSkip });
  const params = Object.values(inner);
  const same = (vars: readonly Var[]): [Var, Var][] => vars.map((v) => [v, v]);
  b.rescope(
    same([
      ...params,
      access,
      value,
      rangeCheck,
      shouldSkip,
      one,
      accessSize,
      squashed,
      nextKey,
      newRemaining,
    ]),
  );
  b.takeSteps();
  b.jumpIf('SquashDictInnerSkipLoop', shouldSkip);

  writeRepeatedAccesses(b, inner, {
    access,
    value,
    rangeCheck,
    kept: [...params, squashed, nextKey, newRemaining],
  });

  b.label('SquashDictInnerSkipLoop');
  const lastRangeCheck = b.copy(rangeCheck);
  const slack = b.temp(b.sub(inner.lastAccess, access));
  b.assert(slack, b.at(lastRangeCheck));
  const usedCount = b.temp(b.sub(lastRangeCheck, inner.rangeCheck));
  b.assert(value, b.at(squashed, 2));
  const unit = b.constant(1);
  const pointer = b.add(lastRangeCheck, unit);
  b.assert(newRemaining, b.sub(inner.remaining, usedCount));
  b.takeSteps();
  b.jumpIf('SquashDictInnerContinueRecursion', newRemaining);
  b.temp(pointer);
  b.temp(b.add(inner.squashedEnd, b.constant(ACCESS_SIZE)));
  b.ret();
  b.takeSteps();

  b.label('SquashDictInnerContinueRecursion');
  b.hint('GetNextDictKey', {}, { next_key: nextKey });
  b.jumpIf('SquashDictInnerIfBigKeys', inner.bigKeys);
  const keyPlusOne = b.temp(b.add(inner.key, unit));
  b.write(pointer, b.temp(b.sub(nextKey, keyPlusOne)));
  // Both ways push the arguments of the recursion; after the merge only their cells matter, not their names.
  const pushArgs = (): void => {
    const pushed = [pointer, inner.accesses, inner.lastAccess, nextKey, newRemaining].map((v) => b.temp(v));
    b.rescope(same([...pushed, inner.squashedEnd, inner.bigKeys]));
  };
  pushArgs();
  b.jump('SquashDictInnerEndIfBigKeys');
  b.label('SquashDictInnerIfBigKeys');
  proveLess(b, pointer, inner.key, nextKey);
  pushArgs();
  b.label('SquashDictInnerEndIfBigKeys');
  b.temp(b.add(inner.squashedEnd, b.constant(ACCESS_SIZE)));
  b.temp(inner.bigKeys);
  b.call('SquashDictInner', 0);
  b.ret();
}

/** Follows the chain of further accesses of the key: each starts with the value the previous one left. */
function writeRepeatedAccesses(
  b: CasmBuilder,
  inner: Record<InnerName, Var>,
  { access, value, rangeCheck, kept }: { access: Var; value: Var; rangeCheck: Var; kept: readonly Var[] },
): void {
  const accessSize = b.constant(ACCESS_SIZE);
  const one = b.constant(1);
  b.label('SquashDictInnerLoop');
  const [deltaMinusOne, delta, offset, shouldContinue, nextAccess, nextValue, nextRangeCheck] = b.temps(
    7,
  ) as [Var, Var, Var, Var, Var, Var, Var];
  b.hint('GetCurrentAccessDelta', {}, { index_delta_minus1: deltaMinusOne });
  b.assert(deltaMinusOne, b.at(rangeCheck));
  b.assert(delta, b.add(deltaMinusOne, one));
  b.assert(offset, b.mul(delta, accessSize));
  b.assert(nextAccess, b.add(access, offset));
  b.assert(value, b.at(nextAccess, 1));
  b.assert(nextValue, b.at(nextAccess, 2));
  b.assert(inner.key, b.at(nextAccess, 0));
  b.assert(nextRangeCheck, b.add(rangeCheck, one));
  b.hint('ShouldContinueSquashLoop', {}, { should_continue: shouldContinue });
  b.rescope([
    [access, nextAccess],
    [value, nextValue],
    [rangeCheck, nextRangeCheck],
    ...[shouldContinue, ...kept].map((v): [Var, Var] => [v, v]),
  ]);
  b.takeSteps();
  b.jumpIf('SquashDictInnerLoop', shouldContinue);
}

/** Proves x < y for felts. */
function proveLess(b: CasmBuilder, rangeCheck: Var, x: Var, y: Var): void {
  b.jumpIf('NotEqual', b.temp(b.sub(x, y)));
  b.fail();
  b.label('NotEqual');
  // Of the arcs 0..x, x..y, y..prime two are short; their sum and product tell which one is left out.
  const minusOne = b.constant(-1);
  b.hint('AssertLeFindSmallArcs', { range_check_ptr: rangeCheck, a: x, b: y });
  const arc = (factor: bigint): Var => {
    const low = b.temp(b.next(rangeCheck));
    const high = b.temp(b.mul(b.temp(b.next(rangeCheck)), b.constant(factor)));
    return b.temp(b.add(low, high));
  };
  const short = arc(PRIME_OVER_3_HIGH);
  const long = arc(PRIME_OVER_2_HIGH);
  const sum = b.temp(b.add(short, long));
  const product = b.temp(b.mul(short, long));
  const skipFirst = b.temp();
  b.hint('AssertLeIsFirstArcExcluded', {}, { skip_exclude_a_flag: skipFirst });
  b.jumpIf('SkipFirst', skipFirst);
  const minusX = b.temp(b.mul(x, minusOne));
  b.assert(sum, b.add(minusX, minusOne));
  const difference = b.temp(b.sub(x, y));
  const yPlusOne = b.temp(b.add(y, b.constant(1)));
  b.assert(product, b.mul(difference, yPlusOne));
  b.jump('LessProved');
  b.label('SkipFirst');
  const skipSecond = b.temp();
  b.hint('AssertLeIsSecondArcExcluded', {}, { skip_exclude_b_minus_a: skipSecond });
  b.jumpIf('SkipSecond', skipSecond);
  const minusY = b.temp(b.mul(y, minusOne));
  const minusYMinusOne = b.temp(b.add(minusY, minusOne));
  b.assert(sum, b.add(x, minusYMinusOne));
  b.assert(product, b.mul(x, minusYMinusOne));
  b.jump('LessProved');
  b.label('SkipSecond');
  // Aligns ap with the other ways.
  b.temp();
  b.assert(sum, y);
  b.assert(product, b.mul(x, b.temp(b.sub(y, x))));
  b.label('LessProved');
}

/** Dictionaries of felts: a log of accesses, proved consistent when squashed. */
export const dictLibfuncs: LibfuncTable = {
  felt252_dict_new: dictNew,
  felt252_dict_squash: squash,
  felt252_dict_entry_get: ({ types }, args) => {
    const type = singleType(args);
    const signature = straight(
      [wrapped(types, 'Felt252Dict', type), types.find('felt252')],
      [output(wrapped(types, 'Felt252DictEntry', type), deferred), output(type, deferred)],
    );
    return built(
      signature,
      (id) => types.size(id),
      (b, input) => {
        const pointer = input.buffer(0, 2);
        const key = input.deref(1);
        b.hint('Felt252DictEntryInit', { dict_ptr: pointer, key });
        b.write(pointer, key);
        const value = b.next(pointer);
        b.next(pointer);
        return { ends: [fallthrough([pointer], [value])], extraGas: [UNIQUE_KEY_GAS] };
      },
    );
  },
  felt252_dict_entry_finalize: ({ types }, args) => {
    const type = singleType(args);
    const signature = straight(
      [wrapped(types, 'Felt252DictEntry', type), type],
      [output(wrapped(types, 'Felt252Dict', type), sameAs(0))],
    );
    return built(
      signature,
      (id) => types.size(id),
      (b, input) => {
        const entry = input.buffer(0, 0);
        const value = input.deref(1);
        b.hint('Felt252DictEntryUpdate', { dict_ptr: entry, value });
        b.assert(value, b.at(entry, -1));
        return { ends: [fallthrough([entry])] };
      },
    );
  },
  squashed_felt252_dict_entries: ({ types }, args) => {
    const type = singleType(args);
    const entry = structOf(types, 'Tuple', types.find('felt252'), type, type);
    return reinterpret(wrapped(types, 'SquashedFelt252Dict', type), arrayOf(types, entry));
  },
};

import { PRIME } from '@cairn/primitives';
import { type LibfuncTester, way } from '../libfuncTester.ts';
import type { SierraValue } from '../runSierra.ts';

const felts = [5n, 0n, PRIME - 1n, 7n];
const FELTS = 'Array<felt252>';
const PAIR = 'Struct<user@Tuple, felt252, felt252>';

/** Arrays, spans, boxes, nullables. */
export function arrayCases(t: LibfuncTester): void {
  const arrays: SierraValue[][] = [[[]], [[1n]], [felts]];
  t.probe(`array_new<felt252>`, [[]], () => [[]]);
  t.probe(
    'array_append<felt252>',
    [
      [[], 1n],
      [felts, 9n],
    ],
    (list: bigint[], x: bigint) => [[...list, x]],
  );
  t.probe('array_len<felt252>', arrays, (list: bigint[]) => [BigInt(list.length)]);
  t.script(
    'array_len<u256>',
    ['Snapshot<Array<Struct<user@core::integer::u256, u128, u128>>>'],
    (f, list) => f.ret(...f.call('array_len<Struct<user@core::integer::u256, u128, u128>>', list!)),
    [
      [[]],
      [[[1n, 2n]]],
      [
        [
          [1n, 2n],
          [3n, 4n],
          [5n, 6n],
        ],
      ],
    ],
    (list: unknown[]) => [BigInt(list.length)],
  );
  const indices = [0n, 1n, 3n, 4n, 2n ** 32n - 1n];
  t.probe(
    'array_get<felt252>',
    indices.flatMap((i) => arrays.map(([list]) => [list!, i])),
    (list: bigint[], i: bigint) => (i < list.length ? way(0, list[Number(i)]!) : way(1)),
  );
  t.probe(
    'array_slice<felt252>',
    indices.flatMap((from) => indices.map((count) => [felts, from, count])),
    (list: bigint[], from: bigint, count: bigint) =>
      from + count <= list.length ? way(0, list.slice(Number(from), Number(from + count))) : way(1),
  );
  t.probe('array_pop_front<felt252>', arrays, (list: bigint[]) =>
    list.length > 0 ? way(0, list.slice(1), list[0]!) : way(1, []),
  );
  t.probe('array_pop_front_consume<felt252>', arrays, (list: bigint[]) =>
    list.length > 0 ? way(0, list.slice(1), list[0]!) : way(1),
  );
  t.probe('array_snapshot_pop_front<felt252>', arrays, (list: bigint[]) =>
    list.length > 0 ? way(0, list.slice(1), list[0]!) : way(1, []),
  );
  t.probe('array_snapshot_pop_back<felt252>', arrays, (list: bigint[]) =>
    list.length > 0 ? way(0, list.slice(0, -1), list.at(-1)!) : way(1, []),
  );
  t.probe(`array_snapshot_multi_pop_front<${PAIR}>`, arrays, (list: bigint[]) =>
    list.length >= 2 ? way(0, list.slice(2), list.slice(0, 2)) : way(1, list),
  );
  t.probe(`array_snapshot_multi_pop_back<${PAIR}>`, arrays, (list: bigint[]) =>
    list.length >= 2 ? way(0, list.slice(0, -2), list.slice(-2)) : way(1, list),
  );
  t.probe(`span_from_tuple<${PAIR}>`, [[[3n, 4n]]], (list: bigint[]) => [list]);
  t.probe(`tuple_from_span<${PAIR}>`, [...arrays, [[8n, 9n]]], (list: bigint[]) =>
    list.length === 2 ? way(0, list) : way(1),
  );

  t.probe('into_box<felt252>', [[5n]], (x: bigint) => [x]);
  t.probe('unbox<felt252>', [[PRIME - 1n]], (x: bigint) => [x]);
  t.probe(`box_forward_snapshot<${FELTS}>`, [[felts]], (list: bigint[]) => [list]);
  t.probe('null<felt252>', [[]], () => [null]);
  t.probe('nullable_from_box<felt252>', [[5n]], (x: bigint) => [x]);
  t.probe(`nullable_forward_snapshot<${FELTS}>`, [[felts], [null]], (list: SierraValue) => [list]);
  t.probe('match_nullable<felt252>', [[null], [0n], [5n]], (x: bigint | null) =>
    x === null ? way(0) : way(1, x),
  );
  t.probe(`snapshot_take<${FELTS}>`, [[felts]], (list: bigint[]) => [list, list]);
  t.probe('snapshot_take<felt252>', [[5n]], (x: bigint) => [x, x]);
}

/** Structs and enums. */
export function aggregateCases(t: LibfuncTester): void {
  const owner = `Struct<user@Owner, ${FELTS}, u8>`;
  t.probe('struct_construct<Struct<user@Point, felt252, u8>>', [[5n, 6n]], (x: bigint, y: bigint) => [
    [x, y],
  ]);
  t.probe('struct_deconstruct<Struct<user@Point, felt252, u8>>', [[[5n, 6n]]], (p: bigint[]) => p);
  t.probe('struct_boxed_deconstruct<Struct<user@Point, felt252, u8>>', [[[5n, 6n]]], (p: bigint[]) => p);
  t.probe(`struct_snapshot_deconstruct<${owner}>`, [[[felts, 6n]]], (p: SierraValue[]) => p);

  const three = 'Enum<user@Three, felt252, u8, Struct<user@Tuple, u8, u8>>';
  const variants = [
    { variant: 0, value: 5n },
    { variant: 1, value: 6n },
    { variant: 2, value: [7n, 8n] },
  ];
  const match = (x: { variant: number; value: SierraValue }) => way(x.variant, x.value);
  for (const { variant, value } of variants)
    t.probe(`enum_init<${three}, ${variant}>`, [[value]], (x: SierraValue) => [{ variant, value: x }]);
  const each = variants.map((x) => [x]);
  t.probe(`enum_match<${three}>`, each, match);
  t.probe(`enum_boxed_match<${three}>`, each, match);
  t.probe(
    `enum_snapshot_match<Enum<user@Either, ${FELTS}, u8>>`,
    [[{ variant: 0, value: felts }], [{ variant: 1, value: 5n }]],
    match,
  );
  for (const count of [2, 3, 5]) {
    const unit = 'Struct<user@Tuple>';
    t.probe(
      `enum_from_bounded_int<Enum<user@Colour, ${Array(count).fill(unit).join(', ')}>>`,
      Array.from({ length: count }, (_, i) => [BigInt(i)]),
      (x: bigint) => [{ variant: Number(x), value: [] }],
    );
  }
}

/** Dictionaries: three writes at given keys, squashed. */
export function dictCases(t: LibfuncTester): void {
  for (const bigKeys of [false, true]) {
    const keys = bigKeys ? [0n, 5n, PRIME - 1n, 2n ** 128n] : [0n, 5n, 2n ** 127n];
    t.script(
      `felt252_dict_*, keys ${bigKeys ? 'above' : 'below'} 2^128`,
      ['RangeCheck', 'SegmentArena', 'GasBuiltin', ...Array<string[]>(3).fill(['felt252', 'u8']).flat()],
      (f, rc, arena, gas, ...entries) => {
        // Squashing moves ap by an unknown amount: what must outlive it goes to locals.
        const places = [0, 1, 2].map(() => f.call('alloc_local<u8>')[0]!);
        f.call('finalize_locals');
        const [next, empty] = f.call('felt252_dict_new<u8>', arena!);
        let dict = empty!;
        const before = [];
        for (let i = 0; i < entries.length; i += 2) {
          const [entry, old] = f.call('felt252_dict_entry_get<u8>', ...f.store(dict), entries[i]!);
          [dict] = f.call('felt252_dict_entry_finalize<u8>', entry!, entries[i + 1]!) as [typeof dict];
          before.push(...f.call('store_local<u8>', places[i / 2]!, ...f.store(old!)));
        }
        const [rcEnd, gasEnd, arenaEnd, squashed] = f.call(
          'felt252_dict_squash<u8>',
          ...f.store(rc!, gas!, next!, dict),
        );
        f.ret(
          rcEnd!,
          gasEnd!,
          arenaEnd!,
          ...f.call('squashed_felt252_dict_entries<u8>', squashed!),
          ...before,
        );
      },
      keys.flatMap((a) => keys.flatMap((b) => keys.map((c) => [a, 1n, b, 2n, c, 255n]))),
      (...args: bigint[]) => {
        const values = new Map<bigint, bigint>();
        const before: bigint[] = [];
        for (let i = 0; i < 6; i += 2) {
          before.push(values.get(args[i]!) ?? 0n);
          values.set(args[i]!, args[i + 1]!);
        }
        const sorted = [...values].sort(([a], [b]) => (a < b ? -1 : 1));
        return [sorted.map(([key, value]) => [key, 0n, value]), ...before];
      },
    );
  }
}

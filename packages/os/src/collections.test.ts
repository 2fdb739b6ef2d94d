import { getPublicKey, PRIME, pointFromX, STARK_CURVE, sign } from '@cairn/primitives';
import { describe, expect, it } from 'vitest';
import {
  giving,
  inputs,
  outputOf,
  type ReplacedHints,
  runTest,
  succeeds,
  type TestProgram,
} from './testing/runZero.ts';

type Access = readonly [key: bigint, prev: bigint, next: bigint];
const cells = (name: string, values: readonly bigint[]) => ({
  [`test.${name}`]: (h: any) => h.memory.allocate(values),
});

const SQUASH: TestProgram = {
  imports: ['squash_dict: squash_dict', 'dict_access: DictAccess', 'alloc: alloc'],
  functions:
    'func show{output_ptr: felt*}(p: felt*, n) {\n if (n == 0) {\n return ();\n }\n out([p]);\n return show(p + 1, n - 1);\n}',
  body: `${inputs('n')}
    local log: DictAccess* = nondet %{ test.log %};
    let (local squashed: DictAccess*) = alloc();
    let (end) = squash_dict(log, cast(log, felt*) + n, squashed);
    show(squashed, end - squashed);`.replace(
    'cast(log, felt*) + n',
    'cast(cast(log, felt) + n, DictAccess*)',
  ),
};
const log = (accesses: readonly Access[], n = 3 * accesses.length): ReplacedHints => ({
  ...cells('log', accesses.flat()),
  ...giving({ n: BigInt(n) }),
});

function model(accesses: readonly Access[]): bigint[] {
  const found = new Map<bigint, [bigint, bigint]>();
  for (const [key, prev, next] of accesses) found.set(key, [found.get(key)?.[0] ?? prev, next]);
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([key, [prev, next]]) => [key, prev, next]);
}

const SMALL: Access[] = [
  [7n, 0n, 1n],
  [3n, 5n, 6n],
  [7n, 1n, 2n],
  [3n, 6n, 6n],
  [9n, 1n, 0n],
  [7n, 2n, 0n],
];
const BIG: Access[] = [
  [PRIME - 1n, 0n, 1n],
  [0n, 5n, 6n],
  [PRIME - 1n, 1n, 2n],
  [1n << 128n, 6n, 7n],
  [PRIME / 2n, 1n, 0n],
];

describe('squash_dict', () => {
  it.each([[[]], [SMALL], [BIG], [SMALL.slice(0, 1)], [BIG.slice(0, 1)]])(
    'agrees with the model',
    (accesses) => {
      expect(outputOf(SQUASH, log(accesses))).toEqual(model(accesses));
    },
  );
  it('refuses broken chains and half accesses', () => {
    for (let i = 0; i < SMALL.length; i++) {
      if (![2, 3, 5].includes(i)) continue;
      const broken = SMALL.map((a, j) => (i === j ? ([a[0], a[1] + 1n, a[2]] as const) : a));
      expect(succeeds(SQUASH, log(broken))).toBe(false);
    }
    for (const n of [1, 2, 4, 17]) expect(succeeds(SQUASH, log(SMALL, n))).toBe(false);
  });
  it('refuses to leave out, repeat or reorder accesses and keys', () => {
    // Each list is of answers in order: keys, distances.
    const play = (keys: bigint[], distances: bigint[][], isBig = 0): ReplacedHints => {
      let key = -1;
      let at = 0;
      const next = (): bigint => {
        key++;
        at = 0;
        return keys[key] ?? 0n;
      };
      const distance =
        (cell: string) =>
        (h: any): void =>
          h.memory.write(h.pointer(cell), ((distances[key]?.[at++] ?? 0n) + PRIME) % PRIME);
      return {
        'cairn.squash_dict.enter': next,
        'cairn.squash_dict.next_key': next,
        'cairn.squash_dict.has_big_keys': () => isBig,
        'cairn.squash_dict.first_distance': distance('range_check_ptr'),
        'cairn.squash_dict.distance': distance('next_range_check'),
        'cairn.squash_dict.is_last_access': () => (distances[key]?.length ?? 0) <= at,
        'cairn.squash_dict.has_more_accesses': () => (distances[key]?.length ?? 0) > at,
      };
    };
    const good: [bigint[], bigint[][]] = [
      [3n, 7n, 9n],
      [[1n, 1n], [0n, 1n, 2n], [4n]],
    ];
    expect(succeeds(SQUASH, { ...log(SMALL), ...play(...good) })).toBe(true);
    const wrong: [bigint[], bigint[][], number?][] = [
      [
        [3n, 9n, 7n],
        [[1n, 1n], [4n], [0n, 1n, 2n]],
      ],
      [
        [7n, 3n, 9n],
        [[0n, 1n, 2n], [1n, 1n], [4n]],
      ],
      [
        [3n, 7n],
        [
          [1n, 1n],
          [0n, 1n, 2n],
        ],
      ],
      [
        [3n, 7n, 9n, 9n],
        [[1n, 1n], [0n, 1n], [4n], [4n]],
      ],
      [
        [3n, 7n, 9n],
        [[1n, 1n], [0n, 4n], [4n]],
      ],
      [
        [3n, 7n, 7n, 9n],
        [[1n, 1n], [0n], [2n, 2n], [4n]],
      ],
      [
        [3n, 7n, 9n],
        [[1n, 1n, -1n], [0n, 1n, 2n], [4n]],
      ],
      [
        [3n, 3n, 7n, 9n],
        [[1n], [3n], [0n, 1n, 2n], [4n]],
      ],
      [[9n, 3n + PRIME, 7n], [[4n], [1n, 1n], [0n, 1n, 2n]], 1],
    ];
    for (const attack of wrong) expect(succeeds(SQUASH, { ...log(SMALL), ...play(...attack) })).toBe(false);
    // Keys that wrap around P.
    const around: Access[] = [
      [PRIME - 1n, 0n, 1n],
      [1n, 0n, 1n],
    ];
    expect(succeeds(SQUASH, { ...log(around), ...play([1n, PRIME - 1n], [[1n], [0n]], 1) })).toBe(true);
    for (const isBig of [0, 1])
      expect(succeeds(SQUASH, { ...log(around), ...play([PRIME - 1n, 1n], [[0n], [1n]], isBig) })).toBe(
        false,
      );
  });
  it('squashes 100 accesses to 10 keys in 1136 steps', () => {
    const many = Array.from(
      { length: 100 },
      (_, i) => [BigInt(i % 10), BigInt(Math.floor(i / 10)), BigInt(Math.floor(i / 10) + 1)] as const,
    );
    const program = { ...SQUASH, body: SQUASH.body.replace(/show\(.*/, '') };
    expect(runTest(program, log(many)).resources.steps).toBeLessThanOrEqual(1136);
  });
});

describe('dictionaries', () => {
  const DICT: TestProgram = {
    imports: [
      'default_dict: default_dict_new, default_dict_finalize',
      'dict: dict_read, dict_update, dict_write',
      'dict_access: DictAccess',
    ],
    body: `let (local start) = default_dict_new(4); let d = start;
      let (r) = dict_read{dict_ptr=d}(1); out(r); dict_write{dict_ptr=d}(1, 9); let (r) = dict_read{dict_ptr=d}(1); out(r);
      dict_update{dict_ptr=d}(2, 4, 5); let (r) = dict_read{dict_ptr=d}(2); out(r);
      let (s, e) = default_dict_finalize(start, d, 4); out(s.new_value); out(e - s);`,
  };
  it('remember what is written', () => expect(outputOf(DICT)).toEqual([4n, 9n, 5n, 9n, 6n]));
  it('cannot be given other values', () => {
    for (const value of [0n, 5n, PRIME - 1n])
      expect(succeeds(DICT, { 'cairn.dict.read': (h) => h.set('dict_ptr.prev_value', value) })).toBe(false);
  });
});

describe('arrays', () => {
  const run = (imports: string[], body: string, hints: ReplacedHints = {}): bigint[] =>
    outputOf({ imports: [...imports, 'alloc: alloc'], body }, hints);
  it('memcpy, memset, copy_indices', () => {
    for (const n of [0, 1, 7, 8, 9, 16, 23]) {
      const data = Array.from({ length: n + 1 }, (_, i) => BigInt(i * i));
      const hints = { ...cells('data', data), ...giving({ n: BigInt(n) }) };
      const body = `${inputs('n')}\n local data: felt* = nondet %{ test.data %}; let (local a) = alloc(); memcpy(a, data, n); assert a[n] = 77; let (local b) = alloc(); memset(b, 5, n); assert b[n] = 78;`;
      expect(run(['memcpy: memcpy', 'memset: memset'], body, hints)).toEqual([]);
      for (const flag of ['cairn.memcpy.is_block', 'cairn.memset.is_block'])
        if (n % 8 !== 0)
          expect(
            succeeds(
              { imports: ['memcpy: memcpy', 'memset: memset', 'alloc: alloc'], body },
              { ...hints, [flag]: () => 1 },
            ),
          ).toBe(false);
    }
  });
  const FIND = 'find_element: find_element, search_sorted, search_sorted_lower, search_sorted_optimistic';
  const search: TestProgram = {
    imports: [FIND],
    body: `${inputs('key')}\n local data: felt* = nondet %{ test.data %};
    let (p) = search_sorted_lower(data, 2, 3, key); out(p - data); let (p, ok) = search_sorted(data, 2, 3, key); out(ok); let (p, ok) = search_sorted_optimistic(data, 2, 3, key); out(ok);`,
  };
  const array = cells('data', [3n, 0n, 5n, 0n, 9n, 0n]);
  it('searches', () => {
    for (const [key, at, ok] of [
      [0n, 0n, 0n],
      [3n, 0n, 1n],
      [4n, 2n, 0n],
      [5n, 2n, 1n],
      [9n, 4n, 1n],
      [10n, 6n, 0n],
    ] as const)
      expect(outputOf(search, { ...array, ...giving({ key }) })).toEqual([at, ok, ok]);
  });
  it('searches cannot be led astray', () => {
    const find: TestProgram = {
      imports: [FIND],
      body: `${inputs('key')}\n local data: felt* = nondet %{ test.data %}; let (p) = find_element(data, 2, 3, key); out(p - data);`,
    };
    const index =
      (i: bigint) =>
      (h: any): void =>
        h.memory.write(h.pointer('range_check_ptr'), (i + PRIME) % PRIME);
    expect(outputOf(find, { ...array, ...giving({ key: 5n }) })).toEqual([2n]);
    for (const i of [-1n, 0n, 2n, 3n, 1n << 127n])
      expect(
        succeeds(find, { ...array, ...giving({ key: 5n }), 'cairn.find_element.index_of_key': index(i) }),
      ).toBe(false);
    for (const i of [-1n, 0n, 2n, 3n, 4n])
      expect(
        succeeds(search, {
          ...array,
          ...giving({ key: 5n }),
          'cairn.find_element.index_of_lower_bound': index(i),
        }),
      ).toBe(false);
    expect(
      succeeds(search, { ...array, ...giving({ key: 4n }), 'cairn.find_element.is_missing': () => 0 }),
    ).toBe(false);
    expect(
      outputOf(search, { ...array, ...giving({ key: 5n }), 'cairn.find_element.is_missing': () => 1 }),
    ).toEqual([2n, 1n, 1n]);
  });
  it('pow, signed_pow, log2_ceil', () => {
    const power: TestProgram = {
      imports: ['pow: pow, signed_pow', 'log2_ceil: log2_ceil'],
      body: `${inputs('e')}\n let (r) = pow(3, e); out(r);`,
    };
    const modPow = (e: bigint): bigint => {
      let r = 1n;
      let b = 3n;
      for (let x = e; x > 0n; x >>= 1n) {
        if (x & 1n) r = (r * b) % PRIME;
        b = (b * b) % PRIME;
      }
      return r;
    };
    for (const e of [0n, 1n, 2n, 3n, 255n, 1n << 128n, (1n << 251n) - 1n])
      expect(outputOf(power, giving({ e }))).toEqual([modPow(e)]);
    expect(succeeds(power, giving({ e: 1n << 251n }))).toBe(false);
    expect(succeeds(power, { ...giving({ e: 5n }), 'cairn.pow.bit': () => 1 })).toBe(false);
    // 5 + P has 252 bits.
    expect(
      succeeds(power, {
        ...giving({ e: 5n }),
        'cairn.pow.bit_count_to_range_check': (h) => h.memory.write(h.pointer('range_check_ptr'), 252n),
        'cairn.pow.bit': (h) => ((5n + PRIME) >> (h.felt('left') - 1n)) & 1n,
      }),
    ).toBe(false);
    const log: TestProgram = {
      imports: ['log2_ceil: log2_ceil'],
      body: `${inputs('v')}\n let r = log2_ceil(v); out(r);`,
    };
    for (const v of [1n, 2n, 3n, 4n, 5n, 255n, 256n, 257n, 1n << 127n])
      expect(outputOf(log, giving({ v }))).toEqual([
        BigInt((v - 1n === 0n ? '' : (v - 1n).toString(2)).length),
      ]);
    for (const wrong of [0n, 1n, 2n, 4n])
      expect(
        succeeds(log, {
          ...giving({ v: 5n }),
          'cairn.log2_ceil.to_range_check': (h) => h.memory.write(h.pointer('range_check_ptr'), wrong),
        }),
      ).toBe(false);
  });
  it('usort', () => {
    const sort: TestProgram = {
      imports: ['usort: usort'],
      body: `${inputs('n')}\n local data: felt* = nondet %{ test.data %}; let (l, o, m) = usort(n, data); local l = l; local o: felt* = o; local m: felt* = m; out(l); out(o[0]); out(m[0]); out(o[l - 1]); out(m[l - 1]);`,
    };
    const hints = { ...cells('data', [5n, 1n, 5n, 7n, 1n, 5n]), ...giving({ n: 6n }) };
    expect(outputOf(sort, hints)).toEqual([3n, 1n, 2n, 7n, 1n]);
    expect(succeeds(sort, { ...hints, 'cairn.usort.next_value': () => 5n })).toBe(false);
    expect(
      succeeds(sort, {
        ...hints,
        'cairn.usort.has_more_places': () => 0,
        'cairn.usort.is_last_place': () => 1,
      }),
    ).toBe(false);
  });
  it('set_add, serialize_array, get_label_location, normalize_address', () => {
    const sets: TestProgram = {
      imports: ['set: set_add', 'alloc: alloc'],
      body: `let (local s) = alloc(); local first: felt* = nondet %{ test.first %}; let e = s; set_add{set_end_ptr=e}(s, 2, first); set_add{set_end_ptr=e}(s, 2, first); set_add{set_end_ptr=e}(s, 2, first + 2); out(e - s);`,
    };
    const hints = cells('first', [1n, 2n, 3n, 4n]);
    expect(outputOf(sets, hints)).toEqual([4n]);
    expect(succeeds(sets, { ...hints, 'cairn.set.is_known': () => 1 })).toBe(false);
    for (const i of [1n, PRIME - 1n])
      expect(
        succeeds(sets, {
          ...hints,
          'cairn.set.index_to_range_check': (h) => h.memory.write(h.pointer('range_checks'), i),
        }),
      ).toBe(false);
  });
});

describe('curve and signatures', () => {
  it('adds points', () => {
    const program: TestProgram = {
      builtins: ['range_check', 'ec_op'],
      imports: ['ec: StarkCurve, ec_add, ec_double, ec_mul, ec_op, ec_sub, recover_y', 'ec_point: EcPoint'],
      body: `
      let g = EcPoint(StarkCurve.GEN_X, StarkCurve.GEN_Y); let (local d) = ec_double(g); let (local t) = ec_add(d, g); let (u) = ec_mul(3, g); assert u = t; let (v) = ec_sub(t, d); assert v = g; let (w) = ec_op(d, 2, g); let (x) = ec_add(t, g); assert w = x; let (z) = ec_mul(StarkCurve.ORDER, g); assert z = EcPoint(0, 0);`.replace(
        'let (u)',
        'let (local u: EcPoint)',
      ),
    };
    expect(outputOf(program)).toEqual([]);
    for (const shift of [
      [0n, 0n],
      [1n, 1n],
    ] as const)
      expect(
        succeeds(program, {
          'cairn.ec.shift_of_one': (h) => {
            h.set('shift.x', shift[0]);
            h.set('shift.y', shift[1]);
          },
        }),
      ).toBe(false);
  });

  it('check_ecdsa_signature', () => {
    const program: TestProgram = {
      builtins: ['range_check', 'ecdsa', 'ec_op'],
      imports: ['signature: check_ecdsa_signature, verify_ecdsa_signature'],
      body: `${inputs('z', 'k', 'r', 's')}
        let (v) = check_ecdsa_signature(z, k, r, s); out(v);`,
    };
    const [secret, z] = [0x1234567n, 0x7777777n];
    const { r, s } = sign(secret, z);
    const k = getPublicKey(secret);
    const check = (values: Record<string, bigint>): bigint[] =>
      outputOf(program, giving({ z, k, r, s, ...values }));
    expect(check({})).toEqual([1n]);
    for (const wrong of [
      { z: z + 1n },
      { k: k + 1n },
      { r: r + 1n },
      { s: s + 1n },
      { r: 0n },
      { s: 0n },
      { k: 5n },
      { s: STARK_CURVE.order },
    ])
      expect(check(wrong as unknown as Record<string, bigint>)).toEqual([0n]);
    // A prover cannot make a good signature look bad.
    for (const hint of ['cairn.math.is_square'])
      expect(succeeds(program, { ...giving({ z, k, r, s }), [hint]: () => 0 })).toBe(false);
    const flipped = {
      'cairn.ec.y': (h: any) => {
        const y = pointFromX(h.felt('p.x'))!.y;
        h.set('p.y', PRIME - y);
      },
    };
    expect(outputOf(program, { ...giving({ z, k, r, s }), ...flipped })).toEqual([1n]);
  });
});

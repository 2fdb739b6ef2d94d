import { PRIME } from '@cairn/primitives';
import { type LibfuncTester, pairs, way } from '../libfuncTester.ts';
import { signed } from '../sierraBuilder.ts';

const FELTS = [0n, 1n, 127n, 128n, 255n, 256n, 2n ** 63n, 2n ** 64n, 2n ** 127n, 2n ** 128n - 1n, 2n ** 128n];
const ALL_FELTS = [
  ...FELTS,
  2n ** 251n - 1n,
  2n ** 251n,
  PRIME / 2n,
  ...FELTS.map((x) => (PRIME - x) % PRIME),
];

function squareRoot(n: bigint): bigint {
  let root = BigInt(Math.floor(Math.sqrt(Number(n))));
  while (root * root > n) root--;
  while ((root + 1n) * (root + 1n) <= n) root++;
  return root;
}

/** Libfuncs of u8 … u128. */
export function unsignedCases(t: LibfuncTester): void {
  for (const bits of [8n, 16n, 32n, 64n, 128n]) {
    const type = `u${bits}`;
    const bound = 1n << bits;
    const half = 1n << (bits / 2n);
    const values = [0n, 1n, 2n, 3n, half - 1n, half, half + 1n, bound / 2n, bound - 2n, bound - 1n];
    const all = pairs(values);
    for (const value of [0n, 1n, bound - 1n]) t.probe(`${type}_const<${value}>`, [[]], () => [value]);
    t.probe(`${type}_eq`, all, (a: bigint, b: bigint) => way(a === b ? 1 : 0));
    t.probe(
      `${type}_is_zero`,
      values.map((a) => [a]),
      (a: bigint) => (a === 0n ? way(0) : way(1, a)),
    );
    t.probe(`${type}_overflowing_add`, all, (a: bigint, b: bigint) =>
      a + b < bound ? way(0, a + b) : way(1, a + b - bound),
    );
    t.probe(`${type}_overflowing_sub`, all, (a: bigint, b: bigint) =>
      a >= b ? way(0, a - b) : way(1, a - b + bound),
    );
    t.probe(
      `${type}_safe_divmod`,
      all.filter(([, b]) => b !== 0n),
      (a: bigint, b: bigint) => [a / b, a % b],
    );
    t.probe(
      `${type}_sqrt`,
      [...values, bound - 3n, (half - 1n) ** 2n, half * half - 1n].map((a) => [a]),
      (a: bigint) => [squareRoot(a)],
    );
    t.probe(
      `${type}_to_felt252`,
      values.map((a) => [a]),
      (a: bigint) => [a],
    );
    const bitwise = (a: bigint, b: bigint) => [a & b, a ^ b, a | b];
    t.probe(bits === 128n ? 'bitwise' : `${type}_bitwise`, all, bitwise);
    if (bits === 128n) continue;
    t.probe(
      `${type}_try_from_felt252`,
      ALL_FELTS.map((a) => [a]),
      (a: bigint) => (a < bound ? way(0, a) : way(1)),
    );
    t.probe(`${type}_wide_mul`, all, (a: bigint, b: bigint) => [a * b]);
  }
  t.probe(
    'u128s_from_felt252',
    ALL_FELTS.map((a) => [a]),
    (a: bigint) => (a < 2n ** 128n ? way(0, a) : way(1, a >> 128n, a % 2n ** 128n)),
  );
  t.probe(
    'u128_byte_reverse',
    [0n, 1n, 0x0102030405060708090a0b0c0d0e0f10n, 2n ** 128n - 1n, 2n ** 120n].map((a) => [a]),
    (a: bigint) => [BigInt(`0x${a.toString(16).padStart(32, '0').match(/../g)!.reverse().join('')}`)],
  );
}

/** Libfuncs of i8 … i128. */
export function signedCases(t: LibfuncTester): void {
  for (const bits of [8n, 16n, 32n, 64n, 128n]) {
    const type = `i${bits}`;
    const bound = 1n << (bits - 1n);
    const values = [
      -bound,
      1n - bound,
      -(bound / 2n),
      -2n,
      -1n,
      0n,
      1n,
      2n,
      bound / 2n,
      bound - 2n,
      bound - 1n,
    ];
    const all = pairs(values).map(([a, b]) => [signed(a), signed(b)] as const);
    const value = (felt: bigint) => (felt > PRIME / 2n ? felt - PRIME : felt);
    const wrapped = (result: bigint) =>
      result < -bound
        ? way(1, signed(result + 2n * bound))
        : result >= bound
          ? way(2, signed(result - 2n * bound))
          : way(0, signed(result));
    for (const x of [-bound, -1n, bound - 1n]) t.probe(`${type}_const<${x}>`, [[]], () => [signed(x)]);
    t.probe(`${type}_eq`, all, (a: bigint, b: bigint) => way(a === b ? 1 : 0));
    t.probe(`${type}_overflowing_add_impl`, all, (a: bigint, b: bigint) => wrapped(value(a) + value(b)));
    t.probe(`${type}_overflowing_sub_impl`, all, (a: bigint, b: bigint) => wrapped(value(a) - value(b)));
    t.probe(`${type}_diff`, all, (a: bigint, b: bigint) => {
      const difference = value(a) - value(b);
      return difference >= 0n ? way(0, difference) : way(1, difference + 2n * bound);
    });
    t.probe(
      `${type}_to_felt252`,
      values.map((a) => [signed(a)]),
      (a: bigint) => [a],
    );
    t.probe(
      `${type}_try_from_felt252`,
      [...ALL_FELTS, ...values.map(signed), signed(-bound - 1n)].map((a) => [a]),
      (a: bigint) => (value(a) >= -bound && value(a) < bound ? way(0, a) : way(1)),
    );
    if (bits !== 128n)
      t.probe(`${type}_wide_mul`, all, (a: bigint, b: bigint) => [signed(value(a) * value(b))]);
  }
}

/** Ranges, casts and bounded integers. */
export function rangeCases(t: LibfuncTester): void {
  const small = [-3n, -1n, 0n, 4n, 9n];
  const low = [0n, 1n, 5n];
  const [a, b] = ['BoundedInt<0, 5>', 'BoundedInt<-3, 9>'];
  const operands = low.flatMap((x) => small.map((y) => [x, signed(y)]));
  const value = (felt: bigint) => (felt > PRIME / 2n ? felt - PRIME : felt);
  t.probe(`bounded_int_add<${a}, ${b}>`, operands, (x: bigint, y: bigint) => [signed(x + value(y))]);
  t.probe(`bounded_int_sub<${a}, ${b}>`, operands, (x: bigint, y: bigint) => [signed(x - value(y))]);
  t.probe(`bounded_int_mul<${a}, ${b}>`, operands, (x: bigint, y: bigint) => [signed(x * value(y))]);
  t.probe(
    'bounded_int_div_rem<BoundedInt<0, 1000>, BoundedInt<3, 7>>',
    [0n, 1n, 6n, 7n, 999n, 1000n].flatMap((x) => [3n, 5n, 7n].map((y) => [x, y])),
    (x: bigint, y: bigint) => [x / y, x % y],
  );
  t.probe(
    'bounded_int_div_rem<u128, BoundedInt<1, 340282366920938463463374607431768211455>>',
    pairs([1n, 2n, 2n ** 64n, 2n ** 128n - 1n]),
    (x: bigint, y: bigint) => [x / y, x % y],
  );
  t.probe(
    'bounded_int_constrain<i16, -7>',
    [-32768n, -8n, -7n, 0n, 32767n].map((x) => [signed(x)]),
    (x: bigint) => way(value(x) < -7n ? 0 : 1, x),
  );
  t.probe(
    `bounded_int_is_zero<${b}>`,
    small.map((x) => [signed(x)]),
    (x: bigint) => (x === 0n ? way(0) : way(1, x)),
  );
  t.probe(
    `bounded_int_trim_min<${b}>`,
    small.map((x) => [signed(x)]),
    (x: bigint) => (value(x) === -3n ? way(0) : way(1, x)),
  );
  t.probe(
    'bounded_int_trim_max<u8>',
    [0n, 254n, 255n].map((x) => [x]),
    (x: bigint) => (x === 255n ? way(0) : way(1, x)),
  );
  t.probe('bounded_int_wrap_non_zero<BoundedInt<1, 9>>', [[1n], [9n]], (x: bigint) => [x]);
  t.probe('upcast<i8, i16>', [[signed(-128n)], [0n], [127n]], (x: bigint) => [x]);
  const casts: [from: string, to: string, values: bigint[], min: bigint, max: bigint][] = [
    ['u16', 'u8', [0n, 255n, 256n, 65535n], 0n, 255n],
    ['i16', 'u8', [-32768n, -1n, 0n, 255n, 256n, 32767n], 0n, 255n],
    ['i128', 'i8', [-(2n ** 127n), -129n, -128n, 127n, 128n, 2n ** 127n - 1n], -128n, 127n],
    ['felt252', 'BoundedInt<5, 9>', [0n, 4n, 5n, 9n, 10n, -1n], 5n, 9n],
    [
      'u128',
      'BoundedInt<0, 340282366920938463463374607431768211454>',
      [0n, 2n ** 128n - 2n, 2n ** 128n - 1n],
      0n,
      2n ** 128n - 2n,
    ],
  ];
  for (const [from, to, values, min, max] of casts)
    t.probe(
      `downcast<${from}, ${to}>`,
      values.map((x) => [signed(x)]),
      (x: bigint) => (value(x) >= min && value(x) <= max ? way(0, x) : way(1)),
    );
  t.probe('int_range_try_new<u8>', pairs([0n, 1n, 254n, 255n]), (x: bigint, y: bigint) =>
    x <= y ? way(0, [x, y]) : way(1, [y, y]),
  );
  t.probe(
    'int_range_pop_front<i8>',
    [[[signed(-128n), 127n]], [[5n, 6n]], [[6n, 6n]]],
    ([x, y]: [bigint, bigint]) => (x === y ? way(0) : way(1, [(x + 1n) % PRIME, y], x)),
  );
}

const U256 = 'Struct<user@core::integer::u256, u128, u128>';
const split = (x: bigint) => [x % 2n ** 128n, x >> 128n];
const join = ([low, high]: readonly bigint[]) => low! + (high! << 128n);

/** Integers of two and four u128. */
export function wideCases(t: LibfuncTester): void {
  const halves = [0n, 1n, 2n ** 64n, 2n ** 128n - 1n];
  t.script(
    'u128_guarantee_mul, u128_mul_guarantee_verify',
    ['RangeCheck', 'u128', 'u128'],
    (f, rc, x, y) => {
      const [high, low, guarantee] = f.call('u128_guarantee_mul', x!, y!);
      const [checked] = f.call('u128_mul_guarantee_verify', rc!, guarantee!);
      f.ret(checked!, high!, low!);
    },
    pairs([0n, 1n, 2n, 2n ** 64n - 1n, 2n ** 64n, 2n ** 127n, 2n ** 128n - 1n]),
    (x: bigint, y: bigint) => [(x * y) >> 128n, (x * y) % 2n ** 128n],
  );
  const values = pairs(halves).map(([low, high]) => low + (high << 128n));
  t.probe(
    'u256_is_zero',
    values.map((x) => [split(x)]),
    (x: bigint[]) => (join(x) === 0n ? way(0) : way(1, x)),
  );
  t.probe(
    'u256_sqrt',
    [...values, (2n ** 128n - 1n) ** 2n - 1n].map((x) => [split(x)]),
    (x: bigint[]) => [squareRoot256(join(x))],
  );
  t.script(
    'u256_safe_divmod',
    ['RangeCheck', U256, `NonZero<${U256}>`],
    (f, rc, x, y) => {
      const [next, quotient, rest, guarantee] = f.call('u256_safe_divmod', rc!, x!, y!);
      const [checked] = f.call('u128_mul_guarantee_verify', next!, guarantee!);
      f.ret(checked!, quotient!, rest!);
    },
    pairs(values.filter((x) => x !== 0n)).map(([x, y]) => [split(x), split(y)]),
    (x: bigint[], y: bigint[]) => [split(join(x) / join(y)), split(join(x) % join(y))],
  );
  t.script(
    'u512_safe_divmod_by_u256',
    ['RangeCheck', 'Struct<user@core::integer::u512, u128, u128, u128, u128>', `NonZero<${U256}>`],
    (f, rc, x, y) => {
      const [next, quotient, rest, ...guarantees] = f.call('u512_safe_divmod_by_u256', rc!, x!, y!);
      let checked = next!;
      for (const guarantee of guarantees)
        [checked] = f.call('u128_mul_guarantee_verify', checked, guarantee) as [typeof checked];
      f.ret(checked, quotient!, rest!);
    },
    pairs([1n, 2n ** 128n - 1n, 2n ** 255n, 2n ** 256n - 1n]).flatMap(([x, y]) =>
      [x, x << 200n, x * (2n ** 256n - 1n)].map((z) => [
        [...split(z % 2n ** 256n), ...split(z >> 256n)],
        split(y),
      ]),
    ),
    (x: bigint[], y: bigint[]) => {
      const dividend = join(x.slice(0, 2)) + (join(x.slice(2)) << 256n);
      const [quotient, rest] = [dividend / join(y), dividend % join(y)];
      return [[...split(quotient % 2n ** 256n), ...split(quotient >> 256n)], split(rest)];
    },
  );
  const inverseArgs = [
    [3n, 7n],
    [2n ** 255n + 1n, 2n ** 256n - 1n],
    [5n, PRIME],
    [6n, 9n],
    [4n, 2n ** 200n],
    [7n, 7n],
    [0n, 5n],
    [5n, 1n],
    [1n, 2n],
  ];
  t.script(
    'u256_guarantee_inv_mod_n',
    ['RangeCheck', U256, `NonZero<${U256}>`],
    (f, rc, x, n) => {
      const verify = (checked: typeof rc, guarantees: (typeof rc)[]) => {
        for (const guarantee of guarantees)
          [checked] = f.call('u128_mul_guarantee_verify', checked!, guarantee!);
        return checked!;
      };
      f.branch(
        'u256_guarantee_inv_mod_n',
        [rc!, x!, n!],
        (next, inverse, ...guarantees) =>
          f.ret(verify(next, guarantees), ...f.call(`unwrap_non_zero<${U256}>`, inverse!)),
        (next, ...guarantees) => f.ret(verify(next, guarantees)),
      );
    },
    inverseArgs.map(([x, n]) => [split(x!), split(n!)]),
    (x: bigint[], n: bigint[]) => {
      const inverse = inverseModulo(join(x), join(n));
      return inverse === undefined ? way(1) : way(0, split(inverse));
    },
  );
}

function squareRoot256(n: bigint): bigint {
  let [low, high] = [0n, 2n ** 128n];
  while (high - low > 1n) {
    const middle = (low + high) / 2n;
    if (middle * middle <= n) low = middle;
    else high = middle;
  }
  return low;
}

/** The inverse of x modulo n; none for n = 1. */
function inverseModulo(x: bigint, n: bigint): bigint | undefined {
  let [r0, r1, t0, t1] = [n, x % n, 0n, 1n];
  while (r1 !== 0n) {
    const q = r0 / r1;
    [r0, r1, t0, t1] = [r1, r0 - q * r1, t1, t0 - q * t1];
  }
  return r0 === 1n && n > 1n ? ((t0 % n) + n) % n : undefined;
}

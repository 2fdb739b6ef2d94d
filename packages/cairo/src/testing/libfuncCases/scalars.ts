import {
  type AffinePoint,
  ecAdd,
  ecMul,
  ecNeg,
  feltDiv,
  feltMul,
  feltSqrt,
  hadesPermutation,
  PRIME,
  pedersen,
  STARK_CURVE,
} from '@cairn/primitives';
import { type LibfuncTester, pairs, way } from '../libfuncTester.ts';
import type { SierraValue } from '../runSierra.ts';

const FELTS = [
  0n,
  1n,
  2n,
  2n ** 128n,
  2n ** 251n - 257n,
  2n ** 251n - 256n,
  2n ** 251n - 1n,
  2n ** 251n,
  PRIME - 1n,
];
const single = (values: readonly bigint[]) => values.map((x) => [x]);
const BOUND_251 = 2n ** 251n;

/** felt252, bool, bytes31, hashes and addresses. */
export function scalarCases(t: LibfuncTester): void {
  const all = pairs(FELTS);
  t.probe('felt252_add', all, (a: bigint, b: bigint) => [(a + b) % PRIME]);
  t.probe('felt252_sub', all, (a: bigint, b: bigint) => [(a - b + PRIME) % PRIME]);
  t.probe('felt252_mul', all, (a: bigint, b: bigint) => [(a * b) % PRIME]);
  t.probe(
    'felt252_div',
    all.filter(([, b]) => b !== 0n),
    (a: bigint, b: bigint) => [feltDiv(a, b)],
  );
  t.probe('felt252_is_zero', single(FELTS), (a: bigint) => (a === 0n ? way(0) : way(1, a)));
  for (const x of [0n, 5n, PRIME - 1n]) t.probe(`felt252_const<${x}>`, [[]], () => [x]);
  t.probe('const_as_immediate<Const<felt252, -1>>', [[]], () => [PRIME - 1n]);
  t.probe(
    'const_as_box<Const<Struct<user@P, u8, felt252>, Const<u8, 7>, Const<felt252, -2>>, 0>',
    [[]],
    () => [[7n, PRIME - 2n]],
  );
  t.probe('unwrap_non_zero<felt252>', [[1n], [PRIME - 1n]], (a: bigint) => [a]);

  const bool = (x: boolean): SierraValue => ({ variant: x ? 1 : 0, value: [] });
  const isTrue = (x: SierraValue) => (x as { variant: number }).variant === 1;
  const bools = [bool(false), bool(true)];
  t.probe('bool_and_impl', pairs(bools), (a: SierraValue, b: SierraValue) => [bool(isTrue(a) && isTrue(b))]);
  t.probe('bool_or_impl', pairs(bools), (a: SierraValue, b: SierraValue) => [bool(isTrue(a) || isTrue(b))]);
  t.probe('bool_xor_impl', pairs(bools), (a: SierraValue, b: SierraValue) => [bool(isTrue(a) !== isTrue(b))]);
  t.probe(
    'bool_not_impl',
    bools.map((a) => [a]),
    (a: SierraValue) => [bool(!isTrue(a))],
  );
  t.probe(
    'bool_to_felt252',
    bools.map((a) => [a]),
    (a: SierraValue) => [isTrue(a) ? 1n : 0n],
  );

  for (const x of [0n, 2n ** 248n - 1n]) t.probe(`bytes31_const<${x}>`, [[]], () => [x]);
  t.probe('bytes31_to_felt252', [[0n], [2n ** 248n - 1n]], (a: bigint) => [a]);
  t.probe('bytes31_try_from_felt252', single([...FELTS, 2n ** 248n - 1n, 2n ** 248n]), (a: bigint) =>
    a < 2n ** 248n ? way(0, a) : way(1),
  );
  for (const name of ['contract_address', 'class_hash'])
    t.probe(`${name}_const<${BOUND_251 - 1n}>`, [[]], () => [BOUND_251 - 1n]);
  for (const name of ['contract_address', 'class_hash', 'storage_address']) {
    t.probe(`${name}_to_felt252`, single([0n, BOUND_251 - 1n]), (a: bigint) => [a]);
    t.probe(`${name}_try_from_felt252`, single(FELTS), (a: bigint) => (a < BOUND_251 ? way(0, a) : way(1)));
  }
  const base = BOUND_251 - 256n;
  t.probe(`storage_base_address_const<${base - 1n}>`, [[]], () => [base - 1n]);
  t.probe('storage_base_address_from_felt252', single(FELTS), (a: bigint) => [a < base ? a : a - base]);
  t.probe('storage_address_from_base', single([0n, base - 1n]), (a: bigint) => [a]);
  t.probe(
    'storage_address_from_base_and_offset',
    pairs([0n, base - 1n], [0n, 255n]),
    (a: bigint, b: bigint) => [a + b],
  );
}

/** Pedersen, Poseidon, Blake2s. */
export function hashCases(t: LibfuncTester): void {
  t.probe('pedersen', pairs([0n, 1n, PRIME - 1n, 2n ** 248n]), (a: bigint, b: bigint) => [pedersen(a, b)]);
  t.probe(
    'hades_permutation',
    [
      [0n, 0n, 0n],
      [1n, 2n, 3n],
      [PRIME - 1n, 2n ** 251n, 5n],
    ],
    (...state: bigint[]) => [...hadesPermutation(state[0]!, state[1]!, state[2]!)],
  );
  const state = [
    0x6b08e647n,
    0xbb67ae85n,
    0x3c6ef372n,
    0xa54ff53an,
    0x510e527fn,
    0x9b05688cn,
    0x1f83d9abn,
    0x5be0cd19n,
  ];
  const message = [0x00636261n, ...Array<bigint>(15).fill(0n)];
  // BLAKE2s-256("abc"), RFC 7693 appendix B.
  const digest = Buffer.from('508c5e8c327c14e2e1a72ba34eeb452f37458b209ed63a294d999b4c86675982', 'hex');
  t.probe('blake2s_finalize', [[state, 3n, message]], () => [
    Array.from({ length: 8 }, (_, i) => BigInt(digest.readUInt32LE(4 * i))),
  ]);
  t.probe('blake2s_compress', [[state, 64n, message.map((_, i) => BigInt(i))]], () => [
    blake2sBlock(
      state,
      message.map((_, i) => BigInt(i)),
      64n,
    ),
  ]);
}

/** Message schedule of BLAKE2s. @see RFC 7693, section 2.7 */
const SIGMAS = [
  '0123456789abcdef',
  'ea489fd61c02b753',
  'b8c052fdae367194',
  '7931dcbe265a40f8',
  '905724afe1bc683d',
  '2c6a0b834d75fe19',
  'c51fed4a0763928b',
  'db7ec13950f4862a',
  '6fe9b308c2d714a5',
  'a2847615fb9e3cd0',
];
const IV = [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];

/** One block of BLAKE2s that is not the last. @see RFC 7693, section 3.2 */
function blake2sBlock(state: readonly bigint[], message: readonly bigint[], byteCount: bigint): bigint[] {
  const v = [...state.map(Number), ...IV];
  v[12]! ^= Number(byteCount);
  const m = message.map(Number);
  const rotate = (x: number, n: number) => (x >>> n) | (x << (32 - n));
  const mix = (a: number, b: number, c: number, d: number, x: number, y: number) => {
    v[a] = (v[a]! + v[b]! + x) | 0;
    v[d] = rotate(v[d]! ^ v[a]!, 16);
    v[c] = (v[c]! + v[d]!) | 0;
    v[b] = rotate(v[b]! ^ v[c]!, 12);
    v[a] = (v[a]! + v[b]! + y) | 0;
    v[d] = rotate(v[d]! ^ v[a]!, 8);
    v[c] = (v[c]! + v[d]!) | 0;
    v[b] = rotate(v[b]! ^ v[c]!, 7);
  };
  for (const sigma of SIGMAS) {
    const s = [...sigma].map((digit) => m[Number.parseInt(digit, 16)]!);
    for (let i = 0; i < 4; i++) mix(i, 4 + i, 8 + i, 12 + i, s[2 * i]!, s[2 * i + 1]!);
    for (let i = 0; i < 4; i++)
      mix(i, 4 + ((i + 1) % 4), 8 + ((i + 2) % 4), 12 + ((i + 3) % 4), s[8 + 2 * i]!, s[9 + 2 * i]!);
  }
  return state.map((word, i) => BigInt((Number(word) ^ v[i]! ^ v[i + 8]!) >>> 0));
}

/** Points of the Stark curve; the point at infinity is (0, 0). */
export function curveCases(t: LibfuncTester): void {
  const g = STARK_CURVE.generator;
  const point = (p: AffinePoint | null) => (p === null ? [0n, 0n] : [p.x, p.y]);
  const points = [1n, 2n, 77n, STARK_CURVE.order - 1n].map((k) => ecMul(k, g)!);
  const affine = ([x, y]: readonly bigint[]): AffinePoint => ({ x: x!, y: y! });
  const lists = points.map((p) => [point(p)]);
  t.probe('ec_point_zero', [[]], () => [[0n, 0n]]);
  t.probe('ec_point_is_zero', [[[0n, 0n]], ...lists], (p: bigint[]) => (p[0] === 0n ? way(0) : way(1, p)));
  t.probe('ec_point_unwrap', lists, (p: bigint[]) => p);
  t.probe('ec_neg', lists, (p: bigint[]) => [point(ecNeg(affine(p)))]);
  t.probe('ec_neg_nz', lists, (p: bigint[]) => [point(ecNeg(affine(p)))]);
  t.probe(
    'ec_point_try_new_nz',
    [...points.map((p) => [p.x, p.y]), [1n, 1n], [g.x, g.y + 1n]],
    (x: bigint, y: bigint) => (onCurve(x) === feltMul(y, y) ? way(0, [x, y]) : way(1)),
  );
  const xs = [0n, 1n, 2n, 3n, 4n, 5n, g.x, PRIME - 1n];
  t.probe(
    'ec_point_from_x_nz',
    xs.map((x) => [x]),
    (x: bigint) => {
      const y = feltSqrt(onCurve(x));
      return y === undefined ? way(1) : way(0, [x, y < PRIME - y ? y : PRIME - y]);
    },
  );
  t.script(
    'ec_state_init, ec_state_add, ec_state_add_mul, ec_state_try_finalize_nz',
    ['EcOp', 'felt252', 'NonZero<EcPoint>', 'NonZero<EcPoint>'],
    (f, ecOp, m, p, q) => {
      const [start] = f.store(...f.call('ec_state_init'));
      const [next, state] = f.call('ec_state_add_mul', ecOp!, start!, m!, p!);
      const [sum] = f.store(...f.call('ec_state_add', ...f.store(state!), q!));
      f.branch(
        'ec_state_try_finalize_nz',
        [sum!],
        (result) => f.ret(next!, result),
        () => f.ret(next!),
      );
    },
    [
      [5n, point(points[0]), point(points[1])],
      [0n, point(points[2]), point(points[3])],
      [PRIME - 1n, point(points[3]), point(points[2])],
      [1n, point(points[0]), point(ecNeg(points[0]!))],
      [STARK_CURVE.order - 1n, point(points[0]), point(points[0])],
    ],
    (m: bigint, p: bigint[], q: bigint[]) => {
      const sum = m === 0n ? affine(q) : ecAdd(ecMul(m, affine(p))!, affine(q));
      return sum ? way(0, [sum.x, sum.y]) : way(1);
    },
  );
}

function onCurve(x: bigint): bigint {
  return (x * x * x + STARK_CURVE.alpha * x + STARK_CURVE.beta) % PRIME;
}

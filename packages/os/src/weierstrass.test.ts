import { modInverse, PRIME } from '@cairn/primitives';
import { p256 } from '@noble/curves/nist.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { describe, expect, it } from 'vitest';
import { digitsOf, fromDigits, signedFelt } from './hints/integers.ts';
import type { LibraryHint } from './hints/libraryHint.ts';
import { LIBRARY_HINTS } from './hints/libraryHints.ts';
import { outputOf, type ReplacedHints, runTest, succeeds, type TestProgram } from './testing/runZero.ts';

type Limbs = readonly bigint[];
interface Affine {
  x: bigint;
  y: bigint;
}
const BASE = 1n << 86n;
/** 1 / 2^42: no small number, but one when it is multiplied by 2^42. */
const FRACTION = modInverse(1n << 42n, PRIME);
const limbsOf = (value: bigint): bigint[] => digitsOf(value, 86, 3);
const mod = (x: bigint, m: bigint): bigint => ((x % m) + m) % m;
const random = (seed: number, bound: bigint): bigint =>
  BigInt(`0x${Buffer.from(keccak_256(Uint8Array.of(seed, seed >> 8))).toString('hex')}`) % bound;

/** A hint that sets struct variables to limbs. */
const setting =
  (values: Readonly<Record<string, Limbs>>): LibraryHint =>
  (h) => {
    for (const [path, limbs] of Object.entries(values))
      for (const [i, limb] of limbs.entries()) h.set(`${path}.d${i}`, mod(limb, PRIME));
  };
/** The hint, and then a change of the number that it proposes. */
const changing =
  (name: string, change: (value: bigint) => bigint): LibraryHint =>
  (h) => {
    LIBRARY_HINTS[name]!(h);
    h.vars.set('value', change(h.local<bigint>('value')));
  };
const outLimbs = (name: string): string => `out(${name}.d0); out(${name}.d1); out(${name}.d2);`;
const outPoint = (name: string): string => `${outLimbs(`${name}.x`)} ${outLimbs(`${name}.y`)}`;

const CURVES = [
  ['secp256k1', 'cairo_secp', secp256k1.Point],
  ['secp256r1', 'secp256r1', p256.Point],
] as const;

describe.each(CURVES)('%s', (curve, folder, Point) => {
  const { p, n } = Point.CURVE();
  const hint = (name: string): string => `cairn.${curve}.${name}`;
  const imports = [
    'cairo_secp.bigint3: BigInt3, SumBigInt3, UnreducedBigInt3',
    `${folder}.field: is_zero, reduce, unreduced_mul, unreduced_sqr, validate_reduced_field_element, verify_zero`,
    `${folder}.ec: EcPoint, compute_doubling_slope, compute_slope, ec_add, ec_double, ec_mul, ec_mul_by_uint256, ec_mul_inner, ec_negate, fast_ec_add, try_get_point_from_x`,
    'uint256: Uint256',
    'alloc: alloc',
  ];
  const program = (locals: string, body: string): TestProgram => ({
    imports,
    body: `${locals
      .split(', ')
      .map((l) => `local ${l};`)
      .join(' ')} %{ test.values %}\n ${body}`,
  });
  const affine = (point: InstanceType<typeof Point>): Affine =>
    point.equals(Point.ZERO as never) ? { x: 0n, y: 0n } : point.toAffine();
  const multiple = (k: bigint): Affine =>
    affine(mod(k, n) === 0n ? Point.ZERO : Point.BASE.multiply(mod(k, n)));
  const pointLimbs = (name: string, { x, y }: Affine): Record<string, Limbs> => ({
    [`${name}.x`]: limbsOf(x),
    [`${name}.y`]: limbsOf(y),
  });
  const given = (values: Readonly<Record<string, Limbs>>): ReplacedHints => ({
    'test.values': setting(values),
  });
  const pointOf = (cells: readonly bigint[]): Affine => ({
    x: fromDigits(cells.slice(0, 3), 86),
    y: fromDigits(cells.slice(3, 6), 86),
  });
  const EDGES = [
    0n,
    1n,
    2n,
    p - 1n,
    p - 2n,
    p >> 1n,
    BASE - 1n,
    BASE,
    BASE ** 2n,
    random(1, p),
    random(2, p),
  ];

  describe('the field', () => {
    const PRODUCT = program(
      'a: BigInt3, b: BigInt3',
      `let (ab) = unreduced_mul(a, b); let (r) = reduce(ab); ${outLimbs('r')} let (aa) = unreduced_sqr(a); let (r) = reduce(aa); ${outLimbs('r')}`,
    );
    const ZERO = program('a: SumBigInt3', 'let (r) = is_zero(a); out(r);');
    const CANONICAL = program('a: BigInt3', 'validate_reduced_field_element(a);');
    const VERIFY = program('a: UnreducedBigInt3', 'verify_zero(a);');
    const REDUCE = program('a: UnreducedBigInt3', `let (r) = reduce(a); ${outLimbs('r')}`);

    it('multiplies', () => {
      for (const a of EDGES)
        for (const b of [EDGES[3]!, EDGES[9]!, a, mod(-a, p)])
          expect(outputOf(PRODUCT, given({ a: limbsOf(a), b: limbsOf(b) }))).toEqual([
            ...limbsOf((a * b) % p),
            ...limbsOf((a * a) % p),
          ]);
    });
    it('multiplies numbers with negative limbs', () => {
      const [a, b] = [limbsOf(random(3, p)).map((limb) => -limb), limbsOf(random(4, p))];
      const [x, y] = [fromDigits(a, 86), fromDigits(b, 86)];
      expect(outputOf(PRODUCT, given({ a, b }))).toEqual([
        ...limbsOf(mod(x * y, p)),
        ...limbsOf(mod(x * x, p)),
      ]);
    });
    it('reduces', () => {
      for (const a of [...EDGES, p, p + 1n, 5n * p, 5n * p + 7n, -1n, -p, 1n - p])
        expect(outputOf(REDUCE, given({ a: limbsOf(a) })), `${a}`).toEqual(limbsOf(mod(a, p)));
    });
    it('knows 0', () => {
      for (const a of [...EDGES, p, 2n * p, -p, -1n, p + 1n]) {
        const values = given({ a: limbsOf(a) });
        const isZero = mod(a, p) === 0n;
        expect(outputOf(ZERO, values)).toEqual([isZero ? 1n : 0n]);
        expect(succeeds(VERIFY, values)).toBe(isZero);
        // The other answer, with any inverse.
        for (const inverse of [0n, 1n, random(5, p)])
          expect(
            succeeds(ZERO, {
              ...values,
              [hint('is_zero')]: () => !isZero,
              [hint('inverse')]: (h) => void h.vars.set('value', inverse),
            }),
          ).toBe(false);
      }
    });
    it('knows numbers below p', () => {
      for (const a of EDGES) expect(succeeds(CANONICAL, given({ a: limbsOf(a) }))).toBe(true);
      for (const a of [p, p + 1n, p + BASE, p + BASE ** 2n, 1n << 256n, (1n << 258n) - 1n])
        expect(succeeds(CANONICAL, given({ a: limbsOf(a) })), `${a}`).toBe(false);
      // Right numbers in wrong limbs.
      for (const a of [
        [BASE, 0n, 0n],
        [0n, BASE, 0n],
        [-1n, 1n, 0n],
        [0n, -1n, 1n],
        [0n, 0n, -1n],
        [1n << 127n, 0n, 0n],
        [FRACTION, 0n, 0n],
        [0n, FRACTION, 0n],
        [0n, 0n, FRACTION],
        [0n, 1n << 127n, 0n],
      ])
        expect(succeeds(CANONICAL, given({ a })), `${a}`).toBe(false);
    });
    it('proves its answers: wrong ones fail', () => {
      const values = given({ a: limbsOf(random(6, p)), b: limbsOf(random(7, p)) });
      for (const change of [
        (v: bigint) => v + 1n,
        (v: bigint) => v - 1n,
        (v: bigint) => mod(-v, p),
        () => 0n,
      ])
        expect(succeeds(PRODUCT, { ...values, [hint('residue')]: changing(hint('residue'), change) })).toBe(
          false,
        );
      // The same number modulo p is as right.
      expect(
        succeeds(PRODUCT, { ...values, [hint('residue')]: changing(hint('residue'), (v) => v + p) }),
      ).toBe(true);
    });
    it('proves 0: forged quotients and carries fail', () => {
      const inverse = (x: bigint): bigint => modInverse(mod(x, PRIME), PRIME);
      /** Quotient and carries that fulfil the lines for felts. */
      const forged = ([d0, d1, d2]: Limbs, q?: bigint): [bigint, bigint, bigint] => {
        const value = d0! + d1! * BASE + d2! * BASE ** 2n;
        const quotient = q ?? mod(value * inverse(p), PRIME);
        const rem = mod((1n << 256n) - p, p);
        const [rem0, rem1] = curve === 'secp256k1' ? [rem, 0n] : [1n, -(1n << 10n)];
        const carry = mod((d0! + quotient * rem0) * inverse(BASE), PRIME);
        return [quotient, carry, mod((d1! + quotient * rem1 + carry) * inverse(BASE), PRIME)];
      };
      const SHIFTED = 1n << 164n;
      const as = (parts: readonly bigint[]): ReplacedHints =>
        curve === 'secp256k1'
          ? { [hint('quotient')]: () => parts[0]! }
          : {
              [hint('quotient_and_carries')]: (h) =>
                h.writeAll(
                  h.pointer('range_check_ptr'),
                  parts.flatMap((part) => {
                    const [low, high] = digitsOf(mod(part + SHIFTED, PRIME), 128, 2) as [bigint, bigint];
                    return [low, high, (high << 91n) % PRIME];
                  }),
                ),
            };
      for (const good of [limbsOf(3n * p), [0n, 0n, 0n], limbsOf(-7n * p)]) {
        const values = given({ a: good });
        const right = forged(good, fromDigits(good, 86) / p);
        expect(succeeds(VERIFY, { ...values, ...as(right) })).toBe(true);
        for (let i = 0; i < 3; i++)
          for (const by of [1n, -1n, BASE, 1n << 127n]) {
            const wrong = right.map((part, j) => (i === j ? part + by : part));
            if (curve === 'secp256r1' || i === 0)
              expect(succeeds(VERIFY, { ...values, ...as(wrong) })).toBe(false);
          }
      }
      // Numbers for which all lines hold, of felts, and all parts but one are in range.
      const top = curve === 'secp256k1' ? BASE / 4n : p >> 172n;
      const [rem0, rem1] = curve === 'secp256k1' ? [(1n << 256n) - p, 0n] : [1n, -(1n << 10n)];
      for (const large of [1n << 170n, 1n << 200n, -(1n << 200n), PRIME / 2n])
        for (const [q, carry, carryTwo] of [
          [large, 0n, 0n],
          [0n, large, 0n],
          [0n, 0n, large],
        ] as const) {
          const limbs = [
            carry * BASE - q * rem0!,
            carryTwo * BASE - q * rem1! - carry,
            q * top - carryTwo,
          ].map((limb) => signedFelt(mod(limb, PRIME)));
          expect(mod(fromDigits(limbs, 86), p)).not.toBe(0n);
          expect(succeeds(VERIFY, { ...given({ a: limbs }), ...as([q, carry, carryTwo]) })).toBe(false);
        }
      for (const bad of [[1n, 0n, 0n], [0n, 1n, 0n], [0n, 0n, 1n], limbsOf(p + 1n), limbsOf(random(8, p))]) {
        const values = given({ a: bad });
        expect(succeeds(VERIFY, { ...values, ...as(forged(bad)) })).toBe(false);
        for (const q of [0n, 1n, -1n, 5n])
          expect(succeeds(VERIFY, { ...values, ...as(forged(bad, q)) })).toBe(false);
      }
    });
  });

  describe('points', () => {
    const ADD = program('a: EcPoint, b: EcPoint', `let (r) = ec_add(a, b); ${outPoint('r')}`);
    const FAST = program('a: EcPoint, b: EcPoint', `let (r) = fast_ec_add(a, b); ${outPoint('r')}`);
    const DOUBLE = program('a: EcPoint', `let (r) = ec_double(a); ${outPoint('r')}`);
    const NEGATE = program('a: EcPoint', `let (r) = ec_negate(a); ${outPoint('r')}`);
    const FROM_X = program(
      'x: BigInt3, v: BigInt3',
      `let (r: EcPoint*) = alloc(); let (found) = try_get_point_from_x(x, v.d0, r); out(found);\n if (found != 0) {\n out(r.y.d0);\n out(r.y.d1);\n out(r.y.d2);\n return ();\n }`,
    );
    const add = (a: bigint, b: bigint, test = ADD, replaced?: ReplacedHints): Affine =>
      pointOf(
        outputOf(test, {
          ...given({ ...pointLimbs('a', multiple(a)), ...pointLimbs('b', multiple(b)) }),
          ...replaced,
        }),
      );
    const SCALARS = [0n, 1n, 2n, 3n, n - 1n, n - 2n, random(10, n), random(11, n)];

    it('add, also where they are equal, opposite or at infinity', () => {
      for (const a of SCALARS)
        for (const b of [...SCALARS, a, -a]) expect(add(a, b), `${a} + ${b}`).toEqual(multiple(a + b));
    });
    it('add fast where their x differ', () => {
      for (const a of SCALARS)
        for (const b of SCALARS)
          if (mod(a - b, n) !== 0n && mod(a + b, n) !== 0n)
            expect(add(a, b, FAST), `${a} + ${b}`).toEqual(multiple(a + b));
    });
    it('double and negate', () => {
      for (const a of SCALARS) {
        const values = given(pointLimbs('a', multiple(a)));
        expect(pointOf(outputOf(DOUBLE, values))).toEqual(multiple(2n * a));
        expect(pointOf(outputOf(NEGATE, values))).toEqual(multiple(-a));
      }
    });
    it('are found by x and parity', () => {
      let found = 0;
      for (const x of [0n, 1n, 2n, 3n, 5n, p - 1n, random(12, p), random(13, p), multiple(5n).x])
        for (const v of [0n, 1n, 27n, 28n]) {
          const y = rootOf(x);
          const parity = y === undefined || (y & 1n) === (v & 1n) ? y : p - y;
          const expected = parity === undefined ? [0n] : [1n, ...limbsOf(parity)];
          const values = given({ x: limbsOf(x), v: [v] });
          expect(outputOf(FROM_X, values), `${x}`).toEqual(expected);
          found += Number(expected[0]);
          // The other answer.
          expect(succeeds(FROM_X, { ...values, [hint('is_on_curve')]: () => y === undefined })).toBe(false);
          // Another root: of the other parity, no root, and the same one plus p.
          for (const change of [(r: bigint) => p - r, (r: bigint) => r + 1n, () => 0n])
            expect(
              y !== undefined &&
                succeeds(FROM_X, { ...values, [hint('root')]: changing(hint('root'), change) }),
            ).toBe(false);
          if (y !== undefined)
            for (const w of [v, v + 1n])
              expect(
                succeeds(FROM_X, {
                  ...given({ x: limbsOf(x), v: [w] }),
                  [hint('root')]: (h) => void h.vars.set('value', parity! + p),
                }),
              ).toBe(false);
        }
      expect(found).toBeGreaterThan(8);
    });
    const rootOf = (x: bigint): bigint | undefined => {
      try {
        const point = Point.fromHex(`02${x.toString(16).padStart(64, '0')}`);
        return point.toAffine().y;
      } catch {
        return undefined;
      }
    };
    it('prove their hints: wrong ones fail', () => {
      const [a, b] = [random(14, n), random(15, n)];
      const points = given({ ...pointLimbs('a', multiple(a)), ...pointLimbs('b', multiple(b)) });
      const one = given(pointLimbs('a', multiple(a)));
      const twice = given({ ...pointLimbs('a', multiple(a)), ...pointLimbs('b', multiple(a)) });
      const attacks: [TestProgram, ReplacedHints, string][] = [
        [ADD, points, 'chord_slope'],
        [ADD, points, 'third_x'],
        [ADD, points, 'third_y'],
        [ADD, points, 'inverse'],
        [ADD, twice, 'tangent_slope'],
        [FAST, points, 'chord_slope'],
        [DOUBLE, one, 'tangent_slope'],
        [DOUBLE, one, 'third_x'],
        [DOUBLE, one, 'third_y'],
        [NEGATE, one, 'negative_y'],
      ];
      for (const [test, values, name] of attacks) {
        expect(succeeds(test, values)).toBe(true);
        for (const change of [
          (v: bigint) => v + 1n,
          (v: bigint) => mod(-v, p),
          () => 0n,
          () => 1n,
          (v: bigint) => v ^ (1n << 255n),
        ])
          expect(
            succeeds(test, { ...values, [hint(name)]: changing(hint(name), change) }),
            `${name} ${change}`,
          ).toBe(false);
      }
      // Points that differ as equal ones, and the reverse.
      for (const values of [points, twice])
        expect(
          succeeds(ADD, { ...values, [hint('is_zero')]: (h) => !LIBRARY_HINTS[hint('is_zero')]!(h) }),
        ).toBe(false);
    });

    const MUL = program('a: EcPoint, s: BigInt3', `let (r) = ec_mul(a, s); ${outPoint('r')}`);
    const MUL256 = program(
      'a: EcPoint, s: BigInt3',
      `let (r) = ec_mul_by_uint256(a, Uint256(s.d0, s.d1)); ${outPoint('r')}`,
    );
    const INNER = program(
      'a: EcPoint, s: BigInt3',
      `let (q, r) = ec_mul_inner(a, s.d0, s.d1); ${outPoint('r')} ${outPoint('q')}`,
    );
    const halves = (s: bigint): bigint[] => digitsOf(s, 128, 2);
    it('are multiplied', () => {
      for (const s of [
        0n,
        1n,
        15n,
        16n,
        17n,
        n - 17n,
        n - 16n,
        n - 1n,
        n,
        n + 1n,
        n + 16n,
        (1n << 256n) - 1n,
        random(16, n),
      ])
        for (const k of [1n, random(17, n)]) {
          const point = pointLimbs('a', multiple(k));
          expect(pointOf(outputOf(MUL256, given({ ...point, s: halves(s) }))), `${s}`).toEqual(
            multiple(k * s),
          );
        }
      const s = random(18, n);
      for (const k of [0n, 5n])
        expect(pointOf(outputOf(MUL, given({ ...pointLimbs('a', multiple(k)), s: limbsOf(s) })))).toEqual(
          multiple(k * s),
        );
      for (const [scalar, bits] of [
        [0n, 0n],
        [1n, 1n],
        [11n, 4n],
        [random(19, 1n << 86n), 86n],
      ] as const) {
        const cells = outputOf(INNER, given({ ...pointLimbs('a', multiple(7n)), s: [scalar, bits] }));
        expect(pointOf(cells)).toEqual(multiple(7n * scalar));
        expect(pointOf(cells.slice(6))).toEqual(multiple(7n << bits));
      }
    });
    it('are multiplied by scalars in range', () => {
      const point = pointLimbs('a', multiple(1n));
      expect(succeeds(MUL, given({ ...point, s: limbsOf((1n << 256n) - 1n) }))).toBe(true);
      for (const s of [
        [BASE, 0n, 0n],
        [0n, BASE, 0n],
        [-1n, 1n, 0n],
        [0n, -1n, 1n],
        [0n, 0n, 1n << 84n],
        [FRACTION, 0n, 0n],
        [0n, FRACTION, 0n],
        [0n, 0n, modInverse(1n << 44n, PRIME)],
        [0n, 0n, -1n],
      ])
        expect(succeeds(MUL, given({ ...point, s }))).toBe(false);
      expect(succeeds(INNER, given({ ...point, s: [16n, 4n] }))).toBe(false);
    });
    it('are multiplied by the digits of the scalar alone: others fail', () => {
      const values = given({ ...pointLimbs('a', multiple(3n)), s: halves(random(20, n)) });
      const steps = runTest(MUL256, values).resources.steps;
      // 76k and 125k steps with cairo-lang 0.14.0.1.
      expect(steps).toBeLessThanOrEqual(curve === 'secp256k1' ? 82_000 : 108_200);
      const original = (name: string) => LIBRARY_HINTS[hint(name)]!;
      for (const name of ['digit', 'last_digit'])
        for (const change of [(d: bigint) => d + 1n, (d: bigint) => d - 1n, (d: bigint) => d ^ 8n]) {
          let calls = 0;
          const once: LibraryHint = (h) => {
            const digit = original(name)(h) as bigint;
            return calls++ === (name === 'digit' ? 20 : 0) ? change(digit) : digit;
          };
          expect(succeeds(MUL256, { ...values, [hint(name)]: once }), name).toBe(false);
        }
      // One more here, sixteen less there: the same number, but of no digits.
      for (const up of [16n, -16n]) {
        let calls = 0;
        const moved: LibraryHint = (h) => {
          const digit = original('digit')(h) as bigint;
          calls++;
          return calls === 20 ? digit - up / 16n : calls === 21 ? digit + up : digit;
        };
        expect(succeeds(MUL256, { ...values, [hint('digit')]: moved })).toBe(false);
      }
      let bits = 0;
      const flipped: LibraryHint = (h) => (original('bit')(h) as bigint) ^ (bits++ === 3 ? 1n : 0n);
      const inner = given({ ...pointLimbs('a', multiple(3n)), s: [1234567n, 30n] });
      expect(succeeds(INNER, inner)).toBe(true);
      expect(succeeds(INNER, { ...inner, [hint('bit')]: flipped })).toBe(false);
    });
  });
});

describe('assert_165_bit', () => {
  const program: TestProgram = {
    imports: ['secp256r1.field: assert_165_bit'],
    body: 'local a = nondet %{ test.a %}; assert_165_bit(a);',
  };
  const given = (a: bigint): ReplacedHints => ({ 'test.a': () => a });
  const parts = (low: bigint, high: bigint, raised = high << 91n): ReplacedHints => ({
    'cairn.math.halves_to_range_checks': (h) =>
      h.writeAll(
        h.pointer('range_check_ptr'),
        [low, high, raised].map((x) => mod(x, PRIME)),
      ),
  });
  it('takes numbers below 2^165', () => {
    for (const a of [0n, 1n, 1n << 128n, (1n << 165n) - 1n]) expect(succeeds(program, given(a))).toBe(true);
    for (const a of [1n << 165n, 1n << 200n, PRIME - 1n, PRIME / 2n])
      expect(succeeds(program, given(a))).toBe(false);
  });
  it('proves the parts', () => {
    const a = (5n << 128n) + 7n;
    expect(succeeds(program, { ...given(a), ...parts(7n, 5n) })).toBe(true);
    for (const wrong of [parts(8n, 5n), parts(7n, 6n), parts(7n, 5n, 0n), parts(7n + (1n << 128n), 4n)])
      expect(succeeds(program, { ...given(a), ...wrong })).toBe(false);
    const large = 1n << 166n;
    expect(succeeds(program, { ...given(large), ...parts(0n, 1n << 38n, 0n) })).toBe(false);
  });
});

describe('signatures of Ethereum', () => {
  const { p, n } = secp256k1.Point.CURVE();
  const imports = [
    'cairo_secp.bigint3: BigInt3',
    'cairo_secp.ec_point: EcPoint',
    'cairo_secp.signature: div_mod_n, get_generator_point, get_point_from_x, public_key_point_to_eth_address, recover_public_key, validate_signature_entry, verify_eth_signature, verify_eth_signature_uint256',
    'cairo_keccak.keccak: finalize_keccak',
    'uint256: Uint256',
    'alloc: alloc',
  ];
  const builtins = ['range_check', 'bitwise'];
  const locals =
    'local z: BigInt3; local r: BigInt3; local s: BigInt3; local v: BigInt3; %{ test.values %}\n ';
  const program = (body: string): TestProgram => ({ builtins, imports, body: locals + body });
  const VERIFY = program(
    'let (keccak_ptr: felt*) = alloc(); local start: felt* = keccak_ptr;\n with keccak_ptr {\n verify_eth_signature(msg_hash=z, r=r, s=s, v=v.d0, eth_address=v.d1);\n }\n finalize_keccak(start, keccak_ptr);',
  );
  const VERIFY256 = program(
    'let (keccak_ptr: felt*) = alloc(); local start: felt* = keccak_ptr;\n with keccak_ptr {\n verify_eth_signature_uint256(msg_hash=Uint256(z.d0, z.d1), r=Uint256(r.d0, r.d1), s=Uint256(s.d0, s.d1), v=v.d0, eth_address=v.d1);\n }\n finalize_keccak(start, keccak_ptr);',
  );
  const RECOVER = program(
    `let (point) = recover_public_key(msg_hash=z, r=r, s=s, v=v.d0); ${outPoint('point')}`,
  );
  const ADDRESS = program(
    'let (keccak_ptr: felt*) = alloc(); local start: felt* = keccak_ptr;\n with keccak_ptr {\n let (address) = public_key_point_to_eth_address(EcPoint(x=r, y=s));\n }\n finalize_keccak(start, keccak_ptr); out(address);',
  );
  const DIVIDE = program(`let (q) = div_mod_n(r, s); ${outLimbs('q')}`);
  const ENTRY = program('validate_signature_entry(r);');

  const key = random(30, n - 1n) + 1n;
  const Q = secp256k1.Point.BASE.multiply(key).toAffine();
  const bytes = (value: bigint): Uint8Array =>
    Uint8Array.from(Buffer.from(value.toString(16).padStart(64, '0'), 'hex'));
  const addressOf = ({ x, y }: Affine): bigint => {
    const hash = keccak_256(Uint8Array.from([...bytes(x), ...bytes(y)]));
    return BigInt(`0x${Buffer.from(hash.slice(12)).toString('hex')}`);
  };
  const inverse = (a: bigint): bigint => secp256k1.Point.Fn.inv(a);
  const sign = (z: bigint, nonce: bigint): { r: bigint; s: bigint; v: bigint } => {
    const R = secp256k1.Point.BASE.multiply(nonce).toAffine();
    return { r: R.x % n, s: mod(inverse(nonce) * (z + R.x * key), n), v: R.y & 1n };
  };
  const z = random(31, 1n << 256n);
  const signature = sign(z, random(32, n));
  const given = (
    { r = signature.r, s = signature.s, v = signature.v, hash = z, address = addressOf(Q) } = {},
    split: (value: bigint) => Limbs = limbsOf,
  ): ReplacedHints => ({
    'test.values': setting({ z: split(hash), r: split(r), s: split(s), v: [v, address] }),
  });
  const halves = (value: bigint): bigint[] => digitsOf(value, 128, 2);

  it('give the key that signed', () => {
    for (const hash of [z, 0n, 1n, n, n - 1n, (1n << 256n) - 1n]) {
      const { r, s, v } = sign(hash, random(33, n));
      expect(fromDigits(outputOf(RECOVER, given({ r, s, v, hash })).slice(0, 3), 86)).toBe(Q.x);
      expect(fromDigits(outputOf(RECOVER, given({ r, s, v, hash })).slice(3), 86)).toBe(Q.y);
    }
  });
  it('are verified', () => {
    expect(succeeds(VERIFY, given())).toBe(true);
    expect(succeeds(VERIFY256, given({}, halves))).toBe(true);
    const { r, s, v } = signature;
    expect(succeeds(VERIFY, given({ s: n - s, v: 1n - v }))).toBe(true);
    const other = addressOf(secp256k1.Point.BASE.toAffine());
    for (const wrong of [
      { r: r + 1n },
      { s: s + 1n },
      { v: 1n - v },
      { hash: z + 1n },
      { address: other },
      { r: 0n },
      { s: 0n },
      { s: s + n },
      { r: n },
      { s: n },
    ]) {
      expect(succeeds(VERIFY, given(wrong)), Object.keys(wrong)[0]).toBe(false);
      expect(succeeds(VERIFY256, given(wrong, halves)), Object.keys(wrong)[0]).toBe(false);
    }
    // s R = z G: the key at infinity has an address, but signs nothing.
    const R = secp256k1.Point.BASE.multiply(5n).toAffine();
    expect(
      succeeds(
        VERIFY,
        given({ r: R.x, s: mod(z * inverse(5n), n), v: R.y & 1n, address: addressOf({ x: 0n, y: 0n }) }),
      ),
    ).toBe(false);
  });
  it('cost', () => {
    expect(runTest(VERIFY, given()).resources.steps).toBeLessThanOrEqual(190_000);
  });
  it('make addresses of reduced coordinates', () => {
    const address = (x: bigint, y: bigint): ReplacedHints => given({ r: x, s: y });
    for (const point of [Q, { x: 0n, y: 0n }, { x: p - 1n, y: p - 1n }, { x: 1n, y: 2n }])
      expect(outputOf(ADDRESS, address(point.x, point.y))).toEqual([addressOf(point)]);
    for (const [x, y] of [
      [p, 1n],
      [1n, p],
      [p + 1n, 5n],
      [5n, p + 5n],
    ] as const)
      expect(succeeds(ADDRESS, address(x, y))).toBe(false);
  });
  it('have entries between 0 and the order', () => {
    for (const r of [1n, 2n, n - 1n, random(34, n)]) expect(succeeds(ENTRY, given({ r }))).toBe(true);
    for (const r of [0n, n, n + 1n, (1n << 256n) - 1n, 1n << 256n])
      expect(succeeds(ENTRY, given({ r }))).toBe(false);
  });
  it('divide modulo the order', () => {
    const quotient = (r: bigint, s: bigint): bigint => fromDigits(outputOf(DIVIDE, given({ r, s })), 86);
    for (const a of [0n, 1n, n - 1n, n, n + 5n, (1n << 256n) - 1n, random(35, n)])
      for (const b of [1n, 2n, n - 1n, n + 3n, random(36, n)])
        expect(quotient(a, b)).toBe(mod(a * inverse(mod(b, n)), n));
    for (const name of ['cairn.secp256k1.quotient_mod_n', 'cairn.secp256k1.orders_in_product'])
      for (const change of [
        (x: bigint) => x + 1n,
        (x: bigint) => x - 1n,
        () => 0n,
        (x: bigint) => x ^ (1n << 200n),
      ])
        expect(succeeds(DIVIDE, { ...given(), [name]: changing(name, change) }), name).toBe(false);
    // No inverse.
    const zero = given({ s: n });
    expect(
      succeeds(DIVIDE, {
        ...zero,
        'cairn.secp256k1.quotient_mod_n': (h) => void h.vars.set('value', 5n),
      }),
    ).toBe(false);
  });
  it('divide with carries in range', () => {
    const N = limbsOf(n);
    const k = [16n, 3n, 5n];
    const [m0, m1, m2, m3, m4] = [
      0n,
      k[1]! * N[0]!,
      k[1]! * N[1]! + k[2]! * N[0]!,
      k[1]! * N[2]! + k[2]! * N[1]!,
      k[2]! * N[2]!,
    ] as const;
    /** Numbers for which all lines hold, of felts, with these carries: b is the product, BASE^2 of it. */
    const divides = ([c0, c1, c2, c3]: Limbs, more = 0n): boolean => {
      const b = [0n, m3 + c3! * BASE - c2!, m4 - c3! + more];
      const a = [-m0 - c0! * BASE, -m1 + c0! - c1! * BASE, -m2 + c1! - c2! * BASE];
      return succeeds(DIVIDE, {
        'test.values': setting({ z: [0n, 0n, 0n], r: a, s: b, v: [0n, 0n] }),
        'cairn.secp256k1.quotient_mod_n': (h) => void h.vars.set('value', BASE ** 2n),
        'cairn.secp256k1.orders_in_product': (h) => void h.vars.set('value', fromDigits(k, 86)),
      });
    };
    expect(divides([0n, 0n, 0n, 0n])).toBe(true);
    expect(divides([1n, -5n, 1n << 100n, -(1n << 127n)])).toBe(true);
    expect(divides([0n, 0n, 0n, 0n], 1n)).toBe(false);
    for (let i = 0; i < 4; i++)
      for (const large of [1n << 127n, -(1n << 127n) - 1n, 1n << 200n, PRIME / 3n])
        expect(divides([0, 1, 2, 3].map((j) => (i === j ? large : 0n)))).toBe(false);
  });
  it('have the generator', () => {
    const { x, y } = secp256k1.Point.BASE.toAffine();
    expect(outputOf(program(`let (g) = get_generator_point(); ${outPoint('g')}`), given())).toEqual([
      ...limbsOf(x),
      ...limbsOf(y),
    ]);
    const FROM_X = program(`let (g) = get_point_from_x(r, v.d0); ${outPoint('g')}`);
    expect(outputOf(FROM_X, given({ r: x, v: y & 1n }))).toEqual([...limbsOf(x), ...limbsOf(y)]);
    expect(succeeds(FROM_X, given({ r: 5n }))).toBe(false);
  });
});

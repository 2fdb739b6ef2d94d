import { PRIME } from '@cairn/primitives';
import { describe, expect, it } from 'vitest';
import {
  giving,
  inputs,
  outputOf,
  type ReplacedHints,
  succeeds,
  type TestProgram,
} from './testing/runZero.ts';

const ALL = 1n << 256n;
const R = 1n << 128n;
const EDGES = [
  0n,
  1n,
  2n,
  R - 1n,
  R,
  R + 1n,
  (1n << 192n) - 1n,
  (1n << 255n) - 1n,
  1n << 255n,
  ALL - R,
  ALL - 2n,
  ALL - 1n,
  0x123456789abcdefn << 130n,
];
const signed = (x: bigint): bigint => (x >= ALL / 2n ? x - ALL : x);
const wrap = (x: bigint): bigint => ((x % ALL) + ALL) % ALL;

const NAMES =
  'Uint256, assert_uint256_eq, assert_uint256_le, assert_uint256_lt, felt_to_uint256, uint256_add, uint256_and, uint256_cond_neg, uint256_eq, uint256_le, uint256_lt, uint256_mul, uint256_mul_div_mod, uint256_neg, uint256_not, uint256_or, uint256_pow2, uint256_reverse_endian, uint256_shl, uint256_shr, uint256_signed_div_rem, uint256_signed_le, uint256_signed_lt, uint256_signed_nn, uint256_signed_nn_le, uint256_sqrt, uint256_sub, uint256_to_felt, uint256_unsigned_div_rem, uint256_xor';
const program = (body: string): TestProgram => ({
  builtins: ['range_check', 'bitwise'],
  imports: [`uint256: ${NAMES}`],
  body: `${inputs('al', 'ah', 'bl', 'bh')}\n local a: Uint256 = Uint256(al, ah); local b: Uint256 = Uint256(bl, bh);\n${body}`,
});
const values = (a: bigint, b: bigint): ReplacedHints =>
  giving({ al: a % R, ah: a / R, bl: b % R, bh: b / R });
const show = (name: string): string => `out(${name}.low); out(${name}.high);`;

describe('uint256', () => {
  const halves = (...xs: bigint[]): bigint[] => xs.flatMap((x) => [x % R, x / R]);
  const bit = (x: boolean): bigint => (x ? 1n : 0n);
  const div = (a: bigint, b: bigint): [bigint, bigint] => (b === 0n ? [0n, 0n] : [a / b, a % b]);
  const CASES: [string, string, (a: bigint, b: bigint) => bigint[]][] = [
    [
      'add',
      `let (r, c) = uint256_add(a, b); ${show('r')} out(c);`,
      (a, b) => [...halves(wrap(a + b)), (a + b) / ALL],
    ],
    [
      'mul',
      `let (l, h) = uint256_mul(a, b); ${show('l')} ${show('h')}`,
      (a, b) => halves((a * b) % ALL, (a * b) / ALL),
    ],
    [
      'sub, neg, not',
      `let (r) = uint256_sub(a, b); ${show('r')} let (r) = uint256_neg(a); ${show('r')} let (r) = uint256_not(a); ${show('r')}`,
      (a, b) => halves(wrap(a - b), wrap(-a), ALL - 1n - a),
    ],
    [
      'compare',
      'let (r) = uint256_lt(a, b); out(r); let (r) = uint256_le(a, b); out(r); let (r) = uint256_eq(a, b); out(r); let (r) = uint256_signed_lt(a, b); out(r); let (r) = uint256_signed_le(a, b); out(r); let (r) = uint256_signed_nn(a); out(r); let (r) = uint256_signed_nn_le(a, b); out(r);',
      (a, b) =>
        [
          a < b,
          a <= b,
          a === b,
          signed(a) < signed(b),
          signed(a) <= signed(b),
          signed(a) >= 0n,
          signed(a) >= 0n && signed(a) <= signed(b),
        ].map(bit),
    ],
    [
      'div',
      `let (q, r) = uint256_unsigned_div_rem(a, b); ${show('q')} ${show('r')}`,
      (a, b) => halves(...div(a, b)),
    ],
    [
      'signed div',
      `let (q, r) = uint256_signed_div_rem(a, b); ${show('q')} ${show('r')}`,
      (a, b) =>
        b === 0n ? halves(0n, 0n) : halves(wrap(signed(a) / signed(b)), wrap(signed(a) % signed(b))),
    ],
    [
      'mul div mod',
      `let (q, h, r) = uint256_mul_div_mod(a, a, b); ${show('q')} ${show('h')} ${show('r')}`,
      (a, b) => {
        const [q, r] = div(a * a, b);
        return halves(q % ALL, q / ALL, r);
      },
    ],
    [
      'bits',
      `let (r) = uint256_xor(a, b); ${show('r')} let (r) = uint256_and(a, b); ${show('r')} let (r) = uint256_or(a, b); ${show('r')} let (r) = uint256_reverse_endian(a); ${show('r')}`,
      (a, b) =>
        halves(
          a ^ b,
          a & b,
          a | b,
          BigInt(`0x${(a.toString(16).padStart(64, '0').match(/../g) ?? []).reverse().join('')}`),
        ),
    ],
    [
      'sqrt',
      `let (r) = uint256_sqrt(a); ${show('r')}`,
      (a) => {
        let r = 0n;
        for (let i = 127n; i >= 0n; i--) if ((r + (1n << i)) ** 2n <= a) r += 1n << i;
        return halves(r);
      },
    ],
  ];
  it.each(CASES)('%s', (_name, body, model) => {
    for (const a of EDGES)
      for (const b of EDGES) expect(outputOf(program(body), values(a, b)), `${a} ${b}`).toEqual(model(a, b));
  });
  it('shifts', () => {
    for (const a of EDGES)
      for (const b of [0n, 1n, 127n, 128n, 255n, 256n, R])
        expect(
          outputOf(
            program(`let (r) = uint256_shl(a, b); ${show('r')} let (r) = uint256_shr(a, b); ${show('r')}`),
            values(a, b),
          ),
        ).toEqual(halves(b > 255n ? 0n : wrap(a << b), b > 255n ? 0n : a >> b));
  });
  it('converts felts', () => {
    for (const a of EDGES) {
      const body = 'let r = uint256_to_felt(a); out(r);';
      if (a < PRIME) expect(outputOf(program(body), values(a, 0n))).toEqual([a]);
      else expect(succeeds(program(body), values(a, 0n))).toBe(false);
    }
    for (const a of [PRIME, PRIME + 1n])
      expect(succeeds(program('let r = uint256_to_felt(a); out(r);'), values(a, 0n))).toBe(false);
  });
  it('fails for wrong hints', () => {
    const attempt = (body: string, a: bigint, b: bigint, wrong: ReplacedHints): boolean =>
      succeeds(program(body), { ...values(a, b), ...wrong });
    const add = 'uint256_add(a, b);';
    for (const [low, high] of [
      [0n, 0n],
      [0n, 1n],
      [1n, 1n],
      [2n, 0n],
      [PRIME - 1n, 0n],
    ])
      expect(
        attempt(add, R - 1n, 1n, {
          'cairn.uint256.low_carry': () => low!,
          'cairn.uint256.carry': () => high!,
        }),
      ).toBe(false);
    const split = (dl: bigint, dh: bigint): ReplacedHints => ({
      'cairn.uint256.split_64': (h) => {
        const a = h.felt('a');
        h.writeAll(
          h.pointer('range_check_ptr'),
          [(a % (1n << 64n)) + dl, a / (1n << 64n) + dh].map((x) => ((x % PRIME) + PRIME) % PRIME),
        );
      },
    });
    for (const [dl, dh] of [
      [1n, 0n],
      [0n, 1n],
      [1n << 64n, -1n],
      [-(1n << 64n), 1n],
    ])
      expect(attempt('uint256_mul(a, b);', 7n << 100n, 5n << 60n, split(dl!, dh!))).toBe(false);
    for (const over of [1n, 2n])
      expect(
        attempt('uint256_mul(a, b);', 7n << 100n, 5n << 60n, { 'cairn.uint256.mul_over': () => over }),
      ).toBe(false);
    const quotient = (q: bigint, r: bigint): ReplacedHints => ({
      'cairn.uint256.quotient': (h) => {
        h.setUint256('quotient', q);
        h.setUint256('remainder', r);
      },
    });
    for (const [q, r] of [
      [2n, 4n],
      [4n, -2n],
      [3n, 0n],
      [3n, 2n],
      [1n, 3n],
      [ALL / 3n, 1n],
    ] as const)
      expect(attempt('uint256_unsigned_div_rem(a, b);', 10n, 3n, quotient(q, wrap(r)))).toBe(false);
    for (const r of [3n, 5n, R - 4n, PRIME - 4n])
      for (const half of [0n, 4n, PRIME / 2n])
        for (const b of [0n, 1n])
          expect(
            attempt('uint256_sqrt(a);', 17n, 0n, {
              'cairn.uint256.root': () => r,
              'cairn.uint256.half_excess': () => half,
              'cairn.uint256.excess_bit': () => b,
            }),
          ).toBe(false);
    for (const [q, r] of [
      [33n, 1n],
      [32n, 4n],
      [34n, -2n],
    ] as const)
      expect(
        attempt('uint256_mul_div_mod(a, a, b);', 10n, 3n, {
          'cairn.uint256.product_quotient': (h) => {
            h.setUint256('quotient_low', q);
            h.setUint256('quotient_high', 0n);
            h.setUint256('remainder', wrap(r));
          },
        }),
      ).toBe(q === 33n && r === 1n);
  });
});

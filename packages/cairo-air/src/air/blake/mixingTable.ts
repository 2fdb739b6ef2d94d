import type { AirBuilder, BusHandle, Expr } from '@cairn/stark';
import { bitsFrom, upTo } from '../valueForm.ts';
import type { ByteXors } from './byteXorTable.ts';

/** 1/2^16 in M31. */
const HALF_INVERSE = 2 ** 15;

/** A word as two halves of 16 bits. */
export type Halves = readonly [low: Expr, high: Expr];

/** Columns of a row of the mixing function: names and how many. */
export const MIXING_COLUMNS = [
  ['a', 2],
  ['b', 4],
  ['c', 2],
  ['d', 4],
  ['first', 2],
  ['second', 2],
  ['a1 ', 4],
  ['d^a1 ', 4],
  ['c1 ', 4],
  ['b^c1 ', 8],
  ['a2 ', 4],
  ['d1^a2 ', 4],
  ['c2 ', 4],
  ['b1^c2 ', 6],
] as const;

/** Two halves of four bytes. */
export const halvesOf = ([b0, b1, b2, b3]: readonly Expr[]): Halves => [
  b0!.add(b1!.mul(256)),
  b2!.add(b3!.mul(256)),
];

/** Fields of the mixing function's bus: words a, b, c, d, two message words, then a, b, c, d after. */
export const MIXING_FIELDS = [
  'a',
  'b',
  'c',
  'd',
  'm0',
  'm1',
  'a after',
  'b after',
  'c after',
  'd after',
].flatMap((name) => [`${name} low`, `${name} high`]);

/**
 * The mixing function G of Blake2s, one per row. Words that are xored are bytes; rotations by 16 and 8 move bytes, that by 12
 * moves halves of bytes, that by 7 splits two bytes into seven bits and one. Carries are expressions.
 * @see RFC 7693, section 3.1
 */
export function declareMixing(a: AirBuilder, xors: ByteXors): BusHandle {
  const mixing = a.bus('mixing', MIXING_FIELDS);
  a.table('blake mixing', { logHeight: { min: 4, max: 22 }, padding: 'none' }, (t) => {
    const one = t.constant(1);
    const columns = MIXING_COLUMNS.map(([name, count]) =>
      upTo(count).map(
        (i): Expr =>
          t.free(`${name}${i}`, bitsFrom(count === 2 ? 16 : 8, 'xor look-up or bus'), {
            reason: 'bound by the sums and xors',
          }),
      ),
    );
    const of = (name: (typeof MIXING_COLUMNS)[number][0]): Expr[] =>
      columns[MIXING_COLUMNS.findIndex((column) => column[0] === name)]!;
    const halves = (name: 'a' | 'c' | 'first' | 'second') => of(name) as unknown as Halves;
    const sum = (name: string, terms: readonly Halves[], result: Halves) => {
      let carry: Expr = t.constant(0);
      for (const k of [0, 1] as const) {
        const total = terms.map((term) => term[k]).reduce((x, y) => x.add(y));
        carry = total.add(carry).sub(result[k]).mul(HALF_INVERSE);
        const isTrit = terms.length === 3;
        const allowed = carry.mul(carry.sub(1));
        t.assertZero(`${name}: carry of half ${k}`, isTrit ? allowed.mul(carry.sub(2)) : allowed);
      }
    };
    const xorBytes = (name: string, x: readonly Expr[], y: readonly Expr[], z: readonly Expr[]) => {
      for (const i of upTo(4)) t.use(`${name}: byte ${i}`, xors.whole, [x[i]!, y[i]!, z[i]!], one);
    };
    const [b, d] = [of('b'), of('d')];
    const a1 = of('a1 ');
    sum('a + b + m0', [halves('a'), halvesOf(b), halves('first')], halvesOf(a1));
    const x1 = of('d^a1 ');
    xorBytes('d ^ a1', d, a1, x1);
    const d1 = upTo(4).map((i) => x1[(i + 2) % 4]!);
    const c1 = of('c1 ');
    sum('c + d1', [halves('c'), halvesOf(d1)], halvesOf(c1));
    const nibbles = of('b^c1 ');
    for (const i of upTo(4))
      t.use(`b ^ c1: byte ${i}`, xors.nibbles, [b[i]!, c1[i]!, nibbles[2 * i]!, nibbles[2 * i + 1]!], one);
    const b1 = upTo(4).map((i) => nibbles[(2 * i + 3) % 8]!.add(nibbles[(2 * i + 4) % 8]!.mul(16)));
    const a2 = of('a2 ');
    sum('a1 + b1 + m1', [halvesOf(a1), halvesOf(b1), halves('second')], halvesOf(a2));
    const x3 = of('d1^a2 ');
    xorBytes('d1 ^ a2', d1, a2, x3);
    const d2 = upTo(4).map((i) => x3[(i + 1) % 4]!);
    const c2 = of('c2 ');
    sum('c1 + d2', [halvesOf(c1), halvesOf(d2)], halvesOf(c2));
    const [low0, top0, byte1, low2, top2, byte3] = of('b1^c2 ') as [Expr, Expr, Expr, Expr, Expr, Expr];
    const parts = [[low0, top0], [byte1], [low2, top2], [byte3]];
    for (const i of upTo(4))
      t.use(
        `b1 ^ c2: byte ${i}`,
        i % 2 === 0 ? xors.topBit : xors.whole,
        [b1[i]!, c2[i]!, ...parts[i]!],
        one,
      );
    const b2: Halves = [top0.add(byte1.mul(2)).add(low2.mul(512)), top2.add(byte3.mul(2)).add(low0.mul(512))];
    t.yield(
      'mixed',
      mixing,
      [
        ...halves('a'),
        ...halvesOf(b),
        ...halves('c'),
        ...halvesOf(d),
        ...halves('first'),
        ...halves('second'),
        ...halvesOf(a2),
        ...b2,
        ...halvesOf(c2),
        ...halvesOf(d2),
      ],
      t.multiplicity('uses'),
    );
  });
  return mixing;
}

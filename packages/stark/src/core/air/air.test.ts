import { describe, expect, it } from 'vitest';
import { rangeCheckedSumAir } from '../../examples/rangeCheckedSum.ts';
import { wideFibonacciAir } from '../../examples/wideFibonacci.ts';
import { expectSameEvaluations } from '../../testing/sameEvaluations.ts';
import { P } from '../field/m31.ts';
import { airDigest } from './airDigest.ts';
import { anyM31, bit, checkedElsewhere } from './columnType.ts';
import { defineAir, type TableBuilder } from './defineAir.ts';
import { constraintCount, constraintName } from './ir.ts';

const free = { reason: 'test' };

/** An AIR of one table. */
function tableOf(text: (t: TableBuilder) => void, maxDegree: 3 | 5 = 3) {
  return defineAir('test', (a) => a.table('t', { logHeight: 4, padding: 'none' }, text), { maxDegree });
}

describe('the language refuses', () => {
  const refused: [string, RegExp, () => unknown][] = [
    [
      'an identity that could wrap',
      /differ by/,
      () => tableOf((t) => t.intEq('x = y', t.free('x', anyM31, free).mul(2), t.free('y', bit, free))),
    ],
    [
      'a product that could wrap',
      /differ by/,
      () =>
        defineAir('wrap', (a) => {
          const u16 = a.rangeType('u16', 16);
          a.table('t', { logHeight: 4, padding: 'none' }, (t) => {
            t.intEq('square', t.free('x', u16, free).mul(t.free('y', u16, free)), t.free('z', u16, free));
          });
        }),
    ],
    [
      'a degree above the bound',
      /degree 4/,
      () =>
        tableOf((t) => {
          const x = t.free('x', anyM31, free);
          t.assertZero('fourth', x.mul(x).mul(x).mul(x));
        }),
    ],
    [
      'a look-up of too high a degree',
      /look-up needs degree/,
      () =>
        defineAir('deep', (a) => {
          const bus = a.bus('b', ['v']);
          a.table('t', { logHeight: 4, padding: 'none' }, (t) => {
            const x = t.free('x', bit, free);
            t.use('u', bus, [x.mul(x).mul(x)]);
          });
        }),
    ],
    ['a name used twice', /twice/, () => tableOf((t) => [t.free('x', bit, free), t.free('x', bit, free)])],
    ['a free column without reason', /no reason/, () => tableOf((t) => t.free('x', bit, { reason: '' }))],
    [
      'a tuple of another length',
      /got 2 values for bus/,
      () =>
        defineAir('arity', (a) => {
          const bus = a.bus('b', ['v']);
          a.table('t', { logHeight: 4, padding: 'none' }, (t) => t.use('u', bus, [1, 2]));
        }),
    ],
    [
      'a use without multiplicity where padding rows are ordinary',
      /multiplicity must be given/,
      () =>
        defineAir('padding', (a) => {
          const bus = a.bus('b', ['v']);
          a.table('t', { logHeight: 4, padding: 'computed' }, (t) => t.use('u', bus, [1]));
        }),
    ],
    [
      'an expression of another table',
      /used in table/,
      () =>
        defineAir('mixed', (a) => {
          let foreign: ReturnType<TableBuilder['free']> | undefined;
          a.table('one', { logHeight: 4, padding: 'none' }, (t) => {
            foreign = t.free('x', bit, free);
          });
          a.table('two', { logHeight: 4, padding: 'none' }, (t) => t.assertZero('foreign', foreign!));
        }),
    ],
    ['the enabler of a table without', /no enabler/, () => tableOf((t) => t.enabler)],
    [
      'heights out of bounds',
      /height of table/,
      () => defineAir('low', (a) => a.table('t', { logHeight: 3, padding: 'none' }, () => {})),
    ],
    ['a constant that is none', /constant in table/, () => tableOf((t) => t.constant(P))],
    [
      'a type whose interval nothing enforces',
      /nothing enforces/,
      () =>
        tableOf((t) => t.free('x', { name: 'u9', min: 0n, max: 511n, enforcement: { kind: 'none' } }, free)),
    ],
    [
      'a boolean type that is no bit',
      /nothing enforces/,
      () => tableOf((t) => t.free('x', { ...bit, max: 2n }, free)),
    ],
    ['no table', /no table/, () => defineAir('empty', () => {})],
    ['a bus without fields', /no fields/, () => defineAir('bus', (a) => a.bus('b', []))],
  ];
  it.each(refused)('%s', (_name, message, act) => {
    expect(act).toThrow(message);
  });
});

describe('the language', () => {
  it('tracks intervals and degrees, and shares equal nodes', () => {
    tableOf((t) => {
      const x = t.free('x', bit, free);
      const y = t.free('y', checkedElsewhere({ ...bit, name: 'i8', min: -128n, max: 127n }, 'test'), free);
      const product = y.mul(y);
      expect([product.min, product.max, product.degree]).toEqual([-128n * 127n, 128n * 128n, 2]);
      const difference = x.sub(y);
      expect([difference.min, difference.max]).toEqual([-127n, 129n]);
      expect(x.add(y).node).toBe(y.add(x).node);
      expect(x.mul(1).node).toBe(x.node);
      expect(t.constant(2).mul(3).add(1).node).toBe(t.constant(7).node);
      expect(x.mul(0).degree).toBe(0);
    });
  });
  it('takes an identity that just fits, and no more', () => {
    const limit = (max: bigint) => () =>
      tableOf((t) => {
        const x = t.free('x', checkedElsewhere({ ...anyM31, name: 'wide', max }, 'test'), free);
        t.intEq('fits', x.mul(1), 0);
      });
    expect(limit(BigInt(P) - 1n)).not.toThrow();
    expect(limit(BigInt(P))).toThrow(/differ/);
  });
  it('batches look-ups by degree: one pair in degree 3, four in degree 5', () => {
    const air = (maxDegree: 3 | 5) =>
      defineAir(
        'batches',
        (a) => {
          const bus = a.bus('b', ['v']);
          a.table('t', { logHeight: 4, padding: 'none' }, (t) => {
            const x = t.free('x', bit, free);
            for (let i = 0; i < 9; i++) t.use(`use ${i}`, bus, [x.add(i)]);
          });
        },
        { maxDegree },
      );
    expect(air(3).tables[0]!.batches.map((b) => b.length)).toEqual([2, 2, 2, 2, 1]);
    expect(air(5).tables[0]!.batches.map((b) => b.length)).toEqual([4, 4, 1]);
  });
  it('gives every constraint a name', () => {
    const table = rangeCheckedSumAir.tables[1]!;
    const names = Array.from({ length: constraintCount(table) }, (_, i) => constraintName(table, i));
    expect(new Set(names).size).toBe(names.length);
    expect(names.at(-1)).toMatch(/^look-up sum of /);
  });
  it('has a digest that changes with everything a verifier evaluates', () => {
    const digest = (text: (t: TableBuilder) => void, name = 'x') =>
      airDigest(
        tableOf((t) => {
          const x = t.free(name, bit, free);
          t.assertZero('c', x.sub(1));
          text(t);
        }),
      ).join();
    const all = [
      digest(() => {}),
      digest(() => {}, 'y'),
      digest((t) => t.assertZero('more', t.constant(0))),
      digest((t) => t.free('z', bit, free)),
      airDigest(wideFibonacciAir(4)).join(),
      airDigest(wideFibonacciAir(5)).join(),
    ];
    expect(new Set(all).size).toBe(all.length);
    expect(airDigest(wideFibonacciAir(4))).toEqual(airDigest(wideFibonacciAir(4)));
  });
});

describe('golden evaluations', () => {
  it('are those of the literal interpreter', () => {
    expectSameEvaluations(rangeCheckedSumAir);
    expectSameEvaluations(wideFibonacciAir(8));
  });
});

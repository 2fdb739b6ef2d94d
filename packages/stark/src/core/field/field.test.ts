import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addCM31, type CM31, invCM31, mulCM31, subCM31 } from './cm31.ts';
import {
  addM31,
  batchInverseM31,
  invM31,
  m31,
  m31FromBigInt,
  mulM31,
  negM31,
  P,
  powM31,
  subM31,
} from './m31.ts';
import * as q from './qm31.ts';

const word = fc.oneof(
  fc.integer({ min: 0, max: P - 1 }),
  fc.constantFrom(0, 1, 2, P - 1, P - 2, 1 << 30, 0xffff, 0x10000),
);
const cm31 = fc.tuple(word, word) as fc.Arbitrary<CM31>;
const qm31 = fc.tuple(word, word, word, word) as fc.Arbitrary<q.QM31>;

interface Field<T> {
  zero: T;
  one: T;
  add: (a: T, b: T) => T;
  sub: (a: T, b: T) => T;
  mul: (a: T, b: T) => T;
  inv: (a: T) => T;
}

function fieldLaws<T>(name: string, f: Field<T>, element: fc.Arbitrary<T>): void {
  describe(`${name} is a field`, () => {
    const law = (title: string, ...check: [(a: T, b: T, c: T) => void]) =>
      it(title, () => fc.assert(fc.property(element, element, element, check[0]), { numRuns: 300 }));
    law('addition associates, commutes, has 0 and inverses', (a, b, c) => {
      expect(f.add(f.add(a, b), c)).toEqual(f.add(a, f.add(b, c)));
      expect(f.add(a, b)).toEqual(f.add(b, a));
      expect(f.add(a, f.zero)).toEqual(a);
      expect(f.add(f.sub(a, b), b)).toEqual(a);
    });
    law('multiplication associates, commutes, has 1, distributes', (a, b, c) => {
      expect(f.mul(f.mul(a, b), c)).toEqual(f.mul(a, f.mul(b, c)));
      expect(f.mul(a, b)).toEqual(f.mul(b, a));
      expect(f.mul(a, f.one)).toEqual(a);
      expect(f.mul(a, f.add(b, c))).toEqual(f.add(f.mul(a, b), f.mul(a, c)));
    });
    law('all but 0 have inverses', (a) => {
      if (JSON.stringify(a) === JSON.stringify(f.zero)) expect(() => f.inv(a)).toThrow(/got 0/);
      else expect(f.mul(a, f.inv(a))).toEqual(f.one);
    });
  });
}

fieldLaws('M31', { zero: 0, one: 1, add: addM31, sub: subM31, mul: mulM31, inv: invM31 }, word);
fieldLaws(
  'CM31',
  { zero: [0, 0], one: [1, 0], add: addCM31, sub: subCM31, mul: mulCM31, inv: invCM31 },
  cm31,
);
fieldLaws('QM31', { zero: q.ZERO, one: q.ONE, add: q.add, sub: q.sub, mul: q.mul, inv: q.inv }, qm31);

describe('M31', () => {
  it('multiplies as bigint does', () => {
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(mulM31(a, b)).toBe(Number((BigInt(a) * BigInt(b)) % BigInt(P)));
      }),
      { numRuns: 20_000 },
    );
  });
  it('multiplies right where the remainder is next to 0 or p', () => {
    for (let a = P - 3000; a < P; a += 7) {
      const inverse = invM31(a);
      for (const target of [0, 1, 2, 3, P - 1, P - 2, P - 1000]) {
        const b = Number((BigInt(inverse) * BigInt(target)) % BigInt(P));
        expect(mulM31(a, b)).toBe(target);
      }
    }
  });
  it('reduces integers, negates, takes powers, inverts in batches', () => {
    expect([m31(-1), m31(P), m31(2 * P + 5), m31FromBigInt(-1n), m31FromBigInt(2n ** 62n)]).toEqual([
      P - 1,
      0,
      5,
      P - 1,
      1,
    ]);
    expect([negM31(0), negM31(1)]).toEqual([0, P - 1]);
    expect(powM31(3, P - 1)).toBe(1);
    expect([...batchInverseM31(Uint32Array.of(1, 2, 3))]).toEqual([1, invM31(2), invM31(3)]);
  });
});

describe('QM31', () => {
  const u: q.QM31 = [0, 0, 1, 0];
  it('has i² = -1 and u² = 2 + i', () => {
    expect(q.square([0, 1, 0, 0])).toEqual([P - 1, 0, 0, 0]);
    expect(q.square(u)).toEqual([2, 1, 0, 0]);
  });
  it('has a conjugation that is an automorphism and fixes CM31', () => {
    fc.assert(
      fc.property(qm31, qm31, (a, b) => {
        expect(q.conjugate(q.mul(a, b))).toEqual(q.mul(q.conjugate(a), q.conjugate(b)));
        expect(q.mul(a, q.conjugate(a)).slice(2)).toEqual([0, 0]);
      }),
    );
  });
  it('joins coordinates, scales, takes powers, inverts in batches', () => {
    fc.assert(
      fc.property(qm31, word, (a, w) => {
        expect(
          q.fromCoordinates([q.liftM31(a[0]), q.liftM31(a[1]), q.liftM31(a[2]), q.liftM31(a[3])]),
        ).toEqual(a);
        expect(q.scale(a, w)).toEqual(q.mul(a, q.liftM31(w)));
        expect(q.powers(a, 4)[3]).toEqual(q.pow(a, 3));
        if (!q.isZero(a)) expect(q.batchInverse([a, q.ONE])).toEqual([q.inv(a), q.ONE]);
      }),
    );
  });
});

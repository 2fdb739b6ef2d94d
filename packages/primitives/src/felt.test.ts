import { Field } from '@noble/curves/abstract/modular.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  feltAdd,
  feltDiv,
  feltInv,
  feltMod,
  feltMul,
  feltNeg,
  feltPow,
  feltSqrt,
  feltSub,
  modInverse,
  PRIME,
} from './felt.ts';
import * as reference from './reference/feltSqrt.ts';
import { EDGE_FELTS, felt } from './testing/arbitraries.ts';

const Fp = Field(PRIME);

describe('felt252', () => {
  test('operations = @noble/curves', () => {
    fc.assert(
      fc.property(felt, felt, (a, b) => {
        expect(feltAdd(a, b)).toBe(Fp.add(a, b));
        expect(feltSub(a, b)).toBe(Fp.sub(a, b));
        expect(feltMul(a, b)).toBe(Fp.mul(a, b));
        expect(feltNeg(a)).toBe(Fp.neg(a));
        expect(feltPow(a, b)).toBe(Fp.pow(a, b));
        expect(feltMod(a - 3n * PRIME)).toBe(a);
        if (b !== 0n) {
          expect(feltInv(b)).toBe(Fp.inv(b));
          expect(feltDiv(a, b)).toBe(Fp.div(a, b));
        }
      }),
    );
  });

  test('field laws', () => {
    fc.assert(
      fc.property(felt, felt, felt, (a, b, c) => {
        expect(feltMul(a, feltAdd(b, c))).toBe(feltAdd(feltMul(a, b), feltMul(a, c)));
        expect(feltMul(feltMul(a, b), c)).toBe(feltMul(a, feltMul(b, c)));
        expect(feltAdd(a, feltNeg(a))).toBe(0n);
        if (a !== 0n) expect(feltMul(a, feltInv(a))).toBe(1n);
      }),
    );
  });

  test('inverse = twin on edges, any representative', () => {
    for (const a of EDGE_FELTS.filter((x) => x !== 0n)) {
      expect(feltInv(a)).toBe(modInverse(a, PRIME));
      expect(feltInv(a - PRIME)).toBe(feltInv(a));
      expect(feltInv(a + (PRIME << 60n))).toBe(feltInv(a));
    }
    for (const zero of [0n, PRIME, -PRIME]) {
      expect(() => feltInv(zero)).toThrow(expect.objectContaining({ code: 'DIVISION_BY_ZERO' }));
      expect(() => modInverse(zero, PRIME)).toThrow(expect.objectContaining({ code: 'DIVISION_BY_ZERO' }));
      expect(() => feltDiv(1n, zero)).toThrow(expect.objectContaining({ code: 'DIVISION_BY_ZERO' }));
    }
  });

  test('square roots: of squares the smaller, of others none', () => {
    fc.assert(
      fc.property(felt, (a) => {
        const smaller = a > PRIME - a ? PRIME - a : a;
        expect(feltSqrt(feltMul(a, a))).toBe(smaller);
        // 3 generates the multiplicative group.
        if (a !== 0n) expect(feltSqrt(feltMul(3n, feltMul(a, a)))).toBe(undefined);
      }),
    );
  });

  test('square roots = Tonelli–Shanks twin, at every order of the 2-part', () => {
    const generator = feltPow(3n, (PRIME - 1n) >> 192n);
    const cases = [...EDGE_FELTS, ...[4n, PRIME - 4n, 25n]];
    for (let i = 0; i <= 192; i += 12) cases.push(feltPow(generator, 1n << BigInt(i)));
    for (const a of cases) expect(feltSqrt(a)).toBe(reference.feltSqrt(a));
    expect(feltSqrt(9n - PRIME)).toBe(3n);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addM31, mulM31, P } from '../field/m31.ts';
import { add, equal, isZero, liftM31, ONE, type QM31, square } from '../field/qm31.ts';
import { evaluate, fftTwiddles, interpolate } from './circleFft.ts';
import {
  addPoints,
  addSecurePoints,
  doubleSecurePoint,
  GENERATOR,
  liftPoint,
  negatePoint,
  pointAt,
  pointFromParameter,
  subgroupGenerator,
} from './circlePoint.ts';
import { liftedPosition, nextRowPosition, pointAtPosition, positionOfRow, reverseBits } from './domain.ts';
import { evaluatePolynomial } from './evaluatePolynomial.ts';
import { evaluateRowSelector, evaluateVanishing } from './lagrange.ts';

const word = fc.integer({ min: 0, max: P - 1 });
const secure = fc.tuple(word, word, word, word) as fc.Arbitrary<QM31>;
const columnOf = (logSize: number) =>
  fc.array(word, { minLength: 2 ** logSize, maxLength: 2 ** logSize }).map((v) => Uint32Array.from(v));

function interpolated(values: Uint32Array, logDomain = Math.log2(values.length)): Uint32Array {
  const coefficients = values.slice();
  interpolate(coefficients, fftTwiddles(logDomain));
  return coefficients;
}

describe('the circle group', () => {
  it('has a generator of order 2^31', () => {
    expect(addM31(mulM31(GENERATOR.x, GENERATOR.x), mulM31(GENERATOR.y, GENERATOR.y))).toBe(1);
    expect(pointAt(2 ** 30)).toEqual({ x: P - 1, y: 0 });
    expect(subgroupGenerator(2)).toEqual(pointAt(2 ** 29));
  });
  it('is a group with negation', () => {
    const index = fc.integer({ min: 0, max: 2 ** 31 - 1 });
    fc.assert(
      fc.property(index, index, (i, j) => {
        expect(addPoints(pointAt(i), pointAt(j))).toEqual(pointAt((i + j) % 2 ** 31));
        expect(addPoints(pointAt(i), negatePoint(pointAt(i)))).toEqual({ x: 1, y: 0 });
      }),
    );
  });
  it('has points over QM31 by parameter, and none for the roots of 1 + t²', () => {
    fc.assert(
      fc.property(secure, (t) => {
        const point = pointFromParameter(t)!;
        expect(equal(add(square(point.x), square(point.y)), ONE)).toBe(true);
        expect(doubleSecurePoint(point, 1)).toEqual(addSecurePoints(point, point));
      }),
    );
    expect(pointFromParameter([0, 1, 0, 0])).toBeUndefined();
  });
});

describe('domains', () => {
  it('put rows, positions and points in order', () => {
    for (const logSize of [2, 5]) {
      const unit = subgroupGenerator(logSize + 1);
      let point = unit;
      const step = subgroupGenerator(logSize);
      for (let row = 0; row < 2 ** logSize; row++) {
        expect(pointAtPosition(positionOfRow(row, logSize), logSize)).toEqual(point);
        point = addPoints(point, step);
      }
      for (let position = 0; position < 2 ** logSize; position += 2) {
        expect(pointAtPosition(position + 1, logSize)).toEqual(
          negatePoint(pointAtPosition(position, logSize)),
        );
      }
    }
    expect(reverseBits(0b0011, 4)).toBe(0b1100);
  });
  it('double onto the next smaller domain at the lifted position', () => {
    for (let position = 0; position < 64; position++) {
      const p = pointAtPosition(position, 6);
      const doubled = addPoints(p, p);
      expect(pointAtPosition(liftedPosition(position, 1), 5)).toEqual(doubled);
      expect(pointAtPosition(liftedPosition(position, 2), 4)).toEqual(addPoints(doubled, doubled));
    }
  });
  it('find the next row in every blown-up domain', () => {
    for (const logBlowup of [1, 2, 3]) {
      for (let position = 0; position < 2 ** (4 + logBlowup); position++) {
        const next = addPoints(pointAtPosition(position, 4 + logBlowup), subgroupGenerator(4));
        expect(pointAtPosition(nextRowPosition(position, 4, logBlowup), 4 + logBlowup)).toEqual(next);
      }
    }
  });
});

describe('the circle transform', () => {
  it('interpolates: the polynomial takes the values at the points', () => {
    fc.assert(
      fc.property(columnOf(4), (values) => {
        const coefficients = interpolated(values);
        values.forEach((value, position) => {
          expect(evaluatePolynomial(coefficients, liftPoint(pointAtPosition(position, 4)))).toEqual(
            liftM31(value),
          );
        });
      }),
      { numRuns: 10 },
    );
  });
  it('evaluates on larger domains, and interpolates from their prefixes', () => {
    fc.assert(
      fc.property(columnOf(4), (coefficients) => {
        for (const logDomain of [5, 7]) {
          const values = evaluate(coefficients, fftTwiddles(logDomain));
          for (const position of [0, 1, 2, 13, 31]) {
            expect(evaluatePolynomial(coefficients, liftPoint(pointAtPosition(position, logDomain)))).toEqual(
              liftM31(values[position]!),
            );
          }
          expect(interpolated(values.slice(0, 16), logDomain)).toEqual(coefficients);
        }
      }),
      { numRuns: 10 },
    );
  });
  it('gives row selectors and the vanishing polynomial', () => {
    const z = pointFromParameter([5, 6, 7, 8])!;
    for (const row of [0, 5, 15]) {
      const column = new Uint32Array(16);
      column[positionOfRow(row, 4)] = 1;
      expect(evaluateRowSelector(row, 4, z)).toEqual(evaluatePolynomial(interpolated(column), z));
    }
    for (let position = 0; position < 16; position++) {
      expect(isZero(evaluateVanishing(4, liftPoint(pointAtPosition(position, 4))))).toBe(true);
      expect(isZero(evaluateVanishing(4, liftPoint(pointAtPosition(position, 5))))).toBe(false);
    }
  });
});

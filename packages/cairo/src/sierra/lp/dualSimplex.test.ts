import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LinearProgram, leastVertex } from './dualSimplex.ts';

/** Dense rows. */
function program(rows: number[][], right: number[], cost: number[]): LinearProgram {
  return {
    rows: rows.map((row) => {
      const positions = row.flatMap((value, column) => (value === 0 ? [] : [column]));
      return { positions, values: positions.map((column) => row[column]!) };
    }),
    right,
    cost,
  };
}

describe('leastVertex', () => {
  it('finds the cheaper of two variables', () => {
    expect([...leastVertex(program([[1, 1]], [3], [2, 1]))!]).toEqual([0, 3]);
  });
  it('takes the first of equals', () => {
    expect([...leastVertex(program([[1, 1]], [3], [1, 1]))!]).toEqual([3, 0]);
  });
  it('tells when there is no solution', () => {
    expect(leastVertex(program([[1, 1]], [-1], [1, 1]))).toBeUndefined();
    expect(
      leastVertex(
        program(
          [
            [1, -1],
            [1, -1],
          ],
          [1, 2],
          [1, 1],
        ),
      ),
    ).toBeUndefined();
    expect(leastVertex(program([[0, 0]], [1], [1, 1]))).toBeUndefined();
  });
  it('satisfies every solvable program at no more than the cost of a known solution', () => {
    const sizes = fc.record({
      rows: fc.integer({ min: 1, max: 8 }),
      columns: fc.integer({ min: 1, max: 10 }),
    });
    const cases = sizes.chain(({ rows, columns }) =>
      fc.record({
        rows: fc.array(
          fc.array(fc.integer({ min: -2, max: 2 }), { minLength: columns, maxLength: columns }),
          { minLength: rows, maxLength: rows },
        ),
        known: fc.array(fc.integer({ min: 0, max: 9 }), { minLength: columns, maxLength: columns }),
        cost: fc.array(fc.integer({ min: 0, max: 1 }), { minLength: columns, maxLength: columns }),
      }),
    );
    const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
      Array.from(a).reduce((sum, value, i) => sum + value * b[i]!, 0);
    fc.assert(
      fc.property(cases, ({ rows, known, cost }) => {
        const right = rows.map((row) => dot(row, known));
        const found = leastVertex(program(rows, right, cost));
        expect(found).toBeDefined();
        rows.forEach((row, r) => {
          expect(dot(row, found!)).toBeCloseTo(right[r]!, 6);
        });
        for (const value of found!) expect(value).toBeGreaterThan(-1e-6);
        expect(dot(cost, found!)).toBeLessThan(dot(cost, known) + 1e-6);
      }),
      { numRuns: 500 },
    );
  });
});

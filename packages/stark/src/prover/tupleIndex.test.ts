import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TupleIndex } from './tupleIndex.ts';

it('finds the first equal row, and nothing else', () => {
  const cell = fc.integer({ min: 0, max: 3 });
  const column = fc.array(cell, { minLength: 40, maxLength: 40 }).map((v) => Uint32Array.from(v));
  fc.assert(
    fc.property(column, column, column, column, (a, b, x, y) => {
      const index = new TupleIndex([a, b]);
      for (let i = 0; i < 40; i++) {
        const expected = a.findIndex((value, row) => value === x[i] && b[row] === y[i]);
        expect(index.find([x, y], i)).toBe(expected);
      }
    }),
  );
  expect(new TupleIndex([new Uint32Array(0)]).find([Uint32Array.of(1)], 0)).toBe(-1);
});

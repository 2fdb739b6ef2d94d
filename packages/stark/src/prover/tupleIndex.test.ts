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
  fc.assert(
    fc.property(column, column, fc.constantFrom(1, 2 ** 29), (a, x, factor) => {
      // One field: small values are looked up directly, large ones by hash.
      const [rows, wanted] = [a, x].map((values) => values.map((v) => v * factor)) as [
        Uint32Array,
        Uint32Array,
      ];
      const index = new TupleIndex([rows]);
      wanted.forEach((value, i) => {
        expect(index.find([wanted], i)).toBe(rows.indexOf(value));
      });
    }),
  );
  expect(new TupleIndex([Uint32Array.of(3)]).find([Uint32Array.of(2 ** 31 - 2)], 0)).toBe(-1);
  expect(new TupleIndex([new Uint32Array(0)]).find([Uint32Array.of(1)], 0)).toBe(-1);
});

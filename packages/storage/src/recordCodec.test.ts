import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeRecord, encodeRecord } from './recordCodec.ts';

it('any value of strings, numbers, bigints, lists and Maps survives', () => {
  const value = fc.letrec((tie) => ({
    value: fc.oneof(
      fc.string(),
      fc.constantFrom('#ff', "'", "'#1"),
      fc.integer(),
      fc.bigInt(0n, 1n << 256n),
      fc.array(tie('value'), { maxLength: 3 }),
      fc
        .array(fc.tuple(fc.bigInt(0n, 9n), tie('value')), { maxLength: 3 })
        .map((pairs) => new Map(pairs as any)),
    ),
  })).value;
  fc.assert(
    fc.property(value, (v) => {
      expect(decodeRecord(encodeRecord({ v }))).toEqual({ v });
    }),
  );
});

it('garbage is a coded error', () => {
  expect(() => decodeRecord(Uint8Array.of(1, 2, 3))).toThrow(/cannot be read/);
});

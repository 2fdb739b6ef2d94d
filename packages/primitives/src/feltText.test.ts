import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bigIntToBytes, bytesToBigInt, bytesToHex, concatBytes, hexToBytes } from './bytes.ts';
import { CairnError, hasCode, invariant } from './cairnError.ts';
import { PRIME } from './felt.ts';
import { decodeShortString, formatFelt, parseFelt, shortString } from './feltText.ts';
import { felt } from './testing/arbitraries.ts';

describe('text and bytes', () => {
  test('felts survive hex and decimal', () => {
    fc.assert(
      fc.property(felt, (a) => {
        expect(parseFelt(formatFelt(a))).toBe(a);
        expect(parseFelt(a.toString())).toBe(a);
        expect(bytesToBigInt(bigIntToBytes(a))).toBe(a);
      }),
    );
    for (const wrong of ['', '0x', '-1', '1e3', '0xg', ' 1', PRIME.toString(), formatFelt(PRIME)]) {
      expect(() => parseFelt(wrong)).toThrow(expect.objectContaining({ code: 'INVALID_FELT' }));
    }
  });

  test('bytes survive hex', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), (a, b) => {
        expect(hexToBytes(bytesToHex(a))).toEqual(a);
        expect(hexToBytes(`0x${bytesToHex(a).toUpperCase()}`)).toEqual(a);
        expect(bytesToHex(concatBytes(a, b))).toBe(bytesToHex(a) + bytesToHex(b));
      }),
    );
    for (const wrong of ['0', '0xabc', 'zz']) {
      expect(() => hexToBytes(wrong)).toThrow(expect.objectContaining({ code: 'INVALID_HEX' }));
    }
    for (const [value, length] of [
      [256n, 1],
      [-1n, 4],
    ] as const) {
      expect(() => bigIntToBytes(value, length)).toThrow(expect.objectContaining({ code: 'INVALID_HEX' }));
    }
  });

  test('short strings', () => {
    expect(shortString('SN_MAIN')).toBe(0x534e5f4d41494en);
    expect(decodeShortString(0x534e5f4d41494en)).toBe('SN_MAIN');
    expect(decodeShortString(1n)).toBe(undefined);
    for (const wrong of ['a'.repeat(32), 'é']) {
      expect(() => shortString(wrong)).toThrow(expect.objectContaining({ code: 'INVALID_SHORT_STRING' }));
    }
  });

  test('errors carry code, details, cause and fix', () => {
    const error = new CairnError('INVALID_FELT', 'text', { details: { a: 1 }, cause: 'x', fix: 'do y' });
    expect(error).toMatchObject({
      code: 'INVALID_FELT',
      message: 'text',
      details: { a: 1 },
      cause: 'x',
      fix: 'do y',
    });
    expect(hasCode(error, 'INVALID_FELT')).toBe(true);
    expect(hasCode(error, 'INVALID_HEX')).toBe(false);
    expect(hasCode(new Error('x'), 'INVALID_FELT')).toBe(false);
    expect(() => invariant(false, 'broken')).toThrow(expect.objectContaining({ code: 'INTERNAL' }));
    invariant(true, 'fine');
  });
});

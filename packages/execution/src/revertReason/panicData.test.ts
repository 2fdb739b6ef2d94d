import { shortString } from '@cairn/primitives';
import { describe, expect, it } from 'vitest';
import { formatPanicData } from './panicData.ts';

const MAGIC = 0x46a6158a16a947e5916b2a2ca68501a45e93d7110e81aa2d6438b1c57c879a3n;
const MAGIC_TEXT = '0x46a6158a16a947e5916b2a2ca68501a45e93d7110e81aa2d6438b1c57c879a3';

// Checked against blockifier 0.20.0-rc.1 by the scenarios of tests/src/execution.
describe('panic data', () => {
  it.each([
    ['nothing', [], '()'],
    ['one felt', [0x123456789abcdefn], '0x123456789abcdef'],
    ['zero spells the empty text', [0n], "0x0 ('')"],
    ['a short string', [shortString('bad thing')], "0x626164207468696e67 ('bad thing')"],
    ['several felts', [1n, 0x61n], "(0x1, 0x61 ('a'))"],
    ['a tab and a line feed', [0x61090a62n], "0x61090a62 ('a\t\nb')"],
    ['a vertical tab is no text', [0x610b62n], '0x610b62'],
    ['zero bytes at the end', [0x610000n], "0x610000 ('a')"],
    ['zero bytes inside', [0x610062n], '0x610062'],
    ['a delete character', [0x7fn], '0x7f'],
  ])('%s', (_, data, expected) => {
    expect(formatPanicData(data)).toBe(expected);
  });

  it.each([
    ['empty', [0n, 0n, 0n], '""'],
    ['short, with quotes', [0n, shortString('say "hi"'), 8n], '"say "hi""'],
    ['a word and the rest', [1n, shortString('a'.repeat(31)), shortString('b'), 1n], `"${'a'.repeat(31)}b"`],
    ['bytes that do not print', [0n, 0x41000a22ffn, 6n], '"\\0A\\0\n"\\xff"'],
  ])('a string: %s', (_, felts, expected) => {
    expect(formatPanicData([MAGIC, ...felts])).toBe(expected);
    expect(formatPanicData([1n, MAGIC, ...felts, 2n])).toBe(`(0x1, ${expected}, 0x2)`);
  });

  it.each([
    ['too few felts', [5n, 1n]],
    ['more bytes than told', [0n, 0x6161n, 1n]],
    ['32 bytes in the last word', [0n, 0x61n, 32n]],
    ['a huge count', [1n << 200n, 0n, 0n]],
  ])('no string: %s', (_, felts) => {
    expect(formatPanicData([MAGIC, ...felts])).toContain(`(${MAGIC_TEXT}, `);
  });
});

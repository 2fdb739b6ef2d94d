import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { formatCasmClass, parseCasmClass } from './casmClass.ts';
import { formatHexInteger, hintName, parseHexInteger, parseHint } from './hint.ts';

const VECTORS = new URL('../../../../../shared/vectors/sierra-casm/', import.meta.url);
const present = existsSync(VECTORS);

describe('CASM class files', () => {
  const files = present ? readdirSync(VECTORS).filter((name) => name.endsWith('.casm.json')) : [];
  it.skipIf(!present)('are parsed and written back byte for byte (needs ../shared/vectors)', () => {
    expect(files.length).toBeGreaterThan(50);
    for (const name of files) {
      const text = readFileSync(new URL(name, VECTORS), 'utf8').trim();
      expect(JSON.stringify(formatCasmClass(parseCasmClass(JSON.parse(text)))) === text, name).toBe(true);
    }
  });

  it('are refused when malformed', () => {
    const good = {
      prime: '0x800000000000011000000000000000000000000000000000000000000000001',
      compiler_version: '2.20.0',
      bytecode: ['0x208b7fff7fff7ffe'],
      hints: [],
      entry_points_by_type: { EXTERNAL: [], L1_HANDLER: [], CONSTRUCTOR: [] },
    };
    expect(parseCasmClass(good).bytecode).toEqual([0x208b7fff7fff7ffen]);
    const bad = [
      { ...good, prime: '0x7' },
      { ...good, bytecode: 3 },
      { ...good, bytecode_segment_lengths: [-1] },
      { ...good, hints: [[1, []]] },
      { ...good, entry_points_by_type: {} },
      { ...good, hints: [[0, [{ Unknown: {} }]]] },
      { ...good, hints: [[0, [{ AllocSegment: { dst: { register: 'PC', offset: 0 } } }]]] },
      { ...good, hints: [[0, [{ AllocSegment: { dst: { register: 'AP', offset: 0x8000 } } }]]] },
      { ...good, hints: [[0, ['AllocSegment']]] },
      null,
    ];
    for (const json of bad) expect(() => parseCasmClass(json)).toThrow(/invalid/);
  });
});

describe('hints', () => {
  it('without operands are bare names', () => {
    expect(parseHint('AssertAllKeysUsed')).toBe('AssertAllKeysUsed');
    expect(hintName('AssertAllKeysUsed')).toBe('AssertAllKeysUsed');
  });
  it('keep every operand form', () => {
    const cell = { register: 'FP', offset: -3 };
    for (const lhs of [
      { Deref: cell },
      { DoubleDeref: [cell, 2] },
      { Immediate: '-0x5' },
      { BinOp: { op: 'Mul', a: cell, b: { Deref: cell } } },
      { BinOp: { op: 'Add', a: cell, b: { Immediate: '0x1' } } },
    ]) {
      const hint = { TestLessThan: { lhs, rhs: { Immediate: '0x1' }, dst: cell } };
      expect(parseHint(hint)).toEqual(hint);
    }
  });
  it('spell integers in signed hex', () => {
    for (const value of [0n, 1n, -1n, 2n ** 300n, -(2n ** 128n)]) {
      expect(parseHexInteger(formatHexInteger(value))).toBe(value);
    }
  });
});

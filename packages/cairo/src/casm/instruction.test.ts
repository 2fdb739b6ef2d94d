import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeInstruction, encodeInstruction } from './instruction.ts';

describe('instruction words', () => {
  it('decode to their parts', () => {
    expect(decodeInstruction(0x208b7fff7fff7ffen)).toEqual({
      offDst: -2,
      offOp0: -1,
      offOp1: -1,
      dstRegister: 'FP',
      op0Register: 'FP',
      op1Source: 'fp',
      res: 'op1',
      pcUpdate: 'jump',
      apUpdate: 'regular',
      opcode: 'ret',
      extension: 'stone',
    });
    expect(decodeInstruction(0x1104800180018000n)).toMatchObject({
      opcode: 'call',
      pcUpdate: 'jumpRel',
      apUpdate: 'add2',
    });
    expect(decodeInstruction(0x20680017fff7fffn)).toMatchObject({ pcUpdate: 'jnz', res: 'unconstrained' });
  });

  it('survive decode and encode whenever they decode', () => {
    const word = fc.tuple(
      fc.bigInt(0n, (1n << 48n) - 1n),
      fc.integer({ min: 0, max: 0x7fff }),
      fc.integer({ min: 0, max: 5 }),
    );
    fc.assert(
      fc.property(word, ([offsets, flags, extension]) => {
        const encoded = offsets | (BigInt(flags) << 48n) | (BigInt(extension) << 63n);
        let decoded: ReturnType<typeof decodeInstruction>;
        try {
          decoded = decodeInstruction(encoded);
        } catch {
          return;
        }
        expect(encodeInstruction(decoded)).toBe(encoded);
      }),
      { numRuns: 2000 },
    );
  });

  it('are refused outside the machine', () => {
    for (const word of [
      0x214a7800080008000n, // extension 4
      0x294f800080008000n, // op1 source 3
      0x2968800080008000n, // res 3
      0x2948_8000_8000_8000n | (3n << 55n), // pc update 3
      0x1114800180018000n | (1n << 58n), // call that adds to ap
      0x208b7fff7fff7fffn, // ret with another dst
      (1n << 63n) | 0x480680017fff8000n, // blake with assert_eq flags
      (3n << 63n) | 0x480680017fff8000n, // qm31 without add or mul
      -1n,
      1n << 200n,
    ])
      expect(() => decodeInstruction(word)).toThrow(/invalid instruction/);
  });
});

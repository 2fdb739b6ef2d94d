import { PRIME } from '@cairn/primitives';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addRelocationRule, relocateTemporary } from './relocateTemporary.ts';
import { TypescriptMemory } from './typescriptMemory.ts';
import { EMPTY, isBig, pointerWord } from './word.ts';

const BOUND = 2n ** 51n;
/** Felts with the edges of the small words over-represented. */
export const felts = fc.oneof(
  fc.bigInt(0n, PRIME - 1n),
  fc.bigInt(0n, 10n),
  fc.bigInt(PRIME - 10n, PRIME - 1n),
  fc.bigInt(BOUND - 3n, BOUND + 3n),
  fc.bigInt(PRIME - BOUND - 3n, PRIME - BOUND + 3n),
  fc.bigInt(2n ** 128n - 3n, 2n ** 128n + 3n),
);

describe('words', () => {
  it('stand for every felt, each in one class', () => {
    fc.assert(
      fc.property(felts, (x) => {
        const memory = new TypescriptMemory(0);
        const word = memory.fromFelt(x);
        expect(memory.toFelt(word)).toBe(x);
        expect(isBig(word)).toBe(x >= BOUND && x <= PRIME - BOUND);
      }),
    );
  });

  it('add, subtract, multiply and compare as felts do', () => {
    fc.assert(
      fc.property(felts, felts, (x, y) => {
        const memory = new TypescriptMemory(0);
        const [a, b] = [memory.fromFelt(x), memory.fromFelt(y)];
        const mod = (z: bigint) => ((z % PRIME) + PRIME) % PRIME;
        const same = (word: number, z: bigint) => memory.same(word, memory.fromFelt(mod(z)));
        expect(same(memory.add(a, b), x + y)).toBe(true);
        expect(same(memory.subtract(a, b), x - y)).toBe(true);
        expect(same(memory.multiply(a, b), x * y)).toBe(true);
        expect(Math.sign(memory.compareFelts(a, b))).toBe(x < y ? -1 : x > y ? 1 : 0);
        expect(memory.same(a, b)).toBe(x === y);
      }),
      { numRuns: 500 },
    );
  });

  it('move pointers inside their segment only', () => {
    const memory = new TypescriptMemory(0);
    const p = pointerWord(7, 100);
    expect(memory.add(p, -100)).toBe(pointerWord(7, 0));
    expect(memory.add(5, p)).toBe(pointerWord(7, 105));
    expect(memory.subtract(p, 1)).toBe(pointerWord(7, 99));
    expect(memory.subtract(p, pointerWord(7, 130))).toBe(-30);
    const big = memory.fromFelt(2n ** 200n);
    const bad: [number, number][] = [
      [p, -101],
      [p, 2 ** 28],
      [p, p],
      [p, big],
      [big, p],
    ];
    for (const [a, b] of bad) expect(() => memory.add(a, b)).toThrow(/pointers cannot/);
    expect(() => memory.subtract(p, pointerWord(8, 0))).toThrow(/pointers cannot/);
    expect(() => memory.subtract(3, p)).toThrow(/pointers cannot/);
    expect(() => memory.multiply(p, 1)).toThrow(/pointers cannot/);
  });
});

describe('memory', () => {
  it('keeps what was written, once, through growth', () => {
    const cell = fc.record({ segment: fc.nat(5), offset: fc.nat(300), value: felts });
    fc.assert(
      fc.property(fc.array(cell, { maxLength: 200 }), (writes) => {
        const memory = new TypescriptMemory(2 ** 20);
        for (let i = 0; i < 6; i++) memory.newSegment();
        const model = new Map<string, bigint>();
        for (const { segment, offset, value } of writes) {
          const key = `${segment}:${offset}`;
          const write = () => memory.write({ segment, offset }, value);
          if (model.has(key) && model.get(key) !== value) expect(write).toThrow(/cannot change/);
          else {
            write();
            model.set(key, value);
          }
        }
        for (let segment = 0; segment < 6; segment++) {
          const offsets = [...model.keys()]
            .filter((k) => k.startsWith(`${segment}:`))
            .map((k) => Number(k.slice(2)));
          expect(memory.sizeOf(segment)).toBe(Math.max(0, ...offsets.map((o) => o + 1)));
          for (let offset = 0; offset <= 301; offset++)
            expect(memory.get({ segment, offset })).toBe(model.get(`${segment}:${offset}`));
        }
      }),
      { numRuns: 50 },
    );
  });

  it('refuses cells beyond the limit, segments that do not exist and wrong kinds', () => {
    const memory = new TypescriptMemory(100);
    const start = memory.addSegment();
    expect(() => memory.write({ ...start, offset: 101 }, 1n)).toThrow(/too many cells/);
    expect(() => memory.write({ segment: 1, offset: 0 }, 1n)).toThrow(/unknown/);
    expect(() => memory.readFelt({ segment: -1, offset: 0 })).toThrow(/unknown/);
    expect(() => memory.readFelt({ segment: 0, offset: -1 })).toThrow(/no such cell/);
    memory.write(start, { segment: 3, offset: 4 });
    memory.write({ segment: 0, offset: 1 }, 5n);
    expect(memory.readPointer(start)).toEqual({ segment: 3, offset: 4 });
    expect(() => memory.readFelt(start)).toThrow(/expected a felt/);
    expect(() => memory.readPointer({ segment: 0, offset: 1 })).toThrow(/expected a pointer/);
    expect(memory.read(pointerWord(0, 2))).toEqual(EMPTY);
  });

  it('moves temporary segments to their place', () => {
    const memory = new TypescriptMemory(1000);
    const real = memory.addSegment();
    const [t1, t2] = [memory.newTemporarySegment(), memory.newTemporarySegment()];
    memory.write({ segment: -1, offset: 0 }, 10n);
    memory.write({ segment: -1, offset: 1 }, { segment: -2, offset: 1 });
    memory.write({ segment: -2, offset: 1 }, 20n);
    memory.write(real, { segment: -1, offset: 1 });
    addRelocationRule(memory, t2, memory.add(t1, 2));
    expect(memory.get({ segment: -1, offset: 1 })).toEqual({ segment: -1, offset: 3 });
    expect(() => relocateTemporary(memory)).toThrow(/no place/);
    addRelocationRule(memory, t1, pointerWord(0, 5));
    expect(() => addRelocationRule(memory, t1, pointerWord(0, 9))).toThrow(/no relocation rule/);
    expect(() => addRelocationRule(memory, pointerWord(0, 0), t1)).toThrow(/no relocation rule/);
    relocateTemporary(memory);
    expect(memory.readPointer(real)).toEqual({ segment: 0, offset: 6 });
    expect(memory.readFelt({ segment: 0, offset: 5 })).toBe(10n);
    expect(memory.readPointer({ segment: 0, offset: 6 })).toEqual({ segment: 0, offset: 8 });
    expect(memory.readFelt({ segment: 0, offset: 8 })).toBe(20n);
  });
});

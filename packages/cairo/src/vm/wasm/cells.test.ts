import { PRIME } from '@cairn/primitives';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pointerWord, SMALL_BOUND } from '../word.ts';
import { readBig, readSmall, storeBig, storeSmall } from './cellWords.ts';
import { ARENA_ADDRESS, CELL_BYTES, TAG } from './layout.ts';
import { VmCore } from './vmCore.ts';

const core = new VmCore();
const A = ARENA_ADDRESS;
const B = ARENA_ADDRESS + CELL_BYTES;

const edges = [0n, 1n, 2n, 17n, 2n ** 32n, 2n ** 64n, 2n ** 128n, 2n ** 192n, 2n ** 251n, PRIME];
const edge = fc.constantFrom(...edges.flatMap((x) => [x - 2n, x - 1n, x, x + 1n])).map((x) => {
  const rest = x % PRIME;
  return rest < 0n ? rest + PRIME : rest;
});
const felt = fc.oneof(edge, fc.bigInt(0n, PRIME - 1n), fc.bigInt(0n, 2n ** 64n), fc.bigInt(0n, 2n ** 128n));

function write(address: number, value: bigint): void {
  core.words32.fill(0, address >> 2, (address >> 2) + 8);
  storeBig(core, address >> 2, value, 0);
}

function writePointer(address: number, segment: number, offset: number): void {
  storeSmall(core.words32, address >> 2, pointerWord(segment, offset), 0);
}

const at = (global: WebAssembly.Global) => (global.value as number) >> 2;
const result = () => readBig(core.words64, at(core.exports.resultAddress));
const resultWord = () => readSmall(core.words32, at(core.exports.resultAddress));

describe('cells of the core', () => {
  it('add, subtract and multiply felts', () => {
    fc.assert(
      fc.property(felt, felt, (a, b) => {
        write(A, a);
        write(B, b);
        expect(core.exports.addCells(A, B)).toBe(1);
        expect(result()).toBe((a + b) % PRIME);
        expect(core.exports.subtractCells(A, B)).toBe(1);
        expect(result()).toBe((a - b + PRIME) % PRIME);
        core.exports.multiplyCells(A, B);
        expect(result()).toBe((a * b) % PRIME);
      }),
      { numRuns: 20_000 },
    );
  });

  it('divide integers', () => {
    // Divisors with high digits of all ones and zeros reach the corrections of the quotient digits.
    const digits = fc
      .array(fc.constantFrom(0n, 1n, 2n ** 31n, 2n ** 32n - 1n), { minLength: 1, maxLength: 8 })
      .map((list) => list.reduce((value, digit) => (value << 32n) | digit, 0n) % PRIME);
    const integer = fc.oneof(felt, digits);
    fc.assert(
      fc.property(integer, integer, (a, b) => {
        if (b === 0n) return;
        write(A, a);
        write(B, b);
        core.exports.divide(A, B);
        expect(readBig(core.words64, at(core.exports.quotientAddress))).toBe(a / b);
        expect(readBig(core.words64, at(core.exports.remainderAddress))).toBe(a % b);
      }),
      { numRuns: 20_000 },
    );
  });

  it('move pointers inside their segment only', () => {
    const offset = fc.oneof(fc.nat(2 ** 28 - 1), fc.constantFrom(0, 2 ** 28 - 1));
    fc.assert(
      fc.property(
        fc.nat(1000),
        offset,
        fc.integer({ min: -(2 ** 29), max: 2 ** 29 }),
        (segment, from, delta) => {
          writePointer(A, segment, from);
          write(B, BigInt(delta) < 0n ? PRIME + BigInt(delta) : BigInt(delta));
          const isInside = (to: number) => to >= 0 && to < 2 ** 28;
          for (const [a, b] of [
            [A, B],
            [B, A],
          ] as const)
            expect(core.exports.addCells(a, b)).toBe(isInside(from + delta) ? 1 : 0);
          if (isInside(from + delta)) expect(resultWord()).toBe(pointerWord(segment, from + delta));
          expect(core.exports.subtractCells(A, B)).toBe(isInside(from - delta) ? 1 : 0);
          if (isInside(from - delta)) expect(resultWord()).toBe(pointerWord(segment, from - delta));
          expect(core.exports.subtractCells(B, A)).toBe(0);
          writePointer(B, segment, Math.abs(delta) % 2 ** 28);
          expect(core.exports.addCells(A, B)).toBe(0);
          expect(core.exports.subtractCells(A, B)).toBe(1);
          expect(resultWord()).toBe(from - (Math.abs(delta) % 2 ** 28));
          writePointer(B, segment + 1, 0);
          expect(core.exports.subtractCells(A, B)).toBe(0);
        },
      ),
    );
  });

  it('turn into words and back', () => {
    const small = fc.oneof(
      fc.integer({ min: -(2 ** 31), max: 2 ** 31 }),
      fc.maxSafeInteger().filter((x) => Math.abs(x) < SMALL_BOUND),
      fc.constantFrom(0, -1, -2, SMALL_BOUND - 1, 1 - SMALL_BOUND, 2 ** 32, -(2 ** 32), 1 - 2 ** 32),
    );
    fc.assert(
      fc.property(small, (word) => {
        const value = word < 0 ? PRIME + BigInt(word) : BigInt(word);
        storeSmall(core.words32, A >> 2, word, TAG.accessed);
        expect(readBig(core.words64, A >> 2)).toBe(value);
        expect(core.words32[(A >> 2) + 7]! & TAG.accessed).toBe(TAG.accessed);
        write(A, value);
        expect(readSmall(core.words32, A >> 2)).toBe(word);
      }),
    );
    for (const value of [
      2n ** 51n,
      PRIME - 2n ** 51n,
      2n ** 64n,
      PRIME - 2n ** 64n,
      2n ** 251n,
      PRIME / 2n,
    ]) {
      write(A, value);
      expect(readSmall(core.words32, A >> 2)).toBeUndefined();
      expect(readBig(core.words64, A >> 2)).toBe(value);
    }
  });
});

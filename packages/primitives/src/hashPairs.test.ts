import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bigIntToBytes, bytesToBigInt, concatBytes } from './bytes.ts';
import { type Felt, PRIME } from './felt.ts';
import { hashPairsInto, pedersenBatch, poseidonBatch } from './hashPairs.ts';
import { pedersen } from './pedersen.ts';
import { poseidon } from './poseidon.ts';
import { EDGE_FELTS, felt } from './testing/arbitraries.ts';

const HASHES = {
  pedersen: { single: pedersen, batch: pedersenBatch },
  poseidon: { single: poseidon, batch: poseidonBatch },
} as const;

function edgePairs(count: number): [Felt, Felt][] {
  const edgeCount = EDGE_FELTS.length;
  return Array.from({ length: count }, (_, i) => [
    EDGE_FELTS[i % edgeCount]!,
    EDGE_FELTS[(i + 5 * Math.floor(i / edgeCount)) % edgeCount]!,
  ]);
}

describe.each(['pedersen', 'poseidon'] as const)('%s of many pairs', (kind) => {
  const { single, batch } = HASHES[kind];

  test.each([0, 1, 3, 4, 5, 15, 16, 17, 100, 511, 512, 513, 1100])('%i edge pairs', (count) => {
    const pairs = edgePairs(count);
    expect(batch(pairs)).toEqual(pairs.map(([a, b]) => single(a, b)));
  });

  test('bigints and bytes = single hashes', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(felt, felt), { maxLength: 40 }), (pairs) => {
        const expected = pairs.map(([a, b]) => single(a, b));
        expect(batch(pairs)).toEqual(expected);

        const input = concatBytes(...pairs.flat().map((x) => bigIntToBytes(x)));
        const output = new Uint8Array(pairs.length * 32);
        hashPairsInto(kind, input, output);
        expect(pairs.map((_, i) => bytesToBigInt(output.subarray(32 * i, 32 * i + 32)))).toEqual(expected);
      }),
    );
  });

  test('several batches, in place', () => {
    const pairs = edgePairs(1100);
    const buffer = concatBytes(...pairs.flat().map((x) => bigIntToBytes(x)));
    hashPairsInto(kind, buffer, buffer);
    pairs.forEach(([a, b], i) => {
      expect(bytesToBigInt(buffer.subarray(32 * i, 32 * i + 32))).toBe(single(a, b));
    });
  });

  test('refuses what is no felt and says where', () => {
    for (const wrong of [PRIME, PRIME + 1n, (1n << 252n) - 1n, (1n << 256n) - 1n]) {
      const input = concatBytes(...[1n, 2n, 3n, wrong, wrong, wrong].map((x) => bigIntToBytes(x)));
      expect(() => hashPairsInto(kind, input, new Uint8Array(96))).toThrow(
        expect.objectContaining({ code: 'INVALID_FELT', details: { pair: 1, side: 1 } }),
      );
      expect(() => batch([[wrong, 0n]])).toThrow(expect.objectContaining({ code: 'INVALID_FELT' }));
    }
  });

  test('refuses sizes that do not fit', () => {
    for (const [inputSize, outputSize] of [
      [63, 32],
      [96, 64],
      [128, 63],
    ] as const) {
      expect(() => hashPairsInto(kind, new Uint8Array(inputSize), new Uint8Array(outputSize))).toThrow(
        expect.objectContaining({ code: 'INVALID_LENGTH' }),
      );
    }
  });
});

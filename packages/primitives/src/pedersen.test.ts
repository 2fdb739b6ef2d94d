import { pedersen as scurePedersen } from '@scure/starknet';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isOnCurve } from './curve.ts';
import { PRIME } from './felt.ts';
import { IO_CELLS } from './kernels.ts';
import { pedersen, pedersenArray } from './pedersen.ts';
import { PEDERSEN_POINTS } from './pedersenPoints.ts';
import * as reference from './reference/pedersen.ts';
import { EDGE_FELTS, felt } from './testing/arbitraries.ts';

describe('pedersen', () => {
  test('agrees with starknet-types-core 0.2.4 on its vectors', () => {
    const a = 0x3d937c035c878245caf64531a5756109c53068da139362728feb561405371cbn;
    const b = 0x208a0a10250e382e1e4bbe2880906c2791bf6275695e02fbbc6aeff9cd8b31an;
    expect(pedersen(a, b)).toBe(0x30e480bed5fe53fa909cc0f8c4d99b8f9f2c016be4c41e13a4848797979c662n);
    expect(pedersenArray([0xaan, 0xbbn, 0xccn])).toBe(
      0x10808e8929644950878c4f71326e47c6b584d9cfea2de0415daf8def0f5e89fn,
    );
  });

  test('all five points are on the curve', () => {
    for (const point of PEDERSEN_POINTS) expect(isOnCurve(point)).toBe(true);
  });

  test('kernel = twin on edges', () => {
    for (const a of EDGE_FELTS) {
      const b = EDGE_FELTS[(EDGE_FELTS.indexOf(a) * 7 + 3) % EDGE_FELTS.length]!;
      for (const [x, y] of [
        [a, b],
        [a, 0n],
        [0n, a],
        [a, a],
      ] as const) {
        expect(pedersen(x, y)).toBe(reference.pedersen(x, y));
      }
    }
  });

  test('kernel = twin = @scure/starknet', () => {
    fc.assert(
      fc.property(felt, felt, (a, b) => {
        const hash = pedersen(a, b);
        expect(hash).toBe(reference.pedersen(a, b));
        expect(hash).toBe(BigInt(scurePedersen(a, b)));
      }),
    );
  });

  test('a list is the fold of its elements and its length', () => {
    fc.assert(
      fc.property(fc.array(felt, { maxLength: 8 }), (xs) => {
        expect(pedersenArray(xs)).toBe(reference.pedersenArray(xs));
      }),
      { numRuns: 20 },
    );
  });

  test('lists longer than the exchange area', () => {
    for (const length of [IO_CELLS - 2, IO_CELLS - 1, IO_CELLS, 2 * IO_CELLS]) {
      const xs = Array.from({ length }, (_, i) => BigInt(i) ** 3n);
      expect(pedersenArray(xs)).toBe(pedersen(xs.reduce(pedersen, 0n), BigInt(length)));
    }
  });

  test('refuses what is no felt', () => {
    for (const wrong of [-1n, PRIME, 1n << 256n]) {
      expect(() => pedersen(wrong, 0n)).toThrow(expect.objectContaining({ code: 'INVALID_FELT' }));
      expect(() => pedersen(0n, wrong)).toThrow(expect.objectContaining({ code: 'INVALID_FELT' }));
      expect(() => pedersenArray([1n, wrong])).toThrow(expect.objectContaining({ code: 'INVALID_FELT' }));
    }
  });
});

import { poseidonHash, poseidonHashMany, poseidonSmall } from '@scure/starknet';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PRIME } from './felt.ts';
import { IO_CELLS } from './kernels.ts';
import { hadesPermutation, poseidon, poseidonMany } from './poseidon.ts';
import * as reference from './reference/poseidon.ts';
import { EDGE_FELTS, felt } from './testing/arbitraries.ts';

describe('poseidon', () => {
  test('agrees with cairo-lang and starknet-types-core on their vectors', () => {
    expect(hadesPermutation(9n, 11n, 2n)).toEqual([
      0x510f3a3faf4084e3b1e95fd44c30746271b48723f7ea9c8be6a9b6b5408e7e6n,
      0x4f511749bd4101266904288021211333fb0a514cb15381af087462fa46e6bd9n,
      0x186f6dd1a6e79cb1b66d505574c349272cd35c07c223351a0990410798bb9d8n,
    ]);
    expect(
      poseidon(
        0xb662f9017fa7956fd70e26129b1833e10ad000fd37b4d9f4e0ce6884b7bben,
        0x1fe356bf76102cdae1bfbdc173602ead228b12904c00dad9cf16e035468bean,
      ),
    ).toBe(0x75540825a6ecc5dc7d7c2f5f868164182742227f1367d66c43ee51ec7937a81n);
    expect(poseidonMany([0xaan, 0xbbn, 0xccn])).toBe(
      0x2742e049f7e1613e4a014efeec0d742882a798ae0af8b8dd730358c23848775n,
    );
  });

  test('kernel = twin = @scure/starknet on whole states', () => {
    fc.assert(
      fc.property(felt, felt, felt, (a, b, c) => {
        const state = hadesPermutation(a, b, c);
        expect(state).toEqual(reference.hadesPermutation(a, b, c));
        expect(state).toEqual(poseidonSmall([a, b, c]));
      }),
    );
  });

  test('kernel = twin on edges', () => {
    for (const a of EDGE_FELTS) {
      for (const b of [0n, PRIME - 1n, a]) {
        expect(hadesPermutation(a, b, a)).toEqual(reference.hadesPermutation(a, b, a));
        expect(poseidon(b, a)).toBe(reference.poseidon(b, a));
      }
    }
  });

  test('pairs and lists = @scure/starknet', () => {
    fc.assert(
      fc.property(fc.array(felt, { maxLength: 9 }), felt, felt, (xs, a, b) => {
        expect(poseidon(a, b)).toBe(poseidonHash(a, b));
        expect(poseidonMany(xs)).toBe(poseidonHashMany(xs));
        expect(reference.poseidonMany(xs)).toBe(poseidonHashMany(xs));
      }),
    );
  });

  test('lists longer than the exchange area', () => {
    for (const length of [IO_CELLS - 1, IO_CELLS, IO_CELLS + 1, 2 * IO_CELLS]) {
      const xs = Array.from({ length }, (_, i) => BigInt(i) ** 5n);
      expect(poseidonMany(xs)).toBe(reference.poseidonMany(xs));
    }
  });

  test('refuses what is no felt', () => {
    for (const wrong of [-1n, PRIME]) {
      expect(() => hadesPermutation(0n, 0n, wrong)).toThrow(
        expect.objectContaining({ code: 'INVALID_FELT' }),
      );
      expect(() => poseidonMany([wrong])).toThrow(expect.objectContaining({ code: 'INVALID_FELT' }));
    }
  });
});

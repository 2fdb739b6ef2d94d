import { blake2s } from '@noble/hashes/blake2.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { blake2s256, blake2sCompress, blakeMany } from './blake2s.ts';
import { bytesToHex } from './bytes.ts';
import { PRIME } from './felt.ts';
import { IO_CELLS } from './kernels.ts';
import * as reference from './reference/blake2s.ts';
import * as referenceMany from './reference/blakeMany.ts';
import { bytes, felt } from './testing/arbitraries.ts';

const words = (length: number) =>
  fc.array(fc.nat(0xffffffff), { minLength: length, maxLength: length }).map((xs) => Uint32Array.from(xs));

describe('blake2s', () => {
  test('digest of RFC 7693, appendix B', () => {
    expect(bytesToHex(blake2s256(new TextEncoder().encode('abc')))).toBe(
      '508c5e8c327c14e2e1a72ba34eeb452f37458b209ed63a294d999b4c86675982',
    );
  });

  test('compression = twin', () => {
    fc.assert(
      fc.property(
        words(8),
        words(16),
        fc.bigInt(0n, 2n ** 64n - 1n),
        fc.boolean(),
        (state, block, count, final) => {
          const expected = reference.blake2sCompress(state, block, count, final);
          expect(blake2sCompress(state, block, count, final)).toEqual(expected);
          if (count < 2n ** 53n)
            expect(blake2sCompress(state, block, Number(count), final)).toEqual(expected);
        },
      ),
    );
  });

  test('kernel = twin = @noble/hashes', () => {
    fc.assert(
      fc.property(bytes, (message) => {
        expect(blake2s256(message)).toEqual(blake2s(message));
        expect(reference.blake2s256(message)).toEqual(blake2s(message));
      }),
    );
  });

  test('messages longer than the exchange area', () => {
    for (const length of [65_535, 65_536, 65_537, 131_072, 200_000]) {
      const message = new Uint8Array(length).map((_, i) => i * 31);
      expect(blake2s256(message)).toEqual(blake2s(message));
    }
  });

  // Computed by starknet-types-core 0.2.4 (tests of hash/blake2s.rs).
  test.each<[string, bigint[], bigint]>([
    ['nothing', [], 874258848688468311465623299960361657518391155660316941922502367727700287818n],
    [
      '2^63 − 1',
      [2n ** 63n - 1n],
      94160078030592802631039216199460125121854007413180444742120780261703604445n,
    ],
    ['2^63', [2n ** 63n], 318549634615606806810268830802792194529205864650702991817600345489579978482n],
    ['P − 1', [PRIME - 1n], 3505594194634492896230805823524239179921427575619914728883524629460058657521n],
    [
      'small and large',
      [42n, 2n ** 63n, 1337n],
      1127477916086913892828040583976438888091205536601278656613505514972451246501n,
    ],
    [
      '2^64 − 1',
      [2n ** 64n - 1n],
      3515074221976790747383295076946184515593027667350620348239642126105984996390n,
    ],
  ])('felt list: %s', (_, felts, expected) => {
    expect(blakeMany(felts)).toBe(expected);
    expect(referenceMany.blakeMany(felts)).toBe(expected);
  });

  test('felt lists = twin', () => {
    const mixed = fc.oneof(felt, fc.bigInt(0n, 2n ** 64n));
    fc.assert(
      fc.property(fc.array(mixed, { maxLength: 40 }), (felts) => {
        expect(blakeMany(felts)).toBe(referenceMany.blakeMany(felts));
      }),
    );
  });

  test('felt lists longer than the exchange area', () => {
    for (const length of [IO_CELLS - 1, IO_CELLS, IO_CELLS + 1, 2 * IO_CELLS]) {
      const felts = Array.from({ length }, (_, i) => BigInt(i) ** BigInt(i % 20));
      expect(blakeMany(felts)).toBe(referenceMany.blakeMany(felts));
    }
  });

  test('refuses wrong sizes and what is no felt', () => {
    for (const [stateSize, blockSize] of [
      [7, 16],
      [8, 15],
      [8, 17],
    ] as const) {
      expect(() => blake2sCompress(new Uint32Array(stateSize), new Uint32Array(blockSize), 0, true)).toThrow(
        expect.objectContaining({ code: 'INVALID_LENGTH' }),
      );
    }
    expect(() => blakeMany([PRIME])).toThrow(expect.objectContaining({ code: 'INVALID_FELT' }));
  });
});

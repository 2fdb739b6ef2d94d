import { keccak_256 } from '@noble/hashes/sha3.js';
import { keccak as scureKeccak } from '@scure/starknet';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesToHex } from './bytes.ts';
import { keccak256, keccak256Batch, keccakF1600 } from './keccak.ts';
import * as reference from './reference/keccak.ts';
import { selectorFromName, starknetKeccak } from './starknetKeccak.ts';
import { bytes } from './testing/arbitraries.ts';

const lanes = fc.array(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), { minLength: 25, maxLength: 25 });

describe('keccak', () => {
  test('known digests', () => {
    // Ethereum's empty-code hash.
    expect(bytesToHex(keccak256(new Uint8Array()))).toBe(
      'c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470',
    );
  });

  test('permutation = twin', () => {
    fc.assert(
      fc.property(lanes, (state) => {
        const [a, b] = [BigUint64Array.from(state), BigUint64Array.from(state)];
        keccakF1600(a);
        reference.keccakF1600(b);
        expect(a).toEqual(b);
      }),
    );
  });

  test('the permutation works on a view inside a larger buffer', () => {
    const buffer = new BigUint64Array(40).map((_, i) => BigInt(i));
    const alone = buffer.slice(7, 32);
    keccakF1600(buffer.subarray(7, 32));
    keccakF1600(alone);
    expect(buffer.slice(7, 32)).toEqual(alone);
    expect(buffer[6]).toBe(6n);
    expect(buffer[32]).toBe(32n);
  });

  test('kernel = twin = @noble/hashes', () => {
    fc.assert(
      fc.property(bytes, (message) => {
        expect(keccak256(message)).toEqual(keccak_256(message));
        expect(reference.keccak256(message)).toEqual(keccak_256(message));
      }),
    );
  });

  test('messages longer than the exchange area', () => {
    for (const length of [481 * 136 - 1, 481 * 136, 481 * 136 + 1, 200_000]) {
      const message = new Uint8Array(length).map((_, i) => i * 31);
      expect(keccak256(message)).toEqual(keccak_256(message));
      expect(keccak256Batch([message, message.map((x) => x ^ 1)])[1]).toEqual(
        keccak_256(message.map((x) => x ^ 1)),
      );
    }
  });

  test('many messages = each alone', () => {
    fc.assert(
      fc.property(fc.array(bytes, { maxLength: 12 }), (messages) => {
        expect(keccak256Batch(messages)).toEqual(messages.map((message) => keccak_256(message)));
      }),
    );
  });

  test('selectors and the 250-bit mask', () => {
    expect(selectorFromName('transfer')).toBe(
      0x83afd3f4caedc6eebf44246fe54e38c95e3179a5ec9ea81740eca5b482d12en,
    );
    expect(selectorFromName('__default__')).toBe(0n);
    expect(selectorFromName('__l1_default__')).toBe(0n);
    for (const name of ['__execute__', 'constructor', 'balanceOf', 'ж']) {
      expect(selectorFromName(name)).toBe(scureKeccak(new TextEncoder().encode(name)));
    }
    expect(starknetKeccak(new Uint8Array())).toBeLessThan(2n ** 250n);
  });

  test('refuses a state of another size', () => {
    expect(() => keccakF1600(new BigUint64Array(24))).toThrow(
      expect.objectContaining({ code: 'INVALID_LENGTH' }),
    );
  });
});

import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SHA256_INITIAL_STATE, sha256, sha256Compress } from './sha256.ts';
import { bytes } from './testing/arbitraries.ts';

test('digest = @noble/hashes', () => {
  fc.assert(
    fc.property(bytes, (message) => {
      expect(sha256(message)).toEqual(nobleSha256(message));
    }),
  );
});

test('compression of the padded message "abc" (FIPS 180-2, B.1) leaves its arguments alone', () => {
  const state = SHA256_INITIAL_STATE.slice();
  const block = new Uint32Array(16);
  block[0] = 0x61626380;
  block[15] = 24;
  expect([...sha256Compress(state, block)]).toEqual([
    0xba7816bf, 0x8f01cfea, 0x414140de, 0x5dae2223, 0xb00361a3, 0x96177a9c, 0xb410ff61, 0xf20015ad,
  ]);
  expect(state).toEqual(SHA256_INITIAL_STATE);
  expect(block[0]).toBe(0x61626380);
});

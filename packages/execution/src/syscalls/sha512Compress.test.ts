import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sha512Compress } from './sha512Compress.ts';

/** @see FIPS 180-4, 5.3.5 */
const INITIAL = [
  0x6a09e667f3bcc908n,
  0xbb67ae8584caa73bn,
  0x3c6ef372fe94f82bn,
  0xa54ff53a5f1d36f1n,
  0x510e527fade682d1n,
  0x9b05688c2b3e6c1fn,
  0x1f83d9abfb41bd6bn,
  0x5be0cd19137e2179n,
];

/** SHA-512 of a message, from blocks of 16 words. */
function sha512(message: Uint8Array): string {
  const padded = new Uint8Array((Math.floor((message.length + 16) / 128) + 1) * 128);
  padded.set(message);
  padded[message.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setBigUint64(padded.length - 8, 8n * BigInt(message.length));
  let state = INITIAL;
  for (let at = 0; at < padded.length; at += 128) {
    state = sha512Compress(
      state,
      Array.from({ length: 16 }, (_, i) => view.getBigUint64(at + 8 * i)),
    );
  }
  return state.map((word) => word.toString(16).padStart(16, '0')).join('');
}

it('gives the digest of "abc" of FIPS 180-4', () => {
  expect(sha512(new TextEncoder().encode('abc'))).toBe(
    'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
  );
});

it('agrees with the platform on any message', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (message) => {
      expect(sha512(message)).toBe(createHash('sha512').update(message).digest('hex'));
    }),
    { numRuns: 50 },
  );
});

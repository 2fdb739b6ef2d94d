import { getStarkKey, sign as scureSign } from '@scure/starknet';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ecMul } from './curve.ts';
import { getPublicKey, sign, verifySignature } from './ecdsa.ts';
import { PRIME } from './felt.ts';
import { formatFelt } from './feltText.ts';
import { poseidonMany } from './poseidon.ts';
import * as reference from './reference/ecdsa.ts';
import { SIGNATURE_BOUND, STARK_CURVE } from './starkCurve.ts';

const { order } = STARK_CURVE;
const privateKey = fc.oneof(fc.bigInt(1n, 9n), fc.bigInt(1n, order - 1n), fc.constant(order - 1n));
const messageHash = fc.oneof(
  fc.bigInt(0n, 9n),
  fc.bigInt(0n, SIGNATURE_BOUND - 1n),
  fc.constant(SIGNATURE_BOUND - 1n),
);

describe('keys and signatures', () => {
  test('signatures of real blocks', () => {
    // Sepolia integration block 35748: key and signature of the block hash.
    expect(
      verifySignature(
        0x4e4856eb36dbd5f4a7dca29f7bb5232974ef1fb7eb5b597c58077174c294da1n,
        0x1ea2a9cfa3df5297d58c0a04d09d276bc68d40fe64701305bbe2ed8f417e869n,
        0x45161746eecbeae297f45a1f407ab702310f4e52c5e9350ed6f542fa8e98413n,
        0x3e67cfbc5b179ba55a3b687228d8fe40626233f6691b4aabe308fcd6d71dcdbn,
      ),
    ).toBe(true);
    // Mainnet block 4256: block hash and state diff commitment.
    expect(
      verifySignature(
        0x48253ff2c3bed7af18bde0b611b083b39445959102d4947c51c4db6aa4f4e58n,
        poseidonMany([
          0x7d5db04c5ca2aea828180dc441afb1580e3cee7547a3567ced3aa5bb8b273c0n,
          0x64689c12248e1110af4b3af0e2b43cd51ad13e8855f10e37669e2a4baf919c6n,
        ]),
        0x1b382bbfd693011c9b7692bc932b23ed9c288deb27c8e75772e172abbe5950cn,
        0xbe4438085057e1a7c704a0da3b30f7b8340fe3d24c86772abfd24aa597e42n,
      ),
    ).toBe(true);
  });

  test('vectors of starknet-crypto 0.8.1', () => {
    expect(getPublicKey(0x3c1e9550e66958296d11b60f8e8e7a7ad990d07fa65d5f7652c4a6c87d4e3ccn)).toBe(
      0x77a3b314db07c45076d11f62b6f9e748a39790441823307743cf00d6597ea43n,
    );
    expect(getPublicKey(0x12n)).toBe(0x19661066e96a8b9f06a1d136881ee924dfb6a885239caa5fd3f87a54c6b25c4n);
    const key = STARK_CURVE.generator.x;
    const r = 0x411494b501a98abd8262b0da1351e17899a0c4ef23dd2f96fec5ba847310b20n;
    const s = 0x405c3191ab3883ef2b763af35bc5f5d15b3b4e99461d70e84c654a351a7c81bn;
    expect(verifySignature(key, 2n, r, s)).toBe(true);
    expect(
      verifySignature(
        0x77a4b314db07c45076d11f62b6f9e748a39790441823307743cf00d6597ea43n,
        0x397e76d1667c4454bfb83514e120583af836f8e32a516765497823eabe16a3fn,
        0x173fd03d8b008ee7432977ac27d1e9d1a1f6c98b1a2f05fa84a21c84c44e882n,
        0x1f2c44a7798f55192f153b4c48ea5c1241fbb69e6132cc8a0da9c5b62a4286en,
      ),
    ).toBe(false);
    // An x that is on no point of the curve.
    expect(
      verifySignature(0x3ee9bffffffffff26ffffffff60ffffffffffffffffffffffffffff004accffn, 2n, r, s),
    ).toBe(false);
  });

  test('keys and signatures = @scure/starknet', () => {
    fc.assert(
      fc.property(privateKey, messageHash, (key, hash) => {
        expect(getPublicKey(key)).toBe(BigInt(getStarkKey(formatFelt(key))));
        const theirs = scureSign(formatFelt(hash), formatFelt(key));
        expect(sign(key, hash)).toEqual({ r: theirs.r, s: theirs.s });
      }),
    );
  });

  test('a seed enters the nonce as in @scure/starknet', () => {
    fc.assert(
      fc.property(privateKey, messageHash, fc.bigInt(1n, 2n ** 64n), (key, hash, seed) => {
        const digits = seed.toString(16);
        const entropy = Uint8Array.from((digits.length % 2 ? `0${digits}` : digits).match(/../g)!, (pair) =>
          Number.parseInt(pair, 16),
        );
        const theirs = scureSign(formatFelt(hash), formatFelt(key), { extraEntropy: entropy });
        expect(sign(key, hash, seed)).toEqual({ r: theirs.r, s: theirs.s });
        expect(sign(key, hash, 0n)).toEqual(sign(key, hash));
      }),
      { numRuns: 30 },
    );
  });

  test('a nonce candidate that begins with a zero byte is read as @scure/starknet does', () => {
    const key = 3618281932783033915649611763397295575733345261618842546072439583561045854293n;
    expect(sign(key, SIGNATURE_BOUND - 1n, 13391409998117633405n)).toEqual({
      r: 549887809240619352915161919820888710783517643110600174532150529106609208926n,
      s: 484157016397086399836384463502906595987582110057812412261251982738154739543n,
    });
  });

  test('what is signed verifies, with kernel and twin; what is changed does not', () => {
    fc.assert(
      fc.property(privateKey, messageHash, fc.bigInt(1n, 2n ** 250n), (key, hash, change) => {
        const { r, s } = sign(key, hash);
        const x = getPublicKey(key);
        expect(verifySignature(x, hash, r, s)).toBe(true);
        expect(reference.verifySignature(x, hash, r, s)).toBe(true);
        for (const [wx, wh, wr, ws] of [
          [x ^ change, hash, r, s],
          [x, hash ^ change, r, s],
          [x, hash, r ^ change, s],
          [x, hash, r, s ^ change],
        ] as const) {
          expect(verifySignature(wx, wh, wr, ws)).toBe(reference.verifySignature(wx, wh, wr, ws));
        }
        expect(verifySignature(x, hash ^ change, r, s)).toBe(false);
      }),
      { numRuns: 15 },
    );
  });

  test('every pair of multipliers u1, u2 that meets an exception', () => {
    // For Q = k·G choose r and w, then hash and s follow; accepted exactly when r is x of (u1 ± u2·k)·G.
    const key = 5n;
    const x = getPublicKey(key);
    const check = (u1: bigint, u2: bigint, sum: bigint) => {
      const r = ecMul(sum, STARK_CURVE.generator)?.x ?? 1n;
      if (r >= SIGNATURE_BOUND) return;
      const w = (u2 * inverse(r)) % order;
      const [hash, s] = [(u1 * inverse(w)) % order, inverse(w)];
      const expected = reference.verifySignature(x, hash, r, s);
      expect(verifySignature(x, hash, r, s)).toBe(expected);
    };
    for (const u2 of [1n, 2n, 15n, 16n, 30n, order - 1n, order - 2n, order - 30n, order - 15n]) {
      // Hash part 0, equal to and opposite of the key part, and anything else.
      for (const u1 of [0n, (u2 * key) % order, order - ((u2 * key) % order), 7n]) {
        for (const sum of [u1 + u2 * key, u1 - u2 * key + order * key, 2n * u1, 99n]) check(u1, u2, sum);
      }
    }
  });

  test('verification refuses numbers out of range', () => {
    const x = getPublicKey(3n);
    const { r, s } = sign(3n, 1n);
    expect(verifySignature(x, 1n, r, s)).toBe(true);
    for (const wrong of [-1n, 0n, SIGNATURE_BOUND, order, PRIME, 1n << 256n]) {
      expect(verifySignature(x, 1n, wrong, s)).toBe(false);
      expect(verifySignature(x, 1n, r, wrong)).toBe(false);
      if (wrong !== 0n) expect(verifySignature(x, wrong, r, s)).toBe(false);
    }
    for (const wrong of [-1n, PRIME, PRIME + x, x + (1n << 256n)]) {
      expect(verifySignature(wrong, 1n, r, s)).toBe(false);
    }
    // Aliases of valid numbers: s + order, hash + order.
    expect(verifySignature(x, 1n, r, s + order)).toBe(false);
    expect(verifySignature(x, 1n + order, r, s)).toBe(false);
    // The other s, order − s, is as good as the first for the same r, when in range.
    expect(verifySignature(x, 1n, r, order - s)).toBe(reference.verifySignature(x, 1n, r, order - s));
  });

  test('signing refuses keys and hashes out of range', () => {
    for (const key of [-1n, 0n, order, order + 1n]) {
      expect(() => getPublicKey(key)).toThrow(expect.objectContaining({ code: 'INVALID_PRIVATE_KEY' }));
      expect(() => sign(key, 1n)).toThrow(expect.objectContaining({ code: 'INVALID_PRIVATE_KEY' }));
    }
    for (const hash of [-1n, SIGNATURE_BOUND]) {
      expect(() => sign(1n, hash)).toThrow(expect.objectContaining({ code: 'INVALID_MESSAGE_HASH' }));
    }
  });
});

function inverse(a: bigint): bigint {
  let [result, base] = [1n, a % order];
  for (let e = order - 2n; e > 0n; e >>= 1n) {
    if (e & 1n) result = (result * base) % order;
    base = (base * base) % order;
  }
  return result;
}

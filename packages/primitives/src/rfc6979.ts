import { bigIntToBytes, bytesToBigInt, concatBytes } from './bytes.ts';
import { sha256 } from './sha256.ts';
import { STARK_CURVE } from './starkCurve.ts';

function hmacSha256(key: Uint8Array, ...parts: Uint8Array[]): Uint8Array {
  const inner = new Uint8Array(64).fill(0x36);
  const outer = new Uint8Array(64).fill(0x5c);
  key.forEach((byte, i) => {
    inner[i]! ^= byte;
    outer[i]! ^= byte;
  });
  return sha256(concatBytes(outer, sha256(concatBytes(inner, ...parts))));
}

/**
 * Deterministic nonce in [1, order) of RFC 6979, 3.2, with HMAC-SHA-256; `seed` (0 for none) enters as extra
 * data, in as few big-endian bytes as hold it.
 *
 * A candidate is the top 252 of 256 bits, except that 32 bytes which begin with a zero byte count as they are: so
 * @scure/starknet, and with it starknet.js, reads them, and their signatures are the ones to reproduce. cairo-lang and
 * starknet-crypto shift these as well; in about one case of 250 they sign with another, equally valid nonce.
 */
export function rfc6979Nonce(privateKey: bigint, messageHash: bigint, seed: bigint): bigint {
  const seedBytes =
    seed === 0n ? new Uint8Array(0) : bigIntToBytes(seed, Math.ceil(seed.toString(16).length / 2));
  const material = concatBytes(bigIntToBytes(privateKey), bigIntToBytes(messageHash), seedBytes);
  let key: Uint8Array = new Uint8Array(32);
  let value: Uint8Array = new Uint8Array(32).fill(1);
  for (const separator of [0, 1]) {
    key = hmacSha256(key, value, Uint8Array.of(separator), material);
    value = hmacSha256(key, value);
  }
  for (;;) {
    value = hmacSha256(key, value);
    const nonce = value[0] === 0 ? bytesToBigInt(value) : bytesToBigInt(value) >> 4n;
    if (nonce > 0n && nonce < STARK_CURVE.order) return nonce;
    key = hmacSha256(key, value, Uint8Array.of(0));
    value = hmacSha256(key, value);
  }
}

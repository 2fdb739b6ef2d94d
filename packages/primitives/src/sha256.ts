/** First 32 bits of the fractional part of the cube roots of the first 64 primes. @see FIPS 180-4, 4.2.2 */
const ROUND_CONSTANTS = rootFractions(64, 3n);

/** First 32 bits of the fractional part of the square roots of the first 8 primes. @see FIPS 180-4, 5.3.3 */
export const SHA256_INITIAL_STATE = rootFractions(8, 2n);

function rootFractions(count: number, degree: bigint): Uint32Array {
  const fractions = new Uint32Array(count);
  const primes: number[] = [];
  for (let n = 2; primes.length < count; n++) if (primes.every((p) => n % p !== 0)) primes.push(n);
  for (let i = 0; i < count; i++) {
    const target = BigInt(primes[i]!) << (32n * degree);
    let root = 0n;
    for (let bit = 1n << 40n; bit > 0n; bit >>= 1n) if ((root + bit) ** degree <= target) root += bit;
    fractions[i] = Number(root & 0xffffffffn);
  }
  return fractions;
}

function rotr(x: number, n: number): number {
  return (x >>> n) | (x << (32 - n));
}

/** The SHA-256 compression function on an 8-word state and a 16-word block; returns the new state. @see FIPS 180-4, 6.2.2 */
export function sha256Compress(state: Uint32Array, block: Uint32Array): Uint32Array {
  const w = new Uint32Array(64);
  w.set(block.subarray(0, 16));
  for (let t = 16; t < 64; t++) {
    const s0 = rotr(w[t - 15]!, 7) ^ rotr(w[t - 15]!, 18) ^ (w[t - 15]! >>> 3);
    const s1 = rotr(w[t - 2]!, 17) ^ rotr(w[t - 2]!, 19) ^ (w[t - 2]! >>> 10);
    w[t] = w[t - 16]! + s0 + w[t - 7]! + s1;
  }
  let [a, b, c, d, e, f, g, h] = state as unknown as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  for (let t = 0; t < 64; t++) {
    const sum1 = rotr(e, 6) ^ rotr(e, 11) ^ rotr(e, 25);
    const t1 = (h + sum1 + ((e & f) ^ (~e & g)) + ROUND_CONSTANTS[t]! + w[t]!) | 0;
    const sum0 = rotr(a, 2) ^ rotr(a, 13) ^ rotr(a, 22);
    const t2 = (sum0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0];
  }
  const next = Uint32Array.of(a, b, c, d, e, f, g, h);
  for (let i = 0; i < 8; i++) next[i]! += state[i]!;
  return next;
}

/** SHA-256 digest of `bytes`. */
export function sha256(bytes: Uint8Array): Uint8Array {
  const padded = new Uint8Array((Math.floor((bytes.length + 8) / 64) + 1) * 64);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setBigUint64(padded.length - 8, BigInt(bytes.length) * 8n);
  let state = SHA256_INITIAL_STATE;
  const block = new Uint32Array(16);
  for (let at = 0; at < padded.length; at += 64) {
    for (let i = 0; i < 16; i++) block[i] = view.getUint32(at + 4 * i);
    state = sha256Compress(state, block);
  }
  const digest = new Uint8Array(32);
  const out = new DataView(digest.buffer);
  for (let i = 0; i < 8; i++) out.setUint32(4 * i, state[i]!);
  return digest;
}

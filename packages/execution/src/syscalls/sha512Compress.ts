const ROUND_COUNT = 80;
const BLOCK_WORDS = 16;

const word = (value: bigint): bigint => BigInt.asUintN(64, value);

/** First 64 bits of the fractional part of the cube roots of the first 80 primes. @see FIPS 180-4, 4.2.3 */
const ROUND_CONSTANTS = firstPrimes(ROUND_COUNT).map((prime) => word(cubeRoot(prime << 192n)));

/** The SHA-512 compression function on an 8-word state and a 16-word block; returns the new state. @see FIPS 180-4, 6.4.2 */
export function sha512Compress(state: readonly bigint[], block: readonly bigint[]): bigint[] {
  const schedule = block.slice(0, BLOCK_WORDS);
  for (let t = BLOCK_WORDS; t < ROUND_COUNT; t++) {
    const [w2, w7, w15, w16] = [2, 7, 15, 16].map((back) => schedule[t - back]!) as Words<4>;
    const s0 = rotate(w15, 1n) ^ rotate(w15, 8n) ^ (w15 >> 7n);
    const s1 = rotate(w2, 19n) ^ rotate(w2, 61n) ^ (w2 >> 6n);
    schedule.push(word(s1 + w7 + s0 + w16));
  }
  let [a, b, c, d, e, f, g, h] = state as Words<8>;
  for (let t = 0; t < ROUND_COUNT; t++) {
    const sum1 = rotate(e, 14n) ^ rotate(e, 18n) ^ rotate(e, 41n);
    const choice = (e & f) ^ (~e & g);
    const t1 = h + sum1 + choice + ROUND_CONSTANTS[t]! + schedule[t]!;
    const sum0 = rotate(a, 28n) ^ rotate(a, 34n) ^ rotate(a, 39n);
    const t2 = sum0 + ((a & b) ^ (a & c) ^ (b & c));
    [h, g, f, e, d, c, b, a] = [g, f, e, word(d + t1), c, b, a, word(t1 + t2)];
  }
  return [a, b, c, d, e, f, g, h].map((value, i) => word(value + state[i]!));
}

type Words<N extends 4 | 8> = N extends 4
  ? [bigint, bigint, bigint, bigint]
  : [bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint];

function rotate(value: bigint, count: bigint): bigint {
  return (value >> count) | word(value << (64n - count));
}

function firstPrimes(count: number): bigint[] {
  const primes: bigint[] = [];
  for (let n = 2n; primes.length < count; n++) if (primes.every((p) => n % p !== 0n)) primes.push(n);
  return primes;
}

/** The whole part of the cube root. */
function cubeRoot(value: bigint): bigint {
  let root = 0n;
  for (let bit = 1n << 72n; bit > 0n; bit >>= 1n) if ((root + bit) ** 3n <= value) root += bit;
  return root;
}

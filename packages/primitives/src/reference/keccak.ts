const MASK = 0xffffffffffffffffn;

/** Bit rotations of ρ and the walk of π, in the order of the specification's (t + 1)(t + 2)/2 walk. @see FIPS 202, 3.2.2 */
const WALK: { lane: number; rotation: bigint }[] = [];
for (let t = 0, x = 1, y = 0; t < 24; t++) {
  WALK.push({ lane: x + 5 * y, rotation: BigInt((((t + 1) * (t + 2)) / 2) % 64) });
  [x, y] = [y, (2 * x + 3 * y) % 5];
}

/** Constants of ι from the degree-8 LFSR. @see FIPS 202, algorithm 5 */
export const KECCAK_ROUND_CONSTANTS: bigint[] = [];
for (let round = 0, lfsr = 1; round < 24; round++) {
  let constant = 0n;
  for (let j = 0; j <= 6; j++) {
    if (lfsr & 1) constant |= 1n << BigInt(2 ** j - 1);
    lfsr = lfsr & 0x80 ? ((lfsr << 1) ^ 0x171) & 0xff : lfsr << 1;
  }
  KECCAK_ROUND_CONSTANTS.push(constant);
}

function rotl(x: bigint, n: bigint): bigint {
  return ((x << n) | (x >> (64n - n))) & MASK;
}

/** The Keccak-f[1600] permutation, in place on 25 lanes (lane x + 5y). @see FIPS 202, 3.3 */
export function keccakF1600(state: BigUint64Array): void {
  for (const constant of KECCAK_ROUND_CONSTANTS) {
    const column = [0, 1, 2, 3, 4].map(
      (x) => state[x]! ^ state[x + 5]! ^ state[x + 10]! ^ state[x + 15]! ^ state[x + 20]!,
    );
    for (let i = 0; i < 25; i++) state[i]! ^= column[(i + 4) % 5]! ^ rotl(column[(i + 1) % 5]!, 1n);

    const moved = new BigUint64Array(25);
    moved[0] = state[0]!;
    for (const { lane, rotation } of WALK) {
      const [x, y] = [lane % 5, Math.floor(lane / 5)];
      moved[y + 5 * ((2 * x + 3 * y) % 5)] = rotl(state[lane]!, rotation);
    }
    for (let y = 0; y < 25; y += 5) {
      for (let x = 0; x < 5; x++) {
        state[y + x] = moved[y + x]! ^ (~moved[y + ((x + 1) % 5)]! & MASK & moved[y + ((x + 2) % 5)]!);
      }
    }
    state[0]! ^= constant;
  }
}

const RATE_BYTES = 136;

/** Keccak-256 as Ethereum uses it (padding 0x01 … 0x80, not SHA-3's). */
export function keccak256(bytes: Uint8Array): Uint8Array {
  const padded = new Uint8Array((Math.floor(bytes.length / RATE_BYTES) + 1) * RATE_BYTES);
  padded.set(bytes);
  padded[bytes.length]! ^= 0x01;
  padded[padded.length - 1]! ^= 0x80;
  const view = new DataView(padded.buffer);
  const state = new BigUint64Array(25);
  for (let at = 0; at < padded.length; at += RATE_BYTES) {
    for (let i = 0; i < RATE_BYTES / 8; i++) state[i]! ^= view.getBigUint64(at + 8 * i, true);
    keccakF1600(state);
  }
  const digest = new Uint8Array(32);
  const out = new DataView(digest.buffer);
  for (let i = 0; i < 4; i++) out.setBigUint64(8 * i, state[i]!, true);
  return digest;
}

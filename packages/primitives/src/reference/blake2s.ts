import { BLAKE2S_256_INITIAL_STATE, BLAKE2S_IV, BLAKE2S_LANES, BLAKE2S_SIGMA } from '../blake2sParameters.ts';

function rotr(x: number, n: number): number {
  return (x >>> n) | (x << (32 - n));
}

/**
 * Blake2s compression of one 16-word block into an 8-word state; returns the new state.
 * `byteCount` is the number of message bytes so far, this block included. @see RFC 7693, 3.2
 */
export function blake2sCompress(
  state: Uint32Array,
  message: Uint32Array,
  byteCount: number | bigint,
  final: boolean,
): Uint32Array {
  const v = new Uint32Array(16);
  v.set(state);
  v.set(BLAKE2S_IV, 8);
  const count = BigInt(byteCount);
  v[12]! ^= Number(count & 0xffffffffn);
  v[13]! ^= Number((count >> 32n) & 0xffffffffn);
  if (final) v[14]! ^= 0xffffffff;
  for (const order of BLAKE2S_SIGMA) {
    BLAKE2S_LANES.forEach(([a, b, c, d], i) => {
      v[a]! += v[b]! + message[order[2 * i]!]!;
      v[d] = rotr(v[d]! ^ v[a]!, 16);
      v[c]! += v[d]!;
      v[b] = rotr(v[b]! ^ v[c]!, 12);
      v[a]! += v[b]! + message[order[2 * i + 1]!]!;
      v[d] = rotr(v[d]! ^ v[a]!, 8);
      v[c]! += v[d]!;
      v[b] = rotr(v[b]! ^ v[c]!, 7);
    });
  }
  return state.map((word, i) => word ^ v[i]! ^ v[i + 8]!);
}

/** Unkeyed Blake2s-256 digest. */
export function blake2s256(bytes: Uint8Array): Uint8Array {
  const blockCount = Math.max(1, Math.ceil(bytes.length / 64));
  const padded = new Uint8Array(blockCount * 64);
  padded.set(bytes);
  const view = new DataView(padded.buffer);
  let state: Uint32Array = BLAKE2S_256_INITIAL_STATE;
  const message = new Uint32Array(16);
  for (let block = 0; block < blockCount; block++) {
    for (let i = 0; i < 16; i++) message[i] = view.getUint32(64 * block + 4 * i, true);
    const final = block === blockCount - 1;
    state = blake2sCompress(state, message, final ? bytes.length : 64 * (block + 1), final);
  }
  const digest = new Uint8Array(32);
  const out = new DataView(digest.buffer);
  for (let i = 0; i < 8; i++) out.setUint32(4 * i, state[i]!, true);
  return digest;
}

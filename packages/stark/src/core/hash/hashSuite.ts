import { BLAKE2S_256_INITIAL_STATE, blake2sCompress, concatBytes, keccak256 } from '@cairn/primitives';

/**
 * The hashes a proof can be made with: keccak-256 for proofs that Ethereum checks, Blake2s for all others. `keccak192` is
 * keccak-256 whose digests in Merkle trees are cut to their first 24 bytes; its transcript is that of `keccak256`.
 */
export type HashName = 'keccak256' | 'keccak192' | 'blake2s';

/** Bytes of a whole digest, as the transcript has it. */
export const DIGEST_BYTES = 32;

/**
 * One hash in the three roles a proof has for it. Leaves, nodes and the transcript are separated: no input of one role
 * can be one of another.
 */
export interface HashSuite {
  readonly name: HashName;
  /** Bytes of the digests in Merkle trees. Collisions among them cost 2^(4·digestBytes) hashes. */
  readonly digestBytes: number;
  /** Hash of a row of field words, each 32 bits (big-endian in keccak, little-endian in Blake2s). */
  leaf(words: ArrayLike<number>): Uint8Array;
  /** Hash of two digests of children. */
  node(left: Uint8Array, right: Uint8Array): Uint8Array;
  /** Hash of transcript bytes. */
  transcript(bytes: Uint8Array): Uint8Array;
}

/** What stands before the input (keccak: as a 32-bit word) or in the personalisation (Blake2s) of each role. */
export const HASH_ROLE = { leaf: 1, node: 2, transcript: 3 } as const;

function roleBytes(role: number): Uint8Array {
  return Uint8Array.of(0, 0, 0, role);
}

const KECCAK: HashSuite = {
  name: 'keccak256',
  digestBytes: DIGEST_BYTES,
  leaf(words) {
    const bytes = new Uint8Array(4 + 4 * words.length);
    const view = new DataView(bytes.buffer);
    view.setUint32(0, HASH_ROLE.leaf);
    for (let i = 0; i < words.length; i++) view.setUint32(4 + 4 * i, words[i]!);
    return keccak256(bytes);
  },
  node: (left, right) => keccak256(concatBytes(roleBytes(HASH_ROLE.node), left, right)),
  transcript: (bytes) => keccak256(concatBytes(roleBytes(HASH_ROLE.transcript), bytes)),
};

const SHORT_DIGEST_BYTES = 24;

const KECCAK_192: HashSuite = {
  name: 'keccak192',
  digestBytes: SHORT_DIGEST_BYTES,
  leaf: (words) => KECCAK.leaf(words).slice(0, SHORT_DIGEST_BYTES),
  node: (left, right) => KECCAK.node(left, right).slice(0, SHORT_DIGEST_BYTES),
  transcript: KECCAK.transcript,
};

/** The state of Blake2s-256 before the first block, personalised with "CairnSTR" but for the last byte, the role. */
export function blake2sInitialState(role: number): Uint32Array {
  const state = BLAKE2S_256_INITIAL_STATE.slice();
  state[6]! ^= 0x72696143; // "Cair"
  state[7]! ^= 0x0054536e | (role << 24); // "nST", role
  return state;
}

function blake2sOfWords(role: number, words: ArrayLike<number>, byteCount: number): Uint8Array {
  let state = blake2sInitialState(role);
  const block = new Uint32Array(16);
  const blockCount = Math.max(1, Math.ceil(byteCount / 64));
  for (let i = 0; i < blockCount; i++) {
    for (let j = 0; j < 16; j++) block[j] = 16 * i + j < words.length ? words[16 * i + j]! : 0;
    const isLast = i === blockCount - 1;
    state = blake2sCompress(state, block, isLast ? byteCount : 64 * (i + 1), isLast);
  }
  const digest = new Uint8Array(DIGEST_BYTES);
  const view = new DataView(digest.buffer);
  for (let i = 0; i < state.length; i++) view.setUint32(4 * i, state[i]!, true);
  return digest;
}

function littleEndianWords(bytes: Uint8Array): Uint32Array {
  const words = new Uint32Array(Math.ceil(bytes.length / 4));
  bytes.forEach((byte, i) => {
    words[i >>> 2]! |= byte << (8 * (i & 3));
  });
  return words;
}

const BLAKE2S: HashSuite = {
  name: 'blake2s',
  digestBytes: DIGEST_BYTES,
  leaf: (words) => blake2sOfWords(HASH_ROLE.leaf, words, 4 * words.length),
  node: (left, right) => blake2sOfWords(HASH_ROLE.node, littleEndianWords(concatBytes(left, right)), 64),
  transcript: (bytes) => blake2sOfWords(HASH_ROLE.transcript, littleEndianWords(bytes), bytes.length),
};

const SUITES: Record<HashName, HashSuite> = { keccak256: KECCAK, keccak192: KECCAK_192, blake2s: BLAKE2S };

/** The suite of a hash. */
export function hashSuite(name: HashName): HashSuite {
  return SUITES[name];
}

/** True when two digests are the same bytes. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= a[i]! ^ b[i]!;
  return difference === 0;
}

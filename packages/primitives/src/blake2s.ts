import { CairnError } from './cairnError.ts';
import { type Felt, feltMod } from './felt.ts';
import { writeFelt } from './feltCells.ts';
import { IO_BYTES, IO_CELLS, ioBytes, ioWords32, kernels, readCell } from './kernels.ts';

const BLOCK_BYTES = 64;
const DIGEST_BYTES = 32;
const CHUNK_BLOCKS = IO_BYTES / BLOCK_BYTES;

/**
 * Blake2s compression of a 16-word block into an 8-word state; returns the new state. `byteCount` is the number of
 * message bytes so far, this block included. @throws CairnError `INVALID_LENGTH`. @see RFC 7693, 3.2
 */
export function blake2sCompress(
  state: Uint32Array,
  message: Uint32Array,
  byteCount: number | bigint,
  final: boolean,
): Uint32Array {
  if (state.length !== 8 || message.length !== 16) {
    throw new CairnError(
      'INVALID_LENGTH',
      `Blake2s block: got ${state.length} and ${message.length} words, expected 8 of state and 16 of message`,
    );
  }
  const k = kernels();
  ioWords32.set(state);
  ioWords32.set(message, 16);
  const count = BigInt(byteCount);
  k.blake2sCompress(Number(count & 0xffffffffn), Number((count >> 32n) & 0xffffffffn), final ? -1 : 0);
  return ioWords32.slice(0, 8);
}

/** Unkeyed Blake2s-256 digest. */
export function blake2s256(bytes: Uint8Array): Uint8Array {
  const k = kernels();
  const blockCount = Math.max(1, Math.ceil(bytes.length / BLOCK_BYTES));
  for (let first = 0; first < blockCount; first += CHUNK_BLOCKS) {
    const count = Math.min(CHUNK_BLOCKS, blockCount - first);
    const part = bytes.subarray(first * BLOCK_BYTES, (first + count) * BLOCK_BYTES);
    ioBytes.set(part);
    ioBytes.fill(0, part.length, count * BLOCK_BYTES);
    const isLast = first + count === blockCount;
    k.blake2sAbsorb(count, first, isLast ? bytes.length - (blockCount - 1) * BLOCK_BYTES : -1);
  }
  return ioBytes.slice(0, DIGEST_BYTES);
}

/**
 * Starknet's Blake hash of a felt list. A felt below 2^63 becomes two 32-bit words (high, low), any other eight
 * words, most significant first, with the top bit of the first set; the words go little-endian into Blake2s-256
 * and the digest is read as a little-endian integer and reduced. @throws CairnError `INVALID_FELT`.
 * @see SNIP-34; starknet-types-core, hash/blake2s.rs
 */
export function blakeMany(felts: readonly Felt[]): Felt {
  const k = kernels();
  let first = 0;
  do {
    const count = Math.min(IO_CELLS, felts.length - first);
    for (let i = 0; i < count; i++) writeFelt(i, felts[first + i]!);
    k.blake2sAbsorbFelts(count, first === 0, first + count === felts.length);
    first += count;
  } while (first < felts.length);
  return feltMod(readCell(0));
}

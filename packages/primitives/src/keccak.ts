import { CairnError } from './cairnError.ts';
import { IO_BYTES, ioBytes, kernels } from './kernels.ts';

const RATE_BYTES = 136;
const DIGEST_BYTES = 32;
const STATE_BYTES = 200;
const CHUNK_BLOCKS = Math.floor(IO_BYTES / RATE_BYTES);
/** Where the second message of a pair is written, and the blocks that fit below it. */
const SECOND_AT = IO_BYTES / 2;
const PAIR_BLOCKS = Math.floor(SECOND_AT / RATE_BYTES);

function blockCountOf(bytes: Uint8Array): number {
  return Math.floor(bytes.length / RATE_BYTES) + 1;
}

/** Writes blocks [first, first + count) of the padded message (0x01 … 0x80) into the exchange area. */
function writeBlocks(at: number, bytes: Uint8Array, first: number, count: number): void {
  const part = bytes.subarray(first * RATE_BYTES, (first + count) * RATE_BYTES);
  ioBytes.set(part, at);
  if (first + count === blockCountOf(bytes)) {
    const end = at + count * RATE_BYTES;
    ioBytes.fill(0, at + part.length, end);
    ioBytes[at + part.length] = 0x01;
    ioBytes[end - 1]! |= 0x80;
  }
}

/** The Keccak-f[1600] permutation, in place on 25 lanes (lane x + 5y). @throws CairnError `INVALID_LENGTH`. */
export function keccakF1600(state: BigUint64Array): void {
  if (state.length !== 25) {
    throw new CairnError('INVALID_LENGTH', `Keccak state: got ${state.length} lanes, expected 25`);
  }
  const k = kernels();
  const bytes = new Uint8Array(state.buffer, state.byteOffset, STATE_BYTES);
  ioBytes.set(bytes);
  k.keccakPermute();
  bytes.set(ioBytes.subarray(0, STATE_BYTES));
}

/** Keccak-256 as Ethereum uses it (padding 0x01 … 0x80, not SHA-3's). */
export function keccak256(bytes: Uint8Array): Uint8Array {
  const k = kernels();
  const blockCount = blockCountOf(bytes);
  for (let first = 0; first < blockCount; first += CHUNK_BLOCKS) {
    const count = Math.min(CHUNK_BLOCKS, blockCount - first);
    writeBlocks(0, bytes, first, count);
    k.keccakAbsorb(count, first === 0);
  }
  return ioBytes.slice(0, DIGEST_BYTES);
}

/** Keccak-256 of many messages. PERF: messages of equally many blocks run two at a time, in half the time each. */
export function keccak256Batch(messages: readonly Uint8Array[]): Uint8Array[] {
  const k = kernels();
  const digests: Uint8Array[] = [];
  const waiting = new Map<number, number>();
  messages.forEach((message, i) => {
    const blockCount = blockCountOf(message);
    const partner = waiting.get(blockCount);
    if (partner === undefined) {
      waiting.set(blockCount, i);
      return;
    }
    waiting.delete(blockCount);
    for (let first = 0; first < blockCount; first += PAIR_BLOCKS) {
      const count = Math.min(PAIR_BLOCKS, blockCount - first);
      writeBlocks(0, messages[partner]!, first, count);
      writeBlocks(SECOND_AT, message, first, count);
      k.keccakAbsorbPair(count, first === 0);
    }
    digests[partner] = ioBytes.slice(0, DIGEST_BYTES);
    digests[i] = ioBytes.slice(SECOND_AT, SECOND_AT + DIGEST_BYTES);
  });
  for (const i of waiting.values()) digests[i] = keccak256(messages[i]!);
  return digests;
}

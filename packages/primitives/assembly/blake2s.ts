// Blake2s-256 over bytes, and over felts in Starknet's encoding, in IO.

import { BLAKE2S_256_INITIAL_STATE, blake2sCompressBlock } from './blake2sKernels';
import { CELL, IO } from './layout';

const BLOCK: usize = 64;
const DIGEST: usize = 32;
const STATE = memory.data(32, 16);

/** Compresses the block at IO + 64 into the state in IO. */
export function blake2sCompress(byteCountLow: u32, byteCountHigh: u32, finalMask: u32): void {
  blake2sCompressBlock(IO, IO + BLOCK, (<u64>byteCountHigh << 32) | <u64>byteCountLow, finalMask);
}

/**
 * Absorbs `blockCount` blocks from IO after `blocksBefore` ones. `lastByteCount` is the number of message bytes in
 * the last block when it ends the message, else −1. The state, in the end the digest, is left in IO.
 */
export function blake2sAbsorb(blockCount: i32, blocksBefore: u32, lastByteCount: i32): void {
  if (blocksBefore == 0) memory.copy(STATE, BLAKE2S_256_INITIAL_STATE, DIGEST);
  let byteCount = <u64>blocksBefore * BLOCK;
  for (let i = 0; i < blockCount; i++) {
    const isFinal = lastByteCount >= 0 && i == blockCount - 1;
    byteCount += isFinal ? <u64>lastByteCount : BLOCK;
    blake2sCompressBlock(STATE, IO + <usize>i * BLOCK, byteCount, isFinal ? 0xffffffff : 0);
  }
  memory.copy(IO, STATE, DIGEST);
}

const WORDS = memory.data(64, 16);
let wordBytes: usize = 0;
let totalBytes: u64 = 0;

function pushWords(pair: u64): void {
  // A full block waits for more, since the last one is compressed differently.
  if (wordBytes == BLOCK) {
    blake2sCompressBlock(STATE, WORDS, totalBytes, 0);
    wordBytes = 0;
  }
  store<u64>(WORDS + wordBytes, rotr<u64>(pair, 32));
  wordBytes += 8;
  totalBytes += 8;
}

/**
 * Absorbs `count` felts in IO: one below 2^63 as two 32-bit words, any other as eight with the top bit set, most
 * significant first. The digest is left in IO when `isLast`.
 */
export function blake2sAbsorbFelts(count: i32, isFirst: bool, isLast: bool): void {
  if (isFirst) {
    memory.copy(STATE, BLAKE2S_256_INITIAL_STATE, DIGEST);
    wordBytes = 0;
    totalBytes = 0;
  }
  for (let i: usize = 0; i < <usize>count; i++) {
    const cell = IO + i * CELL;
    const low = load<u64>(cell);
    const rest = load<u64>(cell, 8) | load<u64>(cell, 16) | load<u64>(cell, 24);
    if (rest == 0 && <i64>low >= 0) {
      pushWords(low);
    } else {
      pushWords(load<u64>(cell, 24) | 0x8000000000000000);
      pushWords(load<u64>(cell, 16));
      pushWords(load<u64>(cell, 8));
      pushWords(low);
    }
  }
  if (isLast) {
    memory.fill(WORDS + wordBytes, 0, BLOCK - wordBytes);
    blake2sCompressBlock(STATE, WORDS, totalBytes, 0xffffffff);
    memory.copy(IO, STATE, DIGEST);
  }
}

// Keccak-256 over padded blocks in IO, one message at a time or two side by side.

import { keccakF1600, keccakF1600Pair } from './keccakKernels';
import { IO } from './layout';

const RATE: usize = 136;
const DIGEST: usize = 32;
/** Where the second message of a pair lies. */
const SECOND: usize = IO + 0x8000;
const STATE = memory.data(200, 16);
const PAIR_STATE = memory.data(400, 16);

/** The permutation on the 25 lanes in IO. */
export function keccakPermute(): void {
  keccakF1600(IO);
}

/** Absorbs `blockCount` blocks into a state, an empty one when `isFirst`; the digest so far is left in IO. */
export function keccakAbsorb(blockCount: i32, isFirst: bool): void {
  if (isFirst) memory.fill(STATE, 0, 200);
  const end = IO + <usize>blockCount * RATE;
  for (let block = IO; block < end; block += RATE) {
    for (let i: usize = 0; i < RATE; i += 8) store<u64>(STATE + i, load<u64>(STATE + i) ^ load<u64>(block + i));
    keccakF1600(STATE);
  }
  memory.copy(IO, STATE, DIGEST);
}

/** The same for two messages of one length, in IO and 0x8000 bytes above; the digests are left at their starts. */
export function keccakAbsorbPair(blockCount: i32, isFirst: bool): void {
  if (isFirst) memory.fill(PAIR_STATE, 0, 400);
  for (let at: usize = 0; at < <usize>blockCount * RATE; at += RATE) {
    for (let i: usize = 0; i < RATE; i += 8) {
      const lane = PAIR_STATE + 2 * i;
      store<u64>(lane, load<u64>(lane) ^ load<u64>(IO + at + i));
      store<u64>(lane, load<u64>(lane, 8) ^ load<u64>(SECOND + at + i), 8);
    }
    keccakF1600Pair(PAIR_STATE);
  }
  for (let i: usize = 0; i < DIGEST; i += 8) {
    store<u64>(IO + i, load<u64>(PAIR_STATE + 2 * i));
    store<u64>(SECOND + i, load<u64>(PAIR_STATE + 2 * i, 8));
  }
}

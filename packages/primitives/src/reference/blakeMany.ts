import { bytesToBigInt } from '../bytes.ts';
import { type Felt, feltMod } from '../felt.ts';
import { blake2s256 } from './blake2s.ts';

const SMALL_BOUND = 1n << 63n;

/**
 * Starknet's Blake hash of a felt list. A felt below 2^63 becomes two 32-bit words (high, low), any other eight
 * words, most significant first, with the top bit of the first set; the words go little-endian into Blake2s-256
 * and the digest is read as a little-endian integer and reduced.
 * @see SNIP-34; starknet-types-core, hash/blake2s.rs
 */
export function blakeMany(felts: readonly Felt[]): Felt {
  const view = new DataView(new ArrayBuffer(32 * felts.length));
  let at = 0;
  const pushWord = (word: bigint) => {
    view.setUint32(at, Number(word), true);
    at += 4;
  };
  for (const felt of felts) {
    if (felt < SMALL_BOUND) {
      pushWord(felt >> 32n);
      pushWord(felt & 0xffffffffn);
    } else {
      pushWord((felt >> 224n) | 0x80000000n);
      for (let shift = 192n; shift >= 0n; shift -= 32n) pushWord((felt >> shift) & 0xffffffffn);
    }
  }
  const digest = blake2s256(new Uint8Array(view.buffer, 0, at));
  return feltMod(bytesToBigInt(digest.reverse()));
}

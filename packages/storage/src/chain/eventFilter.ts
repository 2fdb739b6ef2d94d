import type { Felt } from '@cairn/primitives';
import type { ExecutedTransaction } from '@cairn/protocol';

/** Which events are wanted: from any of these contracts, with any of these values at each key position; an empty list accepts any. */
export interface WantedEvents {
  readonly addresses: readonly Felt[];
  readonly keys: readonly (readonly Felt[])[];
}

const PROBES = 5;
const BITS_PER_ITEM = 10;
const MIN_BYTES = 32;
const MAX_BYTES = 2 ** 16;

type Hash = readonly [start: number, stride: number];

/** A Bloom filter of the senders and keys of a block's events: about 1 % of what it does not hold looks as if it did. */
export function eventFilterOf(transactions: readonly ExecutedTransaction[]): Uint8Array {
  const items = new Set<string>();
  const hashes: Hash[] = [];
  const add = (value: Felt, position: number): void => {
    const name = `${position} ${value}`;
    if (items.has(name)) return;
    items.add(name);
    hashes.push(hashOf(value, position));
  };
  for (const { receipt } of transactions)
    for (const { fromAddress, keys } of receipt.events) {
      add(fromAddress, 0);
      for (const [i, key] of keys.entries()) add(key, i + 1);
    }
  let byteCount = MIN_BYTES;
  while (byteCount < MAX_BYTES && 8 * byteCount < BITS_PER_ITEM * hashes.length) byteCount *= 2;
  const filter = new Uint8Array(byteCount);
  for (const hash of hashes) eachBit(hash, byteCount, (byte, bit) => (filter[byte]! |= bit));
  return filter;
}

/** Tests filters for events that are wanted. */
export class EventProbe {
  /** Of each group one must be there. */
  readonly #groups: readonly (readonly Hash[])[];

  constructor({ addresses, keys }: WantedEvents) {
    this.#groups = [addresses, ...keys]
      .map((values, position) => values.map((value) => hashOf(value, position)))
      .filter((group) => group.length > 0);
  }

  /** False when the block surely has none of them. */
  mayPass(filter: Uint8Array): boolean {
    return this.#groups.every((group) =>
      group.some((hash) => {
        let isThere = true;
        eachBit(hash, filter.length, (byte, bit) => {
          if ((filter[byte]! & bit) === 0) isThere = false;
        });
        return isThere;
      }),
    );
  }
}

function eachBit([start, stride]: Hash, byteCount: number, visit: (byte: number, bit: number) => void): void {
  for (let i = 0; i < PROBES; i++) {
    const at = (start + Math.imul(i, stride)) >>> 0;
    visit((at >>> 3) % byteCount, 1 << (at & 7));
  }
}

/** Two numbers from a felt and the place it stands at. */
function hashOf(value: Felt, position: number): Hash {
  let [a, b] = [Math.imul(position + 1, 0x9e3779b1), Math.imul(position + 1, 0x85ebca77)];
  for (let rest = value; rest > 0n; rest >>= 32n) {
    const word = Number(rest & 0xffffffffn);
    a = Math.imul(a ^ word, 0xcc9e2d51);
    a ^= a >>> 15;
    b = Math.imul(b + word, 0x1b873593);
    b ^= b >>> 13;
  }
  a = Math.imul(a ^ (a >>> 16), 0x85ebca6b);
  b = Math.imul(b ^ (b >>> 16), 0xc2b2ae35);
  return [(a ^ (a >>> 13)) >>> 0, ((b ^ (b >>> 16)) | 1) >>> 0];
}

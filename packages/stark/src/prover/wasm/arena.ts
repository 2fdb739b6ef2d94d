import { CairnError } from '@cairn/primitives';
import type { StarkErrorCode } from '../../errors.ts';
import { ARENA_START } from './pool.ts';

const PAGE_BYTES = 0x10000;
const ALIGNMENT = 64;
/** Kernels may read and write a little past the end of small arrays. */
const SLACK_BYTES = 1024;

/** The shared memory of the kernels, handed out from below; `mark` and `release` take back what came after. */
export class Arena {
  readonly memory: WebAssembly.Memory;
  readonly #budgetBytes: number;
  #top = ARENA_START;
  #peak = ARENA_START;

  /** @param budgetBytes no more than this is ever used; at most 4 GiB. */
  constructor(budgetBytes: number) {
    this.#budgetBytes = Math.min(budgetBytes, 65535 * PAGE_BYTES);
    this.memory = new WebAssembly.Memory({ initial: ARENA_START / 0x10000, maximum: 65536, shared: true });
  }

  /** The most that was ever in use, in bytes. */
  get peakBytes(): number {
    return this.#peak;
  }

  /** Memory for so many bytes, aligned; contents are whatever was there. @throws CairnError `MEMORY_BUDGET_EXCEEDED`. */
  allocate(byteCount: number): number {
    const address = this.#top;
    const top = Math.ceil((address + byteCount + SLACK_BYTES) / ALIGNMENT) * ALIGNMENT;
    if (top > this.#budgetBytes) {
      throw new CairnError<StarkErrorCode>(
        'MEMORY_BUDGET_EXCEEDED',
        `prover memory: got a budget of ${this.#budgetBytes} bytes, expected at least ${top}`,
        { fix: 'Prove a smaller trace or give more memory (at most 4 GiB).' },
      );
    }
    const missing = Math.ceil((top - this.memory.buffer.byteLength) / PAGE_BYTES);
    if (missing > 0) this.memory.grow(missing);
    this.#top = top;
    this.#peak = Math.max(this.#peak, top);
    return address;
  }

  /** Memory for the words, filled with them. */
  place(words: ArrayLike<number>): number {
    const address = this.allocate(4 * words.length);
    this.words(address, words.length).set(words);
    return address;
  }

  /** The words at an address; valid until memory grows. */
  words(address: number, count: number): Uint32Array {
    return new Uint32Array(this.memory.buffer, address, count);
  }

  /** The bytes at an address; valid until memory grows. */
  bytes(address: number, count: number): Uint8Array {
    return new Uint8Array(this.memory.buffer, address, count);
  }

  /** The present end of what is in use. */
  mark(): number {
    return this.#top;
  }

  /** Takes back everything allocated since the mark. */
  release(mark: number): void {
    this.#top = mark;
  }
}

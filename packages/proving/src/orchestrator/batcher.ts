import type { ChainClient } from '../chainClient.ts';
import type { JobStore } from '../jobs/jobStore.ts';
import { type BatchedBlock, type BatchLimits, nextBatch } from './nextBatch.ts';

interface BatcherParts {
  readonly chain: ChainClient;
  readonly jobs: JobStore;
  readonly limits: BatchLimits;
  /** The last block that L1 had at start; batches begin behind it. */
  readonly settledBlock: number;
  readonly events: { batched?(firstBlock: number, lastBlock: number): void };
}

/** Follows the chain and puts its blocks into batches. */
export class Batcher {
  readonly #parts: BatcherParts;
  /** Blocks without a batch, in order. */
  #waiting: BatchedBlock[] = [];

  constructor(parts: BatcherParts) {
    this.#parts = parts;
  }

  /** Looks once; true when there is more to do at once. @throws CairnError when the node or the database is away. */
  async tick(): Promise<boolean> {
    const { chain, jobs, limits, events } = this.#parts;
    // While a batch waits for a prover, blocks gather for the next: so batches grow to what provers can keep up with.
    if (await jobs.isPending('prove')) return false;
    const head = await chain.headNumber();
    const last = await this.#lastBatch(head);
    let next = this.#waiting.at(-1)?.blockNumber ?? last;
    // A block more than a batch may have tells that the batch is full.
    while (next < head && this.#waiting.length <= limits.maxBlocks) {
      const block = await chain.block(++next);
      this.#waiting.push({ ...block, seenMs: Date.now() });
    }
    const blocks = nextBatch(this.#waiting, limits, Date.now());
    const [first, end] = [blocks[0], blocks.at(-1)];
    if (first === undefined || end === undefined) return false;
    // Another chain may have grown meanwhile.
    if ((await chain.block(end.blockNumber)).blockHash !== end.blockHash) {
      this.#waiting = [];
      return true;
    }
    await jobs.createBatch(
      { firstBlock: first.blockNumber, lastBlock: end.blockNumber, lastBlockHash: end.blockHash },
      Date.now(),
    );
    this.#waiting = this.#waiting.slice(blocks.length);
    events.batched?.(first.blockNumber, end.blockNumber);
    return true;
  }

  /** The last block that has a batch. Batches of blocks that were taken back are dropped. */
  async #lastBatch(head: number): Promise<number> {
    const { chain, jobs } = this.#parts;
    for (;;) {
      const last = await jobs.lastBatch();
      if (last === undefined) return this.#from(this.#parts.settledBlock);
      const isThere =
        last.lastBlock <= head && (await chain.block(last.lastBlock)).blockHash === last.lastBlockHash;
      if (isThere) return this.#from(last.lastBlock);
      await jobs.dropFrom(last.firstBlock);
      this.#waiting = [];
    }
  }

  /** Forgets waiting blocks that do not follow this one: another orchestrator has batched them, or they were taken back. */
  #from(last: number): number {
    if (this.#waiting.length > 0 && this.#waiting[0]!.blockNumber !== last + 1) this.#waiting = [];
    return last;
  }
}

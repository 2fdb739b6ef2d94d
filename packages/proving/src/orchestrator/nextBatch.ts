/** When a batch of blocks is closed. */
export interface BatchLimits {
  /** Most blocks in a batch. */
  readonly maxBlocks: number;
  /** Most transactions in a batch of several blocks: they decide the size of the proof. */
  readonly maxTransactions: number;
  /** A batch with fewer is closed when its first block has waited for so long. */
  readonly maxAgeMs: number;
}

/** What batching looks at of a block. */
export interface BatchedBlock {
  readonly blockNumber: number;
  readonly blockHash: bigint;
  readonly transactionCount: number;
  /** When the orchestrator first saw it. */
  readonly seenMs: number;
}

/**
 * The blocks of the next batch, out of those that wait (in order, one after the other); none when it is better to wait for
 * more.
 */
export function nextBatch(
  waiting: readonly BatchedBlock[],
  limits: BatchLimits,
  nowMs: number,
): readonly BatchedBlock[] {
  let transactions = 0;
  let count = 0;
  for (const block of waiting) {
    transactions += block.transactionCount;
    if (count > 0 && (count === limits.maxBlocks || transactions > limits.maxTransactions)) break;
    count++;
  }
  const isFull =
    count === limits.maxBlocks || count < waiting.length || transactions >= limits.maxTransactions;
  const isDue = count > 0 && nowMs - waiting[0]!.seenMs >= limits.maxAgeMs;
  return isFull || isDue ? waiting.slice(0, count) : [];
}

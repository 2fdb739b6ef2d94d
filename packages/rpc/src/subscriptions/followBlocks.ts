import { formatFelt } from '@cairn/primitives';
import type { BlockId, ChainEvent, ClosedBlockView, RpcBackend } from '../backend.ts';
import { SpecificationError } from '../rpcErrors.ts';
import type { Sink } from './subscription.ts';

/** How far back a subscription may start. */
const MAX_BLOCKS_BACK = 1024;

/**
 * The first block of a subscription: the one asked for, or the next one.
 * @throws CairnError `BLOCK_NOT_FOUND`; error 68.
 */
export function firstBlock(backend: RpcBackend, id: BlockId | undefined): number {
  const latest = backend.latestBlock().number;
  if (id === undefined || id.kind === 'latest') return latest + 1;
  const block = backend.block(id) as ClosedBlockView;
  const { blockNumber } = block.header;
  if (latest - blockNumber > MAX_BLOCKS_BACK) throw new SpecificationError('TOO_MANY_BLOCKS_BACK');
  return blockNumber;
}

/**
 * Visits every closed block from `first` on, in order and as fast as the client takes it; after a reorganisation tells of
 * it and goes on with the blocks that took the place of the orphaned ones.
 */
export function followBlocks(
  backend: RpcBackend,
  sink: Sink,
  first: number,
  visit: (block: ClosedBlockView) => void,
): () => void {
  let next = first;
  let isRunning = false;
  let isStopped = false;
  const run = async (): Promise<void> => {
    if (isRunning) return;
    isRunning = true;
    try {
      while (!isStopped && next <= backend.latestBlock().number) {
        visit(backend.block({ kind: 'number', number: next++ }) as ClosedBlockView);
        await sink.drained();
      }
    } catch (error) {
      sink.failed(error);
    } finally {
      isRunning = false;
    }
  };
  const unlisten = backend.onChainEvent((event) => {
    if (event.kind === 'reorg') {
      notifyReorg(sink, event);
      next = Math.min(next, event.first.number);
    }
    if (event.kind === 'block') void run();
  });
  void run();
  return () => {
    isStopped = true;
    unlisten();
  };
}

/** Tells that blocks were orphaned. */
export function notifyReorg(sink: Sink, { first, last }: Extract<ChainEvent, { kind: 'reorg' }>): void {
  sink.notify('starknet_subscriptionReorg', {
    starting_block_hash: formatFelt(first.hash),
    starting_block_number: first.number,
    ending_block_hash: formatFelt(last.hash),
    ending_block_number: last.number,
  });
}

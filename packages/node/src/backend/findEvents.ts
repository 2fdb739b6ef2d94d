import type { Felt } from '@cairn/primitives';
import type { ExecutedTransaction } from '@cairn/protocol';
import { type EventCursor, type EventQuery, type EventView, eventMatcher } from '@cairn/rpc';

/** What the search reads of a block. */
export interface BlockContent {
  /** Absent for the block being built. */
  hash?: Felt;
  transactions: readonly ExecutedTransaction[];
}

/**
 * Events that match the query in blocks `from` to `to` (inclusive), at most `query.limit`, with the cursor of
 * the next page when there is more. Blocks for which `mayMatch` is false are not looked at.
 */
export function findEvents(
  query: EventQuery,
  from: number,
  to: number,
  blockAt: (number: number) => BlockContent,
  mayMatch: (number: number) => boolean,
): { events: EventView[]; next?: EventCursor } {
  const events: EventView[] = [];
  const matches = eventMatcher(query);
  const start = query.cursor ?? { blockNumber: from, eventIndex: 0 };
  for (let blockNumber = Math.max(from, start.blockNumber); blockNumber <= to; blockNumber++) {
    if (!mayMatch(blockNumber)) continue;
    const { hash, transactions } = blockAt(blockNumber);
    let position = 0;
    for (const [transactionIndex, { receipt }] of transactions.entries()) {
      for (const [eventIndex, event] of receipt.events.entries()) {
        const at = position++;
        if (blockNumber === start.blockNumber && at < start.eventIndex) continue;
        if (!matches(event)) continue;
        if (events.length === query.limit) return { events, next: { blockNumber, eventIndex: at } };
        events.push({
          ...event,
          transactionHash: receipt.transactionHash,
          transactionIndex,
          eventIndex,
          blockNumber,
          ...(hash === undefined ? {} : { blockHash: hash }),
        });
      }
    }
  }
  return { events };
}

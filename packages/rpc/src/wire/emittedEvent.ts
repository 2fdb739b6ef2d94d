import { formatFelt } from '@cairn/primitives';
import type { EventView } from '../backend.ts';
import { formatEvent } from './receipt.ts';

/** EMITTED_EVENT. */
export function formatEmittedEvent(event: EventView) {
  return {
    ...formatEvent(event),
    ...(event.blockHash === undefined ? {} : { block_hash: formatFelt(event.blockHash) }),
    block_number: event.blockNumber,
    transaction_hash: formatFelt(event.transactionHash),
    transaction_index: event.transactionIndex,
    event_index: event.eventIndex,
  };
}

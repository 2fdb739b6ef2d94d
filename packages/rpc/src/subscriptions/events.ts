import type { Finality, TransactionView } from '../backend.ts';
import { eventMatcher } from '../eventFilter.ts';
import { optional } from '../method.ts';
import { formatEmittedEvent } from '../wire/emittedEvent.ts';
import { readEventKeys } from '../wire/eventFilter.ts';
import { oneOf } from '../wire/read.ts';
import { firstBlock, followBlocks } from './followBlocks.ts';
import { readAddresses, readStart } from './parameters.ts';
import { defineSubscription, type Sink } from './subscription.ts';

/** Events that pass a filter: of closed blocks, and when asked for already of the block being built. */
export const subscribeEvents = defineSubscription({
  name: 'starknet_subscribeEvents',
  parameters: {
    from_address: optional(readAddresses, []),
    keys: optional(readEventKeys, []),
    block_id: optional(readStart),
    finality_status: optional(oneOf('PRE_CONFIRMED', 'ACCEPTED_ON_L2'), 'ACCEPTED_ON_L2'),
  },
  errors: ['TOO_MANY_KEYS_IN_FILTER', 'TOO_MANY_BLOCKS_BACK', 'BLOCK_NOT_FOUND'],
  open({ from_address, keys, block_id, finality_status }, backend) {
    const matches = eventMatcher({ addresses: from_address, keys });
    const first = firstBlock(backend, block_id);
    const send = (sink: Sink, place: Omit<TransactionView, 'transaction'>, finality: Finality) => {
      const { receipt, index, blockNumber, blockHash } = place;
      receipt.events.forEach((event, eventIndex) => {
        if (!matches(event)) return;
        const view = {
          ...event,
          transactionHash: receipt.transactionHash,
          transactionIndex: index,
          eventIndex,
          blockNumber,
          ...(blockHash === undefined ? {} : { blockHash }),
        };
        sink.notify('starknet_subscriptionEvents', {
          ...formatEmittedEvent(view),
          finality_status: finality,
        });
      });
    };
    return (sink) => {
      const stopBlocks = followBlocks(backend, sink, first, ({ header, finality, transactions }) => {
        const { blockNumber, blockHash } = header;
        transactions.forEach(({ receipt }, index) => {
          send(sink, { receipt, index, finality, blockNumber, blockHash }, finality);
        });
      });
      if (finality_status === 'ACCEPTED_ON_L2') return stopBlocks;
      const sendOpen = (tx: TransactionView) => send(sink, tx, 'PRE_CONFIRMED');
      const stopOpen = backend.onChainEvent((event) => {
        if (event.kind === 'preConfirmed') sendOpen(event.transaction);
      });
      return () => {
        stopBlocks();
        stopOpen();
      };
    };
  },
});

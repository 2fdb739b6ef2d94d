import { senderAddress } from '@cairn/execution';
import { formatFelt } from '@cairn/primitives';
import type { Finality, TransactionView } from '../backend.ts';
import { optional } from '../method.ts';
import { formatReceipt } from '../wire/receipt.ts';
import { followBlocks } from './followBlocks.ts';
import { readSenders, statusesOf } from './parameters.ts';
import { defineSubscription, type Sink } from './subscription.ts';

/** Receipts of new transactions, at each finality asked for. */
export const subscribeNewTransactionReceipts = defineSubscription({
  name: 'starknet_subscribeNewTransactionReceipts',
  parameters: {
    finality_status: optional(
      statusesOf('PRE_CONFIRMED', 'ACCEPTED_ON_L2'),
      new Set<'PRE_CONFIRMED' | 'ACCEPTED_ON_L2'>(['ACCEPTED_ON_L2']),
    ),
    sender_address: optional(readSenders),
  },
  errors: ['TOO_MANY_ADDRESSES_IN_FILTER'],
  open({ finality_status, sender_address }, backend) {
    const send = (sink: Sink, tx: Omit<TransactionView, 'index'>, finality: Finality) => {
      if (sender_address !== undefined && !sender_address.has(senderAddress(tx.transaction))) return;
      sink.notify('starknet_subscriptionNewTransactionReceipts', {
        ...formatReceipt(tx, finality),
        ...(tx.blockHash === undefined ? {} : { block_hash: formatFelt(tx.blockHash) }),
        block_number: tx.blockNumber,
      });
    };
    return (sink) => {
      const next = backend.latestBlock().number + 1;
      const stopBlocks = followBlocks(backend, sink, next, ({ header, finality, transactions }) => {
        if (!finality_status.has('ACCEPTED_ON_L2')) return;
        const { blockNumber, blockHash } = header;
        for (const tx of transactions) send(sink, { ...tx, finality, blockNumber, blockHash }, finality);
      });
      const stopOpen = backend.onChainEvent((event) => {
        if (event.kind === 'preConfirmed' && finality_status.has('PRE_CONFIRMED'))
          send(sink, event.transaction, 'PRE_CONFIRMED');
      });
      return () => {
        stopBlocks();
        stopOpen();
      };
    };
  },
});

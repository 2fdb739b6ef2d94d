import { senderAddress } from '@cairn/execution';
import { type Felt, formatFelt } from '@cairn/primitives';
import type { Transaction } from '@cairn/protocol';
import { optional } from '../method.ts';
import { formatTransaction, readTransactionFlags } from '../wire/transaction.ts';
import { followBlocks } from './followBlocks.ts';
import { readSenders, statusesOf } from './parameters.ts';
import { defineSubscription, type Sink } from './subscription.ts';

type Status = 'RECEIVED' | 'CANDIDATE' | 'PRE_CONFIRMED' | 'ACCEPTED_ON_L2';

/** New transactions, at each status asked for. No transaction of this chain is ever CANDIDATE. */
export const subscribeNewTransactions = defineSubscription({
  name: 'starknet_subscribeNewTransactions',
  parameters: {
    finality_status: optional(
      statusesOf<Status>('RECEIVED', 'CANDIDATE', 'PRE_CONFIRMED', 'ACCEPTED_ON_L2'),
      new Set<Status>(['ACCEPTED_ON_L2']),
    ),
    sender_address: optional(readSenders),
    tags: optional(readTransactionFlags, new Set<never>()),
  },
  errors: ['TOO_MANY_ADDRESSES_IN_FILTER'],
  open({ finality_status, sender_address, tags }, backend) {
    const send = (sink: Sink, transaction: Transaction, hash: Felt, status: Status) => {
      if (!finality_status.has(status)) return;
      if (sender_address !== undefined && !sender_address.has(senderAddress(transaction))) return;
      sink.notify('starknet_subscriptionNewTransaction', {
        ...formatTransaction(transaction, tags),
        transaction_hash: formatFelt(hash),
        finality_status: status,
      });
    };
    return (sink) => {
      const next = backend.latestBlock().number + 1;
      const stopBlocks = followBlocks(backend, sink, next, ({ transactions }) => {
        for (const { transaction, receipt } of transactions)
          send(sink, transaction, receipt.transactionHash, 'ACCEPTED_ON_L2');
      });
      const stopOpen = backend.onChainEvent((event) => {
        if (event.kind === 'received') send(sink, event.transaction, event.transactionHash, 'RECEIVED');
        if (event.kind !== 'preConfirmed') return;
        const { transaction, receipt } = event.transaction;
        send(sink, transaction, receipt.transactionHash, 'PRE_CONFIRMED');
      });
      return () => {
        stopBlocks();
        stopOpen();
      };
    };
  },
});

import { formatFelt } from '@cairn/primitives';
import { required } from '../method.ts';
import { readFelt } from '../wire/read.ts';
import { formatTransactionStatus } from '../wire/transactionStatus.ts';
import { notifyReorg } from './followBlocks.ts';
import { defineSubscription } from './subscription.ts';

/** Every status of one transaction, from the one it has now. */
export const subscribeTransactionStatus = defineSubscription({
  name: 'starknet_subscribeTransactionStatus',
  parameters: { transaction_hash: required(readFelt) },
  errors: [],
  open({ transaction_hash: hash }, backend) {
    return (sink) => {
      let last = '';
      const tell = () => {
        const status = backend.transactionStatus(hash);
        if (status === undefined) return;
        const formatted = formatTransactionStatus(status);
        const text = JSON.stringify(formatted);
        if (text === last) return;
        last = text;
        sink.notify('starknet_subscriptionTransactionStatus', {
          transaction_hash: formatFelt(hash),
          status: formatted,
        });
      };
      tell();
      return backend.onChainEvent((event) => {
        if (event.kind === 'reorg') {
          notifyReorg(sink, event);
          last = '';
        }
        // A block mostly follows its transactions at once: each status is told from the event itself.
        if (event.kind === 'received' && event.transactionHash !== hash) return;
        if (event.kind === 'preConfirmed' && event.transaction.receipt.transactionHash !== hash) return;
        tell();
      });
    };
  },
});

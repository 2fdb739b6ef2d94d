import { formatFelt } from '@cairn/primitives';
import { defineMethod, required } from '../method.ts';
import { SpecificationError } from '../rpcErrors.ts';
import { readWord } from '../wire/read.ts';
import { formatTransactionStatus } from '../wire/transactionStatus.ts';

/**
 * Tells how far the messages of an L1 transaction have come. Messages that no block holds yet are left out:
 * the specification has no status for them here.
 */
export const getMessagesStatus = defineMethod({
  name: 'starknet_getMessagesStatus',
  parameters: { transaction_hash: required(readWord) },
  errors: ['TXN_HASH_NOT_FOUND'],
  handler({ transaction_hash }, backend) {
    const messages = backend.messagesStatus(transaction_hash);
    if (!messages) throw new SpecificationError('TXN_HASH_NOT_FOUND');
    return messages
      .filter(({ status }) => status.finality !== 'RECEIVED' && status.finality !== 'CANDIDATE')
      .map(({ transactionHash, status }) => ({
        transaction_hash: formatFelt(transactionHash),
        ...formatTransactionStatus(status),
      }));
  },
});

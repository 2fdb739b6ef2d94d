import { defineMethod, required } from '../method.ts';
import { SpecificationError } from '../rpcErrors.ts';
import { readFelt } from '../wire/read.ts';
import { formatTransactionStatus } from '../wire/transactionStatus.ts';

/** Tells how far a transaction has come. */
export const getTransactionStatus = defineMethod({
  name: 'starknet_getTransactionStatus',
  parameters: { transaction_hash: required(readFelt) },
  errors: ['TXN_HASH_NOT_FOUND'],
  handler({ transaction_hash }, backend) {
    const status = backend.transactionStatus(transaction_hash);
    if (!status) throw new SpecificationError('TXN_HASH_NOT_FOUND');
    return formatTransactionStatus(status);
  },
});

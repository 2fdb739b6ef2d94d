import { defineMethod, optional, required } from '../method.ts';
import { SpecificationError } from '../rpcErrors.ts';
import { readFelt } from '../wire/read.ts';
import { formatTransactionWithHash, readTransactionFlags } from '../wire/transaction.ts';

/** Shows a transaction by its hash. */
export const getTransactionByHash = defineMethod({
  name: 'starknet_getTransactionByHash',
  parameters: {
    transaction_hash: required(readFelt),
    response_flags: optional(readTransactionFlags, new Set<never>()),
  },
  errors: ['TXN_HASH_NOT_FOUND'],
  handler({ transaction_hash, response_flags }, backend) {
    const tx = backend.transaction(transaction_hash);
    if (!tx) throw new SpecificationError('TXN_HASH_NOT_FOUND');
    return formatTransactionWithHash(tx, response_flags);
  },
});

import { formatFelt } from '@cairn/primitives';
import { defineMethod, required } from '../method.ts';
import { SpecificationError } from '../rpcErrors.ts';
import { readFelt } from '../wire/read.ts';
import { formatReceipt } from '../wire/receipt.ts';

/** Shows what came of a transaction, and where it stands. */
export const getTransactionReceipt = defineMethod({
  name: 'starknet_getTransactionReceipt',
  parameters: { transaction_hash: required(readFelt) },
  errors: ['TXN_HASH_NOT_FOUND'],
  handler({ transaction_hash }, backend) {
    const tx = backend.transaction(transaction_hash);
    if (!tx) throw new SpecificationError('TXN_HASH_NOT_FOUND');
    return {
      ...formatReceipt(tx, tx.finality),
      ...(tx.blockHash === undefined ? {} : { block_hash: formatFelt(tx.blockHash) }),
      block_number: tx.blockNumber,
    };
  },
});

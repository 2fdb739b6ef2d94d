import { defineMethod, optional, required } from '../method.ts';
import { formatBlockHeader } from '../wire/block.ts';
import { readBlockId } from '../wire/blockId.ts';
import { formatTransactionWithHash, readTransactionFlags } from '../wire/transaction.ts';

/** Shows a block with its transactions. */
export const getBlockWithTxs = defineMethod({
  name: 'starknet_getBlockWithTxs',
  cost: 5,
  parameters: {
    block_id: required(readBlockId),
    response_flags: optional(readTransactionFlags, new Set<never>()),
  },
  errors: ['BLOCK_NOT_FOUND'],
  handler({ block_id, response_flags }, backend) {
    const block = backend.block(block_id);
    return {
      ...formatBlockHeader(block),
      transactions: block.transactions.map((tx) => formatTransactionWithHash(tx, response_flags)),
    };
  },
});

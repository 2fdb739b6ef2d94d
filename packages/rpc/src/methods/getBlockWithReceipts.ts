import { defineMethod, optional, required } from '../method.ts';
import { formatBlockHeader } from '../wire/block.ts';
import { readBlockId } from '../wire/blockId.ts';
import { formatReceipt } from '../wire/receipt.ts';
import { formatTransaction, readTransactionFlags } from '../wire/transaction.ts';

/** Shows a block with its transactions and what came of them. */
export const getBlockWithReceipts = defineMethod({
  name: 'starknet_getBlockWithReceipts',
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
      transactions: block.transactions.map((tx) => ({
        transaction: formatTransaction(tx.transaction, response_flags),
        receipt: formatReceipt(tx, block.finality),
      })),
    };
  },
});

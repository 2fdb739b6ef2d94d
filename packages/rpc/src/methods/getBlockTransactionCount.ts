import { defineMethod, required } from '../method.ts';
import { readBlockId } from '../wire/blockId.ts';

/** Counts the transactions of a block. */
export const getBlockTransactionCount = defineMethod({
  name: 'starknet_getBlockTransactionCount',
  parameters: { block_id: required(readBlockId) },
  errors: ['BLOCK_NOT_FOUND'],
  handler: ({ block_id }, backend) => backend.block(block_id).transactions.length,
});

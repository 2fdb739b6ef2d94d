import { defineMethod, required } from '../method.ts';
import { readBlockId } from '../wire/blockId.ts';

export const getBlockTransactionCount = defineMethod({
  name: 'starknet_getBlockTransactionCount',
  parameters: { block_id: required(readBlockId) },
  errors: ['BLOCK_NOT_FOUND'],
  handler: ({ block_id }, backend) => backend.block(block_id).transactions.length,
});

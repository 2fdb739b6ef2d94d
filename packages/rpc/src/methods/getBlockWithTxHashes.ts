import { formatFelt } from '@cairn/primitives';
import { defineMethod, required } from '../method.ts';
import { formatBlockHeader } from '../wire/block.ts';
import { readBlockId } from '../wire/blockId.ts';

/** Shows a block with the hashes of its transactions. */
export const getBlockWithTxHashes = defineMethod({
  name: 'starknet_getBlockWithTxHashes',
  parameters: { block_id: required(readBlockId) },
  errors: ['BLOCK_NOT_FOUND'],
  handler({ block_id }, backend) {
    const block = backend.block(block_id);
    return {
      ...formatBlockHeader(block),
      transactions: block.transactions.map(({ receipt }) => formatFelt(receipt.transactionHash)),
    };
  },
});

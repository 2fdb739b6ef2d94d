import { defineMethod, optional, required } from '../method.ts';
import { SpecificationError } from '../rpcErrors.ts';
import { readBlockId } from '../wire/blockId.ts';
import { readInteger } from '../wire/read.ts';
import { formatTransactionWithHash, readTransactionFlags } from '../wire/transaction.ts';

/** Shows a transaction by its place. */
export const getTransactionByBlockIdAndIndex = defineMethod({
  name: 'starknet_getTransactionByBlockIdAndIndex',
  parameters: {
    block_id: required(readBlockId),
    index: required((value, path) => readInteger(value, path)),
    response_flags: optional(readTransactionFlags, new Set<never>()),
  },
  errors: ['BLOCK_NOT_FOUND', 'INVALID_TXN_INDEX'],
  handler({ block_id, index, response_flags }, backend) {
    const tx = backend.block(block_id).transactions[index];
    if (!tx) throw new SpecificationError('INVALID_TXN_INDEX');
    return formatTransactionWithHash(tx, response_flags);
  },
});

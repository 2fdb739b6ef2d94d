import { BLOCK_HASH_CONTRACT } from '../block/systemContracts.ts';
import { type Syscall, SyscallRevert } from './syscall.ts';

/** Hash of a block at least ten blocks old, from the block-hash contract. */
export const getBlockHash: Syscall<bigint> = {
  name: 'GetBlockHash',
  read: (reader) => reader.u64('Block number must fit within 64 bits.'),
  run: (blockNumber, frame) => {
    const { block, constants } = frame.context.transaction;
    // The real block number also in validation: there, asking for a recent block rejects the transaction.
    if (blockNumber + BigInt(constants.storedBlockHashBuffer) > BigInt(block.blockNumber)) {
      frame.rejectInValidation('get_block_hash on recent blocks');
      throw SyscallRevert.withText('Block number out of range');
    }
    return [frame.context.state.storageAt(BLOCK_HASH_CONTRACT, blockNumber)];
  },
};

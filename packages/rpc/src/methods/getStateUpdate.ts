import { formatFelt } from '@cairn/primitives';
import { defineMethod, optional, required } from '../method.ts';
import { readBlockId } from '../wire/blockId.ts';
import { readFelts } from '../wire/read.ts';
import { formatStateDiff } from '../wire/stateDiff.ts';

/** Shows what a block changed in the state, for some contracts or all. */
export const getStateUpdate = defineMethod({
  name: 'starknet_getStateUpdate',
  cost: 5,
  parameters: { block_id: required(readBlockId), contract_addresses: optional(readFelts) },
  errors: ['BLOCK_NOT_FOUND'],
  handler({ block_id, contract_addresses }, backend) {
    const block = backend.block(block_id);
    const change = {
      old_root: formatFelt(block.oldRoot),
      state_diff: formatStateDiff(block.stateDiff, contract_addresses),
    };
    if (block.kind === 'preConfirmed') return change;
    const { blockHash, stateRoot } = block.header;
    return { block_hash: formatFelt(blockHash), new_root: formatFelt(stateRoot), ...change };
  },
});

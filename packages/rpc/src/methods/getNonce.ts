import { formatFelt } from '@cairn/primitives';
import { defineMethod, required } from '../method.ts';
import { SpecificationError } from '../rpcErrors.ts';
import { readBlockId } from '../wire/blockId.ts';
import { readFelt } from '../wire/read.ts';

/** Reads a contract's nonce. */
export const getNonce = defineMethod({
  name: 'starknet_getNonce',
  parameters: { block_id: required(readBlockId), contract_address: required(readFelt) },
  errors: ['BLOCK_NOT_FOUND', 'CONTRACT_NOT_FOUND'],
  handler({ block_id, contract_address }, backend) {
    const state = backend.state(block_id);
    if (state.classHashAt(contract_address) === 0n) throw new SpecificationError('CONTRACT_NOT_FOUND');
    return formatFelt(state.nonceAt(contract_address));
  },
});

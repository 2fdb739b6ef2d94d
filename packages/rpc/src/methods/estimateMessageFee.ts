import { defineMethod, required } from '../method.ts';
import { SpecificationError } from '../rpcErrors.ts';
import { readBlockId } from '../wire/blockId.ts';
import { formatFeeEstimate } from '../wire/feeEstimate.ts';
import { readMessageFromL1 } from '../wire/functionCall.ts';
import { deployedClassHash } from './getClassHashAt.ts';

/** Tells what delivering a message from L1 would cost, in wei. */
export const estimateMessageFee = defineMethod({
  name: 'starknet_estimateMessageFee',
  cost: 50,
  parameters: { message: required(readMessageFromL1), block_id: required(readBlockId) },
  errors: ['CONTRACT_NOT_FOUND', 'CONTRACT_ERROR', 'BLOCK_NOT_FOUND'],
  handler({ message, block_id }, backend) {
    deployedClassHash(backend, block_id, message.contractAddress);
    const simulation = backend.estimateMessageFee(block_id, message);
    const { revertReason } = simulation.outcome;
    if (revertReason !== undefined) {
      throw new SpecificationError('CONTRACT_ERROR', { revert_error: revertReason });
    }
    return formatFeeEstimate(simulation);
  },
});

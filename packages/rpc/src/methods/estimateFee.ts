import { senderAddress } from '@cairn/execution';
import { defineMethod, required } from '../method.ts';
import { simulate, transactionExecutionError } from '../simulation.ts';
import { readBlockId } from '../wire/blockId.ts';
import { readBroadcastTransaction } from '../wire/broadcastTransaction.ts';
import { formatFeeEstimate } from '../wire/feeEstimate.ts';
import { flagsOf, listOf } from '../wire/read.ts';
import { deployedClassHash } from './getClassHashAt.ts';

/** Tells what transactions would cost, run one after the other. */
export const estimateFee = defineMethod({
  name: 'starknet_estimateFee',
  cost: 50,
  parameters: {
    request: required(listOf(readBroadcastTransaction)),
    simulation_flags: required(flagsOf('SKIP_VALIDATE')),
    block_id: required(readBlockId),
  },
  errors: ['CONTRACT_NOT_FOUND', 'TRANSACTION_EXECUTION_ERROR', 'BLOCK_NOT_FOUND'],
  async handler({ request, simulation_flags, block_id }, backend) {
    const first = request[0]?.transaction;
    // Later senders may be deployed by the transactions before them.
    if (first && first.type !== 'DEPLOY_ACCOUNT') deployedClassHash(backend, block_id, senderAddress(first));
    const simulations = await simulate(backend, block_id, request, {
      skipValidate: simulation_flags.has('SKIP_VALIDATE'),
      // The bounds of a transaction whose fee is asked for mean nothing yet.
      skipFeeCharge: true,
    });
    return simulations.map((simulation, index) => {
      const { revertReason } = simulation.outcome;
      if (revertReason !== undefined) throw transactionExecutionError(index, revertReason);
      return formatFeeEstimate(simulation);
    });
  },
});

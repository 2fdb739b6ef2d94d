import { defineMethod, required } from '../method.ts';
import { simulate } from '../simulation.ts';
import { readBlockId } from '../wire/blockId.ts';
import { readBroadcastTransaction } from '../wire/broadcastTransaction.ts';
import { formatFeeEstimate } from '../wire/feeEstimate.ts';
import { formatInitialReads } from '../wire/initialReads.ts';
import { flagsOf, listOf } from '../wire/read.ts';
import { formatTrace } from '../wire/transactionTrace.ts';

/** Shows everything that would happen in transactions, run one after the other. */
export const simulateTransactions = defineMethod({
  name: 'starknet_simulateTransactions',
  cost: 50,
  parameters: {
    block_id: required(readBlockId),
    transactions: required(listOf(readBroadcastTransaction)),
    simulation_flags: required(flagsOf('SKIP_VALIDATE', 'SKIP_FEE_CHARGE', 'RETURN_INITIAL_READS')),
  },
  errors: ['BLOCK_NOT_FOUND', 'TRANSACTION_EXECUTION_ERROR'],
  async handler({ block_id, transactions, simulation_flags }, backend) {
    const block = backend.block(block_id);
    const simulations = await simulate(backend, block_id, transactions, {
      skipValidate: simulation_flags.has('SKIP_VALIDATE'),
      skipFeeCharge: simulation_flags.has('SKIP_FEE_CHARGE'),
    });
    const simulated = simulations.map((simulation) => ({
      transaction_trace: formatTrace(simulation, block),
      fee_estimation: formatFeeEstimate(simulation),
    }));
    return simulation_flags.has('RETURN_INITIAL_READS')
      ? { simulated_transactions: simulated, initial_reads: formatInitialReads(simulations) }
      : simulated;
  },
});

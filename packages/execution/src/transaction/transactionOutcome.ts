import type { Felt } from '@cairn/primitives';
import type { ExecutionResources } from '@cairn/protocol';
import type { CallInfo } from '../callInfo.ts';
import type { TransactionGas } from '../fee/transactionGas.ts';

/** How a transaction ran. Calls that a revert undid are absent, except that `revertReason` tells of them. */
export interface TransactionOutcome {
  transactionHash: Felt;
  validateCall?: CallInfo;
  /** `__execute__`, the constructor of an account deployment, or the L1 handler. */
  executeCall?: CallInfo;
  feeTransferCall?: CallInfo;
  revertReason?: string;
  gas: TransactionGas;
  /** Fri; 0 for L1 handlers. */
  actualFee: bigint;
}

/** Resources as receipts tell them: VM work of all calls and of the OS, and the gas charged. */
export function executionResources(outcome: TransactionOutcome): ExecutionResources {
  const { vmResources, dataAvailability, total } = outcome.gas;
  return {
    stepCount: vmResources.stepCount,
    memoryHoleCount: vmResources.memoryHoleCount,
    builtins: vmResources.builtins,
    dataAvailability,
    totalGasConsumed: total,
  };
}

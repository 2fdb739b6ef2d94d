import type { StateOverlay } from '@cairn/state';
import type { TransactionContext } from '../transactionContext.ts';
import { EntryPointContext, type ExecutionMode } from './entryPointContext.ts';
import { executeCall } from './executeCall.ts';
import { executeDeployment } from './executeDeployment.ts';

const RUNNER = { call: executeCall, deploy: executeDeployment };

/** Context of a new phase of a transaction. */
export function startPhase(input: {
  transaction: TransactionContext;
  mode: ExecutionMode;
  state: StateOverlay;
  maxStepCount: number;
  initialGas: bigint;
}): EntryPointContext {
  return new EntryPointContext({ ...input, runner: RUNNER });
}

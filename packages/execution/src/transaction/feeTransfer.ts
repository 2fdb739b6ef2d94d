import { CairnError, type ContractAddress, selectorFromName } from '@cairn/primitives';
import type { StateOverlay } from '@cairn/state';
import type { CallInfo } from '../callInfo.ts';
import { executeOrFail } from '../entryPoint/executeCall.ts';
import { startPhase } from '../entryPoint/startPhase.ts';
import type { ExecutionErrorCode } from '../errors.ts';
import type { TransactionContext } from '../transactionContext.ts';

const TRANSFER = selectorFromName('transfer');

/**
 * Moves the fee from the payer to the sequencer by the token's own `transfer`.
 * @throws CairnError `FEE_TRANSFER_FAILED`: the token contract is broken, for the balance has been checked.
 */
export function transferFee(
  payer: ContractAddress,
  feeFri: bigint,
  transaction: TransactionContext,
  state: StateOverlay,
): CallInfo {
  const { chain, block, constants } = transaction;
  const gas = { remaining: constants.defaultInitialGas };
  const context = startPhase({
    transaction,
    mode: 'execute',
    state,
    maxStepCount: constants.invokeMaxStepCount,
    initialGas: gas.remaining,
  });
  const call = {
    type: 'EXTERNAL' as const,
    selector: TRANSFER,
    calldata: [block.sequencerAddress, feeFri, 0n],
    contractAddress: chain.strkTokenAddress,
    callerAddress: payer,
    kind: 'CALL' as const,
    initialGas: gas.remaining,
  };
  try {
    return executeOrFail(call, context, gas);
  } catch (error) {
    throw new CairnError<ExecutionErrorCode>('FEE_TRANSFER_FAILED', `fee transfer of ${feeFri} fri failed`, {
      cause: error,
    });
  }
}

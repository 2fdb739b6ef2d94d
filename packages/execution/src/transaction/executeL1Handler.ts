import { CairnError } from '@cairn/primitives';
import type { L1HandlerTransaction } from '@cairn/protocol';
import type { StateOverlay } from '@cairn/state';
import type { CallInfo } from '../callInfo.ts';
import { executeOrFail } from '../entryPoint/executeCall.ts';
import { startPhase } from '../entryPoint/startPhase.ts';
import type { ExecutionErrorCode } from '../errors.ts';
import { exceededBound } from '../fee/bounds.ts';
import { costInWei } from '../fee/gasVector.ts';
import { allocatedKeyCount, type TransactionGas, transactionGas } from '../fee/transactionGas.ts';
import { ExecutionFailure } from '../revertReason/executionFailure.ts';
import type { TransactionContext } from '../transactionContext.ts';
import type { TransactionOutcome } from './transactionOutcome.ts';

/**
 * Runs the handler of a message from L1 on `state`. A failing handler is an outcome: the message is consumed
 * and nothing else remains.
 * @param paidFeeWei what the sender paid on L1; must be positive.
 * @throws CairnError `UNPAID_L1_HANDLER`
 */
export function executeL1Handler(
  tx: L1HandlerTransaction,
  paidFeeWei: bigint,
  transaction: TransactionContext,
  state: StateOverlay,
): TransactionOutcome {
  const { constants } = transaction;
  const gas = { remaining: constants.l1HandlerMaxGas.l2Gas };
  const context = startPhase({
    transaction,
    mode: 'execute',
    state,
    maxStepCount: constants.invokeMaxStepCount,
    initialGas: gas.remaining,
  });
  const mark = state.checkpoint();
  const transactionHash = transaction.info.hash;
  const revert = (revertReason: string): TransactionOutcome => {
    state.rollback(mark);
    return { transactionHash, revertReason, gas: handlerGas(tx, [], transaction, state), actualFee: 0n };
  };
  const call = {
    type: 'L1_HANDLER' as const,
    selector: tx.entryPointSelector,
    calldata: tx.calldata,
    contractAddress: tx.contractAddress,
    callerAddress: 0n,
    kind: 'CALL' as const,
    initialGas: gas.remaining,
  };
  const classHash = state.classHashAt(tx.contractAddress);
  let executeCall: CallInfo;
  try {
    executeCall = executeOrFail(call, context, gas);
  } catch (error) {
    if (!(error instanceof ExecutionFailure)) throw error;
    const { contractAddress, selector } = call;
    return revert(
      error
        .within({ kind: 'entryPoint', how: 'call', contractAddress, classHash, selector })
        .reason('execution'),
    );
  }
  const used = handlerGas(tx, [executeCall], transaction, state);
  const exceeded = exceededBound(constants.l1HandlerMaxGas, used.total);
  if (exceeded) return revert(exceeded);
  if (paidFeeWei <= 0n) {
    throw new CairnError<ExecutionErrorCode>(
      'UNPAID_L1_HANDLER',
      `Actual fee (${costInWei(used.total, transaction.block.gasPrices)}) exceeded paid fee on L1 (${paidFeeWei}).`,
    );
  }
  return { transactionHash, executeCall, gas: used, actualFee: 0n };
}

function handlerGas(
  tx: L1HandlerTransaction,
  calls: readonly CallInfo[],
  { chain, constants, block }: TransactionContext,
  state: StateOverlay,
): TransactionGas {
  // The first felt is the sender on L1, not payload.
  const payloadLength = Math.max(tx.calldata.length - 1, 0);
  const stateDiff = state.diff();
  return transactionGas(
    {
      type: 'L1_HANDLER',
      calldataLength: payloadLength,
      signatureLength: 0,
      hasProofFacts: false,
      codeSize: 0,
      l1PayloadLength: payloadLength,
      calls,
      stateDiff,
      allocatedKeyCount: allocatedKeyCount(stateDiff, state),
      // Messages are reckoned in ether, whatever account transactions pay in.
      feeToken: chain.ethTokenAddress,
      revertedStepCount: 0,
      revertedSierraGas: 0n,
    },
    constants,
    block.l1DaMode === 'BLOB',
  );
}

import type { Felt } from '@cairn/primitives';
import type {
  BlockContext,
  Event,
  MessageToL1,
  Receipt,
  Transaction,
  VersionedConstants,
} from '@cairn/protocol';
import type { StateOverlay } from '@cairn/state';
import { type CallInfo, callTree, type Ordered } from '../callInfo.ts';
import type { ChainInfo } from '../chainInfo.ts';
import type { ClassSource } from '../executableClass.ts';
import type { ExecutionObserver } from '../executionObserver.ts';
import { transactionInfo } from '../transactionContext.ts';
import { type ExecutionFlags, executeAccountTransaction } from './executeAccountTransaction.ts';
import { executeL1Handler } from './executeL1Handler.ts';
import { executionResources, type TransactionOutcome } from './transactionOutcome.ts';

/** A transaction ready to run: its hash computed, its code measured. */
export interface ExecutableTransaction {
  transaction: Transaction;
  hash: Felt;
  /** Bytes a declare is charged for, 0 for other types. */
  codeSize: number;
  /** What was paid on L1 for a message, 0 for other types. */
  paidFeeOnL1Wei: bigint;
}

/** Where transactions run. */
export interface ExecutionEnvironment {
  block: BlockContext;
  chain: ChainInfo;
  constants: VersionedConstants;
  classes: ClassSource;
  observer?: ExecutionObserver;
}

/**
 * Runs any transaction on `state`.
 * @throws CairnError when it cannot enter a block; `state` must then be dropped.
 */
export function executeTransaction(
  tx: ExecutableTransaction,
  environment: ExecutionEnvironment,
  flags: ExecutionFlags,
  state: StateOverlay,
  query = false,
): TransactionOutcome {
  const { transaction, hash, codeSize } = tx;
  const context = { ...environment, info: transactionInfo(transaction, hash, query) };
  return transaction.type === 'L1_HANDLER'
    ? executeL1Handler(transaction, tx.paidFeeOnL1Wei, context, state)
    : executeAccountTransaction({ transaction, codeSize, context, flags }, state);
}

/** The receipt of an executed transaction. */
export function receiptOf(tx: Transaction, outcome: TransactionOutcome): Receipt {
  const { validateCall, executeCall, feeTransferCall } = outcome;
  // An account deployment runs its constructor before it validates.
  const phases =
    tx.type === 'DEPLOY_ACCOUNT'
      ? [executeCall, validateCall, feeTransferCall]
      : [validateCall, executeCall, feeTransferCall];
  const calls = phases.filter((call) => call !== undefined);
  return {
    transactionHash: outcome.transactionHash,
    actualFee: outcome.actualFee,
    events: calls.flatMap(eventsOf),
    messagesToL1: calls.flatMap(messagesOf),
    ...(outcome.revertReason === undefined ? {} : { revertReason: outcome.revertReason }),
    resources: executionResources(outcome),
  };
}

/** Events of a call and all below it, in the order in which they were emitted. */
export function eventsOf(root: CallInfo): Event[] {
  return inOrder(root, (call) =>
    call.events.map(({ order, value }) => ({
      order,
      value: { fromAddress: call.call.contractAddress, ...value },
    })),
  );
}

/** Messages of a call and all below it, in the order in which they were sent. */
export function messagesOf(root: CallInfo): MessageToL1[] {
  return inOrder(root, (call) =>
    call.messages.map(({ order, value }) => ({
      order,
      value: { fromAddress: call.call.contractAddress, ...value },
    })),
  );
}

function inOrder<T>(root: CallInfo, collect: (call: CallInfo) => Ordered<T>[]): T[] {
  return [...callTree(root)]
    .flatMap(collect)
    .sort((a, b) => a.order - b.order)
    .map(({ value }) => value);
}

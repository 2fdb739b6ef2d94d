import { CairnError, type Felt } from '@cairn/primitives';
import type { ExecutedTransaction, StateDiff, VersionedConstants } from '@cairn/protocol';
import { StateOverlay, type StateReader } from '@cairn/state';
import type { CallInfo } from '../callInfo.ts';
import type { ExecutionErrorCode } from '../errors.ts';
import { type ExecutionFlags, SEQUENCING_FLAGS } from '../transaction/executeAccountTransaction.ts';
import {
  type ExecutableTransaction,
  type ExecutionEnvironment,
  executeTransaction,
  receiptOf,
} from '../transaction/executeTransaction.ts';
import type { TransactionOutcome } from '../transaction/transactionOutcome.ts';
import { allocateAliases, storeBlockHash } from './systemContracts.ts';

/** What the transactions of a block have used of its limits. */
export interface BlockUsage {
  transactionCount: number;
  eventCount: number;
  l1Gas: number;
  messageSegmentLength: number;
  stateDiffSize: number;
  sierraGas: bigint;
  receiptL2Gas: bigint;
  /** Estimate of what the Starknet OS needs for the transactions. */
  osSteps: number;
}

/** A transaction of the block with everything its execution told. */
export interface BlockTransaction extends ExecutedTransaction {
  outcome: TransactionOutcome;
  /** What this transaction alone changed. */
  stateDiff: StateDiff;
}

/**
 * Executes the transactions of one block, one after the other, on top of a parent state. Nothing reaches the
 * parent: the result is the block's state diff.
 */
export class BlockExecutor {
  readonly environment: ExecutionEnvironment;
  readonly transactions: BlockTransaction[] = [];
  /** State after the transactions so far: that of the pre-confirmed block. */
  readonly state: StateOverlay;
  readonly usage: BlockUsage = {
    transactionCount: 0,
    eventCount: 0,
    l1Gas: 0,
    messageSegmentLength: 0,
    stateDiffSize: 0,
    sierraGas: 0n,
    receiptL2Gas: 0n,
    osSteps: 0,
  };

  /** @param oldBlockHash hash of the block ten before, once there is one. */
  constructor(parent: StateReader, environment: ExecutionEnvironment, oldBlockHash: Felt | undefined) {
    this.environment = environment;
    this.state = new StateOverlay(parent);
    if (oldBlockHash !== undefined) {
      storeBlockHash(this.state, environment.block.blockNumber, oldBlockHash, environment.constants);
    }
  }

  /**
   * Runs a transaction and adds it to the block.
   * @throws CairnError `BLOCK_FULL` when it does not fit any more, or what keeps it out of every block; the
   *   block stays as it was.
   */
  execute(tx: ExecutableTransaction, flags: ExecutionFlags = SEQUENCING_FLAGS): BlockTransaction {
    const overlay = new StateOverlay(this.state);
    const outcome = executeTransaction(tx, this.environment, flags, overlay);
    const receipt = receiptOf(tx.transaction, outcome);
    const usage = addUsage(this.usage, outcome, receipt.events.length);
    checkLimits(usage, this.environment.constants);
    const added = { transaction: tx.transaction, receipt, outcome, stateDiff: overlay.diff() };
    overlay.commitTo(this.state);
    Object.assign(this.usage, usage);
    this.transactions.push(added);
    return added;
  }

  /** Closes the block: allocates aliases and returns all it changed. */
  finish(): StateDiff {
    allocateAliases(this.state);
    return this.state.diff();
  }
}

function addUsage(usage: BlockUsage, outcome: TransactionOutcome, eventCount: number): BlockUsage {
  const { gas } = outcome;
  return {
    transactionCount: usage.transactionCount + 1,
    eventCount: usage.eventCount + eventCount,
    l1Gas: usage.l1Gas + Number(gas.total.l1Gas),
    messageSegmentLength: usage.messageSegmentLength + gas.messageSegmentLength,
    stateDiffSize: usage.stateDiffSize + gas.stateDiffWords,
    sierraGas: usage.sierraGas + gas.sierraGas,
    receiptL2Gas: usage.receiptL2Gas + gas.total.l2Gas,
    osSteps: usage.osSteps + osSteps(outcome),
  };
}

/**
 * Steps of the OS run that a transaction adds: those the protocol's tables give the OS and calls charged by steps, and what
 * the code of all other calls takes. More than it will be: 13,238 for a transfer that takes 7,547 (osCheck.test.ts).
 */
function osSteps({ validateCall, executeCall, feeTransferCall, gas }: TransactionOutcome): number {
  const calls = [validateCall, executeCall, feeTransferCall].filter((call) => call !== undefined);
  return gas.vmResources.stepCount + calls.reduce((sum, call) => sum + gasChargedSteps(call), 0);
}

function gasChargedSteps({ trackedResource, ownResources, innerCalls }: CallInfo): number {
  const own = trackedResource === 'SierraGas' ? ownResources.stepCount : 0;
  return innerCalls.reduce((sum, call) => sum + gasChargedSteps(call), own);
}

function checkLimits(usage: BlockUsage, { blockLimits }: VersionedConstants): void {
  for (const [name, limit] of Object.entries(blockLimits) as [keyof BlockUsage, number | bigint][]) {
    if (usage[name] > limit) {
      throw new CairnError<ExecutionErrorCode>(
        'BLOCK_FULL',
        `block limit ${name}: got ${usage[name]}, expected at most ${limit}`,
        {
          details: { limit: name },
        },
      );
    }
  }
}

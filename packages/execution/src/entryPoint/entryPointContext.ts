import type { ClassHash, ContractAddress, Felt } from '@cairn/primitives';
import type { StateOverlay } from '@cairn/state';
import type { CallInfo, EntryPointCall, TrackedResource } from '../callInfo.ts';
import type { TransactionContext } from '../transactionContext.ts';

/** Validation runs under stricter rules than execution. */
export type ExecutionMode = 'validate' | 'execute';

/** Gas that a chain of calls shares. */
export interface GasCounter {
  remaining: bigint;
}

/** A contract to be put at an address. */
export interface Deployment {
  address: ContractAddress;
  classHash: ClassHash;
  calldata: readonly Felt[];
  deployer: ContractAddress;
}

/** How syscalls start further calls. */
export interface CallRunner {
  call(call: EntryPointCall, context: EntryPointContext, gas: GasCounter): CallInfo;
  deploy(deployment: Deployment, context: EntryPointContext, gas: GasCounter): CallInfo;
}

/** What the calls of one phase of a transaction share and change. */
export class EntryPointContext {
  /** Replaced for the duration of a meta transaction. */
  transaction: TransactionContext;
  readonly mode: ExecutionMode;
  readonly state: StateOverlay;
  readonly runner: CallRunner;
  /** VM steps left for classes that are charged by steps. */
  remainingStepCount: number;
  eventCount = 0;
  messageCount = 0;
  /** Depth of nested calls. */
  depth = 0;
  /** How the calls on the stack are charged, outermost first. */
  readonly trackedResources: TrackedResource[] = [];
  readonly #initialGas: bigint;
  #lastSeenGas: bigint;

  constructor(input: {
    transaction: TransactionContext;
    mode: ExecutionMode;
    state: StateOverlay;
    runner: CallRunner;
    maxStepCount: number;
    initialGas: bigint;
  }) {
    this.transaction = input.transaction;
    this.mode = input.mode;
    this.state = input.state;
    this.runner = input.runner;
    this.remainingStepCount = input.maxStepCount;
    this.#initialGas = input.initialGas;
    this.#lastSeenGas = input.initialGas;
  }

  /** Notes the gas left before something that may fail for good: what was used until then is charged. */
  noteRemainingGas(remaining: bigint, tracked = this.trackedResources.at(-1)): void {
    if (tracked === 'SierraGas') this.#lastSeenGas = remaining;
  }

  /** Sierra gas a reverted phase is charged for. */
  revertedGas(): bigint {
    return this.#initialGas - this.#lastSeenGas;
  }
}

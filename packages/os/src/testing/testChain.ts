import { BlockExecutor, type ExecutableTransaction } from '@cairn/execution';
import type { Felt } from '@cairn/primitives';
import {
  type BlockContext,
  type BlockHeader,
  blockHash,
  emptyStateDiff,
  eventCommitment,
  receiptCommitment,
  type StateDiff,
  stateDiffCommitment,
  stateDiffLength,
  stateRoot,
  transactionCommitment,
} from '@cairn/protocol';
import { applyStateDiff, EMPTY_ROOTS, MemoryStateStore, type StateRoots, TrieState } from '@cairn/state';
import type { RecordedTransaction } from '../execution/recordedExecution.ts';
import { ExecutionRecorder } from '../execution/recordTransaction.ts';
import { buildOsInput, type ProvableBlock } from '../input/buildOsInput.ts';
import type { OsInput } from '../input/osInput.ts';
import { touchedState } from '../input/touchedState.ts';
import { CLASSES, declared, executionChain } from './executionChain.ts';
import type { TestClass } from './runExecution.ts';

const FIRST_TIMESTAMP = 1_700_000_000;

/** A chain in memory, made by the sequencer's block executor. */
export class TestChain {
  readonly store = new MemoryStateStore();
  readonly blocks: ProvableBlock[] = [];
  readonly #environment = executionChain().environment;
  #roots: StateRoots = EMPTY_ROOTS;

  readonly #classes: readonly TestClass[];

  /** @param genesis what block 0 puts into the state without transactions. */
  constructor(genesis?: StateDiff, classes: readonly TestClass[] = CLASSES) {
    this.#classes = classes;
    if (genesis) this.#append(this.#context(), genesis, [], [], { ...NO_READS, storage: genesis.storage });
  }

  get headers(): BlockHeader[] {
    return this.blocks.map(({ header }) => header);
  }

  get chain(): OsInput['chain'] {
    const { chainId, strkTokenAddress } = this.#environment.chain;
    return { chainId, strkTokenAddress };
  }

  /** Adds a block with these transactions. */
  addBlock(transactions: readonly ExecutableTransaction[] = []): BlockHeader {
    const block = this.#context();
    const parent = new TrieState(this.#roots, this.store);
    const { classes, constants } = this.#environment;
    const compiledHash = (hash: Felt) => this.#classes.find((cls) => cls.hash === hash)!.compiledHash;
    const recorder = new ExecutionRecorder(classes, compiledHash, constants.minSierraVersionForSierraGas);
    const executor = new BlockExecutor(
      parent,
      { ...this.#environment, block, observer: recorder, classes: recorder.classes },
      this.blocks[block.blockNumber - constants.storedBlockHashBuffer]?.header.blockHash,
    );
    const recorded = transactions.map((tx) => {
      const { recorded: it } = recorder.execute(executor, tx);
      return tx.transaction.type === 'DECLARE' ? { ...it, classHashParts: declared.parts } : it;
    });
    const diff = executor.finish();
    const reads = executor.state.initialReads();
    return this.#append(block, diff, executor.transactions, recorded, reads, recorder.lookedUpClasses);
  }

  /** Input of a run over the blocks from `first` to `last`. */
  osInput(first: number, last = first, fullOutput = false): OsInput {
    return buildOsInput({
      chain: this.chain,
      ancestors: this.headers.slice(0, first).reverse(),
      blocks: this.blocks.slice(first, last + 1),
      store: this.store,
      classes: (hash) => this.#classes.find(({ compiledHash }) => compiledHash === hash)?.casm,
      fullOutput,
    });
  }

  #context(): BlockContext {
    return {
      ...this.#environment.block,
      blockNumber: this.blocks.length,
      timestamp: FIRST_TIMESTAMP + 6 * this.blocks.length,
    };
  }

  #append(
    context: BlockContext,
    stateDiff: StateDiff,
    executed: BlockExecutor['transactions'],
    transactions: RecordedTransaction[],
    reads: Parameters<typeof touchedState>[0],
    lookedUpClasses: ReadonlySet<Felt> = new Set(),
  ): BlockHeader {
    const parentRoots = this.#roots;
    const { roots, batch } = applyStateDiff(parentRoots, stateDiff, this.store);
    this.store.write(batch);
    this.#roots = roots;
    const receipts = executed.map(({ receipt }) => receipt);
    const header = {
      ...context,
      parentHash: this.blocks.at(-1)?.header.blockHash ?? 0n,
      stateRoot: stateRoot(roots.contractsRoot, roots.classesRoot, context.starknetVersion),
      transactionCommitment: transactionCommitment(
        executed.map(({ transaction, receipt }) => ({ hash: receipt.transactionHash, transaction })),
        context.starknetVersion,
      ),
      eventCommitment: eventCommitment(receipts),
      receiptCommitment: receiptCommitment(receipts),
      stateDiffCommitment: stateDiffCommitment(stateDiff),
      stateDiffLength: stateDiffLength(stateDiff),
      transactionCount: executed.length,
      eventCount: receipts.reduce((sum, { events }) => sum + events.length, 0),
    };
    const closed = { ...header, blockHash: blockHash(header) };
    const touched = touchedState(reads, stateDiff);
    this.blocks.push({
      header: closed,
      transactions,
      receipts,
      stateDiff,
      touched,
      lookedUpClasses,
      parentRoots,
    });
    return closed;
  }
}

const NO_READS = {
  storage: new Map(),
  nonces: new Map(),
  classHashes: new Map(),
  compiledClassHashes: new Map(),
};

/** A state of `count` contracts, each with some storage, that all lie far apart. */
export function crowdedState(count: number): StateDiff {
  const diff = emptyStateDiff();
  for (let i = 1n; i <= BigInt(count); i++) {
    const address = spread(i);
    diff.deployedContracts.set(address, 0xc1a55n + i);
    diff.nonces.set(address, i);
    diff.storage.set(address, new Map([[spread(i + 1n), i]]));
  }
  return diff;
}

function spread(i: bigint): Felt {
  return (i * 0x5851f42d4c957f2d14057b7ef767814fn ** 3n) % (1n << 250n);
}

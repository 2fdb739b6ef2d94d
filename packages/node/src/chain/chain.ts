import type { ChainInfo, ExecutionEnvironment } from '@cairn/execution';
import { allocateAliases } from '@cairn/execution';
import { CairnError, type Felt, formatFelt, shortString } from '@cairn/primitives';
import {
  type Block,
  type BlockContext,
  type BlockHeader,
  blockHash,
  type ExecutedTransaction,
  eventCommitment,
  receiptCommitment,
  type StateDiff,
  stateDiffCommitment,
  stateDiffLength,
  stateRoot,
  transactionCommitment,
  type VersionedConstants,
  versionedConstants,
} from '@cairn/protocol';
import {
  applyStateDiff,
  EMPTY_ROOTS,
  EMPTY_STATE,
  StateOverlay,
  type StateReader,
  TrieState,
} from '@cairn/state';
import { ChainStore, type KeyValueEngine, type StoredBlock, type StoredClass } from '@cairn/storage';
import type { NodeErrorCode } from '../errors.ts';
import {
  buildGenesisState,
  ETH_TOKEN,
  type GenesisConfig,
  type GenesisContents,
  genesisContents,
  SEQUENCER_ADDRESS,
  STRK_TOKEN,
} from '../genesis/genesis.ts';
import { ClassLibrary } from './classLibrary.ts';

/** The blocks of a chain and the state after each; the only writer of its store. */
export class Chain {
  readonly store: ChainStore;
  readonly classes: ClassLibrary;
  readonly info: ChainInfo;
  readonly constants: VersionedConstants;
  readonly genesis: GenesisContents;
  #head: StoredBlock;
  #headState: TrieState;

  private constructor(store: ChainStore, classes: ClassLibrary, config: GenesisConfig, head: StoredBlock) {
    this.store = store;
    this.classes = classes;
    this.info = chainInfo(config);
    this.constants = versionedConstants(config.starknetVersion);
    this.genesis = genesisContents(config);
    this.#head = head;
    this.#headState = new TrieState(head.roots, store);
  }

  /**
   * Opens the chain of a database, making its genesis block when there is none.
   * @throws CairnError `CHAIN_MISMATCH` when the database holds another chain.
   */
  static open(engine: KeyValueEngine, config: GenesisConfig): Chain {
    const { chainId, starknetVersion, seed, accountCount } = config;
    const store = new ChainStore(engine, JSON.stringify({ chainId, starknetVersion, seed, accountCount }));
    const classes = new ClassLibrary(store);
    const headNumber = store.headNumber();
    const head = headNumber === undefined ? createGenesis(store, classes, config) : store.block(headNumber)!;
    return new Chain(store, classes, config, head);
  }

  get head(): StoredBlock {
    return this.#head;
  }

  /** State after the last block. */
  get headState(): StateReader {
    return this.#headState;
  }

  /** State after block `number`, undefined when there is no such block. */
  stateAt(number: number): TrieState | undefined {
    const stored = this.store.block(number);
    return stored && new TrieState(stored.roots, this.store);
  }

  environment(block: BlockContext): ExecutionEnvironment {
    return { block, chain: this.info, constants: this.constants, classes: this.classes };
  }

  /** Hash that becomes readable in block `blockNumber`. */
  readableHash(blockNumber: number): Felt | undefined {
    const number = blockNumber - this.constants.storedBlockHashBuffer;
    return number < 0 ? undefined : this.store.block(number)?.block.header.blockHash;
  }

  /** Appends a block on top of the head. */
  append(
    context: BlockContext,
    transactions: readonly ExecutedTransaction[],
    stateDiff: StateDiff,
    classes: ReadonlyMap<Felt, StoredClass>,
  ): StoredBlock {
    this.#setHead(appendBlock(this.store, this.#head, context, transactions, stateDiff, classes));
    for (const classHash of classes.keys()) this.classes.dropUndeclared(classHash);
    return this.#head;
  }

  /** Takes back all blocks after `number`, at a cost that does not depend on how many. */
  revertTo(number: number): void {
    this.store.revertTo(number);
    this.#setHead(this.store.block(number)!);
  }

  /**
   * Replaces all blocks by others, the first of them number 0, computing their roots and hashes anew.
   * @throws CairnError `INVALID_DUMP` when a hash is not the one given; the chain is then as it was.
   */
  load(blocks: readonly LoadedBlock[], classes: ReadonlyMap<Felt, StoredClass>): void {
    const before = this.#head.block.header.blockNumber;
    const replaced = Array.from({ length: before + 1 }, (_, number) => this.store.block(number)!);
    const put = (list: readonly LoadedBlock[], declared: ReadonlyMap<Felt, StoredClass>): StoredBlock => {
      let head: StoredBlock | undefined;
      for (const { block, stateDiff } of list) {
        const own = new Map([...stateDiff.declaredClasses.keys()].flatMap((hash) => entry(declared, hash)));
        head = appendBlock(this.store, head, block.header, block.transactions, stateDiff, own);
        if (head.block.header.blockHash !== block.header.blockHash)
          throw new CairnError<NodeErrorCode>(
            'INVALID_DUMP',
            `block ${block.header.blockNumber}: got hash ${formatFelt(block.header.blockHash)}, expected ${formatFelt(head.block.header.blockHash)}`,
          );
      }
      return head!;
    };
    if (blocks.length === 0) throw new CairnError<NodeErrorCode>('INVALID_DUMP', 'the dump has no blocks');
    try {
      this.#setHead(put(blocks, classes));
    } catch (error) {
      this.#setHead(put(replaced, new Map()));
      throw error;
    }
  }

  #setHead(head: StoredBlock): void {
    this.#head = head;
    this.#headState = new TrieState(head.roots, this.store);
  }
}

/** A block as a dump has it: what cannot be computed from the others. */
export type LoadedBlock = Pick<StoredBlock, 'block' | 'stateDiff'>;

function entry<K, V>(map: ReadonlyMap<K, V>, key: K): [K, V][] {
  const value = map.get(key);
  return value === undefined ? [] : [[key, value]];
}

function chainInfo(config: GenesisConfig): ChainInfo {
  return { chainId: shortString(config.chainId), strkTokenAddress: STRK_TOKEN, ethTokenAddress: ETH_TOKEN };
}

/** Block 0: no transactions, and a state diff that declares and deploys what a chain starts with. */
function createGenesis(store: ChainStore, classes: ClassLibrary, config: GenesisConfig): StoredBlock {
  const contents = genesisContents(config);
  const context: BlockContext = {
    blockNumber: 0,
    timestamp: config.timestamp,
    sequencerAddress: SEQUENCER_ADDRESS,
    gasPrices: config.gasPrices,
    l1DaMode: 'BLOB',
    starknetVersion: config.starknetVersion,
  };
  const declared = new Map<Felt, StoredClass>();
  for (const { classHash, stored } of Object.values(contents.classes)) {
    declared.set(classHash, stored);
    classes.addUndeclared(classHash, stored);
  }
  const state = new StateOverlay(EMPTY_STATE);
  const environment = {
    block: context,
    chain: chainInfo(config),
    constants: versionedConstants(config.starknetVersion),
    classes,
  };
  buildGenesisState(contents, environment, state);
  allocateAliases(state);
  const block = appendBlock(store, undefined, context, [], state.diff(), declared);
  for (const classHash of declared.keys()) classes.dropUndeclared(classHash);
  return block;
}

/** Computes roots, commitments and hash of the block after `parent` and stores it. */
function appendBlock(
  store: ChainStore,
  parent: StoredBlock | undefined,
  context: BlockContext,
  transactions: readonly ExecutedTransaction[],
  stateDiff: StateDiff,
  classes: ReadonlyMap<Felt, StoredClass>,
): StoredBlock {
  const { roots, batch } = applyStateDiff(parent?.roots ?? EMPTY_ROOTS, stateDiff, store);
  const receipts = transactions.map(({ receipt }) => receipt);
  const version = context.starknetVersion;
  const header: Omit<BlockHeader, 'blockHash'> = {
    ...context,
    parentHash: parent?.block.header.blockHash ?? 0n,
    stateRoot: stateRoot(roots.contractsRoot, roots.classesRoot, version),
    transactionCommitment: transactionCommitment(
      transactions.map(({ transaction, receipt }) => ({ hash: receipt.transactionHash, transaction })),
      version,
    ),
    eventCommitment: eventCommitment(receipts),
    receiptCommitment: receiptCommitment(receipts),
    stateDiffCommitment: stateDiffCommitment(stateDiff),
    stateDiffLength: stateDiffLength(stateDiff),
    transactionCount: transactions.length,
    eventCount: receipts.reduce((count, receipt) => count + receipt.events.length, 0),
  };
  const block: Block = { header: { ...header, blockHash: blockHash(header) }, transactions };
  const stored = { block, stateDiff, roots };
  store.appendBlock(stored, batch, classes);
  return stored;
}

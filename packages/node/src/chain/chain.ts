import type { ChainInfo, ExecutionEnvironment } from '@cairn/execution';
import { allocateAliases, storeBlockHash } from '@cairn/execution';
import { CairnError, type Felt, formatFelt, shortString } from '@cairn/primitives';
import {
  type Block,
  type BlockContext,
  type BlockHeader,
  blockHash,
  type ExecutedTransaction,
  emptyStateDiff,
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
  type StateRoots,
  TrieState,
} from '@cairn/state';
import { ChainStore, type KeyValueEngine, type StoredBlock, type StoredClass } from '@cairn/storage';
import type { NodeErrorCode } from '../errors.ts';
import { ForkOrigin, ForkState } from '../fork/forkOrigin.ts';
import type { ForkPoint } from '../fork/forkPoint.ts';
import {
  buildGenesisState,
  ETH_TOKEN,
  type GenesisConfig,
  type GenesisContents,
  genesisContents,
  genesisKeys,
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
  /** What a fork grows on. */
  readonly origin: ForkOrigin | undefined;
  #head: StoredBlock;
  #headState: TrieState;

  private constructor(ground: Ground, config: GenesisConfig, head: StoredBlock) {
    this.store = ground.store;
    this.classes = ground.classes;
    this.origin = ground.origin;
    this.info = chainInfo(config);
    this.constants = versionedConstants(config.starknetVersion);
    this.genesis = genesisContents(config);
    this.#head = head;
    this.#headState = stateOf(head.roots, ground);
  }

  /**
   * Opens the chain of a database, making its first block when there is none: block 0, or the one behind `fork`.
   * @throws CairnError `CHAIN_MISMATCH` when the database holds another chain.
   */
  static open(engine: KeyValueEngine, config: GenesisConfig, fork?: ForkPoint): Chain {
    const { chainId, starknetVersion, seed, accountCount } = config;
    const forkedBlock = fork && { fork: formatFelt(fork.header.blockHash) };
    const store = new ChainStore(
      engine,
      JSON.stringify({ chainId, starknetVersion, seed, accountCount, ...forkedBlock }),
    );
    const origin = fork && new ForkOrigin(fork, store);
    const ground = { store, origin, classes: new ClassLibrary(store, origin) };
    const headNumber = store.headNumber();
    const head = headNumber === undefined ? createFirstBlock(ground, config) : store.block(headNumber)!;
    return new Chain(ground, config, head);
  }

  /** Number of the first block of this chain's own: 0, or the one behind the fork point. */
  get firstNumber(): number {
    return firstNumber(this.origin);
  }

  async close(): Promise<void> {
    await this.origin?.close();
    await this.store.close();
  }

  get head(): StoredBlock {
    return this.#head;
  }

  /** State after the last block. */
  get headState(): StateReader {
    return this.#headState;
  }

  /** The state of these roots. */
  stateOf(roots: StateRoots): TrieState {
    return stateOf(roots, this);
  }

  /** Roots before block `number`, with its root in the header of the block before it. */
  before(number: number): { roots: StateRoots; stateRoot: Felt } {
    const parent = parentOf(number, this);
    return { roots: parent?.roots ?? EMPTY_ROOTS, stateRoot: parent?.block.header.stateRoot ?? 0n };
  }

  environment(block: BlockContext): ExecutionEnvironment {
    return { block, chain: this.info, constants: this.constants, classes: this.classes };
  }

  /** Hash that becomes readable in block `blockNumber`. */
  readableHash(blockNumber: number): Felt | undefined {
    const number = blockNumber - this.constants.storedBlockHashBuffer;
    if (number < 0) return undefined;
    return this.store.block(number)?.block.header.blockHash ?? this.origin?.point.hashes.get(number);
  }

  /** Appends a block on top of the head. */
  append(
    context: BlockContext,
    transactions: readonly ExecutedTransaction[],
    stateDiff: StateDiff,
    classes: ReadonlyMap<Felt, StoredClass>,
  ): StoredBlock {
    this.#setHead(appendBlock(this, this.#head, context, transactions, stateDiff, classes));
    for (const classHash of classes.keys()) this.classes.dropUndeclared(classHash);
    return this.#head;
  }

  /** True for blocks that L1 has accepted. */
  isOnL1(number: number): boolean {
    return number <= (this.store.l1HeadNumber() ?? -1);
  }

  /** Takes back all blocks after `number`, at a cost that does not depend on how many. */
  revertTo(number: number): void {
    // Only dev verbs reach behind what L1 has accepted.
    if (this.isOnL1(number + 1)) this.store.setL1Head(number);
    this.store.revertTo(number);
    this.#setHead(this.store.block(number)!);
  }

  /**
   * Replaces all blocks by others, the first of them number {@link firstNumber}, computing their roots and hashes anew.
   * @throws CairnError `INVALID_DUMP` when a hash is not the one given; the chain is then as it was.
   */
  load(blocks: readonly LoadedBlock[], classes: ReadonlyMap<Felt, StoredClass>): void {
    const before = this.#head.block.header.blockNumber;
    const { firstNumber } = this;
    const replaced = Array.from(
      { length: before + 1 - firstNumber },
      (_, i) => this.store.block(firstNumber + i)!,
    );
    const put = (list: readonly LoadedBlock[], declared: ReadonlyMap<Felt, StoredClass>): StoredBlock => {
      let head = parentOf(firstNumber, this);
      for (const { block, stateDiff } of list) {
        const own = new Map([...stateDiff.declaredClasses.keys()].flatMap((hash) => entry(declared, hash)));
        head = appendBlock(this, head, block.header, block.transactions, stateDiff, own);
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
      this.store.setL1Head(undefined);
      this.#setHead(put(blocks, classes));
    } catch (error) {
      this.#setHead(put(replaced, new Map()));
      throw error;
    }
  }

  #setHead(head: StoredBlock): void {
    this.#head = head;
    this.#headState = this.stateOf(head.roots);
  }
}

/** What the blocks of a chain stand on. */
interface Ground {
  readonly store: ChainStore;
  readonly classes: ClassLibrary;
  readonly origin: ForkOrigin | undefined;
}

function stateOf(roots: StateRoots, { store, origin }: Ground): TrieState {
  return origin ? new ForkState(roots, store, origin) : new TrieState(roots, store);
}

function firstNumber(origin: ForkOrigin | undefined): number {
  return origin ? origin.point.header.blockNumber + 1 : 0;
}

/** The block before block `number`; the fork point has no transactions here. */
function parentOf(number: number, { store, origin }: Ground): StoredBlock | undefined {
  if (origin === undefined || number > firstNumber(origin))
    return number === 0 ? undefined : store.block(number - 1);
  const { header, roots } = origin.point;
  return { block: { header, transactions: [] }, stateDiff: emptyStateDiff(), roots };
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

/**
 * The first block: no transactions, and a state diff that declares and deploys what a chain starts with; on a fork, what
 * of it is not there yet.
 */
function createFirstBlock(ground: Ground, config: GenesisConfig): StoredBlock {
  const contents = genesisContents(config);
  const number = firstNumber(ground.origin);
  const parent = parentOf(number, ground);
  const context: BlockContext = {
    blockNumber: number,
    timestamp: Math.max(config.timestamp, parent?.block.header.timestamp ?? 0),
    sequencerAddress: SEQUENCER_ADDRESS,
    gasPrices: parent?.block.header.gasPrices ?? config.gasPrices,
    l1DaMode: parent?.block.header.l1DaMode ?? 'BLOB',
    starknetVersion: config.starknetVersion,
  };
  const { classes, origin } = ground;
  origin?.fetch(genesisKeys(contents));
  const before = parent ? stateOf(parent.roots, ground) : EMPTY_STATE;
  const state = new StateOverlay(before);
  const declared = new Map<Felt, StoredClass>();
  for (const { classHash, stored } of Object.values(contents.classes)) {
    if (before.compiledClassHash(classHash) !== 0n) continue;
    declared.set(classHash, stored);
    classes.addUndeclared(classHash, stored);
  }
  const constants = versionedConstants(config.starknetVersion);
  const environment = { block: context, chain: chainInfo(config), constants, classes };
  if (origin) {
    const oldHash = origin.point.hashes.get(number - constants.storedBlockHashBuffer);
    if (oldHash !== undefined) storeBlockHash(state, number, oldHash, constants);
  }
  buildGenesisState(contents, environment, state);
  allocateAliases(state);
  const block = appendBlock(ground, parent, context, [], state.diff(), declared);
  for (const classHash of declared.keys()) classes.dropUndeclared(classHash);
  return block;
}

/** Computes roots, commitments and hash of the block after `parent` and stores it. */
function appendBlock(
  { store, origin }: Ground,
  parent: StoredBlock | undefined,
  context: BlockContext,
  transactions: readonly ExecutedTransaction[],
  stateDiff: StateDiff,
  classes: ReadonlyMap<Felt, StoredClass>,
): StoredBlock {
  const before = parent?.roots ?? EMPTY_ROOTS;
  const apply = () => applyStateDiff(before, stateDiff, store);
  const { roots, batch } = origin ? origin.completeDiff(before, stateDiff, apply) : apply();
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

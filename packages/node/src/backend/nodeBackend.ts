import {
  type BlockExecutor,
  type CallInfo,
  callContract,
  type ExecutableTransaction,
  type ExecutionFlags,
  executeTransaction,
  SEQUENCING_FLAGS,
} from '@cairn/execution';
import { CairnError, type ClassHash, type ContractAddress, type Felt, formatFelt } from '@cairn/primitives';
import {
  type BlockContext,
  type L1HandlerTransaction,
  type SierraClass,
  transactionHash,
} from '@cairn/protocol';
import type {
  AcceptedTransaction,
  BlockId,
  BlockSigner,
  BlockView,
  BroadcastTransaction,
  ChainContracts,
  ChainEvent,
  EventCursor,
  EventQuery,
  EventView,
  ExecutionView,
  RpcBackend,
  SimulationFlags,
  SimulationView,
  StorageProofView,
  TransactionStatusView,
  TransactionView,
} from '@cairn/rpc';
import { addTrieProof, type ProofNodes, StateOverlay, type StateReader } from '@cairn/state';
import { EventProbe, type StoredBlock } from '@cairn/storage';
import type { Chain } from '../chain/chain.ts';
import type { ChainFeed } from '../chain/chainFeed.ts';
import { executableAgain, reopenBlock } from '../chain/replayBlock.ts';
import type { ClassCompiler } from '../classes/classCompiler.ts';
import type { Clock } from '../clock.ts';
import type { NodeErrorCode } from '../errors.ts';
import { codeSize, type Gateway } from '../gateway/gateway.ts';
import type { L1Inbox } from '../l1/l1Inbox.ts';
import type { Mempool } from '../mempool/mempool.ts';
import type { BlockProducer, DroppedTransaction } from '../producer/blockProducer.ts';
import { findEvents } from './findEvents.ts';

/** Answers JSON-RPC from a chain, its mempool and the block being built. */
export class NodeBackend implements RpcBackend {
  readonly #chain: Chain;
  readonly #mempool: Mempool;
  readonly #producer: BlockProducer;
  readonly #gateway: Gateway;
  readonly #compiler: ClassCompiler;
  readonly #feed: ChainFeed;
  readonly #dropped: ReadonlyMap<Felt, DroppedTransaction>;
  readonly #l1: L1Inbox;
  readonly #coreContract: () => bigint | undefined;
  readonly signer: BlockSigner;
  /** Open blocks only grow: each that was asked for has a number of its own, and those of an earlier process lie below. */
  readonly #identifiers = new WeakMap<BlockExecutor, Felt>();
  #nextIdentifier: Felt;

  constructor(parts: {
    chain: Chain;
    mempool: Mempool;
    producer: BlockProducer;
    gateway: Gateway;
    compiler: ClassCompiler;
    feed: ChainFeed;
    /** Transactions that were accepted and then could not enter any block. */
    dropped: ReadonlyMap<Felt, DroppedTransaction>;
    l1: L1Inbox;
    /** Address of the core contract on L1 that the chain settles on. */
    coreContract: () => bigint | undefined;
    signer: BlockSigner;
    clock: Clock;
  }) {
    this.#chain = parts.chain;
    this.#mempool = parts.mempool;
    this.#producer = parts.producer;
    this.#gateway = parts.gateway;
    this.#compiler = parts.compiler;
    this.#feed = parts.feed;
    this.#dropped = parts.dropped;
    this.#l1 = parts.l1;
    this.#coreContract = parts.coreContract;
    this.signer = parts.signer;
    this.#nextIdentifier = BigInt(Math.floor(parts.clock.nowMs()));
  }

  get chainId(): Felt {
    return this.#chain.info.chainId;
  }

  get contracts(): ChainContracts {
    const { strkTokenAddress, ethTokenAddress } = this.#chain.info;
    return { core: this.#coreContract() ?? 0n, strkToken: strkTokenAddress, ethToken: ethTokenAddress };
  }

  latestBlock(): { number: number; hash: Felt } {
    const { blockNumber, blockHash } = this.#chain.head.block.header;
    return { number: blockNumber, hash: blockHash };
  }

  onChainEvent(listener: (event: ChainEvent) => void): () => void {
    return this.#feed.listen(listener);
  }

  block(id: BlockId): BlockView {
    const stored = this.#stored(id);
    if (stored) {
      const { header, transactions } = stored.block;
      const oldRoot = this.#chain.before(header.blockNumber).stateRoot;
      return {
        kind: 'closed',
        finality: this.#finality(header.blockNumber),
        header,
        transactions,
        stateDiff: stored.stateDiff,
        oldRoot,
      };
    }
    const executor = this.#producer.preConfirmed;
    return {
      kind: 'preConfirmed',
      finality: 'PRE_CONFIRMED',
      context: executor.environment.block,
      transactions: executor.transactions,
      stateDiff: executor.state.diff(),
      oldRoot: this.#chain.head.block.header.stateRoot,
      identifier: this.#identifierOf(executor),
    };
  }

  #identifierOf(executor: BlockExecutor): Felt {
    let identifier = this.#identifiers.get(executor);
    if (identifier === undefined) {
      identifier = this.#nextIdentifier++;
      this.#identifiers.set(executor, identifier);
    }
    return identifier;
  }

  state(id: BlockId): StateReader {
    const stored = this.#stored(id);
    return stored ? this.#chain.stateOf(stored.roots) : this.#producer.preConfirmed.state;
  }

  transaction(hash: Felt): TransactionView | undefined {
    const place = this.#chain.store.transactionPlace(hash);
    if (place) {
      const { block } = this.#chain.store.block(place.blockNumber)!;
      const { blockNumber, blockHash } = block.header;
      return {
        ...block.transactions[place.index]!,
        index: place.index,
        finality: this.#finality(blockNumber),
        blockNumber,
        blockHash,
      };
    }
    const { transactions, environment } = this.#producer.preConfirmed;
    const index = transactions.findIndex(({ receipt }) => receipt.transactionHash === hash);
    if (index < 0) return undefined;
    const { transaction, receipt } = transactions[index]!;
    return {
      transaction,
      receipt,
      index,
      finality: 'PRE_CONFIRMED',
      blockNumber: environment.block.blockNumber,
    };
  }

  transactionStatus(hash: Felt): TransactionStatusView | undefined {
    const view = this.transaction(hash);
    if (view) {
      const { revertReason } = view.receipt;
      return { finality: view.finality, ...(revertReason === undefined ? {} : { revertReason }) };
    }
    const isWaiting = this.#mempool.has(hash) || this.#producer.hasMessage(hash);
    return isWaiting ? { finality: 'RECEIVED' } : undefined;
  }

  /** Why an accepted transaction disappeared. */
  dropReason(hash: Felt): CairnError | undefined {
    return this.#dropped.get(hash)?.reason;
  }

  sierraClass(id: BlockId, classHash: ClassHash): SierraClass | undefined {
    if (this.state(id).compiledClassHash(classHash) === 0n) return undefined;
    return this.#chain.classes.storedClass(classHash)?.sierra;
  }

  compiledClass(classHash: ClassHash): unknown {
    if (this.#producer.preConfirmed.state.compiledClassHash(classHash) === 0n) return undefined;
    return this.#chain.classes.storedClass(classHash)?.casm;
  }

  events(query: EventQuery): { events: EventView[]; next?: EventCursor } {
    const last = this.#chain.head.block.header.blockNumber;
    const numberOf = (id: BlockId): number => this.#stored(id)?.block.header.blockNumber ?? last + 1;
    const from = query.from ? numberOf(query.from) : this.#chain.firstNumber;
    const to = query.to ? numberOf(query.to) : last + 1;
    const probe = new EventProbe(query);
    return findEvents(
      query,
      from,
      to,
      (number) => this.#blockContent(number),
      (number) => number > last || this.#chain.store.mayHoldEvents(number, probe),
    );
  }

  storageProof(id: BlockId, request: Parameters<RpcBackend['storageProof']>[1]): StorageProofView {
    const stored = this.#stored(id);
    if (!stored)
      throw new CairnError<NodeErrorCode>('PROOF_UNAVAILABLE', 'the block being built has no state root yet');
    const { roots, block } = stored;
    const { store } = this.#chain;
    this.#chain.origin?.fetch(request);
    const state = this.#chain.stateOf(roots);
    const prove = (root: Felt, keys: readonly Felt[]): ProofNodes => {
      const nodes: ProofNodes = new Map();
      for (const key of keys) addTrieProof(nodes, root, key, store);
      return nodes;
    };
    return {
      blockHash: block.header.blockHash,
      roots,
      classes: prove(roots.classesRoot, request.classHashes),
      contracts: prove(roots.contractsRoot, request.contractAddresses),
      contractLeaves: request.contractAddresses.map((address) => state.contractAt(address)),
      storage: request.storageKeys.map(({ contractAddress, keys }) =>
        prove(state.contractAt(contractAddress)?.storageRoot ?? 0n, keys),
      ),
    };
  }

  call(
    id: BlockId,
    call: { contractAddress: ContractAddress; selector: Felt; calldata: readonly Felt[] },
  ): CallInfo {
    return callContract(call, this.#chain.environment(this.#contextAt(id)), this.state(id));
  }

  async simulate(
    id: BlockId,
    transactions: readonly BroadcastTransaction[],
    flags: SimulationFlags,
  ): Promise<SimulationView[]> {
    const executionFlags = {
      validate: !flags.skipValidate,
      chargeFee: !flags.skipFeeCharge,
      strictNonce: false,
    };
    const prepared: ExecutableTransaction[] = [];
    for (const [index, broadcast] of transactions.entries())
      prepared.push(await atIndex(index, () => this.#prepare(broadcast)));
    const state = new StateOverlay(this.state(id));
    const simulations: SimulationView[] = [];
    for (const [index, tx] of prepared.entries())
      simulations.push(
        await atIndex(index, () => this.#run(id, tx, executionFlags, state, transactions[index]!.query)),
      );
    return simulations;
  }

  estimateMessageFee(id: BlockId, message: L1HandlerTransaction): SimulationView {
    const tx = {
      transaction: message,
      hash: transactionHash(message, this.chainId),
      codeSize: 0,
      // Any fee: what it would be is the question.
      paidFeeOnL1Wei: 1n,
    };
    return this.#run(id, tx, SEQUENCING_FLAGS, new StateOverlay(this.state(id)), false);
  }

  trace(hash: Felt): ExecutionView | undefined {
    const open = this.#producer.preConfirmed.transactions.find(
      ({ receipt }) => receipt.transactionHash === hash,
    );
    if (open) {
      const { transaction, outcome, stateDiff } = open;
      return {
        transaction,
        outcome,
        stateDiff,
        initialReads: new StateOverlay(this.#chain.headState).initialReads(),
      };
    }
    const place = this.#chain.store.transactionPlace(hash);
    if (!place) return undefined;
    return this.#replay(this.#chain.store.block(place.blockNumber)!, place.index + 1).at(-1)?.execution;
  }

  traceBlock(id: BlockId): { transactionHash: Felt; execution: ExecutionView }[] {
    const stored = this.#stored(id);
    if (!stored) throw blockNotFound(id);
    return this.#replay(stored, stored.block.transactions.length);
  }

  async submit(transaction: BroadcastTransaction): Promise<AcceptedTransaction> {
    const accepted = await this.#gateway.submit(transaction);
    this.#producer.wake();
    return accepted;
  }

  messagesStatus(
    l1TransactionHash: bigint,
  ): { transactionHash: Felt; status: TransactionStatusView }[] | undefined {
    return this.#l1.handlersOf(l1TransactionHash)?.map((transactionHash) => ({
      transactionHash,
      status: this.transactionStatus(transactionHash) ?? { finality: 'RECEIVED' },
    }));
  }

  /** The closed block an id names; undefined for the pre-confirmed one. @throws CairnError `BLOCK_NOT_FOUND` */
  #stored(id: BlockId): StoredBlock | undefined {
    switch (id.kind) {
      case 'latest':
        return this.#chain.head;
      case 'pre_confirmed':
        return undefined;
      case 'l1_accepted': {
        const number = this.#chain.store.l1HeadNumber();
        if (number === undefined)
          throw new CairnError<NodeErrorCode>('BLOCK_NOT_FOUND', 'no block has been accepted on L1 yet');
        return this.#chain.store.block(number);
      }
      case 'hash': {
        const number = this.#chain.store.blockNumber(id.hash);
        if (number === undefined) throw blockNotFound(id);
        return this.#chain.store.block(number);
      }
      case 'number': {
        const stored = this.#chain.store.block(id.number);
        if (!stored) throw blockNotFound(id);
        return stored;
      }
    }
  }

  #finality(blockNumber: number): 'ACCEPTED_ON_L2' | 'ACCEPTED_ON_L1' {
    return this.#chain.isOnL1(blockNumber) ? 'ACCEPTED_ON_L1' : 'ACCEPTED_ON_L2';
  }

  #contextAt(id: BlockId): BlockContext {
    return this.#stored(id)?.block.header ?? this.#producer.preConfirmed.environment.block;
  }

  #blockContent(number: number): { hash?: Felt; transactions: BlockView['transactions'] } {
    const stored = this.#chain.store.block(number);
    if (stored) return { hash: stored.block.header.blockHash, transactions: stored.block.transactions };
    return { transactions: this.#producer.preConfirmed.transactions };
  }

  /** The transaction with its hashes; a class that is declared must compile. */
  async #prepare({ transaction, sierraClass, query }: BroadcastTransaction): Promise<ExecutableTransaction> {
    let complete = transaction;
    let size = 0;
    if (transaction.type === 'DECLARE' && sierraClass) {
      const classHash = await this.#compiler.classHash(sierraClass);
      complete = { ...transaction, classHash };
      const { maxBytecodeLength } = this.#chain.constants;
      const stored = this.#chain.classes.storedClass(classHash) ?? {
        sierra: sierraClass,
        casm: (await this.#compiler.compile(sierraClass, maxBytecodeLength)).casm,
      };
      size = codeSize(stored);
    }
    const hash = transactionHash(complete, this.chainId, query);
    return { transaction: complete, hash, codeSize: size, paidFeeOnL1Wei: 0n };
  }

  #run(
    id: BlockId,
    tx: ExecutableTransaction,
    flags: ExecutionFlags,
    below: StateOverlay,
    query: boolean,
  ): SimulationView {
    const block = this.#contextAt(id);
    const state = new StateOverlay(below);
    const outcome = executeTransaction(tx, this.#chain.environment(block), flags, state, query);
    const stateDiff = state.diff();
    const initialReads = state.initialReads();
    state.commitTo(below);
    const unit = tx.transaction.type === 'L1_HANDLER' ? 'WEI' : 'FRI';
    const price = (p: { priceInWei: bigint; priceInFri: bigint }): bigint =>
      unit === 'WEI' ? p.priceInWei : p.priceInFri;
    const tip = tx.transaction.type === 'L1_HANDLER' ? 0n : tx.transaction.tip;
    const prices = {
      unit: unit as 'WEI' | 'FRI',
      l1Gas: price(block.gasPrices.l1Gas),
      l1DataGas: price(block.gasPrices.l1DataGas),
      l2Gas: price(block.gasPrices.l2Gas),
    };
    const gas = outcome.gas.total;
    const overallFee =
      gas.l1Gas * prices.l1Gas + gas.l1DataGas * prices.l1DataGas + gas.l2Gas * (prices.l2Gas + tip);
    return { transaction: tx.transaction, outcome, stateDiff, initialReads, gas, prices, overallFee };
  }

  /** Executes the first `count` transactions of a block again, on the state before it. */
  #replay({ block }: StoredBlock, count: number): { transactionHash: Felt; execution: ExecutionView }[] {
    const { header, transactions } = block;
    if (transactions.length === 0) return [];
    const executor = reopenBlock(this.#chain, header);
    return transactions.slice(0, count).map((executed) => {
      const tx = executableAgain(this.#chain, executed);
      const { transaction, hash: transactionHash } = tx;
      const state = new StateOverlay(executor.state);
      const outcome = executeTransaction(tx, executor.environment, SEQUENCING_FLAGS, state);
      const execution = { transaction, outcome, stateDiff: state.diff(), initialReads: state.initialReads() };
      state.commitTo(executor.state);
      return { transactionHash, execution };
    });
  }
}

function blockNotFound(id: BlockId): CairnError {
  const name = id.kind === 'number' ? id.number : id.kind === 'hash' ? formatFelt(id.hash) : id.kind;
  return new CairnError<NodeErrorCode>('BLOCK_NOT_FOUND', `no block ${name}`);
}

/** Runs a part of a request about one transaction; its error says which. */
async function atIndex<T>(index: number, part: () => T | Promise<T>): Promise<T> {
  try {
    return await part();
  } catch (error) {
    if (!(error instanceof CairnError)) throw error;
    throw new CairnError(error.code, error.message, {
      details: { ...error.details, transactionIndex: index },
      cause: error,
    });
  }
}

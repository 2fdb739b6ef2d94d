import type { CallInfo, TransactionOutcome } from '@cairn/execution';
import type { ClassHash, ContractAddress, Felt } from '@cairn/primitives';
import type {
  AccountTransaction,
  BlockContext,
  BlockHeader,
  Event,
  ExecutedTransaction,
  GasVector,
  L1HandlerTransaction,
  SierraClass,
  StateDiff,
  Transaction,
} from '@cairn/protocol';
import type { ContractState, ProofNodes, StateOverlay, StateReader, StateRoots } from '@cairn/state';

/** Names a block. */
export type BlockId =
  | { kind: 'number'; number: number }
  | { kind: 'hash'; hash: Felt }
  | { kind: 'latest' | 'pre_confirmed' | 'l1_accepted' };

export type Finality = 'PRE_CONFIRMED' | 'ACCEPTED_ON_L2' | 'ACCEPTED_ON_L1';

/** A block whose hash is fixed. */
export interface ClosedBlockView {
  kind: 'closed';
  finality: 'ACCEPTED_ON_L2' | 'ACCEPTED_ON_L1';
  header: BlockHeader;
  transactions: readonly ExecutedTransaction[];
  stateDiff: StateDiff;
  /** State root before the block. */
  oldRoot: Felt;
}

/** The block being built. */
export interface PreConfirmedBlockView {
  kind: 'preConfirmed';
  finality: 'PRE_CONFIRMED';
  context: BlockContext;
  /** Each with what it alone changed. */
  transactions: readonly (ExecutedTransaction & { stateDiff: StateDiff })[];
  stateDiff: StateDiff;
  /** Root of the latest closed block. */
  oldRoot: Felt;
  /** Another one whenever the transactions so far are not those seen before with more behind them. */
  identifier: Felt;
}

export type BlockView = ClosedBlockView | PreConfirmedBlockView;

/** A transaction that a block holds. */
export interface TransactionView extends ExecutedTransaction {
  index: number;
  finality: Finality;
  blockNumber: number;
  /** Absent while the block is being built. */
  blockHash?: Felt;
}

/** Life of a transaction as clients ask for it. */
export type TransactionStatusView =
  | { finality: 'RECEIVED' | 'CANDIDATE' }
  | { finality: Finality; revertReason?: string };

/** An event with its place in the chain. */
export interface EventView extends Event {
  transactionHash: Felt;
  transactionIndex: number;
  /** Index in its transaction. */
  eventIndex: number;
  blockNumber: number;
  blockHash?: Felt;
}

/** Which events are wanted. Bounds are inclusive; absent: from the first, up to the pre-confirmed block. */
export interface EventQuery {
  from?: BlockId;
  to?: BlockId;
  /** Empty: from any contract. */
  addresses: readonly ContractAddress[];
  /** Per key position the accepted values; an empty list accepts any. */
  keys: readonly (readonly Felt[])[];
  limit: number;
  /** Continue after the page that returned this cursor. */
  cursor?: EventCursor;
}

/** Where the next page of events starts. */
export interface EventCursor {
  blockNumber: number;
  /** Index in the block, over all events before filtering. */
  eventIndex: number;
}

/** A run that no block holds, or that one held: what traces and fee estimates are made of. */
export interface ExecutionView {
  transaction: Transaction;
  outcome: TransactionOutcome;
  stateDiff: StateDiff;
  /** First values of all cells the run read. */
  initialReads: ReturnType<StateOverlay['initialReads']>;
}

/** Prices of the block a fee was computed for. */
export interface GasPricesView {
  unit: 'FRI' | 'WEI';
  l1Gas: bigint;
  l1DataGas: bigint;
  l2Gas: bigint;
}

/** Outcome of a simulation: fee, in `prices.unit`, and everything that happened. */
export interface SimulationView extends ExecutionView {
  gas: GasVector;
  prices: GasPricesView;
  overallFee: bigint;
}

/** What a client may leave out of a simulation. */
export interface SimulationFlags {
  skipValidate: boolean;
  skipFeeCharge: boolean;
}

/** A transaction as a client broadcasts it; a declare brings its class, an invoke may bring a proof. */
export interface BroadcastTransaction {
  transaction: AccountTransaction;
  /** Present exactly for declares. */
  sierraClass?: SierraClass;
  /** True for the simulate-only form with the query bit in its version. */
  query: boolean;
  /** True when a client-side proof came with it. */
  hasProof: boolean;
}

/** Identity of an accepted transaction. */
export interface AcceptedTransaction {
  transactionHash: Felt;
  /** Of a declare. */
  classHash?: ClassHash;
  /** Of an account deployment. */
  contractAddress?: ContractAddress;
}

/** Trie proofs of one block's state. */
export interface StorageProofView {
  blockHash: Felt;
  roots: StateRoots;
  classes: ProofNodes;
  contracts: ProofNodes;
  /** In the order of the request; undefined for contracts that do not exist. */
  contractLeaves: readonly (ContractState | undefined)[];
  /** One per contract asked for. */
  storage: readonly ProofNodes[];
}

/** Something that happened to the chain. */
export type ChainEvent =
  /** A transaction was accepted and waits for a block. */
  | { kind: 'received'; transactionHash: Felt; transaction: Transaction }
  /** The block being built took a transaction. */
  | { kind: 'preConfirmed'; transaction: TransactionView }
  /** A block was closed; it is the latest now. */
  | { kind: 'block'; blockNumber: number }
  /** L1 has accepted all blocks up to this one, and none behind it; after a reorganisation of L1 fewer than before, -1: none. */
  | { kind: 'l1Accepted'; blockNumber: number }
  /** Blocks were taken back, from `first` to `last`. */
  | { kind: 'reorg'; first: BlockName; last: BlockName };

/** A block by number and hash. */
export interface BlockName {
  number: number;
  hash: Felt;
}

/** Who signs the blocks of a chain. */
export interface BlockSigner {
  readonly publicKey: Felt;
  /** Signs a block's hash. */
  sign(blockHash: Felt): { r: Felt; s: Felt };
}

/** Contracts that clients of a chain must know. */
export interface ChainContracts {
  /** The core contract on L1; 0 where there is none. */
  core: bigint;
  strkToken: ContractAddress;
  ethToken: ContractAddress;
}

/**
 * What the JSON-RPC server needs of a node. Methods throw CairnError; the codes they share with the
 * specification are mapped in `rpcErrors.ts`. Ids of unknown blocks throw `BLOCK_NOT_FOUND`.
 */
export interface RpcBackend {
  /** Chain id as a short string. */
  readonly chainId: Felt;
  readonly signer: BlockSigner;
  readonly contracts: ChainContracts;
  latestBlock(): BlockName;
  /** Tells every event to `listener`, at once and in order, until the returned function is called. */
  onChainEvent(listener: (event: ChainEvent) => void): () => void;
  block(id: BlockId): BlockView;
  state(id: BlockId): StateReader;
  transaction(hash: Felt): TransactionView | undefined;
  transactionStatus(hash: Felt): TransactionStatusView | undefined;
  /** A class declared in the state of `id`. */
  sierraClass(id: BlockId, classHash: ClassHash): SierraClass | undefined;
  /** CASM JSON of a declared class, undefined when it is not declared. */
  compiledClass(classHash: ClassHash): unknown;
  events(query: EventQuery): { events: EventView[]; next?: EventCursor };
  storageProof(
    id: BlockId,
    request: {
      classHashes: readonly ClassHash[];
      contractAddresses: readonly ContractAddress[];
      storageKeys: readonly { contractAddress: ContractAddress; keys: readonly Felt[] }[];
    },
  ): StorageProofView;
  call(
    id: BlockId,
    call: { contractAddress: ContractAddress; selector: Felt; calldata: readonly Felt[] },
  ): CallInfo;
  /**
   * Runs the transactions one after the other on the state of `id`; nothing is kept.
   * @throws CairnError that names the transaction that cannot run in `details.transactionIndex`
   */
  simulate(
    id: BlockId,
    transactions: readonly BroadcastTransaction[],
    flags: SimulationFlags,
  ): Promise<SimulationView[]>;
  estimateMessageFee(id: BlockId, message: L1HandlerTransaction): SimulationView;
  /** Re-executes a transaction, undefined when no block holds it. */
  trace(hash: Felt): ExecutionView | undefined;
  traceBlock(id: BlockId): { transactionHash: Felt; execution: ExecutionView }[];
  submit(transaction: BroadcastTransaction): Promise<AcceptedTransaction>;
  /** Messages of an L1 transaction and the L1 handlers they became. */
  messagesStatus(
    l1TransactionHash: bigint,
  ): { transactionHash: Felt; status: TransactionStatusView }[] | undefined;
}

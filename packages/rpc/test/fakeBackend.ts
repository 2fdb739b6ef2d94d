import type { CallInfo, TransactionOutcome } from '@cairn/execution';
import { CairnError, shortString } from '@cairn/primitives';
import {
  type AccountTransaction,
  type ExecutedTransaction,
  emptyStateDiff,
  type L1HandlerTransaction,
  noResources,
  type Receipt,
  type SierraClass,
  type Transaction,
} from '@cairn/protocol';
import type { StateReader } from '@cairn/state';
import type {
  BlockId,
  BlockView,
  BroadcastTransaction,
  ChainEvent,
  ClosedBlockView,
  EventQuery,
  ExecutionView,
  PreConfirmedBlockView,
  RpcBackend,
  SimulationFlags,
  SimulationView,
} from '../src/backend.ts';

/** Values the tests ask the fake for. */
export const ACCOUNT = 0xaaan;
export const CONTRACT = 0xc0n;
export const CLASS_HASH = 0xc1a55n;
export const HASHES = {
  invoke: 0x101n,
  declare: 0x102n,
  deployAccount: 0x103n,
  l1Handler: 0x104n,
  reverted: 0x105n,
};
export const RECEIVED_HASH = 0x999n;
export const OPEN_HASH = 0x201n;
export const L1_HASH = (1n << 255n) + 1n;

const bounds = {
  l1Gas: { maxAmount: 0n, maxPricePerUnit: 1n },
  l2Gas: { maxAmount: 10n ** 6n, maxPricePerUnit: (1n << 128n) - 1n },
  l1DataGas: { maxAmount: (1n << 64n) - 1n, maxPricePerUnit: 3n },
};

const v3 = {
  version: 3 as const,
  signature: [1n, 2n],
  nonce: 7n,
  resourceBounds: bounds,
  tip: 0n,
  paymasterData: [],
  nonceDataAvailabilityMode: 'L1' as const,
  feeDataAvailabilityMode: 'L1' as const,
};

export const INVOKE: AccountTransaction = {
  type: 'INVOKE',
  ...v3,
  senderAddress: ACCOUNT,
  calldata: [1n, CONTRACT, 5n, 0n],
  accountDeploymentData: [],
  proofFacts: [9n, 8n],
};

export const L1_HANDLER: L1HandlerTransaction = {
  type: 'L1_HANDLER',
  version: 0,
  contractAddress: CONTRACT,
  entryPointSelector: 0x5e1n,
  calldata: [0xe7n, 4n],
  nonce: 3n,
};

function receipt(transactionHash: bigint, revertReason?: string): Receipt {
  return {
    transactionHash,
    actualFee: 123_456n,
    events: [{ fromAddress: CONTRACT, keys: [1n, 2n], data: [] }],
    messagesToL1: [{ fromAddress: CONTRACT, toAddress: 0xe7n, payload: [6n] }],
    ...(revertReason === undefined ? {} : { revertReason }),
    resources: {
      stepCount: 10,
      memoryHoleCount: 0,
      builtins: {},
      dataAvailability: { l1Gas: 0n, l1DataGas: 192n, l2Gas: 0n },
      totalGasConsumed: { l1Gas: 5n, l1DataGas: 192n, l2Gas: 810_000n },
    },
  };
}

export const TRANSACTIONS: readonly ExecutedTransaction[] = [
  { transaction: INVOKE, receipt: receipt(HASHES.invoke) },
  {
    transaction: {
      type: 'DECLARE',
      ...v3,
      senderAddress: ACCOUNT,
      classHash: CLASS_HASH,
      compiledClassHash: 0xca5n,
      accountDeploymentData: [],
    },
    receipt: receipt(HASHES.declare),
  },
  {
    transaction: {
      type: 'DEPLOY_ACCOUNT',
      ...v3,
      classHash: CLASS_HASH,
      contractAddressSalt: 1n,
      constructorCalldata: [2n],
    },
    receipt: receipt(HASHES.deployAccount),
  },
  { transaction: L1_HANDLER, receipt: receipt(HASHES.l1Handler) },
  { transaction: INVOKE, receipt: receipt(HASHES.reverted, 'out of luck') },
];

const price = (n: bigint) => ({ priceInWei: n, priceInFri: n * 1000n });
const gasPrices = { l1Gas: price(10n), l1DataGas: price(20n), l2Gas: price(30n) };

function diff() {
  return {
    ...emptyStateDiff(),
    storage: new Map([
      [CONTRACT, new Map([[1n, 11n]])],
      [ACCOUNT, new Map([[2n, 22n]])],
    ]),
    nonces: new Map([[ACCOUNT, 8n]]),
    deployedContracts: new Map([[CONTRACT, CLASS_HASH]]),
    replacedClasses: new Map([[ACCOUNT, CLASS_HASH]]),
    declaredClasses: new Map([[CLASS_HASH, 0xca5n]]),
    migratedCompiledClasses: new Map([[0x77n, 0x78n]]),
  };
}

export const CLOSED: ClosedBlockView = {
  kind: 'closed',
  finality: 'ACCEPTED_ON_L2',
  header: {
    blockHash: 0xb10cn,
    parentHash: 0xb10bn,
    blockNumber: 1,
    stateRoot: 0x2007n,
    timestamp: 1_700_000_000,
    sequencerAddress: 0x5e9n,
    gasPrices,
    l1DaMode: 'BLOB',
    starknetVersion: '0.14.2',
    transactionCommitment: 1n,
    eventCommitment: 2n,
    receiptCommitment: 3n,
    stateDiffCommitment: 4n,
    stateDiffLength: 7,
    transactionCount: 5,
    eventCount: 5,
  },
  transactions: TRANSACTIONS,
  stateDiff: diff(),
  oldRoot: 0x2006n,
};

const OPEN: PreConfirmedBlockView = {
  kind: 'preConfirmed',
  finality: 'PRE_CONFIRMED',
  context: {
    blockNumber: 2,
    timestamp: 1_700_000_006,
    sequencerAddress: 0x5e9n,
    gasPrices,
    l1DaMode: 'BLOB',
    starknetVersion: '0.14.2',
  },
  transactions: [{ transaction: INVOKE, receipt: receipt(OPEN_HASH), stateDiff: diff() }],
  stateDiff: emptyStateDiff(),
  oldRoot: 0x2007n,
  identifier: 0x1dn,
};

export const SIERRA_CLASS: SierraClass = {
  sierraProgram: [1n, 6n, 0n],
  contractClassVersion: '0.1.0',
  entryPointsByType: { CONSTRUCTOR: [], EXTERNAL: [{ selector: 5n, functionIndex: 0 }], L1_HANDLER: [] },
  abi: '[{"type": "function"}]',
};

export const CALL_INFO: CallInfo = {
  call: {
    type: 'EXTERNAL',
    selector: 5n,
    calldata: [1n],
    contractAddress: CONTRACT,
    callerAddress: 0n,
    classHash: CLASS_HASH,
    kind: 'CALL',
    initialGas: 10n ** 6n,
  },
  retdata: [42n],
  failed: false,
  gasConsumed: 12_340n,
  trackedResource: 'SierraGas',
  stepResources: noResources(),
  ownResources: noResources(),
  syscalls: new Map(),
  events: [{ order: 1, value: { keys: [1n], data: [2n] } }],
  messages: [{ order: 0, value: { toAddress: 0xe7n, payload: [6n] } }],
  innerCalls: [],
};

/** Two levels: a step-counted library call inside a gas-counted call. */
const NESTED: CallInfo = {
  ...CALL_INFO,
  innerCalls: [
    {
      ...CALL_INFO,
      call: { ...CALL_INFO.call, kind: 'LIBRARY_CALL' },
      failed: true,
      gasConsumed: 0n,
      trackedResource: 'CairoSteps',
      stepResources: { stepCount: 1000, memoryHoleCount: 0, builtins: {} },
      events: [],
      messages: [],
    },
  ],
};

const TOTAL = { l1Gas: 5n, l1DataGas: 192n, l2Gas: 810_000n };

export function execution(
  transaction: Transaction,
  transactionHash: bigint,
  revertReason?: string,
): ExecutionView {
  const outcome: TransactionOutcome = {
    transactionHash,
    ...(transaction.type === 'L1_HANDLER' ? {} : { validateCall: CALL_INFO, feeTransferCall: CALL_INFO }),
    ...(revertReason === undefined ? { executeCall: NESTED } : { revertReason }),
    gas: {
      total: TOTAL,
      dataAvailability: TOTAL,
      vmResources: noResources(),
      sierraGas: 0n,
      stateDiffWords: 0,
      messageSegmentLength: 0,
      eventCount: 0,
    },
    actualFee: 1n,
  };
  return {
    transaction,
    outcome,
    stateDiff: diff(),
    initialReads: {
      storage: new Map([[CONTRACT, new Map([[1n, transactionHash]])]]),
      nonces: new Map([[ACCOUNT, 7n]]),
      classHashes: new Map([[ACCOUNT, CLASS_HASH]]),
      compiledClassHashes: new Map([
        [CLASS_HASH, 0xca5n],
        [0x78n, 0n],
      ]),
    },
  };
}

function simulation(view: ExecutionView, unit: 'FRI' | 'WEI'): SimulationView {
  const prices = { unit, l1Gas: 10_000n, l1DataGas: 20_000n, l2Gas: 30_000n };
  return { ...view, gas: TOTAL, prices, overallFee: 24_303_890_000n };
}

const state: StateReader = {
  storageAt: (address, key) => (address === CONTRACT && key === 1n ? 11n : 0n),
  nonceAt: () => 8n,
  classHashAt: (address) => (address === CONTRACT || address === ACCOUNT ? CLASS_HASH : 0n),
  compiledClassHash: () => 0xca5n,
};

/** Keeps what it is asked, and throws `failure` instead of answering while that is set. */
export class FakeBackend implements RpcBackend {
  readonly chainId = shortString('SN_TEST');
  readonly signer = { publicKey: 0x9ben, sign: (blockHash: bigint) => ({ r: blockHash, s: 1n }) };
  readonly contracts = { core: 0xc0den, strkToken: 0x57n, ethToken: 0xe7n };
  readonly submitted: BroadcastTransaction[] = [];
  readonly queries: EventQuery[] = [];
  readonly flags: SimulationFlags[] = [];
  failure: unknown;
  revertReason: string | undefined;
  /** Number of the last closed block; all closed blocks but block 0 look alike. */
  latest = 1;
  readonly listeners = new Set<(event: ChainEvent) => void>();

  latestBlock() {
    this.#fail();
    return { number: this.latest, hash: CLOSED.header.blockHash };
  }

  onChainEvent(listener: (event: ChainEvent) => void) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  tell(event: ChainEvent): void {
    for (const listener of this.listeners) listener(event);
  }

  block(id: BlockId): BlockView {
    if (id.kind === 'pre_confirmed') return OPEN;
    if (id.kind === 'number' && id.number === 0) {
      return {
        ...CLOSED,
        header: { ...CLOSED.header, blockNumber: 0 },
        transactions: [],
        stateDiff: emptyStateDiff(),
      };
    }
    if (
      (id.kind === 'number' && id.number > this.latest) ||
      (id.kind === 'hash' && id.hash !== CLOSED.header.blockHash)
    ) {
      throw new CairnError('BLOCK_NOT_FOUND', 'no such block');
    }
    return id.kind === 'number'
      ? { ...CLOSED, header: { ...CLOSED.header, blockNumber: id.number } }
      : CLOSED;
  }

  state(id: BlockId): StateReader {
    this.block(id);
    return state;
  }

  transaction(hash: bigint) {
    if (hash === OPEN_HASH) {
      return { ...OPEN.transactions[0]!, index: 0, finality: 'PRE_CONFIRMED' as const, blockNumber: 2 };
    }
    const index = TRANSACTIONS.findIndex((tx) => tx.receipt.transactionHash === hash);
    if (index < 0) return undefined;
    const { finality, header } = CLOSED;
    return { ...TRANSACTIONS[index]!, index, finality, blockNumber: 1, blockHash: header.blockHash };
  }

  transactionStatus(hash: bigint) {
    if (hash === RECEIVED_HASH) return { finality: 'RECEIVED' as const };
    const tx = this.transaction(hash);
    if (!tx) return undefined;
    const { revertReason } = tx.receipt;
    return { finality: tx.finality, ...(revertReason === undefined ? {} : { revertReason }) };
  }

  sierraClass(_id: BlockId, classHash: bigint) {
    return classHash === CLASS_HASH ? SIERRA_CLASS : undefined;
  }

  compiledClass(classHash: bigint): unknown {
    if (classHash !== CLASS_HASH) return undefined;
    return {
      prime: '0x800000000000011000000000000000000000000000000000000000000000001',
      compiler_version: '2.12.0',
      bytecode: ['0x1'],
      bytecode_segment_lengths: [1],
      hints: [],
      entry_points_by_type: {
        CONSTRUCTOR: [],
        EXTERNAL: [{ selector: '0x5', offset: 0, builtins: ['range_check'] }],
        L1_HANDLER: [],
      },
    };
  }

  events(query: EventQuery) {
    this.queries.push(query);
    const event = { fromAddress: CONTRACT, keys: [1n], data: [2n], transactionIndex: 0, eventIndex: 0 };
    return {
      events: [
        { ...event, transactionHash: HASHES.invoke, blockNumber: 1, blockHash: CLOSED.header.blockHash },
        { ...event, transactionHash: OPEN_HASH, blockNumber: 2 },
      ],
      next: { blockNumber: 2, eventIndex: 1 },
    };
  }

  storageProof() {
    this.#fail();
    const nodes = new Map([
      [0x1n, { left: 2n, right: 3n }],
      [0x2n, { path: 1n << 250n, length: 251, child: 4n }],
    ]);
    return {
      blockHash: CLOSED.header.blockHash,
      roots: { contractsRoot: 1n, classesRoot: 2n },
      classes: nodes,
      contracts: nodes,
      contractLeaves: [{ classHash: CLASS_HASH, nonce: 8n, storageRoot: 9n }, undefined],
      storage: [nodes],
    };
  }

  call(): CallInfo {
    this.#fail();
    return CALL_INFO;
  }

  async simulate(_id: BlockId, transactions: readonly BroadcastTransaction[], flags: SimulationFlags) {
    this.flags.push(flags);
    this.#fail();
    return transactions.map(({ transaction }, i) =>
      simulation(execution(transaction, BigInt(i + 1), this.revertReason), 'FRI'),
    );
  }

  estimateMessageFee(_id: BlockId, message: L1HandlerTransaction) {
    return simulation(execution(message, 1n, this.revertReason), 'WEI');
  }

  trace(hash: bigint) {
    const tx = this.transaction(hash);
    return tx && execution(tx.transaction, hash, tx.receipt.revertReason);
  }

  traceBlock() {
    return TRANSACTIONS.map(({ transaction, receipt: { transactionHash, revertReason } }) => ({
      transactionHash,
      execution: execution(transaction, transactionHash, revertReason),
    }));
  }

  async submit(transaction: BroadcastTransaction) {
    this.#fail();
    this.submitted.push(transaction);
    return { transactionHash: 0x1n, classHash: CLASS_HASH, contractAddress: ACCOUNT };
  }

  messagesStatus(hash: bigint) {
    if (hash !== L1_HASH) return undefined;
    return [
      { transactionHash: HASHES.l1Handler, status: { finality: 'ACCEPTED_ON_L2' as const } },
      { transactionHash: 0x105n, status: { finality: 'PRE_CONFIRMED' as const, revertReason: 'no' } },
      { transactionHash: 0x106n, status: { finality: 'RECEIVED' as const } },
    ];
  }

  #fail(): void {
    if (this.failure !== undefined) throw this.failure;
  }
}

import { type Felt, getPublicKey, sign } from '@cairn/primitives';
import type { KeyValueEngine, StoredBlock } from '@cairn/storage';
import { NodeBackend } from './backend/nodeBackend.ts';
import { Chain } from './chain/chain.ts';
import { ChainFeed } from './chain/chainFeed.ts';
import { ClassCompiler } from './classes/classCompiler.ts';
import { type Clock, SYSTEM_CLOCK } from './clock.ts';
import { DevChain } from './dev/devChain.ts';
import { DevClock } from './dev/devClock.ts';
import { DevState } from './dev/devState.ts';
import type { ForkPoint } from './fork/forkPoint.ts';
import { Gateway } from './gateway/gateway.ts';
import { devSequencerKey } from './genesis/devAccounts.ts';
import type { GenesisConfig } from './genesis/genesis.ts';
import { L1Inbox } from './l1/l1Inbox.ts';
import type { L1Messaging } from './l1/l1Messaging.ts';
import { L1PriceFeed } from './l1/l1PriceFeed.ts';
import { DEFAULT_MEMPOOL_LIMITS, Mempool, type MempoolLimits } from './mempool/mempool.ts';
import { type OsCheckEvents, OsChecker } from './os/osChecker.ts';
import { type BlockMode, BlockProducer, type DroppedTransaction } from './producer/blockProducer.ts';

export interface SequencerConfig {
  genesis: GenesisConfig;
  /** The block of another chain to go on from. */
  fork?: ForkPoint;
  blockMode: BlockMode;
  minGasPriceFri: bigint;
  /** Private key that signs the blocks; by default one that everyone can compute from the seed. */
  sequencerKey?: bigint;
  /** Ethereum node whose fees give the prices of L1 gas, and what an ETH costs. */
  l1?: { url: string; strkPerEth: bigint };
  /** How long a message from L1 rests before a block may take it, for L1 may still be reorganised; 0 by default. */
  messageCooldownMs?: number;
  /** The connection to a core contract, for clients that ask about it; {@link Sequencer.l1} is told what happens there. */
  messaging?: L1Messaging;
  mempoolLimits?: MempoolLimits;
  clock?: Clock;
  /** Runs every block through the Starknet OS in the background, and tells what comes of it. */
  osCheck?: OsCheckEvents;
  onBlock?: (block: StoredBlock) => void;
  onDrop?: (dropped: DroppedTransaction) => void;
  onError?: (error: unknown) => void;
}

/** How many dropped transactions are remembered for those who ask. */
const REMEMBERED_DROPS = 1_000;

/** A sequencer in one process: chain, mempool, gateway and block production, wired together. */
export class Sequencer {
  readonly chain: Chain;
  readonly mempool: Mempool;
  readonly producer: BlockProducer;
  readonly gateway: Gateway;
  readonly backend: NodeBackend;
  readonly dev: DevChain;
  /** Whoever follows the core contract on L1 tells it what happens there, from the first event on at every start. */
  readonly l1: L1Inbox;
  readonly #compiler: ClassCompiler;
  readonly #l1Prices: L1PriceFeed | undefined;
  readonly osChecker: OsChecker | undefined;

  /** @throws CairnError when the database belongs to another chain. */
  constructor(engine: KeyValueEngine, config: SequencerConfig) {
    const systemClock = config.clock ?? SYSTEM_CLOCK;
    const clock = new DevClock(systemClock);
    const devState = new DevState();
    const chain = Chain.open(engine, config.genesis, config.fork);
    const mempool = new Mempool(config.mempoolLimits ?? DEFAULT_MEMPOOL_LIMITS);
    const dropped = new Map<Felt, DroppedTransaction>();
    const onError = (error: unknown): void => config.onError?.(error);
    const feed = new ChainFeed(onError);
    const { l1, messaging } = config;
    const prices = l1 && new L1PriceFeed(l1.url, l1.strkPerEth, onError);
    const producer = new BlockProducer({
      l1Prices: () => prices?.latest,
      chain,
      mempool,
      clock,
      mode: config.blockMode,
      minGasPriceFri: config.minGasPriceFri,
      dev: devState,
      events: {
        transactionExecuted: () => {
          const { transactions, environment } = producer.preConfirmed;
          const index = transactions.length - 1;
          const { transaction, receipt } = transactions[index]!;
          const { blockNumber } = environment.block;
          const place = { index, finality: 'PRE_CONFIRMED' as const, blockNumber };
          feed.tell({ kind: 'preConfirmed', transaction: { transaction, receipt, ...place } });
        },
        blockClosed: (block) => {
          feed.tell({ kind: 'block', blockNumber: block.block.header.blockNumber });
          this.osChecker?.wake();
          config.onBlock?.(block);
        },
        transactionDropped: (drop) => {
          if (dropped.size >= REMEMBERED_DROPS) dropped.delete(dropped.keys().next().value!);
          dropped.set(drop.hash, drop);
          this.l1.refused(drop.hash);
          config.onDrop?.(drop);
        },
        reopened: () => this.l1.reopened(),
        failed: onError,
      },
    });
    const isKnown = (hash: Felt): boolean =>
      chain.store.transactionPlace(hash) !== undefined ||
      producer.preConfirmed.transactions.some(({ receipt }) => receipt.transactionHash === hash);
    const view = () => ({
      state: producer.preConfirmed.state,
      block: producer.preConfirmed.environment.block,
    });
    const compiler = new ClassCompiler();
    const gateway = new Gateway({ chain, mempool, compiler, feed, clock, view, isKnown, dev: devState });
    this.l1 = new L1Inbox({
      chain,
      producer,
      feed,
      // Dev verbs that move the time do not move it on L1.
      clock: systemClock,
      cooldownMs: config.messageCooldownMs ?? 0,
      isKnown,
      onError,
    });
    const parts = { chain, mempool, producer, gateway, feed, clock, isKnown, l1: this.l1 };
    this.dev = new DevChain({ ...parts, state: devState, ...(messaging && { messaging }) });
    this.#compiler = compiler;
    this.#l1Prices = prices;
    if (config.osCheck !== undefined && config.fork === undefined) {
      const checker = new OsChecker(chain, () => mempool.size > 0, config.osCheck);
      feed.listen((event) => {
        if (event.kind === 'reorg') checker.reverted(event.first.number - 1);
      });
      this.osChecker = checker;
    }
    this.chain = chain;
    this.mempool = mempool;
    this.producer = producer;
    this.gateway = gateway;
    const { sequencerKey = devSequencerKey(config.genesis.seed) } = config;
    const signer = {
      publicKey: getPublicKey(sequencerKey),
      sign: (blockHash: Felt) => sign(sequencerKey, blockHash),
    };
    this.backend = new NodeBackend({
      chain,
      mempool,
      producer,
      gateway,
      compiler,
      feed,
      dropped,
      l1: this.l1,
      coreContract: () => messaging?.coreContract,
      signer,
      clock,
    });
  }

  /** Takes back what waited before a restart and starts making blocks. */
  start(): void {
    this.gateway.restore();
    this.#l1Prices?.start();
    this.osChecker?.wake();
    this.producer.start();
  }

  async stop(): Promise<void> {
    this.producer.stop();
    this.l1.stop();
    this.#l1Prices?.stop();
    await this.osChecker?.stop();
    await this.#compiler.close();
    await this.chain.close();
  }
}

import { BlockExecutor, nextL2GasPrice, SEQUENCING_FLAGS, senderAddress } from '@cairn/execution';
import { CairnError, type ContractAddress, type Felt, hasCode } from '@cairn/primitives';
import type { BlockContext, GasPrices, L1HandlerTransaction } from '@cairn/protocol';
import type { StateOverlay } from '@cairn/state';
import type { StoredBlock, StoredClass } from '@cairn/storage';
import type { Chain } from '../chain/chain.ts';
import type { Clock } from '../clock.ts';
import { SEQUENCER_ADDRESS } from '../genesis/genesis.ts';
import type { L1Prices } from '../l1/l1GasPrices.ts';
import type { Mempool, PooledTransaction } from '../mempool/mempool.ts';

/** How long to wait for the node whose chain is forked. */
const RETRY_MS = 1_000;

/** When a block is closed: after each transaction, after a time, or only when asked. */
export type BlockMode =
  | { kind: 'transaction' }
  | { kind: 'interval'; blockTimeMs: number }
  | { kind: 'demand' };

/** A transaction that was accepted and then found unfit for any block. */
export interface DroppedTransaction {
  hash: Felt;
  reason: CairnError;
}

/** A message from L1 on its way into a block. */
export interface L1Message {
  transaction: L1HandlerTransaction;
  hash: Felt;
  paidFeeOnL1Wei: bigint;
}

/** What development verbs change about the making of blocks. */
export interface DevOverrides {
  /** True for senders whose signature is not checked. */
  isImpersonated(sender: ContractAddress): boolean;
  /** The gas prices of the next block, given those it would have. */
  gasPrices(prices: GasPrices): GasPrices;
}

/** Nothing changed. */
export const NO_OVERRIDES: DevOverrides = { isImpersonated: () => false, gasPrices: (prices) => prices };

/** What the producer tells its owner. */
export interface ProducerEvents {
  /** The open block has taken a transaction, its last one now. */
  transactionExecuted?: () => void;
  blockClosed?: (block: StoredBlock) => void;
  transactionDropped?: (dropped: DroppedTransaction) => void;
  /** What waited and what the open block held is forgotten. */
  reopened?: () => void;
  /** A bug or a full disk: the producer goes on with the next transaction. */
  failed?: (error: unknown) => void;
}

/**
 * Takes transactions from the mempool, executes them in the pre-confirmed block, and closes blocks. All its
 * work happens between turns of the event loop, one transaction a turn, so that requests are served meanwhile.
 */
export class BlockProducer {
  readonly #chain: Chain;
  readonly #mempool: Mempool;
  readonly #clock: Clock;
  readonly #mode: BlockMode;
  readonly #minGasPriceFri: bigint;
  readonly #events: ProducerEvents;
  readonly #dev: DevOverrides;
  readonly #l1Prices: () => L1Prices | undefined;
  /** Messages from L1 that wait for a block. */
  readonly #messages: L1Message[] = [];
  #executor: BlockExecutor;
  #classes = new Map<Felt, StoredClass>();
  #scheduled = false;
  #timer: NodeJS.Timeout | undefined;
  #stopped = true;
  #idleWaiters: (() => void)[] = [];

  constructor(input: {
    chain: Chain;
    mempool: Mempool;
    clock: Clock;
    mode: BlockMode;
    minGasPriceFri: bigint;
    events?: ProducerEvents;
    dev?: DevOverrides;
    /** Prices of L1 as they are now; undefined leaves those of the block before. */
    l1Prices?: () => L1Prices | undefined;
  }) {
    this.#chain = input.chain;
    this.#mempool = input.mempool;
    this.#clock = input.clock;
    this.#mode = input.mode;
    this.#minGasPriceFri = input.minGasPriceFri;
    this.#events = input.events ?? {};
    this.#dev = input.dev ?? NO_OVERRIDES;
    this.#l1Prices = input.l1Prices ?? (() => undefined);
    this.#executor = this.#openBlock();
  }

  /** The block being built. */
  get preConfirmed(): BlockExecutor {
    return this.#executor;
  }

  start(): void {
    this.#stopped = false;
    if (this.#mode.kind === 'interval') {
      this.#timer = setInterval(() => this.#guard(() => this.#closeBlock()), this.#mode.blockTimeMs);
    }
    this.wake();
  }

  /** Stops taking transactions; those in the open block go back to the mempool's store. */
  stop(): void {
    this.#stopped = true;
    clearInterval(this.#timer);
  }

  /** Tells the producer that the mempool has changed. */
  wake(): void {
    if (this.#scheduled || this.#stopped) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      if (!this.#stopped) this.#guard(() => this.#turn());
    });
  }

  /** Takes a message from L1 in: its handler runs in the next turn. */
  addMessage(message: L1Message): void {
    this.#messages.push(message);
    this.wake();
  }

  /** Takes a waiting message out again; false when none with this hash waits (any more). */
  removeMessage(hash: Felt): boolean {
    const index = this.#messages.findIndex((message) => message.hash === hash);
    if (index >= 0) this.#messages.splice(index, 1);
    return index >= 0;
  }

  /** True for messages that wait for a block. */
  hasMessage(hash: Felt): boolean {
    return this.#messages.some((message) => message.hash === hash);
  }

  /** Opens the block anew on the head of the chain, without what it held. */
  reopen(): void {
    this.#classes = new Map();
    this.#messages.length = 0;
    this.#executor = this.#openBlock();
    this.#events.reopened?.();
  }

  /** Closes a block of its own that changes the state without any transaction. */
  editState(edit: (state: StateOverlay) => void): StoredBlock {
    if (this.#executor.transactions.length > 0) this.#closeBlock();
    this.#refresh();
    edit(this.#executor.state);
    return this.#closeBlock(false);
  }

  /** Closes the open block now, even an empty one, and returns it. */
  closeBlock(): StoredBlock {
    return this.#closeBlock();
  }

  /** Resolves when no waiting transaction can enter the open block any more. */
  whenIdle(): Promise<void> {
    if (!this.#scheduled) return Promise.resolve();
    return new Promise((resolve) => this.#idleWaiters.push(resolve));
  }

  /** One transaction; then the next turn of the event loop. */
  #turn(): void {
    this.#refresh();
    const message = this.#messages.shift();
    if (message !== undefined) {
      this.#handle(message);
      return;
    }
    const price = this.#executor.environment.block.gasPrices.l2Gas.priceInFri;
    const next = this.#mempool.takeNext(price);
    if (!next) {
      for (const resolve of this.#idleWaiters.splice(0)) resolve();
      return;
    }
    this.#attempt(
      () => this.#execute(next),
      () => this.#mempool.giveBack(next),
      (error) => this.#drop(next, error),
    );
  }

  #handle(message: L1Message): void {
    const { transaction, hash, paidFeeOnL1Wei } = message;
    this.#attempt(
      () => {
        this.#executor.execute({ transaction, hash, codeSize: 0, paidFeeOnL1Wei });
        this.#events.transactionExecuted?.();
      },
      () => this.#messages.unshift(message),
      (error) => this.#tellDropped(hash, error),
    );
  }

  /** Adds a transaction to the open block. One that does not fit, or cannot be run now, is given back; an unfit one dropped. */
  #attempt(execute: () => void, giveBack: () => void, drop: (error: unknown) => void): void {
    try {
      execute();
      if (this.#mode.kind === 'transaction') this.#closeBlock();
    } catch (error) {
      if (hasCode(error, 'BLOCK_FULL') && this.#executor.transactions.length > 0) {
        giveBack();
        this.#closeBlock();
      } else if (hasCode(error, 'FORK_ORIGIN_UNREACHABLE')) {
        giveBack();
        this.#events.failed?.(error);
        setTimeout(() => this.wake(), RETRY_MS).unref();
        return;
      } else drop(error);
    }
    this.wake();
  }

  #execute({ transaction, hash, codeSize }: PooledTransaction): void {
    const validate = !this.#dev.isImpersonated(senderAddress(transaction));
    this.#executor.execute(
      { transaction, hash, codeSize, paidFeeOnL1Wei: 0n },
      { ...SEQUENCING_FLAGS, validate },
    );
    if (transaction.type === 'DECLARE') {
      this.#classes.set(transaction.classHash, this.#chain.classes.storedClass(transaction.classHash)!);
    }
    this.#events.transactionExecuted?.();
  }

  /** Removes a transaction that no block can hold, and lets its sender's nonce fall back. */
  #drop(tx: PooledTransaction, error: unknown): void {
    const sender = senderAddress(tx.transaction);
    const passed = this.#mempool.resetNonce(sender, this.#executor.state.nonceAt(sender));
    this.#chain.store.removePending([tx.hash, ...passed.map((other) => other.hash)]);
    if (tx.transaction.type === 'DECLARE') this.#chain.classes.dropUndeclared(tx.transaction.classHash);
    this.#tellDropped(tx.hash, error);
  }

  #tellDropped(hash: Felt, error: unknown): void {
    if (error instanceof CairnError) this.#events.transactionDropped?.({ hash, reason: error });
    else this.#events.failed?.(error);
  }

  /** A block that has waited empty gets the time of now. */
  #refresh(): void {
    if (this.#executor.transactions.length === 0) this.#executor = this.#openBlock();
  }

  #closeBlock(isRefreshed = true): StoredBlock {
    if (isRefreshed) this.#refresh();
    const executor = this.#executor;
    const transactions = executor.transactions.map(({ transaction, receipt }) => ({ transaction, receipt }));
    const block = this.#chain.append(
      executor.environment.block,
      transactions,
      executor.finish(),
      this.#classes,
    );
    this.#classes = new Map();
    this.#mempool.settle();
    this.#chain.store.removePending(this.#mempool.expire(this.#clock.nowMs()).map((tx) => tx.hash));
    this.#executor = this.#openBlock();
    this.#events.blockClosed?.(block);
    return block;
  }

  #openBlock(): BlockExecutor {
    const parent = this.#chain.head.block;
    const { header } = parent;
    const blockNumber = header.blockNumber + 1;
    const context: BlockContext = {
      blockNumber,
      timestamp: Math.max(Math.floor(this.#clock.nowMs() / 1000), header.timestamp),
      sequencerAddress: SEQUENCER_ADDRESS,
      gasPrices: this.#nextGasPrices(header.gasPrices, gasUsed(this.#chain.head)),
      l1DaMode: header.l1DaMode,
      starknetVersion: header.starknetVersion,
    };
    return new BlockExecutor(
      this.#chain.headState,
      this.#chain.environment(context),
      this.#chain.readableHash(blockNumber),
    );
  }

  /** L1 prices follow L1, if one is there; the price of L2 gas follows demand, its wei form at the ratio of the L1 prices. */
  #nextGasPrices(prices: GasPrices, used: bigint): GasPrices {
    const priceInFri = nextL2GasPrice(
      prices.l2Gas.priceInFri,
      used,
      this.#chain.constants,
      this.#minGasPriceFri,
    );
    const { l1Gas, l1DataGas } = this.#l1Prices() ?? prices;
    const priceInWei = (priceInFri * l1Gas.priceInWei) / l1Gas.priceInFri;
    const next = { l1Gas, l1DataGas, l2Gas: { priceInFri, priceInWei: priceInWei > 0n ? priceInWei : 1n } };
    return this.#dev.gasPrices(next);
  }

  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#events.failed?.(error);
    }
  }
}

/** L2 gas that the transactions of a block were charged. */
function gasUsed({ block }: StoredBlock): bigint {
  return block.transactions.reduce((sum, { receipt }) => sum + receipt.resources.totalGasConsumed.l2Gas, 0n);
}

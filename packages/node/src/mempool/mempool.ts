import { senderAddress } from '@cairn/execution';
import { CairnError, type ContractAddress, type Felt, formatFelt } from '@cairn/primitives';
import type { AccountTransaction } from '@cairn/protocol';
import type { NodeErrorCode } from '../errors.ts';

/** A transaction that passed the gateway. */
export interface PooledTransaction {
  transaction: AccountTransaction;
  hash: Felt;
  /** Bytes a declare is charged for, 0 otherwise. */
  codeSize: number;
  receivedAtMs: number;
}

/** Bounds of what the mempool holds. */
export interface MempoolLimits {
  maxTransactionCount: number;
  maxTransactionsPerAccount: number;
  timeToLiveMs: number;
  /** Percent by which tip and price must rise to replace a transaction. */
  replacementBumpPercent: bigint;
}

export const DEFAULT_MEMPOOL_LIMITS: MempoolLimits = {
  maxTransactionCount: 20_000,
  maxTransactionsPerAccount: 1_000,
  timeToLiveMs: 600_000,
  replacementBumpPercent: 10n,
};

/**
 * Transactions waiting for a block: at most one per account and nonce. Those whose turn it is leave by tip,
 * then by arrival. Pure: no clock and no I/O.
 */
export class Mempool {
  readonly #limits: MempoolLimits;
  readonly #byHash = new Map<Felt, PooledTransaction>();
  /** Sender → nonce → transaction. */
  readonly #accounts = new Map<ContractAddress, Map<Felt, PooledTransaction>>();
  /** Next nonce of each sender with pooled transactions. */
  readonly #nextNonces = new Map<ContractAddress, Felt>();
  /** Transactions whose turn it is, best first. */
  #ready: PooledTransaction[] = [];

  constructor(limits: MempoolLimits = DEFAULT_MEMPOOL_LIMITS) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#byHash.size;
  }

  has(hash: Felt): boolean {
    return this.#byHash.has(hash);
  }

  get(hash: Felt): PooledTransaction | undefined {
    return this.#byHash.get(hash);
  }

  all(): Iterable<PooledTransaction> {
    return this.#byHash.values();
  }

  /** How many nonces before `nonce` neither a block nor a waiting transaction has taken. */
  missingBefore(sender: ContractAddress, accountNonce: Felt, nonce: Felt): bigint {
    const next = this.#nextNonces.get(sender) ?? accountNonce;
    let missing = nonce - next;
    for (const waiting of this.#accounts.get(sender)?.keys() ?? []) {
      if (waiting >= next && waiting < nonce) missing--;
    }
    return missing;
  }

  /** True when the sender waits with an account deployment: its account will exist. */
  hasDeployment(sender: ContractAddress): boolean {
    return this.#accounts.get(sender)?.get(0n)?.transaction.type === 'DEPLOY_ACCOUNT';
  }

  /**
   * Takes a transaction in; `accountNonce` is its sender's nonce after the blocks so far. Returns the
   * transaction it replaces, if any.
   * @throws CairnError `DUPLICATE_TRANSACTION`, `INVALID_NONCE`, `REPLACEMENT_UNDERPRICED` or `MEMPOOL_FULL`
   */
  add(tx: PooledTransaction, accountNonce: Felt): PooledTransaction | undefined {
    if (this.#byHash.has(tx.hash)) {
      throw refuse('DUPLICATE_TRANSACTION', `transaction ${formatFelt(tx.hash)} is already waiting`);
    }
    const sender = senderAddress(tx.transaction);
    const { nonce } = tx.transaction;
    const expected = this.#nextNonces.get(sender) ?? accountNonce;
    if (nonce < expected) {
      throw refuse('INVALID_NONCE', `nonce is used: got ${nonce}, expected at least ${expected}`);
    }
    const account = this.#accounts.get(sender);
    const replaced = account?.get(nonce);
    if (replaced) this.#checkReplacement(replaced.transaction, tx.transaction);
    else this.#checkRoom(account?.size ?? 0);

    if (replaced) this.#remove(replaced);
    if (!this.#accounts.has(sender)) {
      this.#accounts.set(sender, new Map());
      this.#nextNonces.set(sender, expected);
    }
    this.#accounts.get(sender)!.set(nonce, tx);
    this.#byHash.set(tx.hash, tx);
    if (nonce === expected) this.#makeReady(tx);
    return replaced;
  }

  /**
   * Takes out the transaction that goes next, undefined when none can. The sender's following transaction
   * becomes ready; {@link giveBack} undoes that.
   */
  takeNext(maxL2GasPriceFri: bigint): PooledTransaction | undefined {
    const index = this.#ready.findIndex(
      (tx) => tx.transaction.resourceBounds.l2Gas.maxPricePerUnit >= maxL2GasPriceFri,
    );
    if (index < 0) return undefined;
    const [tx] = this.#ready.splice(index, 1) as [PooledTransaction];
    const sender = senderAddress(tx.transaction);
    const next = tx.transaction.nonce + 1n;
    this.#nextNonces.set(sender, next);
    this.#remove(tx);
    this.#nextNonces.set(sender, next);
    const following = this.#accounts.get(sender)?.get(next);
    if (following) this.#makeReady(following);
    return tx;
  }

  /** Returns a transaction that was taken but did not fit; it keeps its place. */
  giveBack(tx: PooledTransaction): void {
    const sender = senderAddress(tx.transaction);
    this.#ready = this.#ready.filter((other) => senderAddress(other.transaction) !== sender);
    this.#nextNonces.set(sender, tx.transaction.nonce);
    if (!this.#accounts.has(sender)) this.#accounts.set(sender, new Map());
    this.#accounts.get(sender)!.set(tx.transaction.nonce, tx);
    this.#byHash.set(tx.hash, tx);
    this.#makeReady(tx);
  }

  /**
   * Follows a sender's nonce after its transaction was refused: what comes after it waits for that nonce
   * again. Transactions that the nonce has passed are dropped and returned.
   */
  resetNonce(sender: ContractAddress, accountNonce: Felt): PooledTransaction[] {
    this.#ready = this.#ready.filter((tx) => senderAddress(tx.transaction) !== sender);
    const account = this.#accounts.get(sender);
    const passed = [...(account?.values() ?? [])].filter((tx) => tx.transaction.nonce < accountNonce);
    for (const tx of passed) this.#remove(tx);
    this.#nextNonces.set(sender, accountNonce);
    const next = this.#accounts.get(sender)?.get(accountNonce);
    if (next) this.#makeReady(next);
    else if (!this.#accounts.has(sender)) this.#nextNonces.delete(sender);
    return passed;
  }

  /** Forgets senders' nonces that no waiting transaction depends on; called when a block is closed. */
  settle(): void {
    for (const sender of this.#nextNonces.keys()) {
      if (!this.#accounts.has(sender)) this.#nextNonces.delete(sender);
    }
  }

  /** Drops and returns everything. */
  clear(): PooledTransaction[] {
    const all = [...this.#byHash.values()];
    this.#byHash.clear();
    this.#accounts.clear();
    this.#nextNonces.clear();
    this.#ready = [];
    return all;
  }

  /** Drops and returns what has waited too long. */
  expire(nowMs: number): PooledTransaction[] {
    const expired = [...this.#byHash.values()].filter(
      (tx) => nowMs - tx.receivedAtMs > this.#limits.timeToLiveMs,
    );
    for (const tx of expired) this.#remove(tx);
    return expired;
  }

  #checkReplacement(old: AccountTransaction, replacement: AccountTransaction): void {
    const bumped = (value: bigint): bigint => {
      const raise = value * this.#limits.replacementBumpPercent;
      return value + (raise + 99n) / 100n;
    };
    const neededTip = bumped(old.tip);
    const neededPrice = bumped(old.resourceBounds.l2Gas.maxPricePerUnit);
    const price = replacement.resourceBounds.l2Gas.maxPricePerUnit;
    if (replacement.tip < neededTip || price < neededPrice) {
      throw refuse(
        'REPLACEMENT_UNDERPRICED',
        `replacement pays too little: got tip ${replacement.tip} and L2 gas price ${price}, expected at least ${neededTip} and ${neededPrice}`,
      );
    }
  }

  #checkRoom(accountSize: number): void {
    const { maxTransactionCount, maxTransactionsPerAccount } = this.#limits;
    if (this.#byHash.size >= maxTransactionCount) {
      throw refuse('MEMPOOL_FULL', `the mempool is full: ${maxTransactionCount} transactions wait`);
    }
    if (accountSize >= maxTransactionsPerAccount) {
      throw refuse(
        'MEMPOOL_FULL',
        `the account has ${maxTransactionsPerAccount} transactions waiting, the most allowed`,
      );
    }
  }

  #makeReady(tx: PooledTransaction): void {
    const index = this.#ready.findIndex((other) => other.transaction.tip < tx.transaction.tip);
    this.#ready.splice(index < 0 ? this.#ready.length : index, 0, tx);
  }

  #remove(tx: PooledTransaction): void {
    const sender = senderAddress(tx.transaction);
    this.#byHash.delete(tx.hash);
    this.#ready = this.#ready.filter((other) => other !== tx);
    const account = this.#accounts.get(sender);
    account?.delete(tx.transaction.nonce);
    if (account?.size === 0) this.#accounts.delete(sender);
  }
}

function refuse(code: NodeErrorCode, message: string): CairnError {
  return new CairnError<NodeErrorCode>(code, message);
}

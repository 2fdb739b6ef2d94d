import {
  SEQUENCING_FLAGS,
  senderAddress,
  transactionInfo,
  validateAccountTransaction,
} from '@cairn/execution';
import { CairnError, type Felt, formatFelt, selectorFromName } from '@cairn/primitives';
import {
  type BlockContext,
  type DeclareV3,
  deployedAddress,
  type SierraClass,
  transactionHash,
} from '@cairn/protocol';
import type { AcceptedTransaction, BroadcastTransaction } from '@cairn/rpc';
import { StateOverlay, type StateReader } from '@cairn/state';
import type { StoredClass } from '@cairn/storage';
import type { Chain } from '../chain/chain.ts';
import type { ChainFeed } from '../chain/chainFeed.ts';
import type { ClassCompiler } from '../classes/classCompiler.ts';
import type { Clock } from '../clock.ts';
import type { NodeErrorCode } from '../errors.ts';
import type { Mempool, PooledTransaction } from '../mempool/mempool.ts';
import type { DevOverrides } from '../producer/blockProducer.ts';
import { checkStateless } from './statelessChecks.ts';

const VALIDATE = selectorFromName('__validate__');

/** How many nonces before a transaction's own may still be missing. */
const MAX_MISSING_NONCES = 200n;

/** The record of an accepted transaction that survives a restart. */
export interface PendingRecord extends PooledTransaction {
  /** Class of a declare. */
  declared?: StoredClass;
}

/** What the gateway looks at beside the transaction. */
export interface GatewayView {
  /** State after everything that is already in a block, the pre-confirmed one included. */
  state: StateReader;
  /** The block that the transaction would enter. */
  block: BlockContext;
}

/** The door of the chain: admits transactions to the mempool, durably. */
export class Gateway {
  readonly #chain: Chain;
  readonly #mempool: Mempool;
  readonly #compiler: ClassCompiler;
  readonly #feed: ChainFeed;
  readonly #clock: Clock;
  readonly #view: () => GatewayView;
  readonly #dev: DevOverrides;
  readonly #isKnown: (hash: Felt) => boolean;

  constructor(input: {
    chain: Chain;
    mempool: Mempool;
    compiler: ClassCompiler;
    feed: ChainFeed;
    clock: Clock;
    view: () => GatewayView;
    dev: DevOverrides;
    /** True for transactions that a block holds. */
    isKnown: (hash: Felt) => boolean;
  }) {
    this.#chain = input.chain;
    this.#mempool = input.mempool;
    this.#compiler = input.compiler;
    this.#feed = input.feed;
    this.#clock = input.clock;
    this.#view = input.view;
    this.#dev = input.dev;
    this.#isKnown = input.isKnown;
  }

  /**
   * Checks a transaction, first alone, then against the state with `__validate__`, and takes it into the
   * mempool. When the promise resolves the transaction survives a crash.
   * @throws CairnError with the code of what is wrong
   */
  async submit(broadcast: BroadcastTransaction): Promise<AcceptedTransaction> {
    const { transaction, sierraClass, query, hasProof } = broadcast;
    if (query)
      throw refuse(
        'UNSUPPORTED_TRANSACTION_VERSION',
        'a transaction with the query bit can only be simulated',
      );
    if (hasProof || (transaction.type === 'INVOKE' && (transaction.proofFacts?.length ?? 0) > 0)) {
      throw refuse('INVALID_PROOF', 'client-side proofs are not accepted by this chain yet');
    }
    const { constants, info } = this.#chain;
    checkStateless(transaction, sierraClass, constants);
    const classHash = sierraClass && (await this.#compiler.classHash(sierraClass));
    const complete = transaction.type === 'DECLARE' ? { ...transaction, classHash: classHash! } : transaction;

    const hash = transactionHash(complete, info.chainId);
    this.#checkUnknown(hash);
    let declared: StoredClass | undefined;
    if (complete.type === 'DECLARE') {
      declared = await this.#compileDeclared(complete, sierraClass!);
      this.#checkUnknown(hash);
    }
    const pooled: PooledTransaction = {
      transaction: complete,
      hash,
      codeSize: declared ? codeSize(declared) : 0,
      receivedAtMs: this.#clock.nowMs(),
    };
    this.#checkState(pooled);

    // Into the pool without another wait: transactions that come together must see each other.
    if (declared) this.#chain.classes.addUndeclared(classHash!, declared);
    const replaced = this.#mempool.add(pooled, this.#view().state.nonceAt(senderAddress(complete)));
    this.#feed.tell({ kind: 'received', transactionHash: hash, transaction: complete });
    const record: PendingRecord = { ...pooled, ...(declared ? { declared } : {}) };
    await this.#chain.store.addPending(hash, record);
    if (replaced) this.#chain.store.removePending([replaced.hash]);
    // A block may have overtaken the record; it would stay for ever.
    if (this.#chain.store.transactionPlace(hash)) this.#chain.store.removePending([hash]);
    return {
      transactionHash: hash,
      ...(classHash === undefined ? {} : { classHash }),
      ...(complete.type === 'DEPLOY_ACCOUNT' ? { contractAddress: deployedAddress(complete) } : {}),
    };
  }

  /** Takes back the transactions that were accepted before a restart. */
  restore(): void {
    const records = [...this.#chain.store.pending<PendingRecord>()];
    records.sort((a, b) => (a.transaction.nonce < b.transaction.nonce ? -1 : 1));
    for (const { declared, ...pooled } of records) {
      if (declared && pooled.transaction.type === 'DECLARE') {
        this.#chain.classes.addUndeclared(pooled.transaction.classHash, declared);
      }
      try {
        this.#mempool.add(pooled, this.#view().state.nonceAt(senderAddress(pooled.transaction)));
      } catch {
        // A block took the transaction's nonce in the meantime.
        this.#chain.store.removePending([pooled.hash]);
      }
    }
  }

  #checkUnknown(hash: Felt): void {
    if (this.#mempool.has(hash) || this.#isKnown(hash))
      throw refuse('DUPLICATE_TRANSACTION', `transaction ${formatFelt(hash)} was sent before`);
  }

  async #compileDeclared(tx: DeclareV3, sierra: SierraClass): Promise<StoredClass> {
    if (this.#view().state.compiledClassHash(tx.classHash) !== 0n) {
      throw new CairnError('CLASS_ALREADY_DECLARED', `class ${formatFelt(tx.classHash)} is already declared`);
    }
    const { casm, compiledClassHash } = await this.#compiler.compile(
      sierra,
      this.#chain.constants.maxBytecodeLength,
    );
    if (compiledClassHash !== tx.compiledClassHash) {
      throw refuse(
        'COMPILED_CLASS_HASH_MISMATCH',
        `compiled class hash: got ${formatFelt(tx.compiledClassHash)}, expected ${formatFelt(compiledClassHash)} (Blake2s form, Sierra compiler 2.20.0)`,
      );
    }
    return { sierra, casm };
  }

  #checkState({ transaction, hash, codeSize: size }: PooledTransaction): void {
    const { state, block } = this.#view();
    const sender = senderAddress(transaction);
    this.#checkIsAccount(sender, state);
    const accountNonce = state.nonceAt(sender);
    const { nonce } = transaction;
    if (transaction.type === 'DEPLOY_ACCOUNT' && nonce !== 0n) {
      throw refuse('INVALID_NONCE', `nonce of an account deployment: got ${nonce}, expected 0`);
    }
    const missing = this.#mempool.missingBefore(sender, accountNonce, nonce);
    if (nonce < accountNonce || missing > MAX_MISSING_NONCES) {
      throw refuse(
        'INVALID_NONCE',
        nonce < accountNonce
          ? `nonce of account ${formatFelt(sender)} is used: got ${nonce}, expected at least ${accountNonce}`
          : `nonce of account ${formatFelt(sender)} runs ahead: got ${nonce} with ${missing} missing before it, expected at most ${MAX_MISSING_NONCES}`,
      );
    }
    const price = transaction.resourceBounds.l2Gas.maxPricePerUnit;
    if (price < block.gasPrices.l2Gas.priceInFri) {
      throw refuse(
        'FEE_BELOW_MINIMUM',
        `L2 gas price: got ${price} fri, expected at least ${block.gasPrices.l2Gas.priceInFri}`,
      );
    }
    if (this.#dev.isImpersonated(sender)) return;
    // The account of a transaction right behind its own deployment does not exist yet.
    if (accountNonce === 0n && nonce > 0n && this.#mempool.hasDeployment(sender)) return;
    const context = { ...this.#chain.environment(block), info: transactionInfo(transaction, hash, false) };
    const flags = { ...SEQUENCING_FLAGS, strictNonce: false };
    validateAccountTransaction({ transaction, codeSize: size, context, flags }, new StateOverlay(state));
  }

  /** An address with nothing deployed is let through: validation tells more about it. */
  #checkIsAccount(sender: Felt, state: StateReader): void {
    const casm = this.#chain.classes.executableClass(state.classHashAt(sender))?.casm;
    if (casm && !casm.entryPointsByType.EXTERNAL.some(({ selector }) => selector === VALIDATE)) {
      throw refuse(
        'NON_ACCOUNT',
        `contract ${formatFelt(sender)} is no account: it has no function __validate__`,
      );
    }
  }
}

/** Bytes that a declare pays for: a word for each felt of program and bytecode, and the ABI's text. */
export function codeSize({ sierra, casm }: StoredClass): number {
  const bytecode = (casm as { bytecode: readonly string[] }).bytecode;
  return 32 * (bytecode.length + sierra.sierraProgram.length) + sierra.abi.length;
}

function refuse(code: NodeErrorCode, message: string): CairnError {
  return new CairnError<NodeErrorCode>(code, message);
}

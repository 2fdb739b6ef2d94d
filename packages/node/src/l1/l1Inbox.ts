import { CairnError, type Felt, formatFelt } from '@cairn/primitives';
import type { L1Event, L1Listener } from '@cairn/settlement';
import type { Chain } from '../chain/chain.ts';
import type { ChainFeed } from '../chain/chainFeed.ts';
import type { Clock } from '../clock.ts';
import type { NodeErrorCode } from '../errors.ts';
import type { BlockProducer } from '../producer/blockProducer.ts';
import { L1Acceptance } from './l1Acceptance.ts';
import {
  inOrderOfL1,
  isDeliverable,
  L1MessageBook,
  type L1MessageInclusion,
  type L1MessageRecord,
  type L1MessageState,
  l1MessageState,
} from './l1MessageBook.ts';

/**
 * What a chain hears of L1: messages become transactions of L1 handlers, once each and in the order of L1; state updates
 * move the L1 head. Nothing of the messages is kept on disk: whoever feeds it begins with the first event at every start.
 */
export class L1Inbox implements L1Listener {
  readonly #chain: Chain;
  readonly #producer: BlockProducer;
  readonly #feed: ChainFeed;
  readonly #clock: Clock;
  readonly #cooldownMs: number;
  readonly #isKnown: (transactionHash: Felt) => boolean;
  readonly #onError: (error: unknown) => void;
  readonly #book: L1MessageBook;
  readonly #acceptance: L1Acceptance;
  /** Messages that no closed block has. */
  #waiting = new Map<bigint, L1MessageRecord>();
  /** Messages that the producer was given since it last began anew. */
  readonly #offered = new Set<bigint>();
  /** Transactions that no block can hold. */
  readonly #refused = new Set<Felt>();
  /** Messages that L1 has lost though a block has them, until the owner has been told. */
  readonly #lost = new Set<Felt>();
  #lostCount = 0;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;
  #isFailing = false;
  #readBlock: bigint | undefined;

  constructor(parts: {
    chain: Chain;
    producer: BlockProducer;
    feed: ChainFeed;
    clock: Clock;
    /** How long a message rests here before a block may take it: L1 may still be reorganised. */
    cooldownMs: number;
    /** True for transactions that a block holds, the open one included. */
    isKnown: (transactionHash: Felt) => boolean;
    onError: (error: unknown) => void;
  }) {
    this.#chain = parts.chain;
    this.#producer = parts.producer;
    this.#feed = parts.feed;
    this.#clock = parts.clock;
    this.#cooldownMs = parts.cooldownMs;
    this.#isKnown = parts.isKnown;
    this.#onError = parts.onError;
    this.#book = new L1MessageBook(parts.chain.info.chainId);
    this.#acceptance = new L1Acceptance(parts.chain, parts.feed, parts.onError);
  }

  events(events: readonly L1Event[]): void {
    if (this.#isStopped) return;
    this.#isFailing = false;
    const nowMs = this.#clock.nowMs();
    for (const event of events) {
      if (event.kind === 'stateUpdated') this.#acceptance.accept(event);
      else this.#look(this.#book.apply(event, nowMs));
    }
    this.#offer();
  }

  reorganised(firstBlock: bigint): void {
    if (this.#isStopped) return;
    for (const record of this.#book.takeBack(firstBlock)) this.#look(record);
    this.#acceptance.takeBack(firstBlock);
    this.#offer();
  }

  readUpTo(block: bigint): void {
    if (this.#isStopped) return;
    this.#isFailing = false;
    this.#readBlock = block;
    this.#acceptance.readUpTo(block);
    // Only now: what a reorganisation takes back mostly comes again at once.
    for (const hash of this.#lost) {
      if (this.#inclusionOf(hash) !== 'succeeded') continue;
      this.#lostCount++;
      this.#onError(
        new CairnError<NodeErrorCode>(
          'L1_MESSAGE_LOST',
          `the L1 handler ${formatFelt(hash)} is in a block, but L1 does not have its message any more: the block cannot be settled`,
          { details: { transactionHash: hash } },
        ),
      );
    }
    this.#lost.clear();
  }

  failed(error: unknown): void {
    // Told once, not every time.
    if (!this.#isFailing) this.#onError(error);
    this.#isFailing = true;
  }

  /** State updates on L1 whose block this chain does not have. */
  get mismatchCount(): number {
    return this.#acceptance.mismatchCount;
  }

  /** Messages that L1 lost after a block had taken them. */
  get lostMessageCount(): number {
    return this.#lostCount;
  }

  /** Messages that wait for a block. */
  get pendingMessageCount(): number {
    const hashes = [...this.#waiting.values()].map(({ handler }) => handler!.hash);
    return hashes.filter((hash) => this.messageState(hash) === 'pending').length;
  }

  /** The last L1 block that was read. */
  get readBlock(): bigint | undefined {
    return this.#readBlock;
  }

  /** How far the message is that becomes this transaction; undefined when L1 never sent it. */
  messageState(handlerHash: Felt): L1MessageState | undefined {
    const record = this.#book.ofHandler(handlerHash);
    return record && l1MessageState(record, this.#inclusionOf(handlerHash));
  }

  /** Transactions that the messages of an L1 transaction become, in the order it sent them; undefined when it sent none. */
  handlersOf(l1TransactionHash: bigint): Felt[] | undefined {
    const records = this.#book.ofL1Transaction(l1TransactionHash);
    return records?.flatMap(({ handler }) => (handler ? [handler.hash] : []));
  }

  /** All messages behind the first `skippedCount` in the order in which they arrived here. */
  arrivals(skippedCount: number): L1MessageRecord[] {
    return this.#book.arrivals(skippedCount);
  }

  /** The producer forgot what waited, and perhaps closed blocks are gone: what no block has is offered again. */
  reopened(): void {
    this.#acceptance.reopened();
    this.#offered.clear();
    this.#refused.clear();
    this.#waiting = new Map(this.#book.deliverable().map((record) => [record.messageHash, record]));
    this.#offer();
  }

  /** No block can hold this transaction. */
  refused(transactionHash: Felt): void {
    if (this.#book.ofHandler(transactionHash)) this.#refused.add(transactionHash);
  }

  /** Hears nothing any more: the chain is about to be closed. */
  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  /** Draws the consequences of what L1 has newly said of a message. */
  #look(record: L1MessageRecord): void {
    const { handler, messageHash } = record;
    if (handler === undefined) return;
    this.#lost.delete(handler.hash);
    if (isDeliverable(record)) {
      this.#waiting.set(messageHash, record);
      return;
    }
    this.#waiting.delete(messageHash);
    if (this.#producer.removeMessage(handler.hash)) this.#offered.delete(messageHash);
    const isGone = !record.steps.messageSent || record.steps.messageCanceled !== undefined;
    if (isGone && !record.steps.messageConsumed && this.#inclusionOf(handler.hash) === 'succeeded')
      this.#lost.add(handler.hash);
  }

  /** Gives the producer the messages that have rested long enough. */
  #offer(): void {
    clearTimeout(this.#timer);
    const nowMs = this.#clock.nowMs();
    for (const { messageHash, handler } of this.#waiting.values())
      if (this.#chain.store.transactionPlace(handler!.hash)) this.#waiting.delete(messageHash);
    const waiting = [...this.#waiting.values()].sort(inOrderOfL1);
    for (const { messageHash, handler, feeWei, receivedAtMs } of waiting) {
      const { transaction, hash } = handler!;
      if (this.#offered.has(messageHash) || this.#isKnown(hash)) continue;
      const restMs = receivedAtMs + this.#cooldownMs - nowMs;
      if (restMs > 0) {
        // None overtakes another.
        this.#timer = setTimeout(() => this.#offer(), restMs).unref();
        return;
      }
      this.#offered.add(messageHash);
      this.#producer.addMessage({ transaction, hash, paidFeeOnL1Wei: feeWei });
      this.#feed.tell({ kind: 'received', transactionHash: hash, transaction });
    }
  }

  #inclusionOf(handlerHash: Felt): L1MessageInclusion {
    const place = this.#chain.store.transactionPlace(handlerHash);
    const executed = place
      ? this.#chain.store.block(place.blockNumber)!.block.transactions[place.index]
      : this.#producer.preConfirmed.transactions.find(
          ({ receipt }) => receipt.transactionHash === handlerHash,
        );
    if (executed) return executed.receipt.revertReason === undefined ? 'succeeded' : 'reverted';
    return this.#refused.has(handlerHash) ? 'refused' : 'none';
  }
}

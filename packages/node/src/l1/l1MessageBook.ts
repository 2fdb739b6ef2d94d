import { ADDRESS_BOUND, type Felt, PRIME } from '@cairn/primitives';
import { type L1HandlerTransaction, messageToL2Hash, transactionHash } from '@cairn/protocol';
import type { L1Event, L1Message, L1Place } from '@cairn/settlement';

/** The steps of a message's life that L1 logs. */
type L1Step = 'messageSent' | 'cancellationStarted' | 'messageCanceled' | 'messageConsumed';

/** What L1 logs of messages. */
export type L1MessageEvent = Extract<L1Event, { kind: L1Step }>;

/** A message to this chain and what L1 says of it. */
export interface L1MessageRecord {
  /** Hash under which the core contract keeps it. */
  readonly messageHash: bigint;
  /** The transaction it becomes, and its hash; undefined for a message that no transaction can carry. */
  readonly handler: { readonly transaction: L1HandlerTransaction; readonly hash: Felt } | undefined;
  readonly feeWei: bigint;
  /** When this node learned that it was sent, the last time if that was taken back in between. */
  readonly receivedAtMs: number;
  /** Where L1 logged each step; a step that was taken back is absent. */
  readonly steps: Readonly<Partial<Record<L1Step, L1Place>>>;
}

/** How far a block of this chain has the message. */
export type L1MessageInclusion = 'none' | 'succeeded' | 'reverted' | 'refused';

/**
 * - `pending`: sent, and in no block yet;
 * - `committed`: a block has its transaction, which L1 has not seen yet;
 * - `rejected`: its handler failed or could not run; L1 still has it, and only its sender can cancel it;
 * - `consumed`: L1 has accepted a block with it;
 * - `cancellationStarted`: no block may take it any more; `cancelled`: L1 does not have it any more;
 * - `takenBack`: L1 was reorganised, and in what is the chain now nobody has sent it.
 */
export type L1MessageState =
  | 'pending'
  | 'committed'
  | 'rejected'
  | 'consumed'
  | 'cancellationStarted'
  | 'cancelled'
  | 'takenBack';

/** All that L1 has logged of messages to this chain. Pure: no clock and no I/O. */
export class L1MessageBook {
  readonly #chainId: Felt;
  readonly #records = new Map<bigint, L1MessageRecord>();
  /** Message hash by the hash of the transaction it becomes. */
  readonly #byHandler = new Map<Felt, bigint>();
  /** Message hashes by the hash of the L1 transaction that sent them. */
  readonly #byL1Transaction = new Map<bigint, Set<bigint>>();
  /** Message hashes in the order of their arrival. */
  readonly #arrivals: bigint[] = [];

  constructor(chainId: Felt) {
    this.#chainId = chainId;
  }

  /** Takes in what L1 logged; the same event may come again. */
  apply(event: L1MessageEvent, nowMs: number): L1MessageRecord {
    const { kind, place, message } = event;
    const messageHash = messageToL2Hash(message);
    const known = this.#records.get(messageHash);
    if (known?.steps[kind] !== undefined) return known;
    const sent = kind === 'messageSent' ? { feeWei: event.feeWei, receivedAtMs: nowMs } : {};
    const record: L1MessageRecord = {
      ...(known ?? { messageHash, handler: this.#handlerOf(message), feeWei: 0n, receivedAtMs: nowMs }),
      ...sent,
      steps: { ...known?.steps, [kind]: place },
    };
    this.#records.set(messageHash, record);
    if (record.handler) this.#byHandler.set(record.handler.hash, messageHash);
    if (kind === 'messageSent') {
      this.#arrivals.push(messageHash);
      const l1Transaction = BigInt(place.transactionHash);
      const siblings = this.#byL1Transaction.get(l1Transaction) ?? new Set();
      this.#byL1Transaction.set(l1Transaction, siblings.add(messageHash));
    }
    return record;
  }

  /** Forgets every step that L1 block `firstBlock` or a later one logged; returns what they leave of the messages concerned. */
  takeBack(firstBlock: bigint): L1MessageRecord[] {
    const changed: L1MessageRecord[] = [];
    for (const record of this.#records.values()) {
      const steps = Object.entries(record.steps);
      const kept = steps.filter(([, place]) => place.blockNumber < firstBlock);
      if (kept.length === steps.length) continue;
      const rest = { ...record, steps: Object.fromEntries(kept) };
      this.#records.set(record.messageHash, rest);
      changed.push(rest);
    }
    return changed;
  }

  ofHandler(handlerHash: Felt): L1MessageRecord | undefined {
    return this.#records.get(this.#byHandler.get(handlerHash) ?? -1n);
  }

  /** The messages of an L1 transaction in the order it sent them; undefined when it sent none. */
  ofL1Transaction(l1TransactionHash: bigint): L1MessageRecord[] | undefined {
    const hashes = this.#byL1Transaction.get(l1TransactionHash) ?? [];
    const sent = [...hashes]
      .map((hash) => this.#records.get(hash)!)
      .filter(
        ({ steps }) => steps.messageSent && BigInt(steps.messageSent.transactionHash) === l1TransactionHash,
      );
    return sent.length === 0 ? undefined : sent.sort(inOrderOfL1);
  }

  /** Messages that L1 would let a block consume. */
  deliverable(): L1MessageRecord[] {
    return [...this.#records.values()].filter(isDeliverable);
  }

  /** All messages behind the first `skippedCount` in the order of their arrival; one that was taken back and sent again comes twice. */
  arrivals(skippedCount: number): L1MessageRecord[] {
    return this.#arrivals.slice(skippedCount).map((hash) => this.#records.get(hash)!);
  }

  /** The transaction of a message. L1 lets through words that are no felts, and addresses that are none. */
  #handlerOf({ fromAddress, toAddress, selector, payload, nonce }: L1Message): L1MessageRecord['handler'] {
    const felts = [fromAddress, selector, nonce, ...payload];
    if (toAddress >= ADDRESS_BOUND || felts.some((felt) => felt >= PRIME)) return undefined;
    const transaction: L1HandlerTransaction = {
      type: 'L1_HANDLER',
      version: 0,
      contractAddress: toAddress,
      entryPointSelector: selector,
      calldata: [fromAddress, ...payload],
      nonce,
    };
    return { transaction, hash: transactionHash(transaction, this.#chainId) };
  }
}

/** True for messages that L1 would let a block consume. */
export function isDeliverable({ handler, steps }: L1MessageRecord): boolean {
  return handler !== undefined && steps.messageSent !== undefined && Object.keys(steps).length === 1;
}

export function l1MessageState(
  { steps, handler }: L1MessageRecord,
  inclusion: L1MessageInclusion,
): L1MessageState {
  if (steps.messageConsumed) return 'consumed';
  if (steps.messageCanceled) return 'cancelled';
  if (!steps.messageSent) return 'takenBack';
  if (inclusion === 'succeeded') return 'committed';
  if (steps.cancellationStarted) return 'cancellationStarted';
  return inclusion === 'none' && handler ? 'pending' : 'rejected';
}

/** Both must have been sent. */
export function inOrderOfL1({ steps: a }: L1MessageRecord, { steps: b }: L1MessageRecord): number {
  const [first, second] = [a.messageSent!, b.messageSent!];
  return Number(first.blockNumber - second.blockNumber) || first.logIndex - second.logIndex;
}

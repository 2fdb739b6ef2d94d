import { TOKEN_BRIDGE } from '@cairn/node';
import { type Felt, keccak256, selectorFromName, shortString } from '@cairn/primitives';
import type { L1Event, L1Message, L1Place } from '@cairn/settlement';
import type { StoredBlock } from '@cairn/storage';

/** The bridge on L1 in tests. */
export const L1_BRIDGE = 0xb1dn;

/** What the core contract of an L1 has logged: the events that its watcher tells a node. */
export class L1Log {
  readonly events: L1Event[] = [];
  /** Blocks that are made anew get another hash. */
  #fork = 0;
  #nonce = 0n;
  block = 100n;

  /** A message sent in the newest L1 block; `l1Transaction` groups those of one L1 transaction. */
  send(message: Partial<L1Message>, feeWei = 10n ** 12n, l1Transaction?: number): L1Event {
    const full = { fromAddress: 0xe7n, toAddress: 0x5e1fn, selector: 1n, payload: [], ...message };
    const nonce = message.nonce ?? this.#nonce++;
    return this.#add(
      { kind: 'messageSent', message: { ...full, nonce }, feeWei, timestamp: 1_800_000_000 },
      l1Transaction,
    );
  }

  /** What else happens to a message that was sent. */
  follow(kind: 'cancellationStarted' | 'messageCanceled' | 'messageConsumed', sent: L1Event): L1Event {
    return this.#add({ kind, message: messageOf(sent) });
  }

  /** L1 accepts a block, by what it claims of it. */
  accept(
    { block: { header } }: StoredBlock,
    changes: Partial<{ blockHash: Felt; globalRoot: Felt }> = {},
  ): L1Event {
    const { blockNumber, blockHash, stateRoot: globalRoot } = header;
    return this.#add({ kind: 'stateUpdated', blockNumber, blockHash, globalRoot, ...changes });
  }

  /** Forgets L1 block `first` and all behind it. */
  reorganise(first: bigint): void {
    this.#fork++;
    const kept = this.events.filter(({ place }) => place.blockNumber < first);
    this.events.splice(0, this.events.length, ...kept);
    this.block = first;
  }

  #add(event: DistributiveOmit<L1Event, 'place'>, l1Transaction = 1_000 + this.events.length): L1Event {
    const logIndex = this.events.filter(({ place }) => place.blockNumber === this.block).length;
    const place: L1Place = {
      blockNumber: this.block,
      blockHash: word(`block ${this.block} of ${this.#fork}`),
      transactionHash: word(`transaction ${l1Transaction}`),
      logIndex,
    };
    const added = { place, ...event } as L1Event;
    this.events.push(added);
    return added;
  }
}

type DistributiveOmit<T, K extends string> = T extends unknown ? Omit<T, K> : never;

export function messageOf(sent: L1Event): L1Message {
  return (sent as Extract<L1Event, { kind: 'messageSent' }>).message;
}

/** The message with which the bridge on L1 has a token deployed. */
export function deployment(
  l1Token: bigint,
  name = 'Gold',
  symbol = 'GLD',
  decimals = 6n,
): Partial<L1Message> {
  return {
    fromAddress: L1_BRIDGE,
    toAddress: TOKEN_BRIDGE,
    selector: selectorFromName('handle_token_deployment'),
    payload: [l1Token, shortString(name), shortString(symbol), decimals],
  };
}

function word(name: string): `0x${string}` {
  return `0x${Buffer.from(keccak256(new TextEncoder().encode(name))).toString('hex')}`;
}

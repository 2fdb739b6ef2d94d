import { CairnError, type Felt, formatFelt } from '@cairn/primitives';
import type { L1Event, L1Place } from '@cairn/settlement';
import type { ChainStore } from '@cairn/storage';
import type { Chain } from '../chain/chain.ts';
import type { ChainFeed } from '../chain/chainFeed.ts';
import type { NodeErrorCode } from '../errors.ts';

type L1Update = ReturnType<ChainStore['l1Updates']>[number];

/** A state update that names a block of this chain. */
interface SeenUpdate extends L1Update {
  readonly blockHash: Felt;
}

/** Moves the L1 head of a chain by the state updates of the core contract. */
export class L1Acceptance {
  readonly #chain: Chain;
  readonly #feed: ChainFeed;
  readonly #onError: (error: unknown) => void;
  /** Updates of this run by place, in the order of L1, which is that of their blocks. */
  #seen = new Map<string, SeenUpdate>();
  /** Updates of earlier runs that L1 has not shown again yet, by block number. */
  readonly #unseen: Map<number, L1Update>;
  /** Places of updates that this chain does not agree with. */
  readonly #mismatches = new Set<string>();

  constructor(chain: Chain, feed: ChainFeed, onError: (error: unknown) => void) {
    this.#chain = chain;
    this.#feed = feed;
    this.#onError = onError;
    this.#unseen = new Map(chain.store.l1Updates().map((update) => [update.blockNumber, update]));
  }

  /** State updates whose block this chain does not have. */
  get mismatchCount(): number {
    return this.#mismatches.size;
  }

  accept({ place, blockNumber, blockHash, globalRoot }: Extract<L1Event, { kind: 'stateUpdated' }>): void {
    const name = nameOf(place);
    if (this.#seen.has(name) || this.#mismatches.has(name)) return;
    const header = this.#chain.store.block(blockNumber)?.block.header;
    if (header?.blockHash !== blockHash || header.stateRoot !== globalRoot) {
      this.#mismatches.add(name);
      const own = header && `${formatFelt(header.blockHash)} with root ${formatFelt(header.stateRoot)}`;
      this.#onError(
        new CairnError<NodeErrorCode>(
          'L1_STATE_MISMATCH',
          `L1 accepted a block ${blockNumber} that is not ours: got ${formatFelt(blockHash)} with root ${formatFelt(globalRoot)}, expected ${own ?? 'no such block yet'}`,
          { details: { blockNumber, l1TransactionHash: place.transactionHash } },
        ),
      );
      return;
    }
    const update = {
      blockNumber,
      l1TransactionHash: BigInt(place.transactionHash),
      l1BlockNumber: place.blockNumber,
    };
    this.#seen.set(name, { ...update, blockHash });
    const known = this.#unseen.get(blockNumber);
    this.#unseen.delete(blockNumber);
    // L1 accepts blocks in their order: what it passed over is not there any more.
    this.#forget([...this.#unseen.keys()].filter((number) => number < blockNumber));
    if (!this.#chain.isOnL1(blockNumber)) this.#advance(update);
    else if (known === undefined || !isSame(known, update)) this.#chain.store.addL1Update(update);
  }

  /** L1 took back its block `firstBlock` and all behind it. */
  takeBack(firstBlock: bigint): void {
    const kept = [...this.#seen].filter(([, { l1BlockNumber }]) => l1BlockNumber < firstBlock);
    if (kept.length === this.#seen.size) return;
    this.#seen = new Map(kept);
    this.#retreat();
  }

  /** Up to here L1 has shown everything: an update of an earlier run that was not among it was taken back meanwhile. */
  readUpTo(block: bigint): void {
    const gone = [...this.#unseen.values()].filter(({ l1BlockNumber }) => l1BlockNumber <= block);
    if (gone.length === 0) return;
    this.#forget(gone.map(({ blockNumber }) => blockNumber));
    this.#retreat();
  }

  #forget(unseen: readonly number[]): void {
    for (const blockNumber of unseen) {
      this.#unseen.delete(blockNumber);
      this.#chain.store.removeL1Update(blockNumber);
    }
  }

  /** The chain has other blocks than before: some of them L1 may have accepted long ago. */
  reopened(): void {
    for (const update of this.#seen.values()) {
      if (this.#isOurs(update) && !this.#chain.isOnL1(update.blockNumber)) this.#advance(update);
    }
  }

  #advance({ blockNumber, l1TransactionHash, l1BlockNumber }: L1Update): void {
    this.#chain.store.addL1Update({ blockNumber, l1TransactionHash, l1BlockNumber });
    this.#feed.tell({ kind: 'l1Accepted', blockNumber });
  }

  #isOurs({ blockNumber, blockHash }: SeenUpdate): boolean {
    return this.#chain.store.block(blockNumber)?.block.header.blockHash === blockHash;
  }

  /** Puts the L1 head back to what L1 has accepted of the chain as it is now. */
  #retreat(): void {
    const last = [...this.#seen.values()].findLast((update) => this.#isOurs(update));
    this.#chain.store.setL1Head(last?.blockNumber);
    this.#feed.tell({ kind: 'l1Accepted', blockNumber: last?.blockNumber ?? -1 });
  }
}

function nameOf({ blockHash, logIndex }: L1Place): string {
  return `${blockHash}:${logIndex}`;
}

function isSame(a: L1Update, b: L1Update): boolean {
  return (
    a.blockNumber === b.blockNumber &&
    a.l1TransactionHash === b.l1TransactionHash &&
    a.l1BlockNumber === b.l1BlockNumber
  );
}

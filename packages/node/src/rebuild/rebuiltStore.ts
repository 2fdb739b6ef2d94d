import { CairnError, formatFelt } from '@cairn/primitives';
import { applyStateDiff, EMPTY_ROOTS, type StateStore, type StateStoreBatch, TrieState } from '@cairn/state';
import { ChainStore, decodeRecord, encodeRecord, type KeyValueEngine, MemoryEngine } from '@cairn/storage';
import { Chain } from '../chain/chain.ts';
import type { NodeErrorCode } from '../errors.ts';
import type { GenesisConfig } from '../genesis/genesis.ts';
import type { RebuiltState } from './rebuiltState.ts';

/** The newest rebuilt state, and where L1 told it. */
export interface RebuiltHead extends RebuiltState {
  /** The L1 block with the update; undefined at genesis. */
  readonly l1BlockNumber: bigint | undefined;
}

interface RebuiltRecord {
  /** Core contract on L1, in lower case. */
  core: string;
  genesisRoot: bigint;
  head: Omit<RebuiltHead, 'blockHash' | 'l1BlockNumber'> & Partial<RebuiltHead>;
}

const TABLE = 'rebuilt';
const KEY = new TextEncoder().encode('head');
/** A node does not take such a folder for a chain's, nor the other way round: it has no blocks. */
const IDENTITY = JSON.stringify({ rebuiltFrom: 'L1' });

/** The state of a chain that was rebuilt from L1, in a database of its own: the tries, and how far they go. */
export class RebuiltStore {
  readonly #engine: KeyValueEngine;
  readonly #tries: ChainStore;
  #record: RebuiltRecord;

  private constructor(engine: KeyValueEngine, tries: ChainStore, record: RebuiltRecord) {
    this.#engine = engine;
    this.#tries = tries;
    this.#record = record;
  }

  /**
   * Opens a database to go on with, or begins with the genesis of the settings.
   * @param core address of the core contract on L1.
   * @throws CairnError `OTHER_REBUILD` when it holds the state of another contract or genesis, `CHAIN_MISMATCH` when it holds a
   * chain with blocks.
   */
  static open(engine: KeyValueEngine, core: string, genesis: GenesisConfig): RebuiltStore {
    const tries = new ChainStore(engine, IDENTITY);
    const { block, stateDiff } = Chain.open(new MemoryEngine(), genesis).head;
    const origin = { core: core.toLowerCase(), genesisRoot: block.header.stateRoot };
    const found = read(engine);
    if (found === undefined) {
      const { roots, batch } = applyStateDiff(EMPTY_ROOTS, stateDiff, tries);
      const head = { blockNumber: block.header.blockNumber, root: origin.genesisRoot, roots };
      const store = new RebuiltStore(engine, tries, { ...origin, head });
      store.#write(batch, head);
      return store;
    }
    if (found.core !== origin.core || found.genesisRoot !== origin.genesisRoot)
      throw new CairnError<NodeErrorCode>(
        'OTHER_REBUILD',
        `the data folder holds another chain’s state: got core contract ${found.core} and genesis root ${formatFelt(found.genesisRoot)}, expected ${origin.core} and ${formatFelt(origin.genesisRoot)}`,
        { fix: 'choose another --data-dir, or give the settings it was made with' },
      );
    return new RebuiltStore(engine, tries, found);
  }

  /** Opens a database to read from. @throws CairnError `NOTHING_REBUILT`, `CHAIN_MISMATCH` */
  static openRebuilt(engine: KeyValueEngine): RebuiltStore {
    const tries = new ChainStore(engine, IDENTITY);
    const found = read(engine);
    if (found === undefined)
      throw new CairnError<NodeErrorCode>('NOTHING_REBUILT', 'the data folder holds no rebuilt state', {
        fix: 'rebuild into it first, with --from-l1 and --core',
      });
    return new RebuiltStore(engine, tries, found);
  }

  get head(): RebuiltHead {
    const { head } = this.#record;
    return { ...head, blockHash: head.blockHash, l1BlockNumber: head.l1BlockNumber };
  }

  get tries(): StateStore {
    return this.#tries;
  }

  /** The newest state. */
  get state(): TrieState {
    return new TrieState(this.#record.head.roots, this.#tries);
  }

  /** Goes on to the next state. */
  append(batch: StateStoreBatch, state: RebuiltState, l1BlockNumber: bigint): void {
    this.#write(batch, { ...state, l1BlockNumber });
  }

  #write(batch: StateStoreBatch, head: RebuiltRecord['head']): void {
    // Named by their hashes, nodes that no head leads to do no harm.
    this.#tries.keepState(batch, new Map());
    this.#record = { ...this.#record, head };
    this.#engine.commit([{ table: TABLE, key: KEY, value: encodeRecord(this.#record) }]);
  }
}

function read(engine: KeyValueEngine): RebuiltRecord | undefined {
  const bytes = engine.get(TABLE, KEY);
  return bytes && decodeRecord(bytes);
}

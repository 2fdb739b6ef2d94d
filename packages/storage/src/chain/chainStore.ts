import {
  bigIntToBytes,
  bytesToBigInt,
  CairnError,
  type ClassHash,
  concatBytes,
  type Felt,
} from '@cairn/primitives';
import type { Block, SierraClass, StateDiff } from '@cairn/protocol';
import {
  type ContractState,
  decodeNode,
  encodeNode,
  type StateRoots,
  type StateStore,
  type StateStoreBatch,
  type StoredNode,
} from '@cairn/state';
import type { StorageErrorCode } from '../errors.ts';
import type { KeyValueEngine, KeyValueWrite } from '../kv/keyValueEngine.ts';
import { decodeRecord, encodeRecord } from '../recordCodec.ts';
import { BoundedCache } from './boundedCache.ts';
import { type EventProbe, eventFilterOf } from './eventFilter.ts';

/** A closed block with what it changed and the state after it. */
export interface StoredBlock {
  block: Block;
  stateDiff: StateDiff;
  roots: StateRoots;
}

/** A declared class in both forms; `casm` is the JSON of the compiled class. */
export interface StoredClass {
  sierra: SierraClass;
  casm: unknown;
}

/** Place of a transaction in the chain. */
export interface TransactionPlace {
  blockNumber: number;
  index: number;
}

/** A transaction on L1 that made it accept all blocks up to `blockNumber` that no earlier one had. */
export interface L1Update {
  blockNumber: number;
  l1TransactionHash: bigint;
  l1BlockNumber: bigint;
}

const TABLES = {
  meta: 'meta',
  nodes: 'trie_nodes',
  contracts: 'contract_leaves',
  classLeaves: 'class_leaves',
  blocks: 'blocks',
  blockNumbers: 'block_numbers_by_hash',
  transactions: 'transactions_by_hash',
  classes: 'classes',
  eventFilters: 'event_filters',
  pending: 'pending_transactions',
  l1Updates: 'l1_updates',
} as const;

/** Changes when stored records change shape. */
const SCHEMA_VERSION = 1;
const SCHEMA_KEY = text('schema');
const CHAIN_KEY = text('chain');
const HEAD_KEY = text('head');
const L1_HEAD_KEY = text('l1_head');

const CACHED_NODES = 200_000;
const CACHED_BLOCKS = 256;

/** Everything a node keeps of its chain, over any key-value engine. A block is stored whole or not at all. */
export class ChainStore implements StateStore {
  readonly #engine: KeyValueEngine;
  readonly #nodes = new BoundedCache<Felt, StoredNode>(CACHED_NODES);
  readonly #contracts = new BoundedCache<Felt, ContractState>(CACHED_NODES);
  readonly #blocks = new BoundedCache<number, StoredBlock>(CACHED_BLOCKS);
  #head: number | undefined;
  #l1Head: number | undefined;
  /** By block number, ascending. */
  #l1Updates: readonly L1Update[];

  /**
   * @param chain what identifies the chain (id, genesis); a store of another chain is refused.
   * @throws CairnError `STORAGE_VERSION` or `CHAIN_MISMATCH`
   */
  constructor(engine: KeyValueEngine, chain: string) {
    this.#engine = engine;
    this.#claim(SCHEMA_KEY, String(SCHEMA_VERSION), 'STORAGE_VERSION');
    this.#claim(CHAIN_KEY, chain, 'CHAIN_MISMATCH');
    const head = engine.get(TABLES.meta, HEAD_KEY);
    this.#head = head && Number(bytesToBigInt(head));
    const l1Head = engine.get(TABLES.meta, L1_HEAD_KEY);
    this.#l1Head = l1Head && Number(bytesToBigInt(l1Head));
    this.#l1Updates = Array.from(engine.entries(TABLES.l1Updates), ([, value]) => decodeRecord(value));
  }

  /** Number of the last block, undefined in an empty store. */
  headNumber(): number | undefined {
    return this.#head;
  }

  /** Number of the last block that L1 has accepted; undefined when it has none. */
  l1HeadNumber(): number | undefined {
    return this.#l1Head;
  }

  /** Notes that L1 has accepted the blocks up to `number` and no others; undefined: none. Updates that say more are forgotten. */
  setL1Head(number: number | undefined): void {
    const isForgotten = ({ blockNumber }: L1Update): boolean => blockNumber > (number ?? -1);
    const value = number === undefined ? undefined : numberKey(number);
    this.#engine.commit([
      { table: TABLES.meta, key: L1_HEAD_KEY, value },
      ...this.#l1Updates.filter(isForgotten).map(({ blockNumber }) => ({
        table: TABLES.l1Updates,
        key: numberKey(blockNumber),
        value: undefined,
      })),
    ]);
    this.#l1Head = number;
    this.#l1Updates = this.#l1Updates.filter((update) => !isForgotten(update));
  }

  /** Keeps how L1 came to accept a block; the L1 head follows when it is behind. */
  addL1Update(update: L1Update): void {
    const { blockNumber } = update;
    const key = numberKey(blockNumber);
    const head = Math.max(blockNumber, this.#l1Head ?? blockNumber);
    this.#engine.commit([
      { table: TABLES.l1Updates, key, value: encodeRecord(update) },
      { table: TABLES.meta, key: L1_HEAD_KEY, value: numberKey(head) },
    ]);
    this.#l1Head = head;
    this.#l1Updates = [...this.#l1Updates.filter((other) => other.blockNumber !== blockNumber), update].sort(
      (a, b) => a.blockNumber - b.blockNumber,
    );
  }

  /** Forgets how L1 came to accept a block; the L1 head stays. */
  removeL1Update(blockNumber: number): void {
    this.#engine.commit([{ table: TABLES.l1Updates, key: numberKey(blockNumber), value: undefined }]);
    this.#l1Updates = this.#l1Updates.filter((update) => update.blockNumber !== blockNumber);
  }

  /** What is known of how L1 came to accept blocks, by block number, ascending. */
  l1Updates(): readonly L1Update[] {
    return this.#l1Updates;
  }

  /** The transaction that made L1 accept a block, undefined when none is known. */
  l1UpdateOf(number: number): L1Update | undefined {
    return this.#l1Updates.find(({ blockNumber }) => blockNumber >= number);
  }

  /**
   * Takes back all blocks after `number`. Nothing is deleted: the state of every block stays, and the entries of the
   * blocks taken back no longer count. Time and space do not depend on how much is taken back.
   */
  revertTo(number: number): void {
    this.#engine.commit([{ table: TABLES.meta, key: HEAD_KEY, value: numberKey(number) }]);
    this.#head = number;
  }

  block(number: number): StoredBlock | undefined {
    const head = this.headNumber();
    if (head === undefined || number > head) return undefined;
    const cached = this.#blocks.get(number);
    if (cached) return cached;
    const bytes = this.#engine.get(TABLES.blocks, numberKey(number));
    if (!bytes) return undefined;
    const block = decodeRecord<StoredBlock>(bytes);
    this.#blocks.set(number, block);
    return block;
  }

  /** False when block `number` surely has no event that the probe looks for. */
  mayHoldEvents(number: number, probe: EventProbe): boolean {
    const filter = this.#engine.get(TABLES.eventFilters, numberKey(number));
    return filter === undefined || probe.mayPass(filter);
  }

  blockNumber(hash: Felt): number | undefined {
    const bytes = this.#engine.get(TABLES.blockNumbers, hashKey(hash));
    if (!bytes) return undefined;
    const number = Number(bytesToBigInt(bytes));
    // Blocks that were taken back leave their entries behind.
    return this.block(number)?.block.header.blockHash === hash ? number : undefined;
  }

  transactionPlace(hash: Felt): TransactionPlace | undefined {
    const bytes = this.#engine.get(TABLES.transactions, hashKey(hash));
    if (!bytes) return undefined;
    const place = decodeRecord<TransactionPlace>(bytes);
    const tx = this.block(place.blockNumber)?.block.transactions[place.index];
    return tx?.receipt.transactionHash === hash ? place : undefined;
  }

  storedClass(classHash: ClassHash): StoredClass | undefined {
    const bytes = this.#engine.get(TABLES.classes, hashKey(classHash));
    return bytes && decodeRecord<StoredClass>(bytes);
  }

  node(hash: Felt): StoredNode | undefined {
    const cached = this.#nodes.get(hash);
    if (cached) return cached;
    const bytes = this.#engine.get(TABLES.nodes, hashKey(hash));
    if (!bytes) return undefined;
    const node = decodeNode(bytes);
    this.#nodes.set(hash, node);
    return node;
  }

  contract(leafHash: Felt): ContractState | undefined {
    const cached = this.#contracts.get(leafHash);
    if (cached) return cached;
    const bytes = this.#engine.get(TABLES.contracts, hashKey(leafHash));
    if (!bytes) return undefined;
    const contract = decodeContract(bytes);
    this.#contracts.set(leafHash, contract);
    return contract;
  }

  classLeaf(leafHash: Felt): Felt | undefined {
    const bytes = this.#engine.get(TABLES.classLeaves, hashKey(leafHash));
    return bytes && bytesToBigInt(bytes);
  }

  /** Appends a block with its state, its classes, and the removal of its transactions from the pending ones. */
  appendBlock(
    stored: StoredBlock,
    state: StateStoreBatch,
    classes: ReadonlyMap<ClassHash, StoredClass>,
  ): void {
    const { header, transactions } = stored.block;
    const number = numberKey(header.blockNumber);
    const writes: KeyValueWrite[] = [
      { table: TABLES.eventFilters, key: number, value: eventFilterOf(transactions) },
      { table: TABLES.blocks, key: number, value: encodeRecord(stored) },
      { table: TABLES.blockNumbers, key: hashKey(header.blockHash), value: number },
      { table: TABLES.meta, key: HEAD_KEY, value: number },
    ];
    for (const [index, { receipt }] of transactions.entries()) {
      const key = hashKey(receipt.transactionHash);
      const place: TransactionPlace = { blockNumber: header.blockNumber, index };
      writes.push({ table: TABLES.transactions, key, value: encodeRecord(place) });
      writes.push({ table: TABLES.pending, key, value: undefined });
    }
    writes.push(...this.#stateWrites(state, classes));
    this.#engine.commit(writes);
    this.#head = header.blockNumber;
    this.#blocks.set(header.blockNumber, stored);
  }

  /** Adds state and classes that were there before the first block. */
  keepState(state: StateStoreBatch, classes: ReadonlyMap<ClassHash, StoredClass>): void {
    this.#engine.commit(this.#stateWrites(state, classes));
  }

  #stateWrites(state: StateStoreBatch, classes: ReadonlyMap<ClassHash, StoredClass>): KeyValueWrite[] {
    const writes: KeyValueWrite[] = [];
    for (const [hash, node] of state.nodes) {
      this.#nodes.set(hash, node);
      writes.push({ table: TABLES.nodes, key: hashKey(hash), value: encodeNode(node) });
    }
    for (const [hash, contract] of state.contracts) {
      this.#contracts.set(hash, contract);
      writes.push({ table: TABLES.contracts, key: hashKey(hash), value: encodeContract(contract) });
    }
    for (const [hash, compiled] of state.classLeaves) {
      writes.push({ table: TABLES.classLeaves, key: hashKey(hash), value: bigIntToBytes(compiled) });
    }
    for (const [hash, cls] of classes) {
      writes.push({ table: TABLES.classes, key: hashKey(hash), value: encodeRecord(cls) });
    }
    return writes;
  }

  /** Keeps an accepted transaction until a block holds it. Durable when the promise resolves. */
  addPending(hash: Felt, record: unknown): Promise<void> {
    return this.#engine.commitSoon([
      { table: TABLES.pending, key: hashKey(hash), value: encodeRecord(record) },
    ]);
  }

  removePending(hashes: readonly Felt[]): void {
    this.#engine.commit(
      hashes.map((hash) => ({ table: TABLES.pending, key: hashKey(hash), value: undefined })),
    );
  }

  /** Accepted transactions that no block holds, by hash. */
  *pending<T>(): Iterable<T> {
    for (const [, value] of this.#engine.entries(TABLES.pending)) yield decodeRecord<T>(value);
  }

  close(): Promise<void> {
    return this.#engine.close();
  }

  #claim(key: Uint8Array, value: string, code: StorageErrorCode): void {
    const stored = this.#engine.get(TABLES.meta, key);
    if (!stored) {
      this.#engine.commit([{ table: TABLES.meta, key, value: text(value) }]);
      return;
    }
    const found = new TextDecoder().decode(stored);
    if (found !== value) {
      throw new CairnError<StorageErrorCode>(
        code,
        `the data folder belongs to another chain or version: got ${found}, expected ${value}`,
        {
          fix: 'choose another --data-dir, or start with the settings the folder was made with',
        },
      );
    }
  }
}

function numberKey(number: number): Uint8Array {
  return bigIntToBytes(BigInt(number), 8);
}

function hashKey(hash: Felt): Uint8Array {
  return bigIntToBytes(hash);
}

function text(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}

function encodeContract({ classHash, nonce, storageRoot }: ContractState): Uint8Array {
  return concatBytes(...[classHash, nonce, storageRoot].map((felt) => bigIntToBytes(felt)));
}

function decodeContract(bytes: Uint8Array): ContractState {
  const felt = (i: number): Felt => bytesToBigInt(bytes.subarray(32 * i, 32 * (i + 1)));
  return { classHash: felt(0), nonce: felt(1), storageRoot: felt(2) };
}

import { parseCasmClass } from '@cairn/cairo';
import {
  CairnError,
  type ClassHash,
  type ContractAddress,
  type Felt,
  formatFelt,
  hasCode,
} from '@cairn/primitives';
import { classLeaf, compiledClassHash, contractLeaf, type StateDiff, sierraClassHash } from '@cairn/protocol';
import { readContractClass, readStorageProof } from '@cairn/rpc';
import {
  type ContractState,
  type ProofNodes,
  type StateRoots,
  type StateStoreBatch,
  type TrieHash,
  TrieState,
  verifyTrieProof,
} from '@cairn/state';
import type { ChainStore, StoredClass } from '@cairn/storage';
import type { NodeErrorCode } from '../errors.ts';
import type { ForkPoint } from './forkPoint.ts';
import { keyOfSibling } from './keyOfSibling.ts';
import { SyncRpc } from './syncRpc.ts';

/** Cells of the state by what they belong to. */
export interface StateKeys {
  classHashes: readonly ClassHash[];
  contractAddresses: readonly ContractAddress[];
  storageKeys: readonly { contractAddress: ContractAddress; keys: readonly Felt[] }[];
}

const NO_KEYS: StateKeys = { classHashes: [], contractAddresses: [], storageKeys: [] };
/** Keys in one request. */
const KEYS_PER_REQUEST = 100;

/**
 * The state a fork grows on. Trie nodes are fetched with storage proofs when a walk misses them, checked against
 * the roots of the fork point, and kept: the fork has true roots, and asks for each cell once.
 */
export class ForkOrigin {
  readonly point: ForkPoint;
  readonly #store: ChainStore;
  readonly #rpc: SyncRpc;

  constructor(point: ForkPoint, store: ChainStore) {
    this.point = point;
    this.#store = store;
    this.#rpc = new SyncRpc(point.url);
  }

  close(): Promise<number> {
    return this.#rpc.close();
  }

  /** What `read` gives, once the store has what it needs of the cell `keys`. */
  complete<T>(keys: Partial<StateKeys>, read: () => T): T {
    try {
      return read();
    } catch (error) {
      if (!hasCode(error, 'MISSING_TRIE_NODE')) throw error;
      this.fetch({ ...NO_KEYS, ...keys });
      return read();
    }
  }

  /**
   * What `apply` gives, once the store has all that applying `diff` to the state of `roots` needs: the paths of its
   * keys, and the nodes beside them that move up where keys are removed.
   */
  completeDiff<T>(roots: StateRoots, diff: StateDiff, apply: () => T): T {
    const keys = keysOf(diff);
    let hasPaths = false;
    let beside: Felt | undefined;
    for (;;) {
      try {
        return apply();
      } catch (error) {
        if (!(error instanceof CairnError) || error.code !== 'MISSING_TRIE_NODE') throw error;
        // First the paths themselves, then one node beside them after the other.
        if (!hasPaths) this.fetch(keys);
        else {
          const missing = error.details.hash as Felt;
          const sibling = keyOfSibling(missing, roots, keys, this.#store);
          if (sibling === undefined || missing === beside) throw error;
          this.fetch(sibling);
          beside = missing;
        }
        hasPaths = true;
      }
    }
  }

  /** Brings the trie nodes of cells into the store. */
  fetch(keys: StateKeys): void {
    for (const part of parts(keys)) this.#fetchPart(part);
  }

  #fetchPart(keys: StateKeys): void {
    const { header, roots } = this.point;
    const contractAddresses = [
      ...new Set([...keys.contractAddresses, ...keys.storageKeys.map((item) => item.contractAddress)]),
    ];
    const proof = readStorageProof(
      this.#rpc.call('starknet_getStorageProof', {
        block_id: { block_hash: formatFelt(header.blockHash) },
        class_hashes: keys.classHashes.map(formatFelt),
        contract_addresses: contractAddresses.map(formatFelt),
        contracts_storage_keys: keys.storageKeys.map((item) => ({
          contract_address: formatFelt(item.contractAddress),
          storage_keys: item.keys.map(formatFelt),
        })),
      }),
      'storage proof',
    );
    const batch: StateStoreBatch = { nodes: new Map(), contracts: new Map(), classLeaves: new Map() };
    const add = (nodes: ProofNodes, root: Felt, key: Felt, hash: TrieHash): Felt => {
      const checked = verifyTrieProof(nodes, root, key, hash);
      if (!checked.ok) throw dishonest(`storage proof of ${formatFelt(key)}: ${checked.error}`);
      for (const [name, node] of nodes) batch.nodes.set(name, node);
      return checked.value;
    };
    const storageRoots = new Map<ContractAddress, Felt>();
    for (const [i, address] of contractAddresses.entries()) {
      const leaf = add(proof.contracts, roots.contractsRoot, address, 'pedersen');
      const contract = proof.contractLeaves[i];
      if (leaf === 0n) continue;
      if (contract === undefined || contractLeaf(contract) !== leaf)
        throw dishonest(`contract ${formatFelt(address)} is not what its leaf ${formatFelt(leaf)} says`);
      batch.contracts.set(leaf, contract satisfies ContractState);
      storageRoots.set(address, contract.storageRoot);
    }
    for (const [i, { contractAddress, keys: cells }] of keys.storageKeys.entries()) {
      const root = storageRoots.get(contractAddress) ?? 0n;
      for (const key of cells) add(proof.storage[i] ?? new Map(), root, key, 'pedersen');
    }
    for (const classHash of keys.classHashes) {
      const leaf = add(proof.classes, roots.classesRoot, classHash, 'poseidon');
      if (leaf !== 0n) batch.classLeaves.set(leaf, this.#compiledClassHash(classHash, leaf));
    }
    this.#store.keepState(batch, new Map());
  }

  /** A class declared before the fork; undefined where there is none that runs here. */
  storedClass(classHash: ClassHash): StoredClass | undefined {
    const state = new ForkState(this.point.roots, this.#store, this);
    if (state.compiledClassHash(classHash) === 0n) return undefined;
    const json = this.#rpc.call('starknet_getClass', {
      block_id: { block_hash: formatFelt(this.point.header.blockHash) },
      class_hash: formatFelt(classHash),
    });
    const sierra = readContractClass(json, 'class');
    if (sierraClassHash(sierra) !== classHash)
      throw dishonest(`class ${formatFelt(classHash)} has the hash ${formatFelt(sierraClassHash(sierra))}`);
    const stored: StoredClass = { sierra, casm: this.#casm(classHash) };
    const empty: StateStoreBatch = { nodes: new Map(), contracts: new Map(), classLeaves: new Map() };
    this.#store.keepState(empty, new Map([[classHash, stored]]));
    return stored;
  }

  #casm(classHash: ClassHash): unknown {
    return this.#rpc.call('starknet_getCompiledCasm', { class_hash: formatFelt(classHash) });
  }

  /** The trie has only a hash of it. */
  #compiledClassHash(classHash: ClassHash, leaf: Felt): Felt {
    const casm = parseCasmClass(this.#casm(classHash));
    for (const hash of ['blake2s', 'poseidon'] as const) {
      const compiled = compiledClassHash(casm, hash);
      if (classLeaf(compiled) === leaf) return compiled;
    }
    throw dishonest(`the compiled form of class ${formatFelt(classHash)} is not the declared one`);
  }
}

/** A version of a fork's state; what it misses comes from the origin. */
export class ForkState extends TrieState {
  readonly #origin: ForkOrigin;

  constructor(roots: StateRoots, store: ChainStore, origin: ForkOrigin) {
    super(roots, store);
    this.#origin = origin;
  }

  override storageAt(contractAddress: ContractAddress, key: Felt): Felt {
    const keys = { storageKeys: [{ contractAddress, keys: [key] }] };
    return this.#origin.complete(keys, () => super.storageAt(contractAddress, key));
  }

  override contractAt(address: ContractAddress): ContractState | undefined {
    return this.#origin.complete({ contractAddresses: [address] }, () => super.contractAt(address));
  }

  override compiledClassHash(classHash: ClassHash): Felt {
    return this.#origin.complete({ classHashes: [classHash] }, () => super.compiledClassHash(classHash));
  }
}

function keysOf(diff: StateDiff): StateKeys {
  return {
    classHashes: [...diff.declaredClasses.keys(), ...diff.migratedCompiledClasses.keys()],
    contractAddresses: [
      ...new Set([
        ...diff.storage.keys(),
        ...diff.nonces.keys(),
        ...diff.deployedContracts.keys(),
        ...diff.replacedClasses.keys(),
      ]),
    ],
    storageKeys: [...diff.storage].map(([contractAddress, cells]) => ({
      contractAddress,
      keys: [...cells.keys()],
    })),
  };
}

/** The same keys in requests of a bounded size. */
function* parts({ classHashes, contractAddresses, storageKeys }: StateKeys): Iterable<StateKeys> {
  for (const list of chunks(classHashes)) yield { ...NO_KEYS, classHashes: list };
  for (const list of chunks(contractAddresses)) yield { ...NO_KEYS, contractAddresses: list };
  for (const { contractAddress, keys } of storageKeys)
    for (const list of chunks(keys)) yield { ...NO_KEYS, storageKeys: [{ contractAddress, keys: list }] };
}

function* chunks<T>(list: readonly T[]): Iterable<readonly T[]> {
  for (let from = 0; from < list.length; from += KEYS_PER_REQUEST)
    yield list.slice(from, from + KEYS_PER_REQUEST);
}

function dishonest(what: string): CairnError {
  return new CairnError<NodeErrorCode>('FORK_ORIGIN_DISHONEST', what);
}

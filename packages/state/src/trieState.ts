import { CairnError, type ClassHash, type ContractAddress, type Felt } from '@cairn/primitives';
import type { StateReader } from './stateReader.ts';
import type { ContractState, StateRoots, StateStore } from './stateStore.ts';
import { trieGet } from './trie/patriciaTrie.ts';

/** One version of the state, named by its roots, read from the tries. */
export class TrieState implements StateReader {
  readonly roots: StateRoots;
  readonly #store: StateStore;
  readonly #contracts = new Map<ContractAddress, ContractState | undefined>();

  constructor(roots: StateRoots, store: StateStore) {
    this.roots = roots;
    this.#store = store;
  }

  storageAt(address: ContractAddress, key: Felt): Felt {
    const storageRoot = this.contractAt(address)?.storageRoot;
    return storageRoot ? trieGet(storageRoot, key, this.#store) : 0n;
  }

  nonceAt(address: ContractAddress): Felt {
    return this.contractAt(address)?.nonce ?? 0n;
  }

  classHashAt(address: ContractAddress): ClassHash {
    return this.contractAt(address)?.classHash ?? 0n;
  }

  compiledClassHash(classHash: ClassHash): Felt {
    const leaf = trieGet(this.roots.classesRoot || undefined, classHash, this.#store);
    if (leaf === 0n) return 0n;
    return found(this.#store.classLeaf(leaf), leaf);
  }

  /** The contract's leaf, undefined when the address is untouched. */
  contractAt(address: ContractAddress): ContractState | undefined {
    if (!this.#contracts.has(address)) {
      const leaf = trieGet(this.roots.contractsRoot || undefined, address, this.#store);
      this.#contracts.set(address, leaf === 0n ? undefined : found(this.#store.contract(leaf), leaf));
    }
    return this.#contracts.get(address);
  }
}

function found<T>(value: T | undefined, leaf: Felt): T {
  if (value === undefined) {
    throw new CairnError(
      'MISSING_TRIE_NODE',
      `content of trie leaf 0x${leaf.toString(16)} is not in the store`,
      { details: { hash: leaf } },
    );
  }
  return value;
}

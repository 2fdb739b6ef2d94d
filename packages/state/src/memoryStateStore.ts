import type { Felt } from '@cairn/primitives';
import type { ContractState, StateStore, StateStoreBatch } from './stateStore.ts';
import type { StoredNode } from './trie/node.ts';

/** A state store in memory. */
export class MemoryStateStore implements StateStore {
  readonly #nodes = new Map<Felt, StoredNode>();
  readonly #contracts = new Map<Felt, ContractState>();
  readonly #classLeaves = new Map<Felt, Felt>();

  node(hash: Felt): StoredNode | undefined {
    return this.#nodes.get(hash);
  }

  contract(leafHash: Felt): ContractState | undefined {
    return this.#contracts.get(leafHash);
  }

  classLeaf(leafHash: Felt): Felt | undefined {
    return this.#classLeaves.get(leafHash);
  }

  /** Adds the entries of a state update. */
  write(batch: StateStoreBatch): void {
    for (const [hash, node] of batch.nodes) this.#nodes.set(hash, node);
    for (const [hash, contract] of batch.contracts) this.#contracts.set(hash, contract);
    for (const [hash, compiled] of batch.classLeaves) this.#classLeaves.set(hash, compiled);
  }
}

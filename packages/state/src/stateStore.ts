import type { Felt } from '@cairn/primitives';
import type { NodeReader, StoredNode } from './trie/node.ts';

/** What a leaf of the contracts trie commits to. */
export interface ContractState {
  classHash: Felt;
  nonce: Felt;
  storageRoot: Felt;
}

/**
 * Read access to everything the state tries are made of. All of it is named by its hash and never changes,
 * so every version of the state shares one store.
 */
export interface StateStore extends NodeReader {
  /** Contract behind a leaf of the contracts trie. */
  contract(leafHash: Felt): ContractState | undefined;
  /** Compiled class hash behind a leaf of the class trie. */
  classLeaf(leafHash: Felt): Felt | undefined;
}

/** New entries that a state update adds to a {@link StateStore}. */
export interface StateStoreBatch {
  nodes: Map<Felt, StoredNode>;
  contracts: Map<Felt, ContractState>;
  classLeaves: Map<Felt, Felt>;
}

/** The two roots that name one version of the state. */
export interface StateRoots {
  contractsRoot: Felt;
  classesRoot: Felt;
}

/** Roots of the state before any block. */
export const EMPTY_ROOTS: StateRoots = { contractsRoot: 0n, classesRoot: 0n };

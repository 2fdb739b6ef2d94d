import { CairnError, type ContractAddress, type Felt, formatFelt } from '@cairn/primitives';
import { classLeaf, contractLeaf, type StateDiff } from '@cairn/protocol';
import type { ContractState, StateRoots, StateStore, StateStoreBatch } from './stateStore.ts';
import { commitTries, rootHash } from './trie/commitTrie.ts';
import type { StoredNode } from './trie/node.ts';
import { type TrieRoot, type TrieUpdate, trieUpdate } from './trie/patriciaTrie.ts';
import { TrieState } from './trieState.ts';

/**
 * Roots of the state after `diff`, and what the store must gain to hold it. The version named by `roots`
 * stays readable.
 * PERF: one hash per new trie node, about 2·log2(contracts) + Σ log2(keys) nodes.
 * @throws CairnError `INVALID_STATE_DIFF` when a contract is deployed over another.
 */
export function applyStateDiff(
  roots: StateRoots,
  diff: StateDiff,
  store: StateStore,
): { roots: StateRoots; batch: StateStoreBatch } {
  const batch: StateStoreBatch = { nodes: new Map(), contracts: new Map(), classLeaves: new Map() };
  const emit = (hash: Felt, node: StoredNode): void => {
    batch.nodes.set(hash, node);
  };

  const before = new TrieState(roots, store);
  const storageRoots = new Map<ContractAddress, TrieRoot>();
  for (const [address, entries] of diff.storage) {
    const root = before.contractAt(address)?.storageRoot || undefined;
    storageRoots.set(address, trieUpdate(root, entries, store));
  }
  commitTries(storageRoots.values(), 'pedersen', emit);

  const contractUpdates: TrieUpdate[] = [];
  for (const address of touchedContracts(diff)) {
    const old = before.contractAt(address) ?? { classHash: 0n, nonce: 0n, storageRoot: 0n };
    const contract: ContractState = {
      classHash: newClassHash(diff, address, old.classHash),
      nonce: diff.nonces.get(address) ?? old.nonce,
      storageRoot: storageRoots.has(address) ? rootHash(storageRoots.get(address)) : old.storageRoot,
    };
    contractUpdates.push([address, writeLeaf(contract, batch)]);
  }
  const contracts = trieUpdate(roots.contractsRoot || undefined, contractUpdates, store);
  commitTries([contracts], 'pedersen', emit);

  const classUpdates: TrieUpdate[] = [];
  for (const [classHash, compiled] of [...diff.declaredClasses, ...diff.migratedCompiledClasses]) {
    const leaf = classLeaf(compiled);
    batch.classLeaves.set(leaf, compiled);
    classUpdates.push([classHash, leaf]);
  }
  const classes = trieUpdate(roots.classesRoot || undefined, classUpdates, store);
  commitTries([classes], 'poseidon', emit);

  return { roots: { contractsRoot: rootHash(contracts), classesRoot: rootHash(classes) }, batch };
}

function touchedContracts(diff: StateDiff): Set<ContractAddress> {
  return new Set([
    ...diff.storage.keys(),
    ...diff.nonces.keys(),
    ...diff.deployedContracts.keys(),
    ...diff.replacedClasses.keys(),
  ]);
}

function newClassHash(diff: StateDiff, address: ContractAddress, old: Felt): Felt {
  const deployed = diff.deployedContracts.get(address);
  if (deployed !== undefined && old !== 0n) {
    throw new CairnError('INVALID_STATE_DIFF', `contract ${formatFelt(address)} is deployed twice`);
  }
  // A block may deploy a contract and then replace its class.
  return diff.replacedClasses.get(address) ?? deployed ?? old;
}

/** Leaf of a contract; a contract that holds nothing has none. */
function writeLeaf(contract: ContractState, batch: StateStoreBatch): Felt {
  if (contract.classHash === 0n && contract.nonce === 0n && contract.storageRoot === 0n) return 0n;
  const leaf = contractLeaf(contract);
  batch.contracts.set(leaf, contract);
  return leaf;
}

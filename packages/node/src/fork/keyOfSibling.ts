import type { Felt } from '@cairn/primitives';
import { type NodeReader, type StateRoots, type StateStore, TRIE_HEIGHT, trieGet } from '@cairn/state';
import type { StateKeys } from './forkOrigin.ts';

/**
 * Some key below the node `hash`, which stands beside the path of one of `keys` in the state of `roots`; undefined
 * when it does not.
 */
export function keyOfSibling(
  hash: Felt,
  roots: StateRoots,
  keys: StateKeys,
  store: StateStore,
): StateKeys | undefined {
  const none: StateKeys = { classHashes: [], contractAddresses: [], storageKeys: [] };
  for (const classHash of keys.classHashes) {
    const key = beside(hash, roots.classesRoot, classHash, store);
    if (key !== undefined) return { ...none, classHashes: [key] };
  }
  for (const address of keys.contractAddresses) {
    const key = beside(hash, roots.contractsRoot, address, store);
    if (key !== undefined) return { ...none, contractAddresses: [key] };
  }
  for (const { contractAddress, keys: cells } of keys.storageKeys) {
    const leaf = trieGet(roots.contractsRoot || undefined, contractAddress, store);
    const root = store.contract(leaf)?.storageRoot ?? 0n;
    for (const cell of cells) {
      const key = beside(hash, root, cell, store);
      if (key !== undefined) return { ...none, storageKeys: [{ contractAddress, keys: [key] }] };
    }
  }
  return undefined;
}

/** Walks the path of `key`; where `hash` lies the other way, the key with those bits turned. */
function beside(hash: Felt, root: Felt, key: Felt, nodes: NodeReader): Felt | undefined {
  let child = root;
  let height = TRIE_HEIGHT;
  while (height > 0) {
    const node = nodes.node(child);
    if (node === undefined) return undefined;
    if ('left' in node) {
      height--;
      const isRight = ((key >> BigInt(height)) & 1n) === 1n;
      if ((isRight ? node.left : node.right) === hash) return key ^ (1n << BigInt(height));
      child = isRight ? node.right : node.left;
    } else {
      height -= node.length;
      const difference = ((key >> BigInt(height)) & ((1n << BigInt(node.length)) - 1n)) ^ node.path;
      if (difference !== 0n) return node.child === hash ? key ^ (difference << BigInt(height)) : undefined;
      child = node.child;
    }
  }
  return undefined;
}

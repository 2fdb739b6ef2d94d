import { type Felt, feltAdd, pedersenBatch, poseidonBatch } from '@cairn/primitives';
import { BinaryNode, type Child, EdgeNode, type StoredNode, type TrieHash } from './node.ts';
import type { TrieRoot } from './patriciaTrie.ts';

/** Hash of a trie root; 0 for the empty trie. The root must be committed. */
export function rootHash(root: TrieRoot): Felt {
  return root === undefined ? 0n : hashOf(root);
}

/**
 * Hashes every new node below the given roots, level by level in batches, and hands each to `emit` with its
 * hash. Afterwards `rootHash` works on all of them.
 */
export function commitTries(
  roots: Iterable<TrieRoot>,
  trieHash: TrieHash,
  emit: (hash: Felt, node: StoredNode) => void,
): void {
  const levels: (BinaryNode | EdgeNode)[][] = [];
  for (const root of roots) if (root !== undefined) collect(root, levels);
  const hashPairs = trieHash === 'pedersen' ? pedersenBatch : poseidonBatch;
  for (const level of levels) {
    const hashes = hashPairs(level.map(preimage));
    level.forEach((node, i) => {
      node.hash = node instanceof EdgeNode ? edgeHash(hashes[i]!, node.length) : hashes[i]!;
      emit(node.hash, storedForm(node));
    });
  }
}

/** Sorts unhashed nodes by how many unhashed levels lie below them; returns that number for `child`. */
function collect(child: Child, levels: (BinaryNode | EdgeNode)[][]): number {
  if (typeof child === 'bigint' || child.hash !== undefined) return 0;
  const below =
    child instanceof BinaryNode
      ? Math.max(collect(child.left, levels), collect(child.right, levels))
      : collect(child.child, levels);
  (levels[below] ??= []).push(child);
  return below + 1;
}

function preimage(node: BinaryNode | EdgeNode): readonly [Felt, Felt] {
  return node instanceof BinaryNode
    ? [hashOf(node.left), hashOf(node.right)]
    : [hashOf(node.child), node.path];
}

function storedForm(node: BinaryNode | EdgeNode): StoredNode {
  return node instanceof BinaryNode
    ? { left: hashOf(node.left), right: hashOf(node.right) }
    : { path: node.path, length: node.length, child: hashOf(node.child) };
}

function hashOf(child: Child): Felt {
  return typeof child === 'bigint' ? child : child.hash!;
}

/** Adds an edge's length to the hash of its pair, in the field. */
export function edgeHash(pairHash: Felt, length: number): Felt {
  return feltAdd(pairHash, BigInt(length));
}

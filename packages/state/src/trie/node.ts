import type { Felt } from '@cairn/primitives';

/** Height of every state trie: keys are 251-bit. */
export const TRIE_HEIGHT = 251;

/** Hash function of a trie: Pedersen for contracts and storage, Poseidon for classes. */
export type TrieHash = 'pedersen' | 'poseidon';

/**
 * What hangs below a node: a node in memory, or a felt. A felt at height 0 is the leaf's value; above, it is
 * the hash of a node that has not been loaded.
 */
export type Child = BinaryNode | EdgeNode | Felt;

/** A node with two subtrees. Nodes are immutable; only the hash is filled in later, once. */
export class BinaryNode {
  readonly left: Child;
  readonly right: Child;
  hash: Felt | undefined;

  constructor(left: Child, right: Child, hash?: Felt) {
    this.left = left;
    this.right = right;
    this.hash = hash;
  }
}

/** A run of `length` levels without branches; `path` holds its bits, most significant first. */
export class EdgeNode {
  readonly path: bigint;
  readonly length: number;
  readonly child: Child;
  hash: Felt | undefined;

  constructor(path: bigint, length: number, child: Child, hash?: Felt) {
    this.path = path;
    this.length = length;
    this.child = child;
    this.hash = hash;
  }
}

/** A node whose hash is known and whose children are felts: the form in which nodes are stored and proven. */
export type StoredNode = { left: Felt; right: Felt } | { path: bigint; length: number; child: Felt };

/** Where nodes of a trie are kept, by hash. */
export interface NodeReader {
  node(hash: Felt): StoredNode | undefined;
}

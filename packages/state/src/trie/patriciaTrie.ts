import { CairnError, type Felt } from '@cairn/primitives';
import { BinaryNode, type Child, EdgeNode, type NodeReader, TRIE_HEIGHT } from './node.ts';

/** A key and the value it gets; 0 removes the key. */
export type TrieUpdate = readonly [key: Felt, value: Felt];

/** The root of a trie: undefined when it is empty. */
export type TrieRoot = Child | undefined;

/**
 * Value at `key`, 0 when absent.
 * @throws CairnError `MISSING_TRIE_NODE` when the store lacks a node on the path.
 */
export function trieGet(root: TrieRoot, key: Felt, nodes: NodeReader, height = TRIE_HEIGHT): Felt {
  let child = root;
  while (height > 0) {
    if (child === undefined) return 0n;
    const node = load(child, nodes);
    if (node instanceof BinaryNode) {
      height--;
      child = (key >> BigInt(height)) & 1n ? node.right : node.left;
    } else {
      height -= node.length;
      if (((key >> BigInt(height)) & mask(node.length)) !== node.path) return 0n;
      child = node.child;
    }
  }
  return (child as Felt | undefined) ?? 0n;
}

/**
 * Root of the trie after the updates; the old root stays valid and shares every untouched subtree. New nodes
 * carry no hash until they are committed.
 */
export function trieUpdate(
  root: TrieRoot,
  updates: Iterable<TrieUpdate>,
  nodes: NodeReader,
  height = TRIE_HEIGHT,
): TrieRoot {
  const sorted = [...updates].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return new Updater(sorted, nodes).update(root, height, 0, sorted.length);
}

/** Applies sorted updates subtree by subtree; a subtree's updates are the range [from, to). */
class Updater {
  readonly #updates: readonly TrieUpdate[];
  readonly #nodes: NodeReader;

  constructor(updates: readonly TrieUpdate[], nodes: NodeReader) {
    this.#updates = updates;
    this.#nodes = nodes;
  }

  update(child: TrieRoot, height: number, from: number, to: number): TrieRoot {
    if (from === to) return child;
    // Equal keys may repeat; the last one counts.
    if (height === 0) return this.#updates[to - 1]![1] || undefined;
    if (child === undefined) return this.#grow(height, from, to);
    const node = load(child, this.#nodes);
    if (node instanceof BinaryNode) return this.#descend(node.left, node.right, height, from, to);
    const shared = this.#sharedLength(height, from, to, node);
    if (shared === node.length) {
      return this.#edge(node.path, node.length, this.update(node.child, height - shared, from, to), height);
    }
    // The updates leave the edge after `shared` levels: branch there.
    const rest = node.length - shared - 1;
    // Below an edge stands no other one: what is left of it needs no look at its child.
    const below = rest === 0 ? node.child : new EdgeNode(node.path & mask(rest), rest, node.child);
    const right = ((node.path >> BigInt(rest)) & 1n) === 1n;
    const branch = right
      ? this.#descend(undefined, below, height - shared, from, to)
      : this.#descend(below, undefined, height - shared, from, to);
    return this.#edge(node.path >> BigInt(rest + 1), shared, branch, height);
  }

  #descend(left: TrieRoot, right: TrieRoot, height: number, from: number, to: number): TrieRoot {
    const middle = this.#firstWithBit(height - 1, from, to);
    const newLeft = this.update(left, height - 1, from, middle);
    const newRight = this.update(right, height - 1, middle, to);
    if (newLeft !== undefined && newRight !== undefined) return new BinaryNode(newLeft, newRight);
    return newLeft !== undefined ? this.#edge(0n, 1, newLeft, height) : this.#edge(1n, 1, newRight, height);
  }

  /** A fresh subtree from the updates alone. */
  #grow(height: number, from: number, to: number): TrieRoot {
    const first = this.#updates[from]![0];
    const last = this.#updates[to - 1]![0];
    const shared = sharedPrefix(first, last, height);
    const path = (first >> BigInt(height - shared)) & mask(shared);
    if (shared === height) return this.#edge(path, height, this.update(undefined, 0, from, to), height);
    return this.#edge(path, shared, this.#descend(undefined, undefined, height - shared, from, to), height);
  }

  /** Edge of `length` levels whose top is at `height`; merges with an edge below and vanishes over nothing. */
  #edge(path: bigint, length: number, child: TrieRoot, height: number): TrieRoot {
    if (child === undefined || length === 0) return child;
    if (height === length) return new EdgeNode(path, length, child);
    const below = load(child, this.#nodes);
    if (below instanceof BinaryNode) return new EdgeNode(path, length, child);
    return new EdgeNode((path << BigInt(below.length)) | below.path, length + below.length, below.child);
  }

  /** Levels of `edge` that every update of the range follows. */
  #sharedLength(height: number, from: number, to: number, edge: EdgeNode): number {
    const shift = BigInt(height - edge.length);
    const first = (this.#updates[from]![0] >> shift) & mask(edge.length);
    const last = (this.#updates[to - 1]![0] >> shift) & mask(edge.length);
    return Math.min(sharedPrefix(first, edge.path, edge.length), sharedPrefix(last, edge.path, edge.length));
  }

  /** First update of the range whose key has `bit` set; within a subtree they are sorted by it. */
  #firstWithBit(bit: number, from: number, to: number): number {
    let low = from;
    let high = to;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#updates[middle]![0] >> BigInt(bit)) & 1n) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/** Leading bits that `a` and `b` share among their lowest `width` bits. */
function sharedPrefix(a: bigint, b: bigint, width: number): number {
  const difference = (a ^ b) & mask(width);
  return difference === 0n ? width : width - difference.toString(2).length;
}

const MASKS = Array.from({ length: 257 }, (_, bits) => (1n << BigInt(bits)) - 1n);

function mask(bits: number): bigint {
  return MASKS[bits]!;
}

/** The node itself, read from the store when only its hash is at hand. */
export function load(child: Child, nodes: NodeReader): BinaryNode | EdgeNode {
  if (typeof child !== 'bigint') return child;
  const stored = nodes.node(child);
  if (!stored) {
    throw new CairnError('MISSING_TRIE_NODE', `trie node 0x${child.toString(16)} is not in the store`, {
      details: { hash: child },
    });
  }
  return 'left' in stored
    ? new BinaryNode(stored.left, stored.right, child)
    : new EdgeNode(stored.path, stored.length, stored.child, child);
}

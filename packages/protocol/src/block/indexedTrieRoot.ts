import { type Felt, feltAdd, poseidon } from '@cairn/primitives';

/** Height of the tries that commit to a block's transactions, events and receipts. */
export const INDEXED_TRIE_HEIGHT = 64;

/**
 * Root of the Patricia trie of height 64 over Poseidon that holds `leaves[i]` at key i; 0 when empty.
 * Leaves must not be 0.
 * @see Starknet docs, "transaction commitment"
 */
export function indexedTrieRoot(leaves: readonly Felt[]): Felt {
  if (leaves.length === 0) return 0n;
  if (leaves.length === 1) return zeroEdge(leaves[0]!, INDEXED_TRIE_HEIGHT);
  // Keys 0…n−1 fill a complete subtree from the left; above it the path is all zeros.
  const depth = Math.ceil(Math.log2(leaves.length));
  const root = subtree(leaves, 0, depth);
  return zeroEdge(root, INDEXED_TRIE_HEIGHT - depth);
}

/** Root of the subtree of `depth` levels whose leftmost leaf is `leaves[from]`, known to be non-empty. */
function subtree(leaves: readonly Felt[], from: number, depth: number): Felt {
  if (depth === 0) return leaves[from]!;
  const middle = from + 2 ** (depth - 1);
  if (middle < leaves.length)
    return poseidon(subtree(leaves, from, depth - 1), subtree(leaves, middle, depth - 1));
  // Only the left half is populated: one edge down to the first level that branches (or the single leaf).
  let down = depth;
  while (down > 0 && from + 2 ** (down - 1) >= leaves.length) down--;
  return zeroEdge(subtree(leaves, from, down), depth - down);
}

/** Edge of `length` zero bits above `child`. */
export function zeroEdge(child: Felt, length: number): Felt {
  return length === 0 ? child : feltAdd(poseidon(child, 0n), BigInt(length));
}

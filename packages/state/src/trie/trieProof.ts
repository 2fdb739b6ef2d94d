import { type Felt, pedersen, poseidon } from '@cairn/primitives';
import { edgeHash } from './commitTrie.ts';
import { type NodeReader, type StoredNode, TRIE_HEIGHT, type TrieHash } from './node.ts';

/** Nodes on the way from a root to one or several keys, by hash. */
export type ProofNodes = Map<Felt, StoredNode>;

/**
 * Adds to `proof` the nodes that show the value, or the absence, of `key` under `root` (0 = empty trie).
 * The proof of absence ends at the edge that leads elsewhere.
 */
export function addTrieProof(proof: ProofNodes, root: Felt, key: Felt, nodes: NodeReader): void {
  let hash = root;
  let height = TRIE_HEIGHT;
  while (height > 0 && hash !== 0n) {
    const node = nodes.node(hash);
    if (!node) return;
    proof.set(hash, node);
    if ('left' in node) {
      height--;
      hash = (key >> BigInt(height)) & 1n ? node.right : node.left;
    } else {
      height -= node.length;
      if (((key >> BigInt(height)) & ((1n << BigInt(node.length)) - 1n)) !== node.path) return;
      hash = node.child;
    }
  }
}

/** Outcome of checking a proof: the proven value (0 = absent), or what is wrong with the proof. */
export type TrieProofResult = { ok: true; value: Felt } | { ok: false; error: string };

/** Checks, hashing every node on the path, what `proof` says of `key` under `root`. Never throws. */
export function verifyTrieProof(
  proof: ReadonlyMap<Felt, StoredNode>,
  root: Felt,
  key: Felt,
  trieHash: TrieHash,
): TrieProofResult {
  const hashPair = trieHash === 'pedersen' ? pedersen : poseidon;
  let hash = root;
  let height = TRIE_HEIGHT;
  if (root === 0n) return { ok: true, value: 0n };
  while (height > 0) {
    const node = proof.get(hash);
    if (!node) return { ok: false, error: `node 0x${hash.toString(16)} is missing from the proof` };
    const isBinary = 'left' in node;
    const actual = isBinary
      ? hashPair(node.left, node.right)
      : edgeHash(hashPair(node.child, node.path), node.length);
    if (actual !== hash)
      return { ok: false, error: `node 0x${hash.toString(16)} hashes to 0x${actual.toString(16)}` };
    if (isBinary) {
      height--;
      hash = (key >> BigInt(height)) & 1n ? node.right : node.left;
    } else {
      if (node.length < 1 || node.length > height) {
        return { ok: false, error: `edge of length ${node.length} at height ${height}` };
      }
      height -= node.length;
      if (((key >> BigInt(height)) & ((1n << BigInt(node.length)) - 1n)) !== node.path)
        return { ok: true, value: 0n };
      hash = node.child;
    }
  }
  return { ok: true, value: hash };
}

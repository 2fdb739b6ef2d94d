import { bigIntToBytes, bytesToBigInt, CairnError, concatBytes } from '@cairn/primitives';
import type { StoredNode } from './node.ts';

/** Bytes of a stored node: 64 for a binary node (left, right), 65 for an edge (child, path, length). */
export function encodeNode(node: StoredNode): Uint8Array {
  return 'left' in node
    ? concatBytes(bigIntToBytes(node.left), bigIntToBytes(node.right))
    : concatBytes(bigIntToBytes(node.child), bigIntToBytes(node.path), Uint8Array.of(node.length));
}

/** Inverse of {@link encodeNode}. @throws CairnError `INVALID_TRIE_NODE` on any other length. */
export function decodeNode(bytes: Uint8Array): StoredNode {
  const first = bytesToBigInt(bytes.subarray(0, 32));
  const second = bytesToBigInt(bytes.subarray(32, 64));
  if (bytes.length === 64) return { left: first, right: second };
  if (bytes.length === 65) return { child: first, path: second, length: bytes[64]! };
  throw new CairnError(
    'INVALID_TRIE_NODE',
    `trie node has a wrong size: got ${bytes.length} bytes, expected 64 or 65`,
  );
}

import { type HashSuite, sameBytes } from '../hash/hashSuite.ts';

/** Shape of a Merkle tree: 2^logLeaves leaves, of whose nodes the 2^logCap highest on one level are published. */
export interface MerkleShape {
  readonly logLeaves: number;
  readonly logCap: number;
}

/** The shape of a tree whose cap has at most 2^maxLogCap nodes. */
export function merkleShape(logLeaves: number, maxLogCap: number): MerkleShape {
  return { logLeaves, logCap: Math.min(logLeaves, maxLogCap) };
}

/** Siblings from leaf to cap. */
export function pathLength(shape: MerkleShape): number {
  return shape.logLeaves - shape.logCap;
}

/**
 * True when the path leads from the leaf with these words to the cap. The path must have {@link pathLength} digests and
 * the cap 2^logCap: lengths are the decoder's business.
 */
export function verifyMerklePath(
  hash: HashSuite,
  shape: MerkleShape,
  cap: readonly Uint8Array[],
  leafIndex: number,
  leafWords: ArrayLike<number>,
  path: readonly Uint8Array[],
): boolean {
  if (path.length !== pathLength(shape)) return false;
  let digest = hash.leaf(leafWords);
  let index = leafIndex;
  for (const sibling of path) {
    digest = (index & 1) === 0 ? hash.node(digest, sibling) : hash.node(sibling, digest);
    index >>>= 1;
  }
  const top = cap[index];
  return top !== undefined && sameBytes(top, digest);
}

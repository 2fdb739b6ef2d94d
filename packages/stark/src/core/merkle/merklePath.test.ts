import { describe, expect, it } from 'vitest';
import { hashSuite } from '../hash/hashSuite.ts';
import { merkleShape, pathLength, verifyMerklePath } from './merklePath.ts';

describe.each(['keccak256', 'keccak192', 'blake2s'] as const)('Merkle paths, %s', (name) => {
  const hash = hashSuite(name);
  const leaves = Array.from({ length: 16 }, (_, i) => [i, 2 * i, 7]);
  const shape = merkleShape(4, 2);
  const levels = [leaves.map((words) => hash.leaf(words))];
  while (levels.at(-1)!.length > 4) {
    const below = levels.at(-1)!;
    levels.push(
      Array.from({ length: below.length / 2 }, (_, i) => hash.node(below[2 * i]!, below[2 * i + 1]!)),
    );
  }
  const cap = levels.at(-1)!;
  const path = (leaf: number) => [levels[0]![leaf ^ 1]!, levels[1]![(leaf >> 1) ^ 1]!];

  it('lead each leaf to its own node of the cap', () => {
    expect(pathLength(shape)).toBe(2);
    for (let leaf = 0; leaf < 16; leaf++) {
      expect(verifyMerklePath(hash, shape, cap, leaf, leaves[leaf]!, path(leaf))).toBe(true);
      expect(verifyMerklePath(hash, shape, cap, leaf ^ 4, leaves[leaf]!, path(leaf))).toBe(false);
      expect(verifyMerklePath(hash, shape, cap, leaf ^ 1, leaves[leaf]!, path(leaf))).toBe(false);
      expect(verifyMerklePath(hash, shape, cap, leaf, [...leaves[leaf]!, 0], path(leaf))).toBe(false);
    }
    expect(verifyMerklePath(hash, shape, cap, 16, leaves[0]!, path(0))).toBe(false);
    expect(verifyMerklePath(hash, shape, cap, 0, leaves[0]!, path(0).slice(1))).toBe(false);
  });
  it('take no inner node for a leaf', () => {
    const words = (digest: Uint8Array) =>
      Array.from({ length: digest.length / 4 }, (_, i) =>
        new DataView(digest.buffer, digest.byteOffset).getUint32(4 * i, name === 'blake2s'),
      );
    const inner = [...words(levels[0]![0]!), ...words(levels[0]![1]!)];
    expect(verifyMerklePath(hash, merkleShape(3, 2), cap, 0, inner, [levels[1]![1]!])).toBe(false);
  });
  it('have the length of their tree: a leaf is none of another level', () => {
    // The leaves' own digests as cap of a tree that is said to be twice as high.
    const low = levels[0]!.slice(0, 4);
    expect(verifyMerklePath(hash, merkleShape(2, 2), low, 1, leaves[1]!, [])).toBe(true);
    expect(verifyMerklePath(hash, merkleShape(3, 2), low, 1, leaves[1]!, [])).toBe(false);
  });
  it('have a cap of at most so many nodes', () => {
    expect(merkleShape(1, 5)).toEqual({ logLeaves: 1, logCap: 1 });
  });
});

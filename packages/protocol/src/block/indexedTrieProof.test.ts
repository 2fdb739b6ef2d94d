import fc from 'fast-check';
import { expect, it } from 'vitest';
import { indexedTrieProof, rootOfIndexedTrieProof } from './indexedTrieProof.ts';
import { indexedTrieRoot } from './indexedTrieRoot.ts';

const leavesOf = (count: number) => Array.from({ length: count }, (_, i) => BigInt(1000 + i));

it('every leaf has a proof that gives the root', () => {
  for (const count of [1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 17, 33]) {
    const leaves = leavesOf(count);
    const root = indexedTrieRoot(leaves);
    leaves.forEach((leaf, i) => {
      expect(rootOfIndexedTrieProof(leaf, i, indexedTrieProof(leaves, i))).toBe(root);
    });
  }
});

it('another leaf, place or node gives another root or none', () => {
  const leaves = leavesOf(11);
  const root = indexedTrieRoot(leaves);
  fc.assert(
    fc.property(fc.nat(10), fc.nat(100), fc.integer({ min: 0, max: 12 }), (index, other, at) => {
      const proof = indexedTrieProof(leaves, index);
      expect(rootOfIndexedTrieProof(leaves[index]! + 1n, index, proof)).not.toBe(root);
      if (other !== index) expect(rootOfIndexedTrieProof(leaves[index]!, other, proof)).not.toBe(root);
      const step = proof[at % proof.length]!;
      const changed = 'edge' in step ? { edge: step.edge + 1 } : { sibling: step.sibling + 1n };
      const mutated = proof.map((node) => (node === step ? changed : node));
      expect(rootOfIndexedTrieProof(leaves[index]!, index, mutated)).not.toBe(root);
      expect(rootOfIndexedTrieProof(leaves[index]!, index, proof.slice(1))).not.toBe(root);
    }),
  );
});

it('there is no proof for a leaf that is not there', () => {
  for (const index of [3, -1, 0.5]) expect(() => indexedTrieProof(leavesOf(3), index)).toThrow(RangeError);
});

import { poseidon } from '@cairn/primitives';
import { expect, it } from 'vitest';
import { indexedTrieRoot } from './indexedTrieRoot.ts';

it('equals the published roots of small tries', () => {
  // @see starkware-libs/sequencer, crates/starknet_api/src/crypto/patricia_hash_test.rs
  expect(indexedTrieRoot([]).toString(16)).toBe('0');
  expect(indexedTrieRoot([1n]).toString(16)).toMatch(/^7752582c.*b7e1$/);
  expect(indexedTrieRoot([1n, 2n]).toString(16)).toMatch(/^1c1ba983.*80bf$/);
  expect(indexedTrieRoot([1n, 2n, 3n]).toString(16)).toMatch(/^3b5cc7f1.*fc32$/);
});

/** The trie's definition, one level at a time over a full subtree with empty leaves as undefined. */
function slowRoot(leaves: readonly bigint[]): bigint {
  type Node = { hash: bigint; path: bigint; length: number };
  let level: (Node | undefined)[] = leaves.map((hash) => ({ hash, path: 0n, length: 0 }));
  const close = (n: Node): bigint => (n.length === 0 ? n.hash : poseidon(n.hash, n.path) + BigInt(n.length));
  for (let height = 0; height < 64; height++) {
    const next: (Node | undefined)[] = [];
    for (let i = 0; i < Math.max(level.length, 1); i += 2) {
      const [left, right] = [level[i], level[i + 1]];
      if (left && right) next.push({ hash: poseidon(close(left), close(right)), path: 0n, length: 0 });
      else if (left) next.push({ ...left, length: left.length + 1 });
      else if (right)
        next.push({ ...right, path: right.path + (1n << BigInt(right.length)), length: right.length + 1 });
    }
    level = next;
  }
  return close(level[0]!);
}

it.each([1, 2, 3, 4, 5, 7, 8, 9, 31, 33])('equals the level-by-level definition for %i leaves', (count) => {
  const leaves = Array.from({ length: count }, (_, i) => BigInt(1000 + i));
  expect(indexedTrieRoot(leaves)).toBe(slowRoot(leaves));
});

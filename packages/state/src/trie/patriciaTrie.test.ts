import { pedersen } from '@cairn/primitives';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commitTries, rootHash } from './commitTrie.ts';
import type { StoredNode } from './node.ts';
import { decodeNode, encodeNode } from './nodeCodec.ts';
import { type TrieRoot, trieGet, trieUpdate } from './patriciaTrie.ts';
import { addTrieProof, verifyTrieProof } from './trieProof.ts';

/** Root of a set of leaves straight from the definition of the trie, without any sharing or edges kept. */
function slowRoot(leaves: Map<bigint, bigint>, height: number): bigint {
  type Part = { hash: bigint; path: bigint; length: number } | undefined;
  const close = (p: NonNullable<Part>): bigint =>
    p.length === 0 ? p.hash : pedersen(p.hash, p.path) + BigInt(p.length);
  const build = (keys: bigint[], h: number): Part => {
    if (keys.length === 0) return undefined;
    if (h === 0) return { hash: leaves.get(keys[0]!)!, path: 0n, length: 0 };
    const bit = 1n << BigInt(h - 1);
    const left = build(
      keys.filter((k) => (k & bit) === 0n),
      h - 1,
    );
    const right = build(
      keys.filter((k) => (k & bit) !== 0n),
      h - 1,
    );
    if (left && right) return { hash: pedersen(close(left), close(right)), path: 0n, length: 0 };
    if (left) return { ...left, length: left.length + 1 };
    if (right) return { ...right, path: right.path + (1n << BigInt(right.length)), length: right.length + 1 };
    return undefined;
  };
  const root = build([...leaves.keys()], height);
  return root ? close(root) : 0n;
}

class Store {
  readonly nodes = new Map<bigint, Uint8Array>();
  node(hash: bigint): StoredNode | undefined {
    const bytes = this.nodes.get(hash);
    return bytes && decodeNode(bytes);
  }
  commit(root: TrieRoot): bigint {
    commitTries([root], 'pedersen', (hash, node) => this.nodes.set(hash, encodeNode(node)));
    return rootHash(root);
  }
}

const HEIGHT = 8;
const updates = fc.array(fc.tuple(fc.bigInt(0n, 255n), fc.bigInt(0n, 3n)), { minLength: 1, maxLength: 12 });

describe('Patricia trie', () => {
  it('after any updates has the root of its definition, and every older version stays readable', () => {
    fc.assert(
      fc.property(fc.array(updates, { minLength: 1, maxLength: 5 }), (rounds) => {
        const store = new Store();
        const model = new Map<bigint, bigint>();
        const versions: { root: bigint; model: Map<bigint, bigint> }[] = [];
        let root = 0n;
        for (const round of rounds) {
          root = store.commit(trieUpdate(root || undefined, round, store, HEIGHT));
          for (const [key, value] of round) {
            if (value === 0n) model.delete(key);
            else model.set(key, value);
          }
          expect(root).toBe(slowRoot(model, HEIGHT));
          versions.push({ root, model: new Map(model) });
        }
        for (const version of versions) {
          for (let key = 0n; key < 256n; key++) {
            expect(trieGet(version.root || undefined, key, store, HEIGHT)).toBe(version.model.get(key) ?? 0n);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('does not depend on the order or grouping of updates', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.bigInt(0n, (1n << 251n) - 1n), { minLength: 1, maxLength: 10 }),
        (keys) => {
          const store = new Store();
          const atOnce = store.commit(
            trieUpdate(
              undefined,
              keys.map((k) => [k, k + 1n] as const),
              store,
            ),
          );
          let oneByOne: TrieRoot;
          for (const k of [...keys].reverse()) oneByOne = trieUpdate(oneByOne, [[k, k + 1n]], store);
          expect(store.commit(oneByOne)).toBe(atOnce);
          const emptied = trieUpdate(
            oneByOne,
            keys.map((k) => [k, 0n] as const),
            store,
          );
          expect(emptied).toBeUndefined();
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('trie proofs', () => {
  const keys = [1n, 2n, 3n, 1n << 200n, (1n << 251n) - 1n];
  const store = new Store();
  const root = store.commit(
    trieUpdate(
      undefined,
      keys.map((k) => [k, k + 5n] as const),
      store,
    ),
  );
  const proofOf = (key: bigint): Map<bigint, StoredNode> => {
    const proof = new Map<bigint, StoredNode>();
    addTrieProof(proof, root, key, store);
    return proof;
  };

  it('show membership and absence', () => {
    for (const key of keys) {
      expect(verifyTrieProof(proofOf(key), root, key, 'pedersen')).toEqual({ ok: true, value: key + 5n });
    }
    for (const key of [0n, 4n, 1n << 199n]) {
      expect(verifyTrieProof(proofOf(key), root, key, 'pedersen')).toEqual({ ok: true, value: 0n });
    }
  });

  it('fail when any node is changed or left out', () => {
    for (const [hash, node] of proofOf(3n)) {
      const missing = proofOf(3n);
      missing.delete(hash);
      expect(verifyTrieProof(missing, root, 3n, 'pedersen').ok).toBe(false);
      const changes: StoredNode[] =
        'left' in node
          ? [
              { ...node, left: node.left + 1n },
              { ...node, right: node.right + 1n },
            ]
          : [
              { ...node, child: node.child + 1n },
              { ...node, path: node.path + 1n },
              { ...node, length: node.length + 1 },
            ];
      for (const changed of changes) {
        expect(verifyTrieProof(proofOf(3n).set(hash, changed), root, 3n, 'pedersen').ok).toBe(false);
      }
    }
  });
});

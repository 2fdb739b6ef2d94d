import { type Felt, poseidon } from '@cairn/primitives';
import { INDEXED_TRIE_HEIGHT, zeroEdge } from './indexedTrieRoot.ts';

/** One node above a leaf: an edge of so many zero bits, or a branch whose other child is given. */
export type IndexedTrieStep = { readonly edge: number } | { readonly sibling: Felt };

/**
 * The nodes above leaf `index` of the trie that `indexedTrieRoot` makes of the leaves, from the leaf up.
 * @throws RangeError for an index without a leaf.
 */
export function indexedTrieProof(leaves: readonly Felt[], index: number): IndexedTrieStep[] {
  if (!(Number.isInteger(index) && index >= 0 && index < leaves.length))
    throw new RangeError(`leaf ${index}: there are ${leaves.length}`);
  const steps: IndexedTrieStep[] = [];
  let row: readonly Felt[] = leaves;
  let at = index;
  /** Levels since the last branch, as one edge; those of other children are shared by `row`. */
  let edge = 0;
  let edges: readonly number[] = leaves.map(() => 0);
  for (let level = 0; level < INDEXED_TRIE_HEIGHT; level++) {
    const isAlone = at % 2 === 0 && at + 1 === row.length;
    if (isAlone) edge++;
    else {
      if (edge > 0) steps.push({ edge });
      edge = 0;
      const other = at ^ 1;
      steps.push({ sibling: zeroEdge(row[other]!, edges[other]!) });
    }
    [row, edges] = nextRow(row, edges);
    at = Math.floor(at / 2);
  }
  if (edge > 0) steps.push({ edge });
  return steps;
}

/** The root above a leaf at `index` with these nodes between; undefined when they are none of such a trie. */
export function rootOfIndexedTrieProof(
  leaf: Felt,
  index: number,
  steps: readonly IndexedTrieStep[],
): Felt | undefined {
  let hash = leaf;
  let level = 0;
  let left = BigInt(index);
  for (const step of steps) {
    if ('edge' in step) {
      if (!(Number.isInteger(step.edge) && step.edge >= 1 && level + step.edge <= INDEXED_TRIE_HEIGHT))
        return undefined;
      if (left % (1n << BigInt(step.edge)) !== 0n) return undefined;
      hash = zeroEdge(hash, step.edge);
      left >>= BigInt(step.edge);
      level += step.edge;
    } else {
      hash = left % 2n === 0n ? poseidon(hash, step.sibling) : poseidon(step.sibling, hash);
      left >>= 1n;
      level++;
    }
  }
  return level === INDEXED_TRIE_HEIGHT && left === 0n ? hash : undefined;
}

/** The nodes a level higher, each without the edge above it. */
function nextRow(row: readonly Felt[], edges: readonly number[]): [Felt[], number[]] {
  const [hashes, lengths]: [Felt[], number[]] = [[], []];
  for (let i = 0; i < row.length; i += 2) {
    if (i + 1 === row.length) {
      hashes.push(row[i]!);
      lengths.push(edges[i]! + 1);
    } else {
      hashes.push(poseidon(zeroEdge(row[i]!, edges[i]!), zeroEdge(row[i + 1]!, edges[i + 1]!)));
      lengths.push(0);
    }
  }
  return [hashes, lengths];
}

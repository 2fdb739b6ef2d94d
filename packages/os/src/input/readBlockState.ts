import {
  CairnError,
  type ContractAddress,
  type Felt,
  formatFelt,
  hasCode,
  starknetKeccak,
} from '@cairn/primitives';
import type { Receipt } from '@cairn/protocol';
import { type StateStore, type StoredNode, TRIE_HEIGHT, TrieState, trieUpdate } from '@cairn/state';
import type { OsErrorCode } from '../errors.ts';
import type { ProvableBlock } from './buildOsInput.ts';
import type { OsBlock, OsContract } from './osInput.ts';

/** Which trie, by what a storage proof is asked for. */
type TrieName = 'contracts' | 'classes' | ContractAddress;

/**
 * What a block touches of the state before it, with the trie nodes that show it.
 * @throws CairnError `MISSING_PROOF`; its details have a trie and a key of which a storage proof shows what is missing.
 */
export function readBlockState(block: ProvableBlock, store: StateStore): OsBlock {
  const { header, transactions, receipts, touched, stateDiff, parentRoots } = block;
  const reader = new ProofReader(header.blockNumber, store);
  const state = new TrieState(parentRoots, reader);
  const contracts: OsContract[] = [];
  for (const [address, keys] of touched.storage) {
    const contract = reader.read('contracts', parentRoots.contractsRoot, address, () =>
      state.contractAt(address),
    );
    const { classHash = 0n, nonce = 0n, storageRoot = 0n } = contract ?? {};
    const storage = [...keys].map((key): [Felt, Felt] => [
      key,
      reader.read(address, storageRoot, key, () => state.storageAt(address, key)),
    ]);
    // Removing keys needs what stands beside them.
    const changes = [...(stateDiff.storage.get(address) ?? [])];
    if (changes.length > 0)
      reader.read(address, storageRoot, changes[0]![0], () =>
        trieUpdate(storageRoot || undefined, changes, reader),
      );
    contracts.push({ address, classHash, nonce, storageRoot, storage });
  }
  const classes = [...touched.classes].map((hash): [Felt, Felt] => [
    hash,
    reader.read('classes', parentRoots.classesRoot, hash, () => state.compiledClassHash(hash)),
  ]);
  return {
    header,
    transactions,
    revertReasonHashes: receipts.map(revertReasonHash),
    ...parentRoots,
    contracts,
    classes,
    nodes: [...reader.nodes],
  };
}

function revertReasonHash({ revertReason }: Receipt): Felt {
  return revertReason === undefined ? 0n : starknetKeccak(new TextEncoder().encode(revertReason));
}

/** Reads from a store and remembers the nodes it saw. */
class ProofReader implements StateStore {
  readonly nodes = new Map<Felt, StoredNode>();
  readonly #blockNumber: number;
  readonly #store: StateStore;
  #missing: Felt | undefined;

  constructor(blockNumber: number, store: StateStore) {
    this.#blockNumber = blockNumber;
    this.#store = store;
  }

  node(hash: Felt): StoredNode | undefined {
    const node = this.#store.node(hash);
    if (node !== undefined) this.nodes.set(hash, node);
    else this.#missing = hash;
    return node;
  }

  contract(leafHash: Felt) {
    return this.#store.contract(leafHash);
  }

  classLeaf(leafHash: Felt) {
    return this.#store.classLeaf(leafHash);
  }

  /** What `read` gives; what it lacks is told by trie and key. */
  read<T>(trie: TrieName, root: Felt, key: Felt, read: () => T): T {
    this.#missing = undefined;
    try {
      return read();
    } catch (error) {
      if (!hasCode(error, 'MISSING_TRIE_NODE')) throw error;
      const shownBy = this.#missing === undefined ? key : (keyBelow(this.nodes, root, this.#missing) ?? key);
      const name = typeof trie === 'bigint' ? `storage of contract ${formatFelt(trie)}` : `trie of ${trie}`;
      throw new CairnError<OsErrorCode>(
        'MISSING_PROOF',
        `block ${this.#blockNumber}: the proof of ${formatFelt(key)} in the ${name} lacks a part: ${error.message}`,
        { details: { blockNumber: this.#blockNumber, trie, key: shownBy }, cause: error },
      );
    }
  }
}

/** A key of the trie whose path leads through the node `target`. */
function keyBelow(nodes: ReadonlyMap<Felt, StoredNode>, root: Felt, target: Felt): Felt | undefined {
  const open: [hash: Felt, prefix: Felt, height: number][] = [[root, 0n, TRIE_HEIGHT]];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const [hash, prefix, height] = at;
    if (hash === target) return prefix << BigInt(height);
    const node = nodes.get(hash);
    if (node === undefined || height === 0) continue;
    if ('left' in node)
      open.push([node.left, prefix << 1n, height - 1], [node.right, (prefix << 1n) + 1n, height - 1]);
    else open.push([node.child, (prefix << BigInt(node.length)) + node.path, height - node.length]);
  }
  return undefined;
}

export { applyStateDiff } from './applyStateDiff.ts';
export type { StateErrorCode } from './errors.ts';
export { MemoryStateStore } from './memoryStateStore.ts';
export { type Checkpoint, StateOverlay } from './stateOverlay.ts';
export { EMPTY_STATE, type StateReader } from './stateReader.ts';
export {
  type ContractState,
  EMPTY_ROOTS,
  type StateRoots,
  type StateStore,
  type StateStoreBatch,
} from './stateStore.ts';
export { commitTries, edgeHash, rootHash } from './trie/commitTrie.ts';
export {
  BinaryNode,
  type Child,
  EdgeNode,
  type NodeReader,
  type StoredNode,
  TRIE_HEIGHT,
  type TrieHash,
} from './trie/node.ts';
export { decodeNode, encodeNode } from './trie/nodeCodec.ts';
export { type TrieRoot, type TrieUpdate, trieGet, trieUpdate } from './trie/patriciaTrie.ts';
export { addTrieProof, type ProofNodes, type TrieProofResult, verifyTrieProof } from './trie/trieProof.ts';
export { TrieState } from './trieState.ts';

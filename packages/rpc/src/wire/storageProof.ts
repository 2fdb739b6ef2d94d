import { formatFelt } from '@cairn/primitives';
import type { ContractState, ProofNodes, StoredNode } from '@cairn/state';
import type { StorageProofView } from '../backend.ts';

/** The result of `starknet_getStorageProof`. */
export function formatStorageProof(proof: StorageProofView) {
  return {
    classes_proof: formatNodes(proof.classes),
    contracts_proof: {
      nodes: formatNodes(proof.contracts),
      contract_leaves_data: proof.contractLeaves.map(formatLeaf),
    },
    contracts_storage_proofs: proof.storage.map(formatNodes),
    global_roots: {
      contracts_tree_root: formatFelt(proof.roots.contractsRoot),
      classes_tree_root: formatFelt(proof.roots.classesRoot),
      block_hash: formatFelt(proof.blockHash),
    },
  };
}

/** NODE_HASH_TO_NODE_MAPPING. */
function formatNodes(nodes: ProofNodes) {
  return [...nodes].map(([hash, node]) => ({ node_hash: formatFelt(hash), node: formatNode(node) }));
}

function formatNode(node: StoredNode) {
  return 'left' in node
    ? { left: formatFelt(node.left), right: formatFelt(node.right) }
    : { path: formatFelt(node.path), length: node.length, child: formatFelt(node.child) };
}

/** A contract that does not exist is shown as the empty contract: its place in the list must be kept. */
function formatLeaf(leaf: ContractState | undefined) {
  return {
    nonce: formatFelt(leaf?.nonce ?? 0n),
    class_hash: formatFelt(leaf?.classHash ?? 0n),
    storage_root: formatFelt(leaf?.storageRoot ?? 0n),
  };
}

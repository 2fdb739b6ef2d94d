import { type Felt, formatFelt } from '@cairn/primitives';
import type { ContractState, ProofNodes, StoredNode } from '@cairn/state';
import type { StorageProofView } from '../backend.ts';
import { listOf, readFelt, readInteger, readObject } from './read.ts';

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

/**
 * Reads the result of `starknet_getStorageProof` of another node. A contract that does not exist comes as the empty one.
 * @throws CairnError `INVALID_PARAMS`
 */
export function readStorageProof(value: unknown, path: string): StorageProofView {
  const proof = readObject(value, path);
  const contracts = readObject(proof.contracts_proof, `${path}.contracts_proof`);
  const roots = readObject(proof.global_roots, `${path}.global_roots`);
  const root = (name: string) => readFelt(roots[name], `${path}.global_roots.${name}`);
  return {
    blockHash: root('block_hash'),
    roots: { contractsRoot: root('contracts_tree_root'), classesRoot: root('classes_tree_root') },
    classes: readNodes(proof.classes_proof, `${path}.classes_proof`),
    contracts: readNodes(contracts.nodes, `${path}.contracts_proof.nodes`),
    contractLeaves: listOf(readLeaf)(
      contracts.contract_leaves_data,
      `${path}.contracts_proof.contract_leaves_data`,
    ),
    storage: listOf(readNodes)(proof.contracts_storage_proofs, `${path}.contracts_storage_proofs`),
  };
}

function readNodes(value: unknown, path: string): ProofNodes {
  return new Map(
    listOf((item, itemPath): [Felt, StoredNode] => {
      const { node_hash, node } = readObject(item, itemPath);
      return [readFelt(node_hash, `${itemPath}.node_hash`), readNode(node, `${itemPath}.node`)];
    })(value, path),
  );
}

function readNode(value: unknown, path: string): StoredNode {
  const node = readObject(value, path);
  const felt = (name: string) => readFelt(node[name], `${path}.${name}`);
  if (node.left !== undefined) return { left: felt('left'), right: felt('right') };
  return { path: felt('path'), length: readInteger(node.length, `${path}.length`), child: felt('child') };
}

function readLeaf(value: unknown, path: string): ContractState {
  const leaf = readObject(value ?? { nonce: '0x0', class_hash: '0x0', storage_root: '0x0' }, path);
  return {
    nonce: readFelt(leaf.nonce, `${path}.nonce`),
    classHash: readFelt(leaf.class_hash, `${path}.class_hash`),
    storageRoot: readFelt(leaf.storage_root, `${path}.storage_root`),
  };
}

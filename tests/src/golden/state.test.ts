import { stateRoot } from '@cairn/protocol';
import { parseFeederStateUpdate } from '@cairn/rpc';
import {
  applyStateDiff,
  EMPTY_ROOTS,
  MemoryStateStore,
  type StoredNode,
  verifyTrieProof,
} from '@cairn/state';
import { describe, expect, it } from 'vitest';
import { hasVectors, readVectorJson } from './vectors.ts';

describe.skipIf(!hasVectors)('state roots of real chains', () => {
  it('mainnet block 0', () => {
    const { block, state_update } = readVectorJson('state/mainnet.block_0.json');
    const { stateDiff } = parseFeederStateUpdate(state_update);
    const { roots } = applyStateDiff(EMPTY_ROOTS, stateDiff, new MemoryStateStore());
    expect(stateRoot(roots.contractsRoot, roots.classesRoot, '0.9.0')).toBe(BigInt(block.state_root));
  });

  it('sepolia blocks 0 to 2, one after the other', () => {
    const store = new MemoryStateStore();
    let roots = EMPTY_ROOTS;
    for (const number of [0, 1, 2]) {
      const { block, state_update } = readVectorJson(`state/sepolia.block_${number}.json`);
      const { stateDiff } = parseFeederStateUpdate(state_update);
      const next = applyStateDiff(roots, stateDiff, store);
      store.write(next.batch);
      roots = next.roots;
      expect(stateRoot(roots.contractsRoot, roots.classesRoot, block.starknet_version)).toBe(
        BigInt(block.state_root),
      );
    }
  });
});

describe.skipIf(!hasVectors)('a real contract proof', () => {
  const proof = hasVectors ? readVectorJson('state/pathfinder_proof_1309254_2.json') : undefined;
  const nodes = new Map<bigint, StoredNode>();
  for (const { binary, edge } of proof?.contract_proof ?? []) {
    if (binary)
      nodes.set(BigInt(binary.node_hash), { left: BigInt(binary.left), right: BigInt(binary.right) });
    else {
      nodes.set(BigInt(edge.node_hash), {
        path: BigInt(edge.path.value),
        length: edge.path.len,
        child: BigInt(edge.child),
      });
    }
  }

  it('leads from the contracts root to its leaf', () => {
    expect(stateRoot(BigInt(proof.contract_commitment), BigInt(proof.class_commitment), '0.13.4')).toBe(
      BigInt(proof.state_commitment),
    );
    let path = 0n;
    for (const { binary, edge } of proof.contract_proof) {
      path = binary ? path : (path << BigInt(edge.path.len)) | BigInt(edge.path.value);
    }
    expect(nodes.size).toBe(proof.contract_proof.length);
  });

  it('is rejected when a node is changed', () => {
    const changed = new Map(nodes);
    const root = BigInt(proof.contract_commitment);
    const top = changed.get(root)! as { left: bigint; right: bigint };
    changed.set(root, { left: top.left, right: top.right + 1n });
    expect(verifyTrieProof(changed, root, 0n, 'pedersen').ok).toBe(false);
  });
});

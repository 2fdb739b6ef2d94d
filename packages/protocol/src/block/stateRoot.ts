import { type Felt, pedersen, poseidon, poseidonMany, shortString } from '@cairn/primitives';
import { isAtLeast, type StarknetVersion } from './starknetVersion.ts';

const STATE_V0 = shortString('STARKNET_STATE_V0');
const CLASS_LEAF_V0 = shortString('CONTRACT_CLASS_LEAF_V0');

/** State commitment of a block: before 0.14.0 a state without Sierra classes was its contracts root alone. */
export function stateRoot(contractsRoot: Felt, classesRoot: Felt, version: StarknetVersion): Felt {
  if (contractsRoot === 0n && classesRoot === 0n) return 0n;
  if (classesRoot === 0n && !isAtLeast(version, '0.14.0')) return contractsRoot;
  return poseidonMany([STATE_V0, contractsRoot, classesRoot]);
}

/** Leaf of the contracts trie. */
export function contractLeaf(contract: { classHash: Felt; storageRoot: Felt; nonce: Felt }): Felt {
  return pedersen(pedersen(pedersen(contract.classHash, contract.storageRoot), contract.nonce), 0n);
}

/** Leaf of the class trie. */
export function classLeaf(compiledClassHash: Felt): Felt {
  return poseidon(CLASS_LEAF_V0, compiledClassHash);
}

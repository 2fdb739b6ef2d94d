import { defineMethod, optional, required } from '../method.ts';
import { readClosedBlockId } from '../wire/blockId.ts';
import { invalidParameter, listOf, readFelt, readFelts, readObject } from '../wire/read.ts';
import { formatStorageProof } from '../wire/storageProof.ts';

/** Most keys of all three tries in one request: each costs a walk through a trie. */
const MAX_PROVEN_KEY_COUNT = 1024;

const readStorageKeys = listOf((value, path) => {
  const item = readObject(value, path);
  return {
    contractAddress: readFelt(item.contract_address, `${path}.contract_address`),
    keys: readFelts(item.storage_keys, `${path}.storage_keys`),
  };
});

/** Proves classes, contracts and storage cells under the state root of a block. */
export const getStorageProof = defineMethod({
  name: 'starknet_getStorageProof',
  cost: 10,
  parameters: {
    block_id: required(readClosedBlockId),
    class_hashes: optional(readFelts, []),
    contract_addresses: optional(readFelts, []),
    contracts_storage_keys: optional(readStorageKeys, []),
  },
  errors: ['BLOCK_NOT_FOUND', 'STORAGE_PROOF_NOT_SUPPORTED'],
  handler({ block_id, class_hashes, contract_addresses, contracts_storage_keys }, backend) {
    const keyCount =
      class_hashes.length +
      contract_addresses.length +
      contracts_storage_keys.reduce((count, { keys }) => count + keys.length, 0);
    if (keyCount > MAX_PROVEN_KEY_COUNT) {
      throw invalidParameter('request', keyCount, `at most ${MAX_PROVEN_KEY_COUNT} keys in all`, 'split it');
    }
    return formatStorageProof(
      backend.storageProof(block_id, {
        classHashes: class_hashes,
        contractAddresses: contract_addresses,
        storageKeys: contracts_storage_keys,
      }),
    );
  },
});

import { ALIAS_CONTRACT, BLOCK_HASH_CONTRACT } from '@cairn/execution';
import { CairnError, type ContractAddress, type Felt, formatFelt } from '@cairn/primitives';
import type { BlockId, RpcBackend } from '../backend.ts';
import { defineMethod, optional, required } from '../method.ts';
import { SpecificationError } from '../rpcErrors.ts';
import { contextOf } from '../wire/block.ts';
import { readBlockId } from '../wire/blockId.ts';
import { flagsOf, readFelt } from '../wire/read.ts';

/** How many blocks back the last change of a cell is looked for. */
const MAX_SEARCHED_BLOCK_COUNT = 1024;

/** Reads a storage cell, on request with the block that changed it last. */
export const getStorageAt = defineMethod({
  name: 'starknet_getStorageAt',
  parameters: {
    contract_address: required(readFelt),
    key: required(readFelt),
    block_id: required(readBlockId),
    response_flags: optional(flagsOf('INCLUDE_LAST_UPDATE_BLOCK'), new Set<never>()),
  },
  errors: ['CONTRACT_NOT_FOUND', 'BLOCK_NOT_FOUND'],
  handler({ contract_address: address, key, block_id, response_flags }, backend) {
    const state = backend.state(block_id);
    // The system contracts have storage and no class.
    const exists =
      address === BLOCK_HASH_CONTRACT || address === ALIAS_CONTRACT || state.classHashAt(address) !== 0n;
    if (!exists) throw new SpecificationError('CONTRACT_NOT_FOUND');
    const value = formatFelt(state.storageAt(address, key));
    return response_flags.has('INCLUDE_LAST_UPDATE_BLOCK')
      ? { value, last_update_block: lastUpdateBlock(backend, block_id, address, key) }
      : value;
  },
});

/**
 * Number of the last block that changed a cell, 0 when none did. PERF: walks back through state diffs.
 * @throws CairnError `UNSUPPORTED` when the change is too far back to be found by walking.
 */
function lastUpdateBlock(backend: RpcBackend, id: BlockId, address: ContractAddress, key: Felt): number {
  let block = backend.block(id);
  for (let searchedCount = 0; searchedCount < MAX_SEARCHED_BLOCK_COUNT; searchedCount++) {
    const { blockNumber } = contextOf(block);
    if (block.stateDiff.storage.get(address)?.has(key)) return blockNumber;
    if (blockNumber === 0) return 0;
    block = backend.block({ kind: 'number', number: blockNumber - 1 });
  }
  throw new CairnError(
    'UNSUPPORTED',
    `last update of the cell not found: none in the ${MAX_SEARCHED_BLOCK_COUNT} blocks searched, and older ones are not indexed`,
  );
}

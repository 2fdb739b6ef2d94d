import { formatFelt, hasCode } from '@cairn/primitives';
import type { RpcBackend } from '../backend.ts';
import { defineMethod } from '../method.ts';
import { SpecificationError } from '../rpcErrors.ts';

/** Tells hash and number of the last closed block. */
export const blockHashAndNumber = defineMethod({
  name: 'starknet_blockHashAndNumber',
  parameters: {},
  errors: ['NO_BLOCKS'],
  handler(_params, backend) {
    const { hash, number } = latestBlockOf(backend);
    return { block_hash: formatFelt(hash), block_number: number };
  },
});

/** The last closed block. @throws error 32 of the specification when there is none. */
export function latestBlockOf(backend: RpcBackend): ReturnType<RpcBackend['latestBlock']> {
  try {
    return backend.latestBlock();
  } catch (error) {
    throw hasCode(error, 'BLOCK_NOT_FOUND') ? new SpecificationError('NO_BLOCKS') : error;
  }
}

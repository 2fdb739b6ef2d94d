import type { ClassHash } from '@cairn/primitives';
import type { BlockId, RpcBackend } from '../backend.ts';
import { defineMethod, required } from '../method.ts';
import { SpecificationError } from '../rpcErrors.ts';
import { readBlockId } from '../wire/blockId.ts';
import { formatContractClass } from '../wire/contractClass.ts';
import { readFelt } from '../wire/read.ts';

/** Shows a class by its hash. */
export const getClass = defineMethod({
  name: 'starknet_getClass',
  cost: 20,
  parameters: { block_id: required(readBlockId), class_hash: required(readFelt) },
  errors: ['BLOCK_NOT_FOUND', 'CLASS_HASH_NOT_FOUND'],
  handler: ({ block_id, class_hash }, backend) => formattedClass(backend, block_id, class_hash),
});

/** A declared class as CONTRACT_CLASS. @throws error 28 of the specification when it is not declared. */
export function formattedClass(backend: RpcBackend, id: BlockId, classHash: ClassHash) {
  const sierraClass = backend.sierraClass(id, classHash);
  if (!sierraClass) throw new SpecificationError('CLASS_HASH_NOT_FOUND');
  return formatContractClass(sierraClass);
}

import { type ClassHash, type ContractAddress, formatFelt } from '@cairn/primitives';
import type { BlockId, RpcBackend } from '../backend.ts';
import { defineMethod, required } from '../method.ts';
import { SpecificationError } from '../rpcErrors.ts';
import { readBlockId } from '../wire/blockId.ts';
import { readFelt } from '../wire/read.ts';

/** Tells the class of a contract. */
export const getClassHashAt = defineMethod({
  name: 'starknet_getClassHashAt',
  parameters: { block_id: required(readBlockId), contract_address: required(readFelt) },
  errors: ['BLOCK_NOT_FOUND', 'CONTRACT_NOT_FOUND'],
  handler: ({ block_id, contract_address }, backend) =>
    formatFelt(deployedClassHash(backend, block_id, contract_address)),
});

/** Class of a contract. @throws error 20 of the specification when nothing is deployed at the address. */
export function deployedClassHash(backend: RpcBackend, id: BlockId, address: ContractAddress): ClassHash {
  const classHash = backend.state(id).classHashAt(address);
  if (classHash === 0n) throw new SpecificationError('CONTRACT_NOT_FOUND');
  return classHash;
}

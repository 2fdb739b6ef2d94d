import { defineMethod, required } from '../method.ts';
import { readBlockId } from '../wire/blockId.ts';
import { readFelt } from '../wire/read.ts';
import { formattedClass } from './getClass.ts';
import { deployedClassHash } from './getClassHashAt.ts';

/** Shows the class of a contract. */
export const getClassAt = defineMethod({
  name: 'starknet_getClassAt',
  cost: 20,
  parameters: { block_id: required(readBlockId), contract_address: required(readFelt) },
  errors: ['BLOCK_NOT_FOUND', 'CONTRACT_NOT_FOUND'],
  handler: ({ block_id, contract_address }, backend) =>
    formattedClass(backend, block_id, deployedClassHash(backend, block_id, contract_address)),
});

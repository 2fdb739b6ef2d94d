import { defineMethod, required } from '../method.ts';
import { readBlockId } from '../wire/blockId.ts';
import { readFunctionCall } from '../wire/functionCall.ts';
import { formatFelts } from '../wire/read.ts';

/** Calls a function of a contract without a transaction. */
export const call = defineMethod({
  name: 'starknet_call',
  cost: 10,
  parameters: { request: required(readFunctionCall), block_id: required(readBlockId) },
  errors: ['CONTRACT_NOT_FOUND', 'ENTRYPOINT_NOT_FOUND', 'CONTRACT_ERROR', 'BLOCK_NOT_FOUND'],
  handler: ({ request, block_id }, backend) => formatFelts(backend.call(block_id, request).retdata),
});

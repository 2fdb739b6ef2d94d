import { defineMethod } from '../method.ts';
import { latestBlockOf } from './blockHashAndNumber.ts';

export const blockNumber = defineMethod({
  name: 'starknet_blockNumber',
  parameters: {},
  errors: ['NO_BLOCKS'],
  handler: (_params, backend) => latestBlockOf(backend).number,
});

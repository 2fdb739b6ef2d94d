import { defineMethod } from '../method.ts';
import { latestBlockOf } from './blockHashAndNumber.ts';

/** Tells the number of the last closed block. */
export const blockNumber = defineMethod({
  name: 'starknet_blockNumber',
  parameters: {},
  errors: ['NO_BLOCKS'],
  handler: (_params, backend) => latestBlockOf(backend).number,
});

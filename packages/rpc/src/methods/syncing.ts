import { defineMethod } from '../method.ts';

/** The backend is the head of its own chain: it follows nobody and is never behind. */
export const syncing = defineMethod({
  name: 'starknet_syncing',
  parameters: {},
  errors: [],
  handler: () => false,
});

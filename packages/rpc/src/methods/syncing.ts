import { defineMethod } from '../method.ts';

/** Answers false: the backend is the head of its own chain: it follows nobody and is never behind. */
export const syncing = defineMethod({
  name: 'starknet_syncing',
  parameters: {},
  errors: [],
  handler: () => false,
});

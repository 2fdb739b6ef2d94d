import { formatFelt } from '@cairn/primitives';
import { defineMethod } from '../method.ts';

/** Tells the name of the chain, a short string as felt. */
export const chainId = defineMethod({
  name: 'starknet_chainId',
  parameters: {},
  errors: [],
  handler: (_params, backend) => formatFelt(backend.chainId),
});

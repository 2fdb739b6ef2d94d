import { formatFelt } from '@cairn/primitives';
import { defineMethod } from '../method.ts';

export const chainId = defineMethod({
  name: 'starknet_chainId',
  parameters: {},
  errors: [],
  handler: (_params, backend) => formatFelt(backend.chainId),
});

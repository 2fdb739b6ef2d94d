import { defineMethod } from '../method.ts';

/** Version of the JSON-RPC specification that this package serves. */
export const SPEC_VERSION = '0.10.2';

/** Tells which version of the specification is served. */
export const specVersion = defineMethod({
  name: 'starknet_specVersion',
  parameters: {},
  errors: [],
  handler: () => SPEC_VERSION,
});

import { defineMethod, type Method } from '@cairn/rpc';
import type { DevChain } from './devChain.ts';
import { accountMethods } from './methods/accounts.ts';
import { blockMethods } from './methods/blocks.ts';
import { messageMethods } from './methods/messages.ts';
import { snapshotMethods } from './methods/snapshots.ts';
import { stateMethods } from './methods/state.ts';
import { timeMethods } from './methods/time.ts';

/**
 * The verbs that users of starknet-devnet, Katana and anvil know, and `cairn_*` ones of our own. `config` is what
 * `devnet_getConfig` shows. They do what they like to the chain: serve them to its owner only.
 */
export function devMethods(dev: DevChain, config: unknown): Method[] {
  return [
    ...blockMethods(dev),
    ...snapshotMethods(dev),
    ...accountMethods(dev),
    ...timeMethods(dev),
    ...stateMethods(dev),
    ...messageMethods(dev),
    defineMethod({ name: 'devnet_getConfig', parameters: {}, handler: () => config }),
  ];
}

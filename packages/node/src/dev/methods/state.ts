import { formatFelt } from '@cairn/primitives';
import type { GasPrice, GasPrices } from '@cairn/protocol';
import {
  defineMethod,
  type Method,
  optional,
  readAmount,
  readBoolean,
  readFelt,
  readStateDiff,
  required,
} from '@cairn/rpc';
import type { StateOverlay } from '@cairn/state';
import type { DevChain } from '../devChain.ts';

/** Direct edits of the state, each in a block of its own with true roots, and the prices of gas. */
export function stateMethods(dev: DevChain): Method[] {
  const edit = (change: (state: StateOverlay) => void) => {
    const { header } = dev.editState(change).block;
    return { block_hash: formatFelt(header.blockHash), new_root: formatFelt(header.stateRoot) };
  };
  return [
    ...['cairn_setStorageAt', 'dev_setStorageAt'].map((name) =>
      defineMethod({
        name,
        parameters: {
          contract_address: required(readFelt),
          key: required(readFelt),
          value: required(readFelt),
        },
        handler: ({ contract_address, key, value }) =>
          edit((state) => state.setStorage(contract_address, key, value)),
      }),
    ),
    defineMethod({
      name: 'cairn_setNonce',
      parameters: { contract_address: required(readFelt), nonce: required(readFelt) },
      handler: ({ contract_address, nonce }) => edit((state) => state.setNonce(contract_address, nonce)),
    }),
    defineMethod({
      name: 'cairn_setClassHash',
      parameters: { contract_address: required(readFelt), class_hash: required(readFelt) },
      handler: ({ contract_address, class_hash }) =>
        edit((state) => state.setClassHash(contract_address, class_hash)),
    }),
    defineMethod({
      name: 'cairn_applyStateDiff',
      parameters: { state_diff: required(readStateDiff) },
      handler({ state_diff }) {
        const { header } = dev.applyStateDiff(state_diff).block;
        return { block_hash: formatFelt(header.blockHash), new_root: formatFelt(header.stateRoot) };
      },
    }),
    gasPriceMethod(dev),
  ];
}

/** Fields of `devnet_setGasPrice`: resource and unit. */
const PRICE_FIELDS = {
  gas_price_wei: ['l1Gas', 'priceInWei'],
  gas_price_fri: ['l1Gas', 'priceInFri'],
  data_gas_price_wei: ['l1DataGas', 'priceInWei'],
  data_gas_price_fri: ['l1DataGas', 'priceInFri'],
  l2_gas_price_wei: ['l2Gas', 'priceInWei'],
  l2_gas_price_fri: ['l2Gas', 'priceInFri'],
} as const satisfies Record<string, readonly [keyof GasPrices, keyof GasPrice]>;

function gasPriceMethod(dev: DevChain): Method {
  const { producer, state } = dev.parts;
  const names = Object.keys(PRICE_FIELDS) as (keyof typeof PRICE_FIELDS)[];
  return defineMethod({
    name: 'devnet_setGasPrice',
    parameters: {
      ...Object.fromEntries(names.map((name) => [name, optional(readAmount)])),
      generate_block: optional(readBoolean, false),
    },
    handler(params) {
      const given = params as Partial<Record<keyof typeof PRICE_FIELDS, bigint>> & {
        generate_block: boolean;
      };
      for (const name of names) {
        const [resource, unit] = PRICE_FIELDS[name];
        const value = given[name];
        if (value !== undefined) state.setGasPrices({ [resource]: { [unit]: value } });
      }
      if (producer.preConfirmed.transactions.length === 0) producer.reopen();
      if (given.generate_block) dev.createBlock();
      const prices = state.gasPrices(producer.preConfirmed.environment.block.gasPrices);
      return Object.fromEntries(
        names.map((name) => {
          const [resource, unit] = PRICE_FIELDS[name];
          return [name, Number(prices[resource][unit])];
        }),
      );
    },
  });
}

import { feeTokenBalance } from '@cairn/execution';
import { formatFelt } from '@cairn/primitives';
import {
  type BlockId,
  defineMethod,
  type Method,
  optional,
  type Parser,
  type RpcBackend,
  readAmount,
  readBlockId,
  readBoolean,
  readFelt,
  required,
} from '@cairn/rpc';
import { DEV_BALANCE, ETH_TOKEN, STRK_TOKEN } from '../../genesis/genesis.ts';
import type { DevChain } from '../devChain.ts';
import { readUnit, type Unit } from './unit.ts';

const TOKENS: Readonly<Record<Unit, bigint>> = { FRI: STRK_TOKEN, WEI: ETH_TOKEN };
const readOptionalUnit: Parser<Unit> = readUnit;

/** Funded accounts, tokens for everyone, and transactions without a signature. */
export function accountMethods(dev: DevChain): Method[] {
  const { state } = dev.parts;
  const balance = (backend: RpcBackend, address: bigint, unit: Unit, id = PRE_CONFIRMED) =>
    feeTokenBalance(backend.state(id), TOKENS[unit], address).toString();
  const predeployed = (withBalance: boolean, backend: RpcBackend) =>
    dev.parts.chain.genesis.accounts.map(({ address, publicKey, privateKey }) => ({
      address: formatFelt(address),
      public_key: formatFelt(publicKey),
      private_key: formatFelt(privateKey),
      initial_balance: DEV_BALANCE.toString(),
      ...(withBalance
        ? {
            balance: {
              eth: { amount: balance(backend, address, 'WEI'), unit: 'WEI' },
              strk: { amount: balance(backend, address, 'FRI'), unit: 'FRI' },
            },
          }
        : {}),
    }));
  return [
    defineMethod({
      name: 'devnet_getPredeployedAccounts',
      parameters: { with_balance: optional(readBoolean, false) },
      handler: ({ with_balance }, backend) => predeployed(with_balance, backend),
    }),
    defineMethod({
      name: 'dev_predeployedAccounts',
      parameters: {},
      handler: (_, backend) => predeployed(false, backend),
    }),
    defineMethod({
      name: 'devnet_getAccountBalance',
      parameters: {
        address: required(readFelt),
        unit: optional(readOptionalUnit, 'FRI'),
        block_tag: optional(readBlockId, PRE_CONFIRMED),
      },
      handler: ({ address, unit, block_tag }, backend) => ({
        amount: balance(backend, address, unit, block_tag),
        unit,
      }),
    }),
    defineMethod({
      name: 'devnet_mint',
      parameters: {
        address: required(readFelt),
        amount: required(readAmount),
        unit: optional(readOptionalUnit, 'FRI'),
      },
      async handler({ address, amount, unit }, backend) {
        const hash = await dev.mint(TOKENS[unit], address, amount);
        return { new_balance: balance(backend, address, unit), unit, tx_hash: formatFelt(hash) };
      },
    }),
    ...(
      [
        ['devnet_impersonateAccount', (account: bigint) => state.impersonate(account)],
        ['devnet_stopImpersonateAccount', (account: bigint) => state.stopImpersonating(account)],
      ] as const
    ).map(([name, change]) =>
      defineMethod({
        name,
        parameters: { account_address: required(readFelt) },
        handler({ account_address }) {
          change(account_address);
          return null;
        },
      }),
    ),
    ...(
      [
        ['devnet_autoImpersonate', true],
        ['devnet_stopAutoImpersonate', false],
      ] as const
    ).map(([name, enabled]) =>
      defineMethod({
        name,
        parameters: {},
        handler() {
          state.impersonateEveryone(enabled);
          return null;
        },
      }),
    ),
  ];
}

const PRE_CONFIRMED: BlockId = { kind: 'pre_confirmed' };

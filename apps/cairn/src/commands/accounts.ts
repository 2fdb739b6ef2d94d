import { DEV_BALANCE, genesisContents, STRK_TOKEN } from '@cairn/node';
import { formatFelt, selectorFromName } from '@cairn/primitives';
import { rpcCall } from '@cairn/runtime';
import type { Command } from 'commander';
import { print } from '../output.ts';
import { addSettings, readSettings } from '../settings.ts';

/** `cairn accounts`: the funded accounts of the seed; with `--url`, their balances on a running chain. */
export function accountsCommand(program: Command): void {
  addSettings(program.command('accounts').description('list the funded accounts and their keys'))
    .option('--json', 'print JSON')
    .option('--url <url>', 'ask this node for the balances of now')
    .action(async (options) => {
      const { config } = readSettings(options);
      const { accounts } = genesisContents({ seed: config.seed, accountCount: config.accounts });
      const rows = await Promise.all(
        accounts.map(async ({ address, publicKey, privateKey }) => ({
          address: formatFelt(address),
          publicKey: formatFelt(publicKey),
          privateKey: formatFelt(privateKey),
          balance: String(options.url ? await strkBalance(options.url, address) : DEV_BALANCE),
        })),
      );
      print(options.json, rows, () =>
        rows
          .map(
            (r) =>
              `address      ${r.address}\nprivate key  ${r.privateKey}\npublic key   ${r.publicKey}\nbalance      ${r.balance} fri\n`,
          )
          .join('\n'),
      );
    });
}

async function strkBalance(url: string, account: bigint): Promise<bigint> {
  const [low, high] = await rpcCall<[string, string]>(url, 'starknet_call', {
    request: {
      contract_address: formatFelt(STRK_TOKEN),
      entry_point_selector: formatFelt(selectorFromName('balance_of')),
      calldata: [formatFelt(account)],
    },
    block_id: 'latest',
  });
  return BigInt(low) + (BigInt(high) << 128n);
}

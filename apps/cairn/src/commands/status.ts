import { decodeShortString } from '@cairn/primitives';
import { rpcCall } from '@cairn/runtime';
import type { Command } from 'commander';
import { print } from '../output.ts';

/** `cairn status`: what a running node says of itself. */
export function statusCommand(program: Command): void {
  program
    .command('status')
    .description('ask a running node how it is')
    .option('--url <url>', 'the node', 'http://127.0.0.1:5050')
    .option('--json', 'print JSON')
    .action(async ({ url, json }) => {
      const [specVersion, chainId, head] = await Promise.all([
        rpcCall<string>(url, 'starknet_specVersion'),
        rpcCall<string>(url, 'starknet_chainId'),
        rpcCall<{ block_hash: string; block_number: number }>(url, 'starknet_blockHashAndNumber'),
      ]);
      const status = {
        url,
        specVersion,
        chainId: decodeShortString(BigInt(chainId)) ?? chainId,
        blockNumber: head.block_number,
        blockHash: head.block_hash,
      };
      print(json, status, () =>
        [
          `node       ${status.url}`,
          `chain id   ${status.chainId}`,
          `RPC        ${status.specVersion}`,
          `block      ${status.blockNumber}  ${status.blockHash}`,
        ].join('\n'),
      );
    });
}

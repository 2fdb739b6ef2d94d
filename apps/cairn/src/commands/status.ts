import { CairnError, decodeShortString } from '@cairn/primitives';
import type { RollupManifest } from '@cairn/proving';
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
      const [rollup, l1, work] = await Promise.all([
        ifServed(rpcCall<RollupManifest & { l1Url: string }>(url, 'cairn_getRollup')),
        ifServed(rpcCall<L1Status>(url, 'cairn_getL1Status')),
        ifServed(rpcCall<{ jobs: { status: string }[]; provers: unknown[] }>(url, 'cairn_getJobs')),
      ]);
      const status = {
        url,
        specVersion,
        chainId: decodeShortString(BigInt(chainId)) ?? chainId,
        blockNumber: head.block_number,
        blockHash: head.block_hash,
        settlement:
          rollup === undefined
            ? null
            : {
                l1Url: rollup.l1Url,
                core: rollup.core,
                data: rollup.data,
                l1Block: l1?.l1_head ?? 0,
                pendingMessages: l1?.pending_messages ?? 0,
                openJobs: work?.jobs.filter(({ status: state }) => state !== 'done').length ?? 0,
                deadJobs: work?.jobs.filter(({ status: state }) => state === 'dead').length ?? 0,
                provers: work?.provers.length ?? 0,
              },
      };
      const { settlement } = status;
      print(json, status, () =>
        [
          `node       ${status.url}`,
          `chain id   ${status.chainId}`,
          `RPC        ${status.specVersion}`,
          `block      ${status.blockNumber}  ${status.blockHash}`,
          ...(settlement === null
            ? ['settles    no (solo, or still starting)']
            : [
                `settles    on ${settlement.l1Url}, core contract ${settlement.core}, data in ${settlement.data}`,
                `on L1      block ${settlement.l1Block}, ${settlement.pendingMessages} messages wait`,
                `jobs       ${settlement.openJobs} open, ${settlement.deadJobs} dead, ${settlement.provers} being proven`,
              ]),
        ].join('\n'),
      );
    });
}

interface L1Status {
  l1_head: number | null;
  pending_messages: number;
}

/** Nothing where a node does not serve a method, or not yet. */
async function ifServed<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof CairnError && error.code === 'NODE_ERROR') return undefined;
    throw error;
  }
}

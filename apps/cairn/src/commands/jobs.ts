import { rpcCall } from '@cairn/runtime';
import { type Command, InvalidArgumentError } from 'commander';
import { print } from '../output.ts';

interface Jobs {
  jobs: { id: number; status: string; description: string }[];
  provers: { firstBlock: number; lastBlock: number; prover: string; step: string }[];
}

/** `cairn jobs`: how far blocks are on their way to L1, and `cairn jobs retry`. */
export function jobsCommand(program: Command): void {
  const jobs = program.command('jobs').description('list the jobs that bring blocks to L1');
  jobs
    .option('--url <url>', 'the node', 'http://127.0.0.1:5050')
    .option('--block <number>', 'only those of this block', blockNumber)
    .option('--all', 'those that are done, too')
    .option('--json', 'print JSON')
    .action(async ({ url, block, all, json }) => {
      const found = await rpcCall<Jobs>(
        url,
        'cairn_getJobs',
        block === undefined ? {} : { block_number: block },
      );
      const shown = found.jobs.filter(({ status }) => all || block !== undefined || status !== 'done');
      print(json, { ...found, jobs: shown }, () =>
        [
          ...(shown.length === 0 ? ['nothing to do: all blocks that are batched are on L1'] : []),
          ...shown.map(({ description }) => description),
          ...found.provers.map(
            ({ prover, step, firstBlock, lastBlock }) =>
              `prover ${prover}: blocks ${firstBlock}-${lastBlock}, ${step}`,
          ),
        ].join('\n'),
      );
    });
  jobs
    .command('retry [id]')
    .description('try a job again, or all that are dead')
    .option('--url <url>', 'the node', 'http://127.0.0.1:5050')
    .option('--json', 'print JSON')
    .action(async (id: string | undefined, options) => {
      const { url, json } = { ...jobs.opts(), ...options };
      const params = id === undefined ? {} : { job: blockNumber(id) };
      const result = await rpcCall<{ retried: number }>(url, 'cairn_retryJobs', params);
      print(json, result, () => `${result.retried} jobs are tried again`);
    });
}

function blockNumber(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value)) return value;
  throw new InvalidArgumentError('expected a whole number');
}

import { hostname } from 'node:os';
import { join } from 'node:path';
import { type ProverEvents, proverLoop, watchLoop } from '@cairn/proving';
import { onShutdown } from '@cairn/runtime';
import { type Command, Option } from 'commander';
import { writeOutput } from '../files.ts';
import { errorText } from '../output.ts';
import { positiveCount } from '../positiveCount.ts';
import { withProver } from '../provers.ts';

interface Options {
  url: string;
  name: string;
  token?: string;
  watch?: boolean;
  withParent?: boolean;
  from?: number;
  out: string;
  json?: boolean;
  quiet?: boolean;
}

/** `cairn run prover`: proves blocks for an orchestrator, on any machine that reaches it. */
export function runProverCommand(run: Command): void {
  run
    .command('prover')
    .description(
      'prove blocks for a node that settles (`cairn up`), or with --watch every new block of any node, until Ctrl-C',
    )
    .option('--url <url>', 'JSON-RPC of the node', 'http://127.0.0.1:5050')
    .option('--name <name>', 'what this prover is called', `${hostname()}-${process.pid}`)
    .option('--token <secret>', 'secret that the node expects (or CAIRN_PROVER_TOKEN)')
    .option('--watch', 'prove every new block by itself and keep the proofs as files')
    .option('--from <number>', 'with --watch: the first block', positiveCount)
    .option('--out <folder>', 'with --watch: where the proofs go', '.')
    .addOption(new Option('--with-parent', 'end when standard input does').hideHelp())
    .option('--json', 'print JSON lines')
    .option('--quiet', 'print nothing but errors')
    .action(async (options: Options) => {
      const { url, name, token = process.env.CAIRN_PROVER_TOKEN, json, quiet } = options;
      const stop = new AbortController();
      // A proof that is being made is given up: another prover takes it.
      onShutdown(async () => stop.abort());
      if (options.withParent) process.stdin.on('end', () => process.exit()).resume();
      const tell = (event: Record<string, unknown>, text: string) => {
        if (!quiet) process.stdout.write(`${json ? JSON.stringify(event) : text}\n`);
      };
      tell({ event: 'started', name, url }, `prover ${name}, working for ${url}`);
      let lastFault = '';
      const events: ProverEvents = {
        taken(firstBlock, lastBlock) {
          lastFault = '';
          tell({ event: 'taken', firstBlock, lastBlock }, `blocks ${firstBlock}-${lastBlock}`);
        },
        step: (step) => tell({ event: 'step', step }, `  ${step}`),
        delivered: (firstBlock, lastBlock, proofBytes, seconds) =>
          tell(
            { event: 'delivered', firstBlock, lastBlock, proofBytes, seconds },
            `blocks ${firstBlock}-${lastBlock}: proof of ${proofBytes} bytes after ${seconds.toFixed(1)} s`,
          ),
        failed(error) {
          const text = errorText(error);
          if (text !== lastFault) process.stderr.write(`prover ${name}: ${text}\n`);
          lastFault = text;
        },
      };
      const { signal } = stop;
      await withProver((backend) =>
        options.watch
          ? watchLoop({
              ...{ url, backend, events, signal },
              ...(options.from === undefined ? {} : { firstBlock: options.from }),
              keep: (block, { proof }) => writeOutput(join(options.out, `block-${block}.proof`), proof),
            })
          : proverLoop({ ...{ url, name, backend, events, signal }, ...(token ? { token } : {}) }),
      );
    });
}

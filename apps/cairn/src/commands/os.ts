import { cairoPie, writeCairoPie } from '@cairn/cairo';
import { compareWithBlock, formatOsInput, osProgram, parseOsInput, runOs } from '@cairn/os';
import { formatFelt } from '@cairn/primitives';
import { rpcCall } from '@cairn/runtime';
import type { Command } from 'commander';
import { EXIT } from '../exitCodes.ts';
import { readText, writeOutput } from '../files.ts';
import { print } from '../output.ts';
import { positiveCount } from '../positiveCount.ts';

/** `cairn os`: the Starknet OS over blocks of a node. */
export function osCommand(program: Command): void {
  const os = program.command('os').description('the Starknet OS, the program that proves blocks');
  os.command('run')
    .description('run the OS over blocks of a node, and compare what it proves with what they say')
    .requiredOption('--block <number>', 'the block, or the first of them', positiveCount)
    .option('--to <number>', 'the last of them', positiveCount)
    .option('--rpc <url>', 'the node', 'http://127.0.0.1:5050')
    .option('--input <file>', 'take the input from a file that --save-input wrote')
    .option('--save-input <file>', 'write what the run needs')
    .option('--pie <file>', 'write the run as a Cairo PIE (zip)')
    .option('-o, --output <file>', 'write the output, felts in JSON')
    .option('--json', 'print JSON')
    .action(async (options: RunOptions) => {
      const { block, to = block, rpc } = options;
      const params = { first_block: block, last_block: to };
      const text = options.input
        ? readText(options.input)
        : await rpcCall<string>(rpc, 'cairn_getOsInput', params);
      if (options.saveInput) writeOutput(options.saveInput, text);
      const input = parseOsInput(text);
      const started = performance.now();
      const { outputWords, blocks, resources, run } = runOs(input);
      const seconds = (performance.now() - started) / 1000;
      if (options.pie) writeOutput(options.pie, await writeCairoPie(cairoPie(osProgram().program, run)));
      if (options.output) writeOutput(options.output, JSON.stringify(outputWords.map(formatFelt)));
      const differences = blocks.flatMap(
        (proven, i) => compareWithBlock(proven, input.blocks[i]!.header) ?? [],
      );
      const result = {
        blocks: input.blocks.map(({ header }) => header.blockNumber),
        programHash: formatFelt(osProgram().hash()),
        steps: resources.steps,
        builtins: resources.builtins,
        inputBytes: formatOsInput(input).length,
        seconds,
        ok: differences.length === 0,
        differences,
      };
      print(options.json, result, () =>
        [
          `blocks    ${result.blocks.join(', ')}`,
          `OS        ${result.programHash}`,
          `steps     ${result.steps}`,
          ...Object.entries(result.builtins).map(([name, count]) => `  ${name.padEnd(14)} ${count}`),
          `time      ${seconds.toFixed(2)} s`,
          ...differences.map(
            (d) =>
              `block ${d.blockNumber} differs in ${d.what}: proven ${d.proven}, the block says ${d.claimed}`,
          ),
          ...(result.ok ? ['all blocks are what their headers say'] : []),
        ].join('\n'),
      );
      if (!result.ok) process.exitCode = EXIT.rejected;
    });
}

interface RunOptions {
  block: number;
  to?: number;
  rpc: string;
  input?: string;
  saveInput?: string;
  output?: string;
  pie?: string;
  json: boolean;
}

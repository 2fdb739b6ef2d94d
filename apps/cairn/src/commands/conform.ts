import { conformBlock } from '@cairn/rpc';
import type { Command } from 'commander';
import { EXIT } from '../exitCodes.ts';
import { readJson } from '../files.ts';
import { print } from '../output.ts';

/** `cairn conform block`: recomputes what a feeder-gateway block claims. */
export function conformCommand(program: Command): void {
  program
    .command('conform')
    .description('check data of other nodes')
    .command('block <file>')
    .description('recompute every hash and commitment of a feeder-gateway block')
    .requiredOption('--chain-id <id>', 'name of the chain, such as SN_MAIN')
    .option('--state-update <file>', 'its state update; may also lie in the file beside the block')
    .option('--json', 'print JSON')
    .action((file: string, options) => {
      const json = readJson(file) as { block?: unknown; state_update?: unknown } | null;
      const stateUpdate = options.stateUpdate ? readJson(options.stateUpdate) : json?.state_update;
      const checks = conformBlock({
        block: json?.block ?? json,
        ...(stateUpdate === undefined ? {} : { stateUpdate }),
        chainId: options.chainId,
      });
      const failed = checks.filter((check) => !check.equal);
      print(options.json, { file, ok: failed.length === 0, checks }, () =>
        [
          ...failed.map((c) => `differs  ${c.name}: recorded ${c.expected}, computed ${c.computed}`),
          `${checks.length - failed.length} of ${checks.length} values equal`,
        ].join('\n'),
      );
      if (failed.length > 0) process.exitCode = EXIT.rejected;
    });
}

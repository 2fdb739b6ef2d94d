import { type ConformCheck, conformBlock, conformNode } from '@cairn/rpc';
import { rpcResponse } from '@cairn/runtime';
import { type Command, InvalidArgumentError } from 'commander';
import { EXIT } from '../exitCodes.ts';
import { readJson } from '../files.ts';
import { print } from '../output.ts';

/** `cairn conform --url`: holds a node against the protocol; `cairn conform block`: a block in a file. */
export function conformCommand(program: Command): void {
  const conform = program
    .command('conform')
    .enablePositionalOptions()
    .description('check a node over its JSON-RPC: hashes, commitments, classes, state proofs and errors')
    .option('--url <url>', 'the node', 'http://127.0.0.1:5050')
    .option('--blocks <count>', 'how many of its last blocks to check', countOf, 10)
    .option('--json', 'print JSON')
    .action(async ({ url, blocks, json }) => {
      const checks: ConformCheck[] = [];
      for await (const check of conformNode((method, params) => rpcResponse(url, method, params), blocks)) {
        checks.push(check);
        if (process.stderr.isTTY) process.stderr.write(`\r${checks.length} values checked`);
      }
      if (process.stderr.isTTY) process.stderr.write('\n');
      report(json, { url }, checks);
    });
  conform
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
      report(options.json, { file }, checks);
    });
}

/** Prints what differs; the exit code says whether anything does. */
function report(json: boolean, subject: object, checks: readonly ConformCheck[]): void {
  const failed = checks.filter((check) => !check.equal);
  print(json, { ...subject, ok: failed.length === 0, checks }, () =>
    [
      ...failed.map((c) => `differs  ${c.name}: expected ${c.expected}, got ${c.computed}`),
      `${checks.length - failed.length} of ${checks.length} values equal`,
    ].join('\n'),
  );
  if (failed.length > 0) process.exitCode = EXIT.rejected;
}

function countOf(text: string): number {
  if (/^[1-9][0-9]{0,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('expected 1 to 999999');
}

import { mkdirSync } from 'node:fs';
import {
  blocksText,
  differenceText,
  NOT_REBUILT,
  type RebuildStep,
  RebuiltStore,
  rebuild,
} from '@cairn/node';
import { formatFelt, parseFelt } from '@cairn/primitives';
import { beaconBlobs, coreState, l1Reader, readBack } from '@cairn/settlement';
import { type KeyValueEngine, LmdbEngine, MemoryEngine } from '@cairn/storage';
import { type Command, InvalidArgumentError } from 'commander';
import { EXIT } from '../exitCodes.ts';
import { print } from '../output.ts';
import { sequencerConfig } from '../sequencerConfig.ts';
import { addSettings, readSettings } from '../settings.ts';

/** `cairn rebuild`: the state of a chain from what its core contract has accepted on L1, and from nothing else. */
export function rebuildCommand(program: Command): void {
  const command = program
    .command('rebuild')
    .description(
      'rebuild the state of a chain from L1 alone, and compare it with every state that L1 has accepted. ' +
        'Takes the settings the chain was started with: they make its genesis, which is not on L1. ' +
        `L1 does not hold, so this does not bring back: ${NOT_REBUILT.join('; ')}`,
    );
  addSettings(command)
    .option('--from-l1 <url>', 'JSON-RPC of the Ethereum node')
    .option('--core <address>', 'the core contract', l1Address)
    .option('--l1-from-block <number>', 'L1 block to read from, at latest that of its first update', l1Block)
    .option(
      '--beacon, --blobs <url>',
      'who has the blobs, by the Beacon API (/eth/v1/beacon/blobs); by default the Ethereum node, as anvil does',
    )
    .option('--storage <address key...>', 'print the value of a cell of the rebuilt state', felt, [])
    .option('--json', 'print JSON lines')
    .action(async (options: RebuildOptions) => {
      const { config } = readSettings({ ...options });
      const { storage: cell } = options;
      if (cell.length !== 0 && cell.length !== 2)
        command.error(`error: --storage: got ${cell.length} values, expected an address and a key`);
      const isRebuilding = options.fromL1 !== undefined && options.core !== undefined;
      const isReading = !options.fromL1 && !options.core && cell.length === 2 && config.dataDir !== '';
      if (!isRebuilding && !isReading)
        command.error(
          'error: give --from-l1 and --core to rebuild, or --data-dir and --storage to read what was rebuilt',
        );
      if (config.dataDir) mkdirSync(config.dataDir, { recursive: true });
      const engine = config.dataDir ? new LmdbEngine(config.dataDir) : new MemoryEngine();
      try {
        if (isRebuilding && !(await rebuildFrom(options as RebuildTarget, config, engine))) return;
        if (cell.length === 2) printCell(engine, cell[0]!, cell[1]!, options.json);
      } finally {
        await engine.close();
      }
    });
}

interface RebuildOptions {
  fromL1?: string;
  core?: `0x${string}`;
  l1FromBlock?: bigint;
  blobs?: string;
  storage: bigint[];
  json: boolean;
}

type RebuildTarget = RebuildOptions & Required<Pick<RebuildOptions, 'fromL1' | 'core'>>;

/** False when L1 and the rebuilt state differ. */
async function rebuildFrom(
  { fromL1, core, l1FromBlock = 0n, blobs = fromL1, json }: RebuildTarget,
  config: ReturnType<typeof readSettings>['config'],
  engine: KeyValueEngine,
): Promise<boolean> {
  const reader = l1Reader(fromL1);
  const settled = await coreState({ reader }, core);
  const { genesis } = sequencerConfig(config, Date.now());
  const store = RebuiltStore.open(engine, core, genesis);
  const { l1BlockNumber: fromBlock = l1FromBlock, blockNumber } = store.head;
  const confirmations = BigInt(config.l1Confirmations);
  const deepBlock = confirmations > 0n ? (await reader.getBlockNumber()) - confirmations : undefined;
  const ranges = readBack(reader, core, {
    fromBlock,
    // What an earlier run has taken is read again in any case.
    ...(deepBlock === undefined ? {} : { toBlock: deepBlock > fromBlock ? deepBlock : fromBlock }),
    blobSource: beaconBlobs(blobs.replace(/\/$/, '')),
  });
  const started = performance.now();
  let rangeCount = 0;
  // The contract may be ahead of what is deep enough to be read.
  const upTo = deepBlock === undefined ? settled : undefined;
  for await (const step of rebuild(store, ranges, genesis.starknetVersion, upTo)) {
    report(step, json);
    if (step.kind === 'difference') {
      process.exitCode = EXIT.rejected;
      return false;
    }
    if (step.kind === 'rebuilt') rangeCount++;
  }
  const { head: last } = store;
  const result = {
    event: 'rebuilt',
    core,
    firstBlock: blockNumber + 1,
    lastBlock: last.blockNumber,
    ranges: rangeCount,
    root: formatFelt(last.root),
    blockHash: last.blockHash === undefined ? null : formatFelt(last.blockHash),
    seconds: (performance.now() - started) / 1000,
    dataDir: config.dataDir || null,
    notRebuilt: NOT_REBUILT,
  };
  print(json, result, () =>
    [
      rangeCount === 0
        ? `nothing new behind block ${result.lastBlock}`
        : `rebuilt ${blocksText(result)} from ${rangeCount} updates in ${result.seconds.toFixed(1)} s; every root is the one L1 has accepted`,
      `state root   ${result.root}`,
      `block hash   ${result.blockHash ?? 'not on L1'}`,
      `kept in      ${result.dataDir ?? 'memory, gone now (--data-dir keeps it)'}`,
      'not on L1, so not rebuilt:',
      ...NOT_REBUILT.map((what) => `  ${what}`),
    ].join('\n'),
  );
  return true;
}

/** One line for each range: progress on stderr, or JSON. */
function report(step: RebuildStep, json: boolean): void {
  const { range } = step;
  const place = range && {
    l1Block: Number(range.place.blockNumber),
    l1Transaction: range.place.transactionHash,
  };
  if (step.kind === 'difference') {
    const { difference } = step;
    const where = place ? `\n  L1 block ${place.l1Block}, transaction ${place.l1Transaction}` : '';
    const fix = difference.fix === undefined ? '' : `\n  fix: ${difference.fix}`;
    if (json) process.stdout.write(`${JSON.stringify({ event: 'difference', ...difference, ...place })}\n`);
    process.stderr.write(`the state differs from L1. ${differenceText(difference)}${where}${fix}\n`);
    return;
  }
  const { firstBlock, lastBlock, root, dataPlace, data, messagesToL1, messagesToL2 } = step.range;
  const line = {
    event: step.kind === 'known' ? 'known' : 'range',
    firstBlock,
    lastBlock,
    root: formatFelt(root),
    ...place,
    dataPlace,
    dataWords: data.length,
    ...(step.kind === 'rebuilt' ? { changes: step.changeCount } : {}),
    messagesToL1: messagesToL1.length,
    messagesToL2: messagesToL2.length,
  };
  if (json) {
    process.stdout.write(`${JSON.stringify(line)}\n`);
    return;
  }
  const done = step.kind === 'known' ? 'known' : `${step.changeCount} changes`;
  process.stderr.write(
    `${blocksText(step.range)}  root ${line.root}  ${done}  ${dataPlace}, ${data.length} words  L1 block ${line.l1Block}\n`,
  );
}

function printCell(engine: KeyValueEngine, address: bigint, key: bigint, json: boolean): void {
  const store = RebuiltStore.openRebuilt(engine);
  const value = formatFelt(store.state.storageAt(address, key));
  const { blockNumber, root } = store.head;
  const cell = { event: 'storage', address: formatFelt(address), key: formatFelt(key), value, blockNumber };
  print(json, { ...cell, root: formatFelt(root) }, () => `${value}  after block ${blockNumber}`);
}

function l1Address(text: string): string {
  if (/^0x[0-9a-fA-F]{40}$/.test(text)) return text;
  throw new InvalidArgumentError('expected 0x and 40 hex digits');
}

function l1Block(text: string): bigint {
  if (/^[0-9]{1,15}$/.test(text)) return BigInt(text);
  throw new InvalidArgumentError('expected the number of an L1 block');
}

/** Collects the values of an option that takes several. */
function felt(text: string, before: bigint[]): bigint[] {
  try {
    return [...before, parseFelt(text)];
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}

import { mkdirSync } from 'node:fs';
import {
  askOrigin,
  devMethods,
  ETH_TOKEN,
  l1Methods,
  openForkPoint,
  osMethods,
  Sequencer,
  STRK_TOKEN,
  UNIVERSAL_DEPLOYER,
} from '@cairn/node';
import { formatFelt } from '@cairn/primitives';
import { jobMethods, proofMethods, proofRoute, proverMethods } from '@cairn/proving';
import { startRpcServer } from '@cairn/rpc';
import { type Config, Metrics, onShutdown } from '@cairn/runtime';
import { LmdbEngine, MemoryEngine } from '@cairn/storage';
import type { Command } from 'commander';
import { errorText, print } from '../output.ts';
import { RollupMessaging } from '../rollupMessaging.ts';
import { rollupReport } from '../rollupReport.ts';
import { RollupRun } from '../rollupRun.ts';
import { chainName, sequencerConfig } from '../sequencerConfig.ts';
import { addSettings, readSettings } from '../settings.ts';

/** Accounts shown at start; the rest by `cairn accounts`. */
const SHOWN_ACCOUNTS = 3;
/** Seconds of its rate a client may save. */
const BURST_SECONDS = 5;

/** `cairn up`: runs a chain until Ctrl-C. */
export function upCommand(program: Command): void {
  addSettings(program.command('up').description('run a chain: sequencer and JSON-RPC'))
    .option('--json', 'print JSON lines')
    .option('--quiet', 'print nothing but errors')
    .action(async (options) => {
      const { config } = readSettings(options);
      const { json = false, quiet = false } = options;
      const shownConfig = withoutSecrets(config);
      if (!quiet && !json) process.stdout.write('cairn: starting a Starknet chain\n');
      if (config.dataDir) mkdirSync(config.dataDir, { recursive: true });
      const engine = config.dataDir ? new LmdbEngine(config.dataDir) : new MemoryEngine();
      const fork =
        config.forkUrl === ''
          ? undefined
          : await openForkPoint(engine, config.forkUrl, forkBlock(config.forkBlock));
      const rollup = () => rollupRun?.rollup;
      const settles = !config.noProve && fork === undefined;
      const sequencer: Sequencer = new Sequencer(engine, {
        ...sequencerConfig(config, Date.now(), fork),
        ...(settles
          ? { messaging: new RollupMessaging(rollup, () => sequencer, config.l1Confirmations) }
          : {}),
        onError: (error) => process.stderr.write(`${errorText(error)}\n`),
        onDrop: ({ hash, reason }) =>
          process.stderr.write(`dropped ${formatFelt(hash)}: ${reason.message}\n`),
        ...(quiet || json ? {} : { onBlock: reportBlock }),
        ...(config.noProve
          ? {}
          : {
              osCheck: {
                quarantined: ({ blockNumber, reason }) =>
                  process.stderr.write(
                    `block ${blockNumber} is quarantined, it will not be settled: ${reason}\n`,
                  ),
              },
            }),
      });
      const rollupRun = settles ? new RollupRun(config, sequencer, rollupReport(json, quiet)) : undefined;
      let nodeUrl = '';
      const metrics = new Metrics();
      metrics.watch(
        'cairn_os_checked_block',
        'Last block up to which all agree with their runs of the Starknet OS',
        () => sequencer.osChecker?.checkedNumber ?? 0,
      );
      metrics.watch(
        'cairn_os_quarantined_blocks',
        'Blocks that differ from their runs of the Starknet OS',
        () => sequencer.osChecker?.quarantined.length ?? 0,
      );
      metrics.watch(
        'cairn_block_number',
        'Number of the newest block',
        () => sequencer.chain.head.block.header.blockNumber,
      );
      const server = await startRpcServer({
        backend: sequencer.backend,
        host: config.host,
        port: config.port,
        limits: { rate: { unitsPerSecond: config.rateLimit, burstUnits: BURST_SECONDS * config.rateLimit } },
        ...(fork ? { elsewhere: askOrigin(fork) } : {}),
        starting: () => rollupRun?.missing,
        onCall: (method, seconds, code) => metrics.callAnswered(method, seconds, code),
        routes: [
          ...(rollupRun ? [proofRoute(rollup)] : []),
          {
            path: '/metrics',
            handle: async () => ({
              status: 200,
              contentType: metrics.contentType,
              body: await metrics.text(),
            }),
          },
        ],
        extraMethods: [
          ...osMethods(sequencer.chain, sequencer.osChecker),
          ...l1Methods(sequencer.chain, sequencer.l1),
          ...(rollupRun
            ? [
                ...proofMethods(rollup, () => nodeUrl),
                ...proverMethods(() => rollup()?.desk, config.proverToken),
              ]
            : []),
          ...(servesDevMethods(config)
            ? [...devMethods(sequencer.dev, shownConfig), ...jobMethods(rollup)]
            : []),
        ],
      });
      nodeUrl = `http://127.0.0.1:${server.port}`;
      sequencer.start();
      onShutdown(async () => {
        await rollupRun?.stop();
        await server.close();
        const blocks = sequencer.chain.head.block.header.blockNumber + 1;
        await sequencer.stop();
        if (!quiet && !json) process.stdout.write(`stopped after ${blocks} blocks\n`);
      });

      const { accounts } = sequencer.chain.genesis;
      const ready = {
        event: 'ready',
        rpc: server.url,
        chainId: chainName(config, fork),
        protocolVersion: config.protocolVersion,
        dataDir: config.dataDir || null,
        strkToken: formatFelt(STRK_TOKEN),
        ethToken: formatFelt(ETH_TOKEN),
        universalDeployer: formatFelt(UNIVERSAL_DEPLOYER),
        block: sequencer.chain.head.block.header.blockNumber,
      };
      rollupRun?.start(nodeUrl);
      if (quiet) return;
      print(json, ready, () =>
        [
          '',
          `  RPC        ${ready.rpc}`,
          `  WebSocket  ${ready.rpc.replace('http', 'ws')}/ws`,
          `  chain id   ${ready.chainId}   Starknet ${ready.protocolVersion}   block ${ready.block}`,
          `  STRK       ${ready.strkToken}`,
          `  ETH        ${ready.ethToken}`,
          `  deployer   ${ready.universalDeployer}`,
          ...(fork ? [`  fork       of ${fork.url} behind block ${fork.header.blockNumber}`] : []),
          `  data       ${ready.dataDir ?? 'in memory, gone when this stops (--data-dir keeps it)'}`,
          '',
          '  funded accounts (keys are public: never use them elsewhere)',
          ...accounts
            .slice(0, SHOWN_ACCOUNTS)
            .map((a) => `  ${formatFelt(a.address)}   private key ${formatFelt(a.privateKey)}`),
          accounts.length > SHOWN_ACCOUNTS
            ? `  ${accounts.length - SHOWN_ACCOUNTS} more: cairn accounts`
            : '',
          '',
          '  Ctrl-C stops it',
        ].join('\n'),
      );
    });
}

/** What may be shown and given away by RPC. */
function withoutSecrets(config: Config): Partial<Config> {
  const { sequencerKey, l1Key, proverToken, databaseUrl, s3AccessKeyId, s3SecretAccessKey, ...shown } =
    config;
  return shown;
}

function forkBlock(text: string): number | 'latest' {
  return text === 'latest' ? text : Number(text);
}

/** Dev verbs are for the owner of the chain: by default they are closed to other machines. */
function servesDevMethods({ devMethods: choice, host }: Config): boolean {
  return choice === 'on' || (choice === 'auto' && /^(127\.|localhost$|::1$)/.test(host));
}

function reportBlock({
  block,
}: {
  block: { header: { blockNumber: number; blockHash: bigint; transactionCount: number } };
}): void {
  const { blockNumber, blockHash, transactionCount } = block.header;
  const noun = transactionCount === 1 ? 'transaction' : 'transactions';
  process.stdout.write(`block ${blockNumber}  ${formatFelt(blockHash)}  ${transactionCount} ${noun}\n`);
}

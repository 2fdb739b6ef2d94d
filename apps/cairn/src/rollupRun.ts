import { type ChildProcess, spawn } from 'node:child_process';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Sequencer, TOKEN_BRIDGE } from '@cairn/node';
import { CairnError } from '@cairn/primitives';
import { type OrchestratorEvents, type Rollup, type RollupOptions, startRollup } from '@cairn/proving';
import type { Config } from '@cairn/runtime';
import { type L1Listener, L1Watcher } from '@cairn/settlement';

const MAIN = fileURLToPath(new URL('./main.js', import.meta.url));
/** So that the node stays quick while provers use all cores. */
const PROVER_PRIORITY = 10;
const RESTART_MS = 2_000;
const WATCH_MS = 500;
/** What may come back by itself. */
const AWAY: ReadonlySet<string> = new Set(['L1_UNREACHABLE', 'L1_OUT_OF_FUNDS', 'STORAGE_UNAVAILABLE']);
const RETRY_MS = 2_000;
const MAX_RETRY_MS = 60_000;

/** Who is told of a rollup's life. */
export interface RollupReport {
  /** What start-up does, one line. */
  starting(what: string): void;
  /** The rollup settles from now on. */
  ready(rollup: Rollup): void;
  events: OrchestratorEvents;
  failed(error: unknown): void;
}

/** The part of `cairn up` that takes the chain to L1: contracts, orchestrator, provers, and the watch of L1. */
export class RollupRun {
  readonly #config: Config;
  readonly #sequencer: Sequencer;
  readonly #report: RollupReport;
  readonly #provers = new Set<ChildProcess>();
  #rollup: Rollup | undefined;
  #watcher: L1Watcher | undefined;
  readonly #stopping = new AbortController();
  #fault: string | undefined;
  #start: Promise<void> | undefined;

  constructor(config: Config, sequencer: Sequencer, report: RollupReport) {
    this.#config = config;
    this.#sequencer = sequencer;
    this.#report = report;
  }

  get #isStopped(): boolean {
    return this.#stopping.signal.aborted;
  }

  /** What is not up yet, in words. */
  get missing(): string | undefined {
    if (this.#rollup !== undefined) return undefined;
    return this.#fault === undefined ? 'the rollup' : `the rollup, which failed: ${this.#fault}`;
  }

  /** Undefined as long as it starts. */
  get rollup(): Rollup | undefined {
    return this.#rollup;
  }

  /** Goes on in the background; the node serves meanwhile, and also when this fails. */
  start(nodeUrl: string): void {
    this.#start = this.#run(nodeUrl).catch((error) => {
      this.#fault = error instanceof Error ? error.message : String(error);
      this.#report.failed(error);
    });
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    for (const prover of this.#provers) prover.kill('SIGKILL');
    await this.#start;
    await this.#watcher?.stop();
    await this.#rollup?.stop();
  }

  async #run(nodeUrl: string): Promise<void> {
    const config = this.#config;
    const { chain } = this.#sequencer;
    const { header } = chain.store.block(0)!.block;
    const rollup = await this.#startRollup({
      nodeUrl,
      chain: { chainId: chain.info.chainId, strkTokenAddress: chain.info.strkTokenAddress },
      genesis: { stateRoot: header.stateRoot, blockHash: header.blockHash },
      ...(config.l1Url === '' ? {} : { l1Url: config.l1Url }),
      l1Port: config.l1Port,
      ...(config.l1Key === '' ? {} : { l1Key: config.l1Key as `0x${string}` }),
      data: config.dataAvailability,
      l2Bridge: TOKEN_BRIDGE,
      cancellationDelaySeconds: config.cancellationDelaySeconds,
      governanceDelaySeconds: config.governanceDelaySeconds,
      ...(config.dataDir === '' ? {} : { dataDir: join(config.dataDir, 'rollup') }),
      ...(config.databaseUrl === '' ? {} : { databaseUrl: config.databaseUrl }),
      ...(config.s3Endpoint === ''
        ? {}
        : {
            s3: {
              endpoint: config.s3Endpoint,
              bucket: config.s3Bucket,
              region: config.s3Region,
              accessKeyId: config.s3AccessKeyId,
              secretAccessKey: config.s3SecretAccessKey,
            },
          }),
      limits: {
        maxBlocks: config.batchBlocks,
        maxTransactions: config.batchTransactions,
        maxAgeMs: config.batchAgeMs,
      },
      events: { ...this.#report.events, starting: (what) => this.#report.starting(what) },
    });
    this.#rollup = rollup;
    if (rollup === undefined || this.#isStopped) return;
    this.#watcher = new L1Watcher(rollup.l1.reader, rollup.manifest.core, this.#listener(rollup), {
      fromBlock: BigInt(rollup.manifest.firstL1Block),
      confirmations: config.l1Confirmations,
      pollIntervalMs: WATCH_MS,
    });
    this.#watcher.start();
    for (let i = 1; i <= config.provers; i++) this.#startProver(nodeUrl, `local-${i}`);
    this.#report.ready(rollup);
  }

  /** Starts it, and again while L1 or the database is away; undefined when it is stopped meanwhile. */
  async #startRollup(options: RollupOptions): Promise<Rollup | undefined> {
    for (let waitMs = RETRY_MS; !this.#isStopped; waitMs = Math.min(2 * waitMs, MAX_RETRY_MS)) {
      try {
        return await startRollup(options);
      } catch (error) {
        if (!(error instanceof CairnError && AWAY.has(error.code))) throw error;
        this.#fault = error.message;
        this.#report.failed(error);
      }
      await setTimeout(waitMs, undefined, { signal: this.#stopping.signal }).catch(() => {});
    }
    return undefined;
  }

  /**
   * The node's ear for L1. Before the first message to the bridge of L2 comes in, that bridge is told of its other half, so
   * that a chain whose bridge nobody uses has no transaction for it.
   */
  #listener({ manifest }: Rollup): L1Listener {
    const { l1, dev } = this.#sequencer;
    let told = Promise.resolve();
    const inOrder = (tell: () => unknown) => {
      told = told.then(async () => void (await tell())).catch((error) => this.#report.failed(error));
    };
    return {
      events: (events) =>
        inOrder(async () => {
          const isForBridge = events.some(
            (event) => event.kind === 'messageSent' && event.message.toAddress === TOKEN_BRIDGE,
          );
          if (isForBridge) await dev.setL1Bridge(BigInt(manifest.bridge));
          l1.events(events);
        }),
      reorganised: (firstBlock) => inOrder(() => l1.reorganised(firstBlock)),
      readUpTo: (block) => inOrder(() => l1.readUpTo(block)),
      failed: (error) => l1.failed(error),
    };
  }

  /** A prover in a process of its own, started again when it ends. */
  #startProver(nodeUrl: string, name: string): void {
    if (this.#isStopped) return;
    const child = spawn(
      process.execPath,
      [MAIN, 'run', 'prover', '--url', nodeUrl, '--name', name, '--quiet', '--with-parent'],
      {
        // Its standard input tells it when we are gone, also when we were killed.
        stdio: ['pipe', 'ignore', 'inherit'],
        env: { ...process.env, CAIRN_PROVER_TOKEN: this.#config.proverToken },
      },
    );
    this.#provers.add(child);
    if (child.pid !== undefined) {
      try {
        setPriority(child.pid, PROVER_PRIORITY);
      } catch {
        // It is only slower for others then.
      }
    }
    child.once('exit', () => {
      this.#provers.delete(child);
      void setTimeout(RESTART_MS, undefined, { ref: false }).then(() => this.#startProver(nodeUrl, name));
    });
    child.once('error', (error) => this.#report.failed(error));
  }
}

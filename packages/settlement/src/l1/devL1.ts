import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { CairnError } from '@cairn/primitives';
import type { Hex } from 'viem';
import type { SettlementErrorCode } from '../errors.ts';

/** An Ethereum node on this machine, for development. */
export interface DevL1 {
  readonly url: string;
  /** Ends it; resolves once it has ended, so its state is written. */
  stop(): Promise<void>;
  /** Called when it ends by itself. */
  onExit(listener: () => void): void;
}

/** How the node is started. */
export interface DevL1Options {
  /** 0 for any free port. */
  readonly port: number;
  /** File that keeps the chain from one start to the next. */
  readonly stateFile?: string;
  readonly accountCount?: number;
  /** Further arguments of anvil. */
  readonly more?: readonly string[];
}

/** Private key of the first account of anvil, which everyone knows. */
export const DEV_L1_KEY: Hex = '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80';

const START_TIMEOUT_MS = 20_000;
/** Verification of a proof takes more than a block of Ethereum has. */
const BLOCK_GAS_LIMIT = 200_000_000;
/** Seconds between two writings of the state. */
const STATE_INTERVAL = 5;

const require = createRequire(import.meta.url);

/** Starts anvil, of the npm package, and waits until it listens. @throws CairnError `DEV_L1_FAILED`. */
export async function startDevL1({
  port,
  stateFile,
  accountCount = 10,
  more = [],
}: DevL1Options): Promise<DevL1> {
  const launcher = require.resolve('@foundry-rs/anvil/bin.mjs');
  const options = ['--hardfork', 'osaka', '--port', port, '--accounts', accountCount];
  options.push('--gas-limit', BLOCK_GAS_LIMIT);
  if (stateFile !== undefined) options.push('--state', stateFile, '--state-interval', STATE_INTERVAL);
  const child = spawn(process.execPath, [launcher, ...options.map(String), ...more], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // The launcher and the program that it starts are one group, out of reach of Ctrl-C: we end it in our own time.
    detached: true,
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const kill = (signal: NodeJS.Signals) => {
    try {
      process.kill(-child.pid!, signal);
    } catch {
      // It has ended already.
    }
  };
  const killNow = () => kill('SIGKILL');
  process.once('exit', killNow);
  const url = await new Promise<string>((resolve, reject) => {
    let output = '';
    const fail = (what: string) => {
      killNow();
      reject(
        new CairnError<SettlementErrorCode>('DEV_L1_FAILED', `anvil ${what}: ${output.trim()}`, {
          fix: 'Another program may use the port (--l1-port), or name a running Ethereum node by --l1-url.',
        }),
      );
    };
    const timer = setTimeout(() => fail(`did not start within ${START_TIMEOUT_MS} ms`), START_TIMEOUT_MS);
    const read = (data: Buffer) => {
      output += data.toString();
      const listening = /Listening on 127\.0\.0\.1:(\d+)/.exec(output)?.[1];
      if (listening === undefined) return;
      clearTimeout(timer);
      // Its log is not kept.
      child.stdout.removeAllListeners('data').resume();
      child.stderr.removeAllListeners('data').resume();
      resolve(`http://127.0.0.1:${listening}`);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('error', () => fail('did not start'));
    child.once('exit', () => fail('ended'));
  });
  let isStopping = false;
  return {
    url,
    async stop() {
      isStopping = true;
      process.removeListener('exit', killNow);
      kill('SIGTERM');
      const force = setTimeout(killNow, 5_000);
      await ended;
      clearTimeout(force);
    },
    onExit(listener) {
      void ended.then(() => {
        if (!isStopping) listener();
      });
    },
  };
}

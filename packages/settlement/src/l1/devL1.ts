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

/** How long it may take to write its state when it ends. */
const STOP_TIMEOUT_MS = 10_000;

const require = createRequire(import.meta.url);

/**
 * Runs anvil's launcher, named by the first argument, and ends it in good order when our end of its standard input is gone: also
 * when this process was killed.
 */
const KEEPER = `
  process.stdin.on('end', () => process.kill(process.pid, 'SIGINT')).resume();
  import(require('node:url').pathToFileURL(process.argv[1]).href);
`;

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
  const child = spawn(process.execPath, ['-e', KEEPER, launcher, ...options.map(String), ...more], {
    stdio: ['pipe', 'pipe', 'pipe'],
    // The launcher and the program that it starts are one group, out of reach of Ctrl-C: we end it in our own time.
    detached: true,
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const killNow = () => {
    try {
      process.kill(-child.pid!, 'SIGKILL');
    } catch {
      // It has ended already.
    }
  };
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
      child.stdin.end();
      const force = setTimeout(killNow, STOP_TIMEOUT_MS);
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

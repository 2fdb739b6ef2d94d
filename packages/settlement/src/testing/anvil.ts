import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { createPublicClient, createWalletClient, http } from 'viem';
import { mnemonicToAccount } from 'viem/accounts';
import { foundry } from 'viem/chains';
import type { L1Clients } from '../l1/deploy.ts';

/** A chain of one's own with the rules of Osaka. */
export interface TestChain extends L1Clients {
  readonly url: string;
  /** An account other than the wallet's. */
  readonly stranger: L1Clients['wallet'];
  readonly stop: () => void;
}

const require = createRequire(import.meta.url);

/** Starts anvil on a free port and waits until it listens. */
export async function startAnvil(more: readonly string[] = []): Promise<TestChain> {
  const program = require.resolve('@foundry-rs/anvil/bin.mjs');
  const options = [
    '--hardfork',
    'osaka',
    '--port',
    '0',
    '--accounts',
    '2',
    '--gas-limit',
    '200000000',
    ...more,
  ];
  const child: ChildProcess = spawn(process.execPath, [program, ...options], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const stop = () => {
    try {
      // The launcher and the program it has started are one group.
      process.kill(-child.pid!);
    } catch {
      // It has ended already.
    }
  };
  const url = await new Promise<string>((resolve, reject) => {
    let output = '';
    const timer = setTimeout(() => reject(new Error(`anvil did not start: ${output}`)), 20_000);
    child.stdout!.on('data', (data: Buffer) => {
      output += data.toString();
      const port = /Listening on 127\.0\.0\.1:(\d+)/.exec(output)?.[1];
      if (port === undefined) return;
      clearTimeout(timer);
      resolve(`http://127.0.0.1:${port}`);
    });
    child.on('exit', () => reject(new Error(`anvil ended: ${output}`)));
  });
  const transport = http(url, { timeout: 60_000 });
  const account = (addressIndex: number) =>
    mnemonicToAccount('test test test test test test test test test test test junk', { addressIndex });
  return {
    url,
    wallet: createWalletClient({ account: account(0), chain: foundry, transport }),
    stranger: createWalletClient({ account: account(1), chain: foundry, transport }),
    // It mines when it gets a transaction, so receipts are there at once.
    reader: createPublicClient({ chain: foundry, transport, pollingInterval: 20 }),
    stop,
  };
}

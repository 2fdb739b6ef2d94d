import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { RollupManifest } from '@cairn/proving';
import { type CairnProcess, rpc, startRollup } from '../e2e/cairnProcess.ts';

export const MAIN = fileURLToPath(new URL('../../../apps/cairn/dist/main.js', import.meta.url));

/** Lines that a command prints. */
export async function cairn(...args: string[]): Promise<string[]> {
  const { stdout } = await promisify(execFile)(process.execPath, [MAIN, ...args]);
  return stdout.trim().split('\n');
}

/** Asks until there is an answer. */
export async function until<T>(ask: () => Promise<T | undefined>, timeoutMs = 240_000): Promise<T> {
  for (const started = Date.now(); ; ) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() - started > timeoutMs) throw new Error('waited too long');
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** A chain that settles, and where. */
export interface TestRollup extends CairnProcess {
  readonly manifest: RollupManifest & { readonly l1Url: string };
}

/** Starts `cairn up` and waits until it settles. */
export async function settlingChain(...args: string[]): Promise<TestRollup> {
  const node = await startRollup(...args);
  const manifest = await until(async () => (await rpc(node.url, 'cairn_getRollup')).result);
  return { ...node, manifest };
}

/** Waits until L1 has accepted a transaction. */
export async function acceptedOnL1(url: string, transactionHash: string, timeoutMs?: number): Promise<void> {
  await until(async () => {
    const params = { transaction_hash: transactionHash };
    const { result } = await rpc(url, 'starknet_getTransactionStatus', params);
    return result?.finality_status === 'ACCEPTED_ON_L1' ? true : undefined;
  }, timeoutMs);
}

import { createPublicClient, createWalletClient, http } from 'viem';
import { mnemonicToAccount } from 'viem/accounts';
import { foundry } from 'viem/chains';
import type { L1Clients } from '../l1/deploy.ts';
import { startDevL1 } from '../l1/devL1.ts';

/** A chain of one's own with the rules of Osaka. */
export interface TestChain extends L1Clients {
  readonly url: string;
  /** An account other than the wallet's. */
  readonly stranger: L1Clients['wallet'];
  readonly stop: () => Promise<void>;
}

/** Starts anvil on a free port and waits until it listens. */
export async function startAnvil(more: readonly string[] = []): Promise<TestChain> {
  const { url, stop } = await startDevL1({ port: 0, accountCount: 2, more });
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

import { createPublicClient, createWalletClient, defineChain, type Hex, http, type PublicClient } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import type { L1Clients } from './deploy.ts';
import { answered } from './l1Error.ts';

/** How often receipts are asked for. */
const POLLING_MS = 100;
const TIMEOUT_MS = 60_000;

/** A client that reads the L1 behind an Ethereum JSON-RPC. */
export function l1Reader(url: string): PublicClient {
  return createPublicClient({ transport: http(url, { timeout: TIMEOUT_MS }), pollingInterval: POLLING_MS });
}

/**
 * Clients of the L1 behind an Ethereum JSON-RPC, which sign with a private key.
 * @throws CairnError `L1_UNREACHABLE`, and others of `l1Error`.
 */
export async function l1Clients(url: string, privateKey: Hex): Promise<L1Clients> {
  const transport = http(url, { timeout: TIMEOUT_MS });
  const chainId = await answered(`L1 at ${url}`, l1Reader(url).getChainId());
  const chain = defineChain({
    id: chainId,
    name: `L1 ${chainId}`,
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [url] } },
  });
  return {
    wallet: createWalletClient({ account: privateKeyToAccount(privateKey), chain, transport }),
    reader: createPublicClient({ chain, transport, pollingInterval: POLLING_MS }),
  };
}

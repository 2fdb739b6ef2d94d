import { BlockExecutor } from '@cairn/execution';
import { Chain, type DevAccount, Gateway, Sequencer, STRK_TOKEN } from '@cairn/node';
import { formatFelt } from '@cairn/primitives';
import type { InvokeV3 } from '@cairn/protocol';
import { startRpcServer } from '@cairn/rpc';
import { MemoryEngine } from '@cairn/storage';
import { TEST_CONFIG } from '../node/testSequencer.ts';
import { signedInvoke, transferCall } from '../node/wallet.ts';
import { sendAll } from './httpLoad.ts';

interface BenchResult {
  name: string;
  value: number;
  unit: string;
}

const BLOCK_TIME_MS = 250;

/**
 * ERC-20 transfers per second, sent by a worker over HTTP and included in blocks with real roots, and the
 * share of the sequencer's thread that each stage takes.
 */
export async function runSequencerBench({ smoke }: { smoke: boolean }): Promise<BenchResult[]> {
  const count = smoke ? 20 : 2_000;
  const sequencer = new Sequencer(new MemoryEngine(), {
    ...TEST_CONFIG,
    genesis: { ...TEST_CONFIG.genesis, accountCount: 10 },
    blockMode: { kind: 'interval', blockTimeMs: BLOCK_TIME_MS },
  });
  const server = await startRpcServer({ backend: sequencer.backend, host: '127.0.0.1', port: 0 });
  sequencer.start();
  const stages = measureStages();

  const warmUp = bodies(sequencer, 0, smoke ? 10 : 200);
  await sendAll(server.url, warmUp);
  await included(sequencer, warmUp.length);
  stages.reset();
  const requests = bodies(sequencer, warmUp.length, count);
  const started = performance.now();
  await sendAll(server.url, requests);
  await included(sequencer, warmUp.length + count);
  const seconds = (performance.now() - started) / 1000;
  await server.close();
  await sequencer.stop();

  const results: BenchResult[] = [{ name: 'transfer', value: count / seconds, unit: 'tx/s' }];
  let rest = 1;
  for (const [name, ms] of Object.entries(stages.totals)) {
    const share = ms / 1000 / seconds;
    rest -= share;
    results.push({ name: `transfer/share-${name}`, value: share, unit: 'of time' });
  }
  results.push({ name: 'transfer/share-rpc-and-idle', value: rest, unit: 'of time' });
  return results;
}

/** JSON-RPC bodies of `count` transfers, spread over the dev accounts. */
function bodies(sequencer: Sequencer, from: number, count: number): string[] {
  const { accounts } = sequencer.chain.genesis;
  const { chainId } = sequencer.chain.info;
  return Array.from({ length: count }, (_, i) => {
    const account = accounts[i % accounts.length] as DevAccount;
    const nonce = Math.floor((from + i) / accounts.length);
    return requestBody(
      signedInvoke(account, chainId, nonce, [transferCall(STRK_TOKEN, 0x10000n + BigInt(i), 1n)]),
    );
  });
}

/** An invoke as a client broadcasts it. */
export function requestBody(tx: InvokeV3): string {
  const hex = formatFelt;
  const bound = (b: { maxAmount: bigint; maxPricePerUnit: bigint }) => ({
    max_amount: hex(b.maxAmount),
    max_price_per_unit: hex(b.maxPricePerUnit),
  });
  const { l1Gas, l2Gas, l1DataGas } = tx.resourceBounds;
  const invoke_transaction = {
    type: 'INVOKE',
    version: '0x3',
    sender_address: hex(tx.senderAddress),
    calldata: tx.calldata.map(hex),
    signature: tx.signature.map(hex),
    nonce: hex(tx.nonce),
    resource_bounds: { l1_gas: bound(l1Gas), l2_gas: bound(l2Gas), l1_data_gas: bound(l1DataGas!) },
    tip: hex(tx.tip),
    paymaster_data: [],
    account_deployment_data: [],
    nonce_data_availability_mode: 'L1',
    fee_data_availability_mode: 'L1',
  };
  return JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    method: 'starknet_addInvokeTransaction',
    params: { invoke_transaction },
  });
}

/** Resolves when closed blocks hold `count` transactions. */
async function included(sequencer: Sequencer, count: number): Promise<void> {
  let next = 1;
  let seen = 0;
  while (seen < count) {
    const stored = sequencer.chain.store.block(next);
    if (!stored) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      continue;
    }
    seen += stored.block.transactions.length;
    next++;
  }
}

/** Times the stages by wrapping their entry points. */
function measureStages(): { totals: Record<string, number>; reset(): void } {
  const totals: Record<string, number> = { gateway: 0, execution: 0, 'root-and-commit': 0 };
  const wrap = (target: any, method: string, stage: string): void => {
    const original = target[method];
    target[method] = function (this: unknown, ...args: unknown[]) {
      const started = performance.now();
      try {
        // For an async method this is the part before its first wait: all of its computing.
        return original.apply(this, args);
      } finally {
        totals[stage]! += performance.now() - started;
      }
    };
  };
  wrap(Gateway.prototype, 'submit', 'gateway');
  wrap(BlockExecutor.prototype, 'execute', 'execution');
  wrap(Chain.prototype, 'append', 'root-and-commit');
  return {
    totals,
    reset: () => {
      for (const stage of Object.keys(totals)) totals[stage] = 0;
    },
  };
}

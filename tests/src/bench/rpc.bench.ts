import { type DevAccount, Sequencer, STRK_TOKEN } from '@cairn/node';
import { formatFelt, selectorFromName } from '@cairn/primitives';
import type { Event, ExecutedTransaction } from '@cairn/protocol';
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

const EVENTS_PER_BLOCK = 1_000;
const PAGE = 1_000;
const TRANSACTIONS_PER_BLOCK = 250;
const STRK = formatFelt(STRK_TOKEN);

/** Requests per second of a read, a call and a storage proof; pages of 1,000 out of a million events; a revert. */
export async function runRpcBench({ smoke }: { smoke: boolean }): Promise<BenchResult[]> {
  const sequencer = new Sequencer(new MemoryEngine(), { ...TEST_CONFIG, blockMode: { kind: 'demand' } });
  sequencer.start();
  const backend = sequencer.backend;
  const server = await startRpcServer({ backend, host: '127.0.0.1', port: 0 });
  const address = formatFelt((sequencer.chain.genesis.accounts[0] as DevAccount).address);
  const results: BenchResult[] = [];
  const rate = async (name: string, method: string, params: unknown, count: number): Promise<void> => {
    const bodies = new Array<string>(smoke ? 10 : count).fill(body(method, params));
    await sendAll(server.url, bodies.slice(0, 100));
    const start = performance.now();
    await sendAll(server.url, bodies);
    results.push({ name, value: (1000 * bodies.length) / (performance.now() - start), unit: 'req/s' });
  };
  await rate('read', 'getNonce', ['latest', address], 5_000);
  const selector = formatFelt(selectorFromName('balanceOf'));
  const request = { contract_address: STRK, entry_point_selector: selector, calldata: [address] };
  await rate('call', 'call', [request, 'latest'], 2_000);
  await rate('storage-proof', 'getStorageProof', ['latest', [], [address]], 2_000);

  const revertMs = await revert(sequencer, smoke ? 20 : 10_000);
  results.push({ name: 'revert', value: revertMs, unit: 'ms' });

  const blockCount = smoke ? 3 : 1_000;
  const last = addEvents(sequencer, blockCount);
  const pages = Array.from({ length: smoke ? 5 : 200 }, (_, i) =>
    body('getEvents', [
      { from_block: { block_number: Math.floor((i * last) / 220) }, to_block: 'latest', chunk_size: PAGE },
    ]),
  );
  const latencies = (await sendAll(server.url, pages, 1)).sort(); // one client
  results.push({
    name: 'events-page',
    value: latencies[Math.floor(latencies.length * 0.99)]!,
    unit: 'ms p99',
  });
  await server.close();
  await sequencer.stop();
  return results;
}

function body(method: string, params: unknown): string {
  return JSON.stringify({ jsonrpc: '2.0', id: 1, method: `starknet_${method}`, params });
}

/** Milliseconds to come back to a snapshot made before `count` transfers; the root must be the one of then. */
async function revert(sequencer: Sequencer, count: number): Promise<number> {
  const { chain, backend, dev, producer } = sequencer;
  const { accounts } = chain.genesis;
  const before = chain.head.block.header;
  const id = dev.snapshot();
  for (let i = 0; i < count; i++) {
    const account = accounts[i % accounts.length] as DevAccount;
    const nonce = Math.floor(i / accounts.length);
    const call = transferCall(STRK_TOKEN, 0x10000n + BigInt(i), 1n);
    const transaction = signedInvoke(account, chain.info.chainId, nonce, [call]);
    await backend.submit({ transaction, query: false, hasProof: false });
    if (i % TRANSACTIONS_PER_BLOCK !== TRANSACTIONS_PER_BLOCK - 1 && i !== count - 1) continue;
    await producer.whenIdle();
    dev.createBlock();
  }
  const start = performance.now();
  dev.revert(id);
  const ms = performance.now() - start;
  if (chain.head.block.header.stateRoot !== before.stateRoot)
    throw new Error('another root after the revert');
  return ms;
}

/** Appends blocks of made-up transactions with 1,000 events each; returns the number of the last one. */
function addEvents({ chain }: Sequencer, blockCount: number): number {
  const { head, store } = chain;
  const batch = { nodes: new Map(), contracts: new Map(), classLeaves: new Map() };
  const first = head.block.header.blockNumber + 1;
  for (let number = first; number < first + blockCount; number++) {
    const transactions = Array.from({ length: TRANSACTIONS_PER_BLOCK }, (_, i) =>
      transactionWithEvents(number, i),
    );
    const header = { ...head.block.header, blockNumber: number, blockHash: 2n ** 200n + BigInt(number) };
    store.appendBlock({ ...head, block: { header, transactions } }, batch, new Map());
  }
  chain.revertTo(first + blockCount - 1);
  return first + blockCount - 1;
}

function transactionWithEvents(block: number, index: number): ExecutedTransaction {
  const hash = 2n ** 240n + BigInt(block * EVENTS_PER_BLOCK + index);
  const event = (i: number): Event => ({
    fromAddress: STRK_TOKEN,
    keys: [selectorFromName('Transfer')],
    data: [hash, hash + BigInt(i), 10n ** 18n, 0n],
  });
  const none = { l1Gas: 0n, l1DataGas: 0n, l2Gas: 0n };
  return {
    transaction: {
      type: 'L1_HANDLER',
      version: 0,
      contractAddress: STRK_TOKEN,
      entryPointSelector: 1n,
      calldata: [],
      nonce: BigInt(index),
    },
    receipt: {
      transactionHash: hash,
      actualFee: 0n,
      events: Array.from({ length: EVENTS_PER_BLOCK / TRANSACTIONS_PER_BLOCK }, (_, i) => event(i)),
      messagesToL1: [],
      resources: {
        stepCount: 0,
        memoryHoleCount: 0,
        builtins: {},
        dataAvailability: none,
        totalGasConsumed: none,
      },
    },
  };
}

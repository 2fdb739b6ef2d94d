import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseOsInput } from '@cairn/os';
import { formatFelt, parseFelt } from '@cairn/primitives';
import { proveOsRun } from '@cairn/proving';
import { coreState, type DevL1, l1Reader, startDevL1 } from '@cairn/settlement';
import { NodePool } from '@cairn/stark/nodePool';
import { WasmBackend } from '@cairn/stark/prover';
import { findPostgres, startPostgres, type TestPostgres } from '@cairn/storage/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type CairnProcess, rpc, startCairn, startRollup } from '../e2e/cairnProcess.ts';
import { until } from '../settlement/testRollup.ts';

const RUNS = Number(process.env.RUNS ?? 100);
/** Blocks on the chain, each a batch of its own. */
const BLOCKS = 2;
/** The first account of anvil, which sends everything. */
const OPERATOR = '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266';

interface Task {
  ticket: string;
  first_block: number;
  input: string;
}

let l1: DevL1;
let postgres: TestPostgres | undefined;
let folder: string;
let core: `0x${string}`;
let snapshot: string;
/** Real proofs by first block, made once. */
const proofs = new Map<number, string>();
/** How long a run takes that nobody disturbs, in milliseconds. */
let usualMs = 0;
/** Transactions that such a run sends. */
let usualTransactions = 0;

const anvil = async (method: string, ...params: unknown[]) => (await rpc(l1.url, method, params)).result;
const sentCount = async () => Number(await anvil('eth_getTransactionCount', OPERATOR, 'latest'));
const settledBlock = async () => (await coreState({ reader: l1Reader(l1.url) }, core)).blockNumber;

function start(dataDir: string, ...more: string[]): Promise<CairnProcess> {
  return startRollup(
    ...['--data-dir', dataDir, '--l1-url', l1.url, '--provers', '0'],
    ...['--batch-blocks', '1', '--batch-age-ms', '0', ...more],
  );
}

/** The last task that was taken and not delivered: its node was killed. */
let taken: Task | null = null;

/** Delivers the proofs that are there, until stopped. */
function deliver(url: string): { stop(): void } {
  let isStopped = false;
  void (async () => {
    while (!isStopped) {
      try {
        taken ??= (await rpc(url, 'cairn_takeProvingTask', { prover: 'test' })).result as Task | null;
        if (taken) {
          await rpc(url, 'cairn_deliverProof', {
            ticket: taken.ticket,
            proof: proofs.get(taken.first_block),
          });
          taken = null;
        }
      } catch {
        // It was killed.
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  })();
  return {
    stop() {
      isStopped = true;
    },
  };
}

beforeAll(async () => {
  l1 = await startDevL1({ port: 0 });
  folder = mkdtempSync(join(tmpdir(), 'cairn-settle-'));
  const template = join(folder, 'template');
  // The blocks first, without the rollup; then its contracts and the proofs.
  const solo = await startCairn('--data-dir', template);
  for (let i = 1; i <= BLOCKS; i++)
    await rpc(solo.url, 'devnet_mint', { address: formatFelt(BigInt(i)), amount: 1 });
  await solo.stop();
  const node = await start(template);
  ({ core } = await until(async () => (await rpc(node.url, 'cairn_getRollup')).result));
  const pool = new NodePool(2);
  for (let i = 1; i <= BLOCKS; i++) {
    const task = await until<Task>(
      async () => (await rpc(node.url, 'cairn_takeProvingTask', { prover: 'test' })).result ?? undefined,
    );
    const { proof } = await proveOsRun(parseOsInput(task.input), { backend: new WasmBackend({ pool }) });
    proofs.set(task.first_block, Buffer.from(proof).toString('base64'));
  }
  await pool.close();
  await node.stop();
  for (const name of ['jobs', 'files']) rmSync(join(template, 'rollup', name), { recursive: true });
  snapshot = await anvil('evm_snapshot');
  if (findPostgres() !== undefined) postgres = await startPostgres(findPostgres()!);
}, 600_000);

afterAll(async () => {
  await postgres?.stop();
  await l1.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** L1 and a data folder as they were before anything was settled; returns the folder. */
async function freshRun(): Promise<string> {
  await anvil('evm_revert', snapshot);
  snapshot = await anvil('evm_snapshot');
  const dataDir = join(folder, 'run');
  rmSync(dataDir, { recursive: true, force: true });
  cpSync(join(folder, 'template'), dataDir, { recursive: true });
  taken = null;
  return dataDir;
}

/**
 * Settles the chain from the template with a process that is killed after each of the times given; the time it took and the
 * transactions that were sent.
 */
async function settle(killsMs: readonly number[], ...more: string[]) {
  const dataDir = await freshRun();
  const sentBefore = await sentCount();
  const started = Date.now();
  for (const killMs of [...killsMs, Number.POSITIVE_INFINITY]) {
    const node = await start(dataDir, ...more);
    const prover = deliver(node.url);
    const begun = Date.now();
    const isSettled = await until(async () => {
      if (Date.now() - begun >= killMs) return 'killed';
      return (await settledBlock()) === BLOCKS ? 'settled' : undefined;
    }, 120_000);
    prover.stop();
    if (isSettled === 'killed') {
      node.child.kill('SIGKILL');
      await new Promise((resolve) => node.child.once('exit', resolve));
      continue;
    }
    // The node sees it, and the jobs are done.
    const { result: head } = await rpc(node.url, 'starknet_blockHashAndNumber');
    expect(head.block_number).toBe(BLOCKS);
    expect((await coreState({ reader: l1Reader(l1.url) }, core)).blockHash).toBe(parseFelt(head.block_hash));
    await until(async () => {
      const { result } = await rpc(node.url, 'cairn_getJobs', {});
      return (result.jobs as { status: string }[]).every(({ status }) => status === 'done') || undefined;
    });
    await node.stop();
    break;
  }
  return { ms: Date.now() - started, transactions: (await sentCount()) - sentBefore };
}

it('settles undisturbed', async () => {
  const { ms, transactions } = await settle([]);
  [usualMs, usualTransactions] = [ms, transactions];
  console.log(`${ms} ms, ${transactions} transactions`);
}, 200_000);

it('settles again, without another proof, what an L1 reorganisation has taken back', async () => {
  const dataDir = await freshRun();
  const node = await start(dataDir);
  const prover = deliver(node.url);
  const isSettled = async () => ((await settledBlock()) === BLOCKS ? true : undefined);
  await until(isSettled);
  await until(async () => {
    const { result } = await rpc(node.url, 'starknet_getBlockWithTxHashes', ['l1_accepted']);
    return result?.block_number === BLOCKS ? true : undefined;
  });
  prover.stop();
  await anvil('evm_revert', snapshot);
  snapshot = await anvil('evm_snapshot');
  expect(await settledBlock()).toBe(0);
  await until(isSettled);
  await node.stop();
}, 300_000);

it(`settles each block once, killed at ${RUNS} moments`, async () => {
  for (let run = 0; run < RUNS; run++) {
    // Every moment of a run, and now and then a second kill soon after.
    const first = (usualMs * (run + 0.5)) / RUNS;
    const kills = run % 3 === 0 ? [first, (run * 37) % 2_000] : [first];
    const { transactions } = await settle(kills);
    expect(transactions, `killed after ${kills.join(' and ')} ms`).toBe(usualTransactions);
    if ((run + 1) % 10 === 0) console.log(`${run + 1} runs`);
  }
}, 7_200_000);

it.skipIf(findPostgres() === undefined)(
  'does so with PostgreSQL (skipped where the server is not installed)',
  async () => {
    for (let run = 0; run < Math.ceil(RUNS / 10); run++) {
      const url = await postgres!.createDatabase();
      const { transactions } = await settle([(usualMs * (run + 0.5)) / (RUNS / 10)], '--database-url', url);
      expect(transactions).toBe(usualTransactions);
    }
  },
  3_600_000,
);

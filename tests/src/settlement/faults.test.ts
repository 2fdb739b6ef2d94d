import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatFelt } from '@cairn/primitives';
import { type DevL1, startDevL1 } from '@cairn/settlement';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type CairnProcess, rpc, startRollup } from '../e2e/cairnProcess.ts';
import { settlingChain, type TestRollup, until } from './testRollup.ts';

/** The first account of anvil, which sends everything. */
const OPERATOR = '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266';

let l1: DevL1;
let proxy: Server;
let proxyUrl: string;
let isDown = false;
let node: TestRollup;
let address = 0n;

beforeAll(async () => {
  l1 = await startDevL1({ port: 0 });
  proxy = createServer(async (request, response) => {
    if (isDown) return void request.socket.destroy();
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(l1.url, { method: 'POST', headers, body: Buffer.concat(chunks) });
    response.writeHead(answer.status, headers).end(Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  proxyUrl = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  node = await settlingChain(
    ...['--l1-url', proxyUrl, '--provers', '0', '--data-availability', 'pages'],
    ...['--batch-blocks', '1', '--batch-age-ms', '0'],
  );
}, 120_000);

afterAll(async () => {
  await node.stop();
  proxy.closeAllConnections();
  proxy.close();
  await l1.stop();
});

interface Job {
  kind: string;
  status: string;
  attempts: number;
  outages: number;
  error: { code: string } | null;
  description: string;
}

/** The job of the newest block once it is as expected. */
async function jobOfHead(kind: string, isExpected: (job: Job) => boolean): Promise<Job> {
  const { result: blockNumber } = await rpc(node.url, 'starknet_blockNumber');
  return until(async () => {
    const { result } = await rpc(node.url, 'cairn_getJobs', { block_number: blockNumber });
    return (result.jobs as Job[]).find((job) => job.kind === kind && isExpected(job));
  }, 60_000);
}

const newBlock = () => rpc(node.url, 'devnet_mint', { address: formatFelt(++address), amount: 1 });
/** Takes the waiting batch away from the queue, as a prover would, so that the next one is made. */
const take = () =>
  until(async () => (await rpc(node.url, 'cairn_takeProvingTask', { prover: 'idle' })).result ?? undefined);

it('a job waits for an L1 that cannot be reached, and its attempts do not count', async () => {
  isDown = true;
  await newBlock();
  const job = await jobOfHead('publishData', ({ error }) => error !== null);
  expect(job).toMatchObject({ status: 'ready', attempts: 0, error: { code: 'L1_UNREACHABLE' } });
  expect(job.description).toMatch(/not counted.*L1_UNREACHABLE/);
  expect((await fetch(`${node.url}/health`)).status).toBe(200);
  isDown = false;
  expect(await jobOfHead('publishData', ({ status }) => status === 'done')).toMatchObject({ attempts: 1 });
  await take();
}, 120_000);

it('a job waits for ether', async () => {
  const { result: balance } = await rpc(l1.url, 'eth_getBalance', [OPERATOR, 'latest']);
  await rpc(l1.url, 'anvil_setBalance', [OPERATOR, '0x0']);
  await newBlock();
  const job = await jobOfHead('publishData', ({ error }) => error !== null);
  expect(job).toMatchObject({ status: 'ready', attempts: 0, error: { code: 'L1_OUT_OF_FUNDS' } });
  await rpc(l1.url, 'anvil_setBalance', [OPERATOR, balance]);
  await jobOfHead('publishData', ({ status }) => status === 'done');
}, 120_000);

it('a block that changed the state without a transaction is not settled, and says so', async () => {
  await take();
  const { error } = await rpc(node.url, 'cairn_setStorageAt', ['0x77', '0x1', '0x2']);
  expect(error).toBeUndefined();
  const job = await jobOfHead('osRun', ({ error }) => error !== null);
  expect(job).toMatchObject({ status: 'dead', error: { code: 'BLOCK_DIFFERS' } });
  expect((await fetch(`${node.url}/health`)).status).toBe(200);
}, 120_000);

async function startUntilFault(...args: string[]): Promise<{ node: CairnProcess; text: string }> {
  const other = await startRollup('--provers', '0', ...args);
  const text = await until(async () => {
    const ready = await (await fetch(`${other.url}/ready`)).text();
    return ready.includes('failed') ? ready : undefined;
  }, 60_000);
  return { node: other, text };
}

it('a data folder of another rollup is not taken over', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cairn-faults-'));
  mkdirSync(join(folder, 'rollup'));
  const { l1Url: _, ...manifest } = node.manifest;
  const write = (changes: object) =>
    writeFileSync(join(folder, 'rollup', 'rollup.json'), JSON.stringify({ ...manifest, ...changes }));
  for (const [changes, expected] of [
    [{ core: '0x00000000000000000000000000000000000000aa' }, /there is no core contract at 0x0+aa/],
    [{ chainId: 'OTHER_CHAIN' }, /of chain OTHER_CHAIN/],
  ] as const) {
    write(changes);
    const { node: other, text } = await startUntilFault('--data-dir', folder, '--l1-url', proxyUrl);
    expect(text).toMatch(expected);
    // The node itself serves.
    expect((await rpc(other.url, 'starknet_blockNumber')).result).toBe(0);
    await other.stop();
  }
  rmSync(folder, { recursive: true });
}, 120_000);

it('an account without ether is told so', async () => {
  const { node: other, text } = await startUntilFault(
    ...['--l1-url', proxyUrl, '--l1-key', `0x${'11'.repeat(32)}`],
  );
  expect(text).toMatch(/exceeds the balance of the account/);
  await other.stop();
}, 60_000);

import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type CairnProcess, startCairn } from '../e2e/cairnProcess.ts';

const COUNT = Number(process.env.HOSTILE ?? 100_000);
const LANES = 8;
const SLOW_CLIENTS = 50;
const MAX_GROWTH_MB = 50;

let node: CairnProcess;
let isGone = false;
beforeAll(async () => {
  node = await startCairn('--dev-methods', 'off', '--rate-limit', '1000');
  node.child.once('exit', () => {
    isGone = true;
  });
});
afterAll(async () => {
  expect(await node.stop()).toBe(0);
});

/** Numbers from a seed. */
let state = 11;
function random(below: number): number {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
}
const pick = <T>(items: readonly T[]): T => items[random(items.length)]!;

const METHODS = [
  'starknet_getNonce',
  'starknet_call',
  'starknet_getEvents',
  'starknet_getStorageProof',
  'starknet_getBlockWithReceipts',
  'starknet_estimateFee',
  'starknet_simulateTransactions',
  'starknet_addInvokeTransaction',
  'starknet_addDeclareTransaction',
  'starknet_addDeployAccountTransaction',
  'starknet_traceBlockTransactions',
  'starknet_getClass',
  'starknet_subscribeNewHeads',
  'starknet_unsubscribe',
  'devnet_mint',
  '__proto__',
  'constructor',
  '',
];

/** A JSON value that fits nothing in particular. */
function junk(depth = 0): unknown {
  switch (random(depth > 4 ? 7 : 10)) {
    case 0:
      return null;
    case 1:
      return random(2) === 0;
    case 2:
      return random(2 ** 31) - 2 ** 30;
    case 3:
      return 1e308;
    case 4:
      return pick([
        'latest',
        'pre_confirmed',
        'pending',
        '0x',
        '0xg',
        `0x${'f'.repeat(random(80))}`,
        '\u0000',
      ]);
    case 5:
      return `0x${random(2 ** 31).toString(16)}`;
    case 6:
      return 'x'.repeat(random(2000));
    case 7:
      return Array.from({ length: random(6) }, () => junk(depth + 1));
    default:
      return Object.fromEntries(
        Array.from({ length: random(6) }, () => [
          pick([
            'block_id',
            'contract_address',
            'type',
            'version',
            'calldata',
            'filter',
            'request',
            '__proto__',
            'toString',
          ]),
          junk(depth + 1),
        ]),
      );
  }
}

const call = (): unknown => ({
  jsonrpc: pick(['2.0', '2.0', '2.0', '1.0', 2]),
  id: pick([1, 'a', null, undefined, {}, -0]),
  method: pick(METHODS),
  params: pick([() => junk(), () => [junk(), junk(), junk()], () => undefined])(),
});

/** The text of a hostile request. */
function hostile(): string {
  switch (random(12)) {
    case 0:
      return '['.repeat(random(5000));
    case 1:
      return JSON.stringify(call()).slice(0, random(200));
    case 2:
      return JSON.stringify(Array.from({ length: random(300) }, call));
    case 3:
      return `{"jsonrpc":"2.0","id":1,"method":"starknet_call","params":${'{"a":'.repeat(60)}1${'}'.repeat(60)}}`;
    case 4:
      return `${JSON.stringify(call())}${JSON.stringify(call())}`;
    case 5:
      return String.fromCharCode(...Array.from({ length: random(400) }, () => random(65536)));
    default:
      return JSON.stringify(call());
  }
}

const agent = new Agent({ keepAlive: true, maxSockets: LANES });
function post(body: string): Promise<string> {
  const { hostname, port } = new URL(node.url);
  return new Promise((resolve, reject) => {
    const sent = request(
      { hostname, port, method: 'POST', path: pick(['/', '/rpc', '/rpc/v0_9']), agent },
      (response) => {
        let text = '';
        response.on('data', (chunk) => {
          text += chunk;
        });
        response.on('end', () => resolve(text));
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

function residentMb(): number {
  const status = readFileSync(`/proc/${node.child.pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)![1]) / 1024;
}

/** An honest client in a process and at an address of its own. Prints the median time of its calls, in milliseconds. */
const HONEST = `
  const http = require('node:http');
  const [port, count] = process.argv.slice(1).map(Number);
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const body = '{"jsonrpc":"2.0","id":1,"method":"starknet_getBlockWithTxHashes","params":["latest"]}';
  const ask = () => new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, localAddress: '127.0.0.2', method: 'POST', agent };
    http.request(options, async (response) => {
      const text = Buffer.concat(await response.toArray()).toString();
      if (JSON.parse(text).result?.block_number === 0) resolve();
      else reject(new Error(text));
    }).on('error', reject).end(body);
  });
  (async () => {
    const times = [];
    for (let i = 0; i < count; i++) {
      const start = performance.now();
      await ask();
      times.push(performance.now() - start);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    console.log(times.sort((a, b) => a - b)[count >> 1]);
    agent.destroy();
  })();
`;

async function honestMs(count: number): Promise<number> {
  const { port } = new URL(node.url);
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', HONEST, port, String(count)]);
  return Number(stdout);
}

async function overHttp(count: number): Promise<void> {
  for (let i = 0; i < count && !isGone; i++) {
    const text = await post(hostile());
    if (text === '') continue; // nothing but notifications
    for (const answer of [JSON.parse(text)].flat()) expect(answer.error?.code ?? 'result').not.toBe(-32603);
  }
}

async function overWebSocket(count: number): Promise<void> {
  for (let sent = 0; sent < count && !isGone; ) {
    const socket = new WebSocket(`${node.url.replace('http', 'ws')}/ws`);
    await new Promise((resolve) => socket.once('open', resolve).once('error', resolve));
    socket.on('error', () => {});
    for (let i = 0; i < 200 && sent < count && socket.readyState === WebSocket.OPEN; i++, sent++) {
      socket.send(random(10) === 0 ? Buffer.from(hostile()) : hostile());
      if (i % 20 === 19) await new Promise((resolve) => setTimeout(resolve, 5));
    }
    if (random(2) === 0) socket.terminate();
    else socket.close();
  }
}

/** Clients that send a byte now and then and never finish. */
function slowClients(): Socket[] {
  const { hostname, port } = new URL(node.url);
  return Array.from({ length: SLOW_CLIENTS }, () => {
    const socket = connect(Number(port), hostname, () => {
      socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000\r\n\r\n{');
    });
    socket.on('error', () => {});
    const timer = setInterval(() => socket.write(' '), 500);
    socket.on('close', () => clearInterval(timer));
    return socket;
  });
}

it(`survives ${COUNT} hostile requests without growing, and still answers honest clients`, async () => {
  await overHttp(2_000);
  await overWebSocket(1_000);
  const [before, usual] = [residentMb(), await honestMs(1_000)];
  const slow = slowClients();
  const attack = Promise.all([
    ...Array.from({ length: LANES - 1 }, () => overHttp(Math.ceil((0.8 * COUNT) / (LANES - 1)))),
    overWebSocket(0.2 * COUNT),
  ]);
  const underAttack = await honestMs(1_000);
  await attack;
  const [after, underSlowClients] = [residentMb(), await honestMs(1_000)];
  for (const socket of slow) socket.destroy();
  console.log(
    `resident ${before.toFixed(0)} → ${after.toFixed(0)} MB; honest median ${usual.toFixed(2)} ms, ${underAttack.toFixed(2)} under attack, ${underSlowClients.toFixed(2)} beside slow clients`,
  );
  expect(isGone).toBe(false);
  expect(after - before).toBeLessThan(MAX_GROWTH_MB);
  expect(underAttack).toBeLessThan(2 * usual + 0.2);
  expect(underSlowClients).toBeLessThan(2 * usual + 0.2);
}, 1_800_000);

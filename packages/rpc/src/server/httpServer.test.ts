import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { CairnError } from '@cairn/primitives';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeBackend } from '../../test/fakeBackend.ts';
import { defineMethod, required } from '../method.ts';
import { readInteger } from '../wire/read.ts';
import { type RpcServer, startRpcServer } from './httpServer.ts';

const seenErrors: string[] = [];
const EXTRA = [
  defineMethod({
    name: 'cairn_double',
    parameters: { n: required((value, path) => readInteger(value, path)) },
    handler: ({ n }) => 2 * n,
  }),
  defineMethod({
    name: 'cairn_bug',
    parameters: {},
    handler: () => {
      throw new TypeError('secret of the house');
    },
  }),
  defineMethod({ name: 'cairn_bigint', parameters: {}, handler: () => 1n }),
  defineMethod({ name: 'cairn_never', parameters: {}, handler: () => new Promise(() => {}) }),
];

let server: RpcServer;
beforeEach(async () => {
  seenErrors.length = 0;
  server = await startRpcServer({
    backend: new FakeBackend(),
    host: '127.0.0.1',
    port: 0,
    extraMethods: EXTRA,
    routes: [
      {
        path: '/echo',
        handle: ({ method, path, query, body }) => ({
          status: 202,
          contentType: 'text/plain',
          body: `${method} ${path} ${query.get('q')} ${body}`,
        }),
      },
      {
        path: '/broken',
        handle: () => {
          throw new Error('secret of the house');
        },
      },
    ],
    limits: { maxBodyByteCount: 50_000, requestTimeoutMs: 300 },
    onError: (_error, name) => {
      seenErrors.push(name);
      throw new Error('the observer fails as well');
    },
  });
});
afterEach(() => server.close());

const post = (body: string, path = '/') => fetch(server.url + path, { method: 'POST', body });
const ask = async (payload: unknown, path = '/'): Promise<any> =>
  (await post(JSON.stringify(payload), path)).json();
const call = (method: string, params?: unknown, id: unknown = 1) => ({ jsonrpc: '2.0', id, method, params });

describe('calls', () => {
  it.each(['/', '/rpc', '/rpc/', '/rpc/v0_10', '/rpc?x=1'])('are answered at %s', async (path) => {
    expect(await ask(call('starknet_specVersion'), path)).toEqual({
      jsonrpc: '2.0',
      id: 1,
      result: '0.10.2',
    });
  });

  it('are answered as 0.9 has them at its path', async () => {
    const response = await post(JSON.stringify(call('starknet_specVersion')), '/rpc/v0_9');
    expect(response.headers.get('x-starknet-spec-version')).toBe('0.9.0');
    expect(((await response.json()) as any).result).toBe('0.9.0');
    const old = async (method: string, params: unknown) =>
      (await ask(call(method, params), '/rpc/v0_9')).result;
    const block = await old('starknet_getBlockWithReceipts', ['latest']);
    expect(block).not.toHaveProperty('state_diff_length');
    expect(block).toHaveProperty('new_root');
    const open = await old('starknet_getBlockWithTxHashes', ['pending']);
    expect([open.block_number, open.block_hash]).toEqual([2, undefined]);
    const update = await old('starknet_getStateUpdate', { block_id: 'latest' });
    expect(Object.keys(update.state_diff)).not.toContain('migrated_compiled_classes');
    const filter = { from_block: 'latest', to_block: 'pending', chunk_size: 10 };
    const { events } = await old('starknet_getEvents', [filter]);
    for (const event of events) expect(event).not.toHaveProperty('event_index');
    expect((await ask(call('starknet_getBlockWithTxs', ['pending']))).error.code).toBe(-32602);
  });

  it('carry the version and let browsers in', async () => {
    const response = await post(JSON.stringify(call('starknet_chainId')));
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(response.headers.get('x-starknet-spec-version')).toBe('0.10.2');
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    const preflight = await fetch(server.url, { method: 'OPTIONS' });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-methods')).toContain('POST');
    expect(preflight.headers.get('access-control-allow-headers')).toBe('*');
  });

  it('keep their id', async () => {
    for (const id of [0, 7, 'x', null]) expect((await ask(call('starknet_chainId', [], id))).id).toBe(id);
  });

  it('take parameters by position and by name', async () => {
    expect((await ask(call('cairn_double', [4]))).result).toBe(8);
    expect((await ask(call('cairn_double', { n: 4, other: 1 }))).result).toBe(8);
    expect((await ask(call('cairn_double'))).error.code).toBe(-32602);
    // A name from the prototype of objects is not a parameter.
    expect((await ask(call('starknet_getNonce', { __proto__: { block_id: 'latest' } }))).error.code).toBe(
      -32602,
    );
  });

  it('of unknown methods are named', async () => {
    expect(await ask(call('starknet_foo'))).toEqual({
      jsonrpc: '2.0',
      id: 1,
      error: { code: -32601, message: 'Method not found', data: 'unknown method: starknet_foo' },
    });
  });

  it('without id get no answer', async () => {
    const response = await post(JSON.stringify({ jsonrpc: '2.0', method: 'starknet_chainId' }));
    expect(response.status).toBe(204);
    expect(await response.text()).toBe('');
  });
});

describe('malformed requests', () => {
  it('that are no JSON are parse errors', async () => {
    for (const body of ['', '{', '{"jsonrpc": "2.0",}', 'hello']) {
      const answer = (await (await post(body)).json()) as any;
      expect(answer).toMatchObject({ jsonrpc: '2.0', id: null, error: { code: -32700 } });
    }
  });

  it.each<[unknown, unknown]>([
    [1, null],
    [null, null],
    [{}, null],
    [{ jsonrpc: '1.0', id: 5, method: 'starknet_chainId' }, 5],
    [{ jsonrpc: '2.0', id: 5 }, 5],
    [{ jsonrpc: '2.0', id: {}, method: 'starknet_chainId' }, null],
    [{ jsonrpc: '2.0', id: 5, method: 'starknet_chainId', params: 'x' }, 5],
    [[], null],
    [Array(101).fill(call('starknet_chainId')), null],
  ])('%j is an invalid request', async (payload, id) => {
    expect(await ask(payload)).toMatchObject({ id, error: { code: -32600 } });
  });

  it('that are nested too deep are refused', async () => {
    const body = `{"jsonrpc":"2.0","id":1,"method":"starknet_chainId","params":${'['.repeat(20_000)}${']'.repeat(20_000)}}`;
    expect(((await (await post(body)).json()) as any).error.code).toBe(-32700);
    const harmless = call('starknet_getNonce', ['latest', '['.repeat(100)]);
    expect((await ask(harmless)).error.code).toBe(-32602);
  });

  it('that are too large are refused, announced or not', async () => {
    const announced = await post(' '.repeat(50_001));
    expect(announced.status).toBe(413);
    expect(((await announced.json()) as any).error.data).toContain('50000 bytes');
    const status = await new Promise<number>((resolve, reject) => {
      const sending = httpRequest(server.url, { method: 'POST' }, (response) => {
        response.resume();
        resolve(response.statusCode!);
      });
      sending.on('error', reject);
      for (let i = 0; i < 60; i++) sending.write(' '.repeat(1000));
      sending.end();
    });
    expect(status).toBe(413);
    expect((await ask(call('starknet_chainId'))).result).toBe('0x534e5f54455354');
  });
});

describe('batches', () => {
  it('answer every call in order, and nothing else', async () => {
    const answers = await ask([
      call('starknet_chainId', [], 'a'),
      7,
      { jsonrpc: '2.0', method: 'starknet_chainId' },
      call('starknet_foo', [], 'b'),
      call('cairn_double', [3], 'c'),
    ]);
    expect(answers.map((a: any) => [a.id, a.result ?? a.error.code])).toEqual([
      ['a', '0x534e5f54455354'],
      [null, -32600],
      ['b', -32601],
      ['c', 6],
    ]);
  });

  it('of notifications get no answer', async () => {
    expect((await post(JSON.stringify([{ jsonrpc: '2.0', method: 'starknet_chainId' }]))).status).toBe(204);
  });
});

describe('failures', () => {
  it.each(['cairn_bug', 'cairn_bigint'])('of %s are internal errors that tell nothing', async (name) => {
    expect((await ask(call(name))).error).toEqual({ code: -32603, message: 'Internal error' });
    expect(seenErrors).toEqual([name]);
    expect((await ask(call('starknet_chainId'))).error).toBeUndefined();
  });

  it('to answer in time are told', async () => {
    expect((await ask(call('cairn_never'))).error).toEqual({
      code: -32603,
      message: 'Internal error',
      data: 'no answer within 300 ms',
    });
  });

  it('of a route are internal errors', async () => {
    const response = await fetch(`${server.url}/broken`);
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('secret');
    expect(seenErrors).toEqual(['GET /broken']);
  });

  it('of clients that hang up or talk nonsense harm nobody', async () => {
    await new Promise<void>((resolve) => {
      const socket = connect(server.port, '127.0.0.1', () => {
        socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{');
        setTimeout(() => socket.destroy(), 20);
      });
      socket.on('close', () => resolve());
    });
    await new Promise<void>((resolve) => {
      const socket = connect(server.port, '127.0.0.1', () => socket.write('nonsense\r\n\r\n'));
      socket.on('data', () => {});
      socket.on('close', () => resolve());
    });
    expect((await ask(call('starknet_chainId'))).error).toBeUndefined();
    expect(seenErrors).toEqual([]);
  });

  it('to get the port are explained', async () => {
    const second = startRpcServer({ backend: new FakeBackend(), host: '127.0.0.1', port: server.port });
    const error = await second.then(
      () => undefined,
      (e: CairnError) => e,
    );
    expect(error).toBeInstanceOf(CairnError);
    expect(error).toMatchObject({ code: 'PORT_IN_USE', details: { port: server.port } });
    expect(error!.fix).toContain('another port');
  });

  it('two methods of one name are refused', async () => {
    const twice = startRpcServer({
      backend: new FakeBackend(),
      host: '127.0.0.1',
      port: 0,
      extraMethods: [EXTRA[0]!, EXTRA[0]!],
    });
    await expect(twice).rejects.toMatchObject({ code: 'DUPLICATE_METHOD' });
  });
});

describe('pages', () => {
  it('say that the server lives', async () => {
    const alive = await fetch(`${server.url}/is_alive`);
    expect([alive.status, await alive.text()]).toEqual([200, 'Alive!!!']);
    for (const path of ['/health', '/ready']) expect((await fetch(server.url + path)).status).toBe(200);
  });

  it('say what is not up yet', async () => {
    let missing: string | undefined = 'the rollup';
    const own = await startRpcServer({
      backend: new FakeBackend(),
      host: '127.0.0.1',
      port: 0,
      starting: () => missing,
    });
    const ready = await fetch(`${own.url}/ready`);
    expect([ready.status, await ready.text()]).toEqual([503, 'starting: the rollup']);
    expect((await fetch(`${own.url}/health`)).status).toBe(200);
    missing = undefined;
    expect((await fetch(`${own.url}/ready`)).status).toBe(200);
    await own.close();
  });

  it('say what runs', async () => {
    expect(await (await fetch(server.url)).json()).toEqual({
      name: 'cairn',
      chain_id: 'SN_TEST',
      block_number: 1,
      starknet_spec_version: '0.10.2',
      rpc: ['/', '/rpc', '/rpc/v0_10', '/rpc/v0_9'],
      websocket: ['/', '/rpc', '/rpc/v0_10', '/rpc/v0_9', '/ws'],
      routes: ['/', '/health', '/ready', '/is_alive', '/feeder_gateway', '/gateway', '/echo', '/broken'],
    });
  });

  it('can be added', async () => {
    const response = await fetch(`${server.url}/echo/deep?q=5`, { method: 'PUT', body: 'hi' });
    expect([response.status, await response.text()]).toEqual([202, 'PUT /echo/deep 5 hi']);
    expect((await fetch(`${server.url}/echoes`)).status).toBe(404);
  });

  it('elsewhere do not exist', async () => {
    expect((await fetch(`${server.url}/nowhere`)).status).toBe(404);
    expect((await fetch(`${server.url}/rpc/v0_7`, { method: 'POST', body: '{}' })).status).toBe(404);
    const wrongMethod = await fetch(`${server.url}/rpc`);
    expect([wrongMethod.status, wrongMethod.headers.get('allow')]).toEqual([405, 'POST, OPTIONS']);
  });
});

describe('clients with a limit', () => {
  it('are told to wait when they ask for too much, over HTTP and WebSocket together', async () => {
    const limits = { rate: { unitsPerSecond: 1, burstUnits: 15 } };
    const own = await startRpcServer({ backend: new FakeBackend(), host: '127.0.0.1', port: 0, limits });
    const send = async (payload: unknown): Promise<any> =>
      (await fetch(own.url, { method: 'POST', body: JSON.stringify(payload) })).json();
    const request = { contract_address: '0xc0', entry_point_selector: '0x1', calldata: [] };
    expect((await send(call('starknet_call', [request, 'latest']))).error?.code).not.toBe(-32005);
    const answers = await send(Array.from({ length: 7 }, () => call('starknet_chainId')));
    expect(answers.map((answer: any) => answer.error?.code)).toEqual([
      ...Array(5).fill(undefined),
      ...Array(2).fill(-32005),
    ]);
    expect(answers[6].error.data).toMatch(/try again in \d+ ms/);
    await own.close();
  });
});

describe('close', () => {
  it('ends idle connections and frees the port', async () => {
    const own = await startRpcServer({ backend: new FakeBackend(), host: '127.0.0.1', port: 0 });
    await (await fetch(`${own.url}/health`)).text();
    const started = performance.now();
    await own.close();
    expect(performance.now() - started).toBeLessThan(1_500);
    const again = await startRpcServer({ backend: new FakeBackend(), host: '127.0.0.1', port: own.port });
    await again.close();
  });
});

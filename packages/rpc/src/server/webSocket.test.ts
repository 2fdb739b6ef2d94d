import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { ACCOUNT, FakeBackend, HASHES, INVOKE, OPEN_HASH } from '../../test/fakeBackend.ts';
import { faults, openRpcMethods, present } from '../../test/openRpcDocuments.ts';
import { STARKNET_SUBSCRIPTIONS } from '../subscriptions/starknetSubscriptions.ts';
import { type RpcServer, startRpcServer } from './httpServer.ts';

/** A client that sorts what it gets. */
class Client {
  readonly socket: WebSocket;
  readonly answers: any[] = [];
  readonly notes: { method: string; params: { subscription_id: string; result: any } }[] = [];
  closeCode: number | undefined;
  #id = 0;

  constructor(url: string) {
    this.socket = new WebSocket(url.replace('http', 'ws'));
    this.socket.on('message', (data) => {
      const message = JSON.parse(String(data));
      (message.method === undefined ? this.answers : this.notes).push(message);
    });
    this.socket.on('error', () => {});
    this.socket.on('close', (code) => {
      this.closeCode = code;
    });
  }

  async open(): Promise<this> {
    await until(() => this.socket.readyState !== WebSocket.CONNECTING);
    return this;
  }

  async ask(method: string, params: unknown = {}): Promise<any> {
    const id = ++this.#id;
    this.socket.send(JSON.stringify({ jsonrpc: '2.0', id, method: `starknet_${method}`, params }));
    await until(() => this.answers.some((answer) => answer.id === id));
    return this.answers.find((answer) => answer.id === id);
  }

  /** The results of the next notifications of one name. */
  async results(name: string, count: number): Promise<any[]> {
    const mine = () => this.notes.filter(({ method }) => method === `starknet_subscription${name}`);
    await until(() => mine().length >= count);
    return mine().map(({ params }) => params.result);
  }
}

async function until(isDone: () => boolean): Promise<void> {
  const end = Date.now() + 3000;
  while (!isDone()) {
    if (Date.now() > end) throw new Error('nothing happens');
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

const pause = (ms = 30) => new Promise((resolve) => setTimeout(resolve, ms));

let backend: FakeBackend;
let server: RpcServer;
const clients: Client[] = [];
const seenErrors: string[] = [];
const LIMITS = { maxSubscriptionCount: 3, maxSocketCount: 3, maxQueuedMessageCount: 50, heartbeatMs: 60_000 };

beforeEach(async () => {
  seenErrors.length = 0;
  backend = new FakeBackend();
  const onError = (_: unknown, name: string) => void seenErrors.push(name);
  server = await startRpcServer({ backend, host: '127.0.0.1', port: 0, limits: LIMITS, onError });
});
afterEach(async () => {
  for (const { socket } of clients.splice(0)) socket.terminate();
  await server.close();
});

async function connect(path = '/ws'): Promise<Client> {
  const client = new Client(server.url + path);
  clients.push(client);
  return client.open();
}

const OPEN_TX = () => ({ ...backend.transaction(OPEN_HASH)! });
const closeBlock = () => backend.tell({ kind: 'block', blockNumber: ++backend.latest });

describe('a WebSocket connection', () => {
  it.each(['/', '/rpc', '/rpc/v0_10', '/ws', '/ws/'])('answers methods at %s', async (path) => {
    const client = await connect(path);
    expect((await client.ask('specVersion')).result).toBe('0.10.2');
    expect((await client.ask('getNonce', ['latest'])).error.code).toBe(-32602);
    client.socket.send('nonsense');
    await until(() => client.answers.some((answer) => answer.error?.code === -32700));
  });

  it('is refused elsewhere', async () => {
    const client = await connect('/nowhere');
    expect(client.socket.readyState).not.toBe(WebSocket.OPEN);
  });

  it('speaks 0.9 where asked', async () => {
    const client = await connect('/rpc/v0_9');
    expect((await client.ask('specVersion')).result).toBe('0.9.0');
    await client.ask('subscribeNewHeads', { block_id: { block_number: 1 } });
    const [head] = await client.results('NewHeads', 1);
    expect(head.block_number).toBe(1);
    expect(head).not.toHaveProperty('event_commitment');
  });

  it('is one of a limited number, each with limited requests and subscriptions', async () => {
    const [one, two] = [await connect(), await connect()];
    await connect();
    const fourth = await connect();
    await until(() => fourth.closeCode !== undefined);
    expect(fourth.closeCode).toBe(1013);
    for (let i = 0; i < 3; i++) expect((await one.ask('subscribeNewHeads')).result).toBe(String(i));
    expect((await one.ask('subscribeNewHeads')).error.code).toBe(63);
    for (let i = 0; i < 60; i++) two.socket.send('{}');
    await until(() => two.closeCode !== undefined);
    expect(two.closeCode).toBe(1008);
    expect((await one.ask('specVersion')).result).toBe('0.10.2');
  });

  it('is dropped when the message is too large or a ping stays without answer', async () => {
    await server.close();
    const limits = { maxBodyByteCount: 1000, heartbeatMs: 30 };
    server = await startRpcServer({ backend, host: '127.0.0.1', port: 0, limits });
    const [large, silent] = [await connect(), await connect()];
    large.socket.send(' '.repeat(1001));
    await until(() => large.closeCode !== undefined);
    expect(large.closeCode).toBe(1009);
    (silent.socket as any)._receiver.removeAllListeners('ping');
    await until(() => silent.closeCode !== undefined);
    expect(silent.closeCode).toBe(1006);
  });

  it('is dropped when the client does not read', async () => {
    await server.close();
    const limits = { maxBufferedByteCount: 2_000_000 };
    server = await startRpcServer({ backend, host: '127.0.0.1', port: 0, limits });
    const client = await connect();
    const finality_status = ['PRE_CONFIRMED'];
    await client.ask('subscribeNewTransactionReceipts', { finality_status });
    (client.socket as any)._socket.pause();
    const event = { kind: 'preConfirmed' as const, transaction: OPEN_TX() };
    await until(() => {
      for (let i = 0; i < 1000; i++) backend.tell(event);
      return backend.listeners.size === 0;
    });
  });

  it('ends with the server', async () => {
    const client = await connect();
    await server.close();
    await until(() => client.closeCode !== undefined);
    expect(client.closeCode).toBe(1001);
  });
});

describe('a subscription', () => {
  it('to heads tells new blocks, and old ones when asked', async () => {
    backend.latest = 5;
    const client = await connect();
    const { result: id } = await client.ask('subscribeNewHeads');
    await client.ask('subscribeNewHeads', { block_id: { block_number: 3 } });
    await client.results('NewHeads', 3);
    closeBlock();
    await client.results('NewHeads', 5);
    const numbers = (of: (note: string) => boolean) =>
      client.notes
        .filter(({ params }) => of(params.subscription_id))
        .map(({ params }) => params.result.block_number);
    expect(numbers((note) => note === id)).toEqual([6]);
    expect(numbers((note) => note !== id)).toEqual([3, 4, 5, 6]);
  });

  it('tells of a reorganisation, and the blocks after it', async () => {
    backend.latest = 5;
    const client = await connect();
    await client.ask('subscribeNewHeads', { block_id: { block_number: 5 } });
    await client.results('NewHeads', 1);
    const [first, last] = [
      { number: 4, hash: 0x44n },
      { number: 5, hash: 0x55n },
    ];
    backend.latest = 3;
    backend.tell({ kind: 'reorg', first, last });
    closeBlock();
    expect(await client.results('Reorg', 1)).toEqual([
      {
        starting_block_hash: '0x44',
        starting_block_number: 4,
        ending_block_hash: '0x55',
        ending_block_number: 5,
      },
    ]);
    expect((await client.results('NewHeads', 2)).map((head) => head.block_number)).toEqual([5, 4]);
  });

  it('starts at most 1024 blocks back, at a block that is', async () => {
    backend.latest = 2000;
    const client = await connect();
    const code = async (block_id: unknown) =>
      (await client.ask('subscribeNewHeads', { block_id })).error?.code;
    expect(await code({ block_number: 975 })).toBe(68);
    expect(await code({ block_number: 2001 })).toBe(24);
    expect(await code({ block_hash: '0x1' })).toBe(24);
    expect(await code('pre_confirmed')).toBe(-32602);
    expect(await code('latest')).toBeUndefined();
    expect((await client.ask('subscribeEvents', { keys: Array(17).fill([]) })).error.code).toBe(34);
    const many = Array(1025).fill('0x1');
    expect((await client.ask('subscribeNewTransactions', { sender_address: many })).error.code).toBe(67);
  });

  it('to events filters them, and takes those of the open block when asked', async () => {
    const client = await connect();
    const keys = [['0x1'], ['0x2', '0x3']];
    await client.ask('subscribeEvents', { block_id: { block_number: 1 }, keys, from_address: '0xc0' });
    expect(await client.results('Events', 5)).toHaveLength(5);
    await client.ask('subscribeEvents', { keys: [['0x9']], finality_status: 'PRE_CONFIRMED' });
    await client.ask('subscribeEvents', { from_address: ['0xc0'], finality_status: 'PRE_CONFIRMED' });
    backend.tell({ kind: 'preConfirmed', transaction: OPEN_TX() });
    const events = await client.results('Events', 6);
    expect(events.map((event) => event.finality_status)).toEqual([
      ...Array(5).fill('ACCEPTED_ON_L2'),
      'PRE_CONFIRMED',
    ]);
    expect(events[5]).not.toHaveProperty('block_hash');
  });

  it('to a transaction tells each of its statuses once', async () => {
    const client = await connect();
    const known = HASHES.reverted;
    await client.ask('subscribeTransactionStatus', { transaction_hash: `0x${known.toString(16)}` });
    expect((await client.results('TransactionStatus', 1))[0].status).toEqual({
      finality_status: 'ACCEPTED_ON_L2',
      execution_status: 'REVERTED',
      failure_reason: 'out of luck',
    });
    const statuses = new Map<bigint, any>();
    backend.transactionStatus = (hash: bigint) => statuses.get(hash);
    await client.ask('subscribeTransactionStatus', { transaction_hash: '0x777' });
    for (const finality of ['RECEIVED', 'PRE_CONFIRMED', 'ACCEPTED_ON_L2']) {
      statuses.set(0x777n, { finality });
      closeBlock();
      closeBlock();
    }
    const all = await client.results('TransactionStatus', 4);
    expect(all.slice(1).map(({ status }) => status.finality_status)).toEqual([
      'RECEIVED',
      'PRE_CONFIRMED',
      'ACCEPTED_ON_L2',
    ]);
  });

  it('to transactions and receipts tells the statuses and senders asked for', async () => {
    const client = await connect();
    const finality_status = ['RECEIVED', 'PRE_CONFIRMED', 'ACCEPTED_ON_L2'];
    const sender_address = [`0x${ACCOUNT.toString(16)}`];
    await client.ask('subscribeNewTransactions', { finality_status, sender_address });
    await client.ask('subscribeNewTransactionReceipts', { finality_status: ['PRE_CONFIRMED'] });
    await client.ask('subscribeNewTransactionReceipts', { sender_address: ['0x1'] });
    backend.tell({ kind: 'received', transactionHash: 0x5n, transaction: INVOKE });
    backend.tell({ kind: 'preConfirmed', transaction: OPEN_TX() });
    closeBlock();
    await pause();
    const transactions = await client.results('NewTransaction', 5);
    expect(transactions.map((tx) => tx.finality_status)).toEqual([
      'RECEIVED',
      'PRE_CONFIRMED',
      ...Array(3).fill('ACCEPTED_ON_L2'),
    ]);
    expect(transactions[0].transaction_hash).toBe('0x5');
    const receipts = await client.results('NewTransactionReceipts', 1);
    expect(receipts.map((receipt) => receipt.finality_status)).toEqual(['PRE_CONFIRMED']);
  });

  it('ends when asked, and with the connection', async () => {
    const client = await connect();
    const { result: subscription_id } = await client.ask('subscribeNewHeads');
    const other = await connect();
    expect((await other.ask('unsubscribe', { subscription_id })).error.code).toBe(66);
    expect((await client.ask('unsubscribe', { subscription_id })).result).toBe(true);
    expect((await client.ask('unsubscribe', { subscription_id })).error.code).toBe(66);
    closeBlock();
    await pause();
    expect(client.notes).toEqual([]);
    await client.ask('subscribeNewHeads');
    expect(backend.listeners.size).toBe(1);
    client.socket.close();
    await until(() => backend.listeners.size === 0);
  });

  it('that fails inside is told to the observer only', async () => {
    const client = await connect();
    await client.ask('subscribeNewHeads');
    backend.block = () => {
      throw new TypeError('secret of the house');
    };
    closeBlock();
    await until(() => seenErrors.length > 0);
    expect(seenErrors).toEqual(['starknet_subscribeNewHeads']);
    expect((await client.ask('specVersion')).result).toBe('0.10.2');
  });
});

describe.skipIf(!present)('the OpenRPC document', () => {
  it('declares the same subscriptions', () => {
    for (const { name, parameters, errors } of STARKNET_SUBSCRIPTIONS) {
      const spec = openRpcMethods.get(name)!;
      expect(Object.entries(parameters).map(([key, { required }]) => [key, required])).toEqual(
        spec.params.map((param) => [param.name, param.required ?? false]),
      );
      const names = (spec.errors ?? []).map(({ $ref }) => $ref.split('/').at(-1));
      expect([...errors].sort()).toEqual(names.sort());
    }
  });

  it('accepts every notification', async () => {
    const client = await connect();
    const finality_status = ['RECEIVED', 'PRE_CONFIRMED', 'ACCEPTED_ON_L2'];
    await client.ask('subscribeNewHeads', { block_id: { block_number: 1 } });
    await client.ask('subscribeNewTransactions', { finality_status, tags: ['INCLUDE_PROOF_FACTS'] });
    await client.ask('subscribeEvents', { block_id: { block_number: 0 }, finality_status: 'PRE_CONFIRMED' });
    const second = await connect();
    await second.ask('subscribeNewTransactionReceipts', { finality_status: finality_status.slice(1) });
    await second.ask('subscribeTransactionStatus', { transaction_hash: '0x105' });
    backend.tell({ kind: 'received', transactionHash: 0x5n, transaction: INVOKE });
    backend.tell({ kind: 'preConfirmed', transaction: OPEN_TX() });
    closeBlock();
    backend.tell({ kind: 'reorg', first: { number: 2, hash: 1n }, last: { number: 2, hash: 1n } });
    await pause(100);
    const notes = [...client.notes, ...second.notes];
    expect(new Set(notes.map(({ method }) => method)).size).toBe(6);
    for (const { method, params } of notes) {
      const { params: declared, document } = openRpcMethods.get(method)!;
      const { schema } = declared.find(({ name }) => name === 'result')!;
      expect({ method, faults: faults(schema, document, params.result) }).toEqual({ method, faults: [] });
    }
  });
});

import {
  devMethods,
  L1_ETHER,
  type L1Messaging,
  type L1MessagingTarget,
  l1Methods,
  type Sequencer,
  TOKEN_BRIDGE,
} from '@cairn/node';
import { formatFelt, selectorFromName } from '@cairn/primitives';
import type { MessageToL1 } from '@cairn/protocol';
import { type RpcServer, startRpcServer } from '@cairn/rpc';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { deployment, L1_BRIDGE, L1Log } from './l1Log.ts';
import { testSequencer } from './testSequencer.ts';

let server: RpcServer;
let sequencer: Sequencer;
afterEach(async () => {
  await server.close();
  await sequencer.stop();
});

async function start(changes: Parameters<typeof testSequencer>[0] = {}) {
  const made = testSequencer(changes);
  ({ sequencer } = made);
  server = await startRpcServer({
    backend: sequencer.backend,
    host: '127.0.0.1',
    port: 0,
    extraMethods: [...devMethods(sequencer.dev, {}), ...l1Methods(sequencer.chain, sequencer.l1)],
  });
  return made;
}

async function call(method: string, params: unknown = {}): Promise<{ result?: any; error?: any }> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(server.url, { method: 'POST', body, headers });
  return (await response.json()) as { result?: any; error?: any };
}

/** The connection of an application, whose L1 is a log. */
class LogMessaging implements L1Messaging {
  readonly log = new L1Log();
  readonly toL1: MessageToL1[] = [];
  readonly loaded: L1MessagingTarget[] = [];
  coreContract: bigint | undefined;
  networkUrl: string | undefined;

  async load(target: L1MessagingTarget): Promise<void> {
    this.loaded.push(target);
    this.coreContract = target.coreContract ?? 0xc04en;
    this.networkUrl = target.networkUrl;
  }

  async flush(isDryRun: boolean): Promise<readonly MessageToL1[]> {
    if (!isDryRun) sequencer.l1.events(this.log.events);
    return this.toL1;
  }
}

describe('the postman of starknet-devnet', () => {
  const url = 'http://127.0.0.1:8545';

  it('has no L1 where the node has none', async () => {
    await start();
    for (const [method, params] of [
      ['devnet_postmanLoad', { network_url: url }],
      ['devnet_postmanFlush', {}],
    ] as const)
      expect((await call(method, params)).error.data).toMatch(/no connection to an L1/);
  });

  it('loads a core contract and brings messages both ways', async () => {
    const messaging = new LogMessaging();
    await start({ messaging });
    expect(sequencer.backend.contracts.core).toBe(0n);
    const address = '0x5FbDB2315678afecb367f032d93F642f64180aa3';
    const loaded = await call('devnet_postmanLoad', {
      network_url: url,
      messaging_contract_address: address,
    });
    expect(loaded.result).toEqual({ messaging_contract_address: address.toLowerCase() });
    await call('devnet_postmanLoad', { network_url: url, deployer_account_private_key: '0x77' });
    await call('devnet_postmanLoad', { network_url: url, address });
    const coreContract = BigInt(address);
    expect(messaging.loaded).toEqual([
      { networkUrl: url, coreContract },
      { networkUrl: url, deployerPrivateKey: 0x77n },
      { networkUrl: url, coreContract },
    ]);
    expect(sequencer.backend.contracts.core).toBe(coreContract);

    messaging.log.send({ toAddress: 0x5e1fn, selector: 9n, payload: [1n, 2n] }, 30n);
    messaging.toL1.push({ fromAddress: TOKEN_BRIDGE, toAddress: L1_BRIDGE, payload: [5n] });
    const dry = (await call('devnet_postmanFlush', { dry_run: true })).result;
    expect(dry).toMatchObject({ messages_to_l2: [], generated_l2_transactions: [] });
    const { result } = await call('devnet_postmanFlush');
    const [hash] = result.generated_l2_transactions;
    expect(result).toEqual({
      messages_to_l1: [
        {
          from_address: formatFelt(TOKEN_BRIDGE),
          to_address: `0x${L1_BRIDGE.toString(16).padStart(40, '0')}`,
          payload: ['0x5'],
        },
      ],
      messages_to_l2: [
        {
          l2_contract_address: '0x5e1f',
          entry_point_selector: '0x9',
          l1_contract_address: `0x${'e7'.padStart(40, '0')}`,
          payload: ['0x1', '0x2'],
          paid_fee_on_l1: '0x1e',
          nonce: '0x0',
        },
      ],
      generated_l2_transactions: [hash],
      l1_provider: url,
    });
    expect((await call('starknet_getTransactionReceipt', [hash])).result.block_number).toBe(1);
    // What it relays may be sent again in its own form, but is no other message.
    const again = await call('devnet_postmanSendMessageToL2', result.messages_to_l2[0]);
    expect(again.error.code).toBe(59);
    expect((await call('devnet_postmanFlush')).result.messages_to_l2).toEqual([]);
  });
});

it('messages cost what their handlers cost, and those that fail are told', async () => {
  await start();
  await sequencer.dev.setL1Bridge(L1_BRIDGE);
  const message = {
    from_address: `0x${L1_BRIDGE.toString(16).padStart(40, '0')}`,
    to_address: formatFelt(TOKEN_BRIDGE),
    entry_point_selector: formatFelt(selectorFromName('handle_token_deposit')),
    payload: [L1_ETHER, 0xden, 0x5e1fn, 5n, 0n].map(formatFelt),
  };
  const { result } = await call('starknet_estimateMessageFee', { message, block_id: 'latest' });
  expect(result.unit).toBe('WEI');
  expect(BigInt(result.overall_fee)).toBeGreaterThan(0n);
  const other = { ...message, payload: message.payload.slice(1) };
  const { error } = await call('starknet_estimateMessageFee', { message: other, block_id: 'latest' });
  expect(error.code).toBe(40);
});

it('subscribers follow a message from L1 to a block that L1 accepts, and the way there can be asked for', async () => {
  const { errors } = await start({ blockMode: { kind: 'demand' } });
  const log = new L1Log();
  const sent = log.send(deployment(0x70n));
  const hash = formatFelt(hashOf(log));
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/ws`);
  const notices: any[] = [];
  socket.on('message', (data) => notices.push(JSON.parse(String(data))));
  await new Promise((resolve) => socket.once('open', resolve));
  for (const [method, params] of [
    ['starknet_subscribeTransactionStatus', { transaction_hash: hash }],
    ['starknet_subscribeNewTransactions', { finality_status: ['RECEIVED', 'ACCEPTED_ON_L2'] }],
  ] as const)
    socket.send(JSON.stringify({ jsonrpc: '2.0', id: method, method, params }));
  await expect.poll(() => notices.filter(({ id }) => id !== undefined).length).toBe(2);

  sequencer.l1.events(log.events);
  await sequencer.producer.whenIdle();
  const block = sequencer.producer.closeBlock();
  log.block++;
  const update = log.accept(block);
  sequencer.l1.events(log.events);
  sequencer.l1.readUpTo(log.block);
  const told = (name: string) => notices.filter(({ method }) => method === `starknet_subscription${name}`);
  await expect.poll(() => told('TransactionStatus').length).toBe(4);
  expect(told('TransactionStatus').map(({ params }) => params.result.status.finality_status)).toEqual([
    'RECEIVED',
    'PRE_CONFIRMED',
    'ACCEPTED_ON_L2',
    'ACCEPTED_ON_L1',
  ]);
  expect(told('NewTransaction').map(({ params }) => params.result)).toMatchObject([
    { transaction_hash: hash, type: 'L1_HANDLER', finality_status: 'RECEIVED' },
    { transaction_hash: hash, finality_status: 'ACCEPTED_ON_L2' },
  ]);

  const asked = (await call('starknet_getMessagesStatus', [sent.place.transactionHash])).result;
  expect(asked).toMatchObject([{ transaction_hash: hash, finality_status: 'ACCEPTED_ON_L1' }]);
  expect((await call('starknet_getBlockWithTxHashes', ['l1_accepted'])).result).toMatchObject({
    block_number: 1,
    status: 'ACCEPTED_ON_L1',
  });
  const acceptance = async (id: unknown) => (await call('cairn_getL1Acceptance', [id])).result;
  expect(await acceptance({ block_number: 1 })).toEqual({
    l1_transaction_hash: update.place.transactionHash,
    l1_block_number: 101,
    last_block_number: 1,
  });
  sequencer.producer.closeBlock();
  expect(await acceptance('latest')).toBeNull();
  expect((await call('cairn_getL1Messages', [sent.place.transactionHash])).result).toEqual([
    { transaction_hash: hash, state: 'rejected' },
  ]);
  expect((await call('cairn_getL1Status')).result).toEqual({
    l1_head: 1,
    read_l1_block: 101,
    pending_messages: 0,
    lost_messages: 0,
    mismatched_updates: 0,
  });

  log.reorganise(101n);
  sequencer.l1.reorganised(101n);
  await expect.poll(() => told('TransactionStatus').length).toBe(5);
  expect(told('TransactionStatus').at(-1).params.result.status.finality_status).toBe('ACCEPTED_ON_L2');
  socket.close();
  expect(errors).toEqual([]);
});

/** The transaction that the only message becomes. */
function hashOf({ events }: L1Log): bigint {
  const { sequencer: other } = testSequencer();
  other.l1.events(events);
  const [hash] = other.l1.handlersOf(BigInt(events[0]!.place.transactionHash))!;
  void other.stop();
  return hash!;
}

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type L1MessageState,
  osInputOf,
  type Sequencer,
  type SequencerConfig,
  STRK_TOKEN,
} from '@cairn/node';
import { runOs } from '@cairn/os';
import { ADDRESS_BOUND, type Felt, PRIME } from '@cairn/primitives';
import { messageToL2Hash, transactionHash } from '@cairn/protocol';
import { type ChainEvent, startRpcServer } from '@cairn/rpc';
import type { L1Event } from '@cairn/settlement';
import { LmdbEngine, MemoryEngine } from '@cairn/storage';
import { afterEach, expect, it } from 'vitest';
import { deployment, L1_BRIDGE, L1Log, messageOf } from './l1Log.ts';
import { testSequencer } from './testSequencer.ts';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

function start(changes: Partial<SequencerConfig> = {}, engine = new MemoryEngine()) {
  const made = testSequencer(changes, engine);
  stops.push(() => made.sequencer.stop());
  return { ...made, engine, l1: made.sequencer.l1, log: new L1Log() };
}

/** The L1 handler that a message becomes. */
function handlerOf(sequencer: Sequencer, sent: L1Event): Felt {
  const { fromAddress, toAddress: contractAddress, selector, payload, nonce } = messageOf(sent);
  const calldata = [fromAddress, ...payload];
  return transactionHash(
    { type: 'L1_HANDLER', version: 0, contractAddress, entryPointSelector: selector, calldata, nonce },
    sequencer.chain.info.chainId,
  );
}

/** Hashes of all L1 handlers in closed blocks, in their order. */
function handlersIn({ chain }: Sequencer): Felt[] {
  return Array.from({ length: chain.head.block.header.blockNumber + 1 }, (_, number) =>
    chain.store.block(number)!.block.transactions.map(({ receipt }) => receipt.transactionHash),
  ).flat();
}

const state = (sequencer: Sequencer, sent: L1Event): L1MessageState | undefined =>
  sequencer.l1.messageState(handlerOf(sequencer, sent));
const l1TransactionOf = ({ place }: L1Event) => BigInt(place.transactionHash);

/** Calls a method of a running server. */
async function serve(sequencer: Sequencer) {
  const server = await startRpcServer({ backend: sequencer.backend, host: '127.0.0.1', port: 0 });
  stops.unshift(() => server.close());
  return async (method: string, params: unknown) => {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(server.url, { method: 'POST', body, headers });
    return (await response.json()) as { result?: any; error?: any };
  };
}

it('a message becomes one transaction, in the order of L1, however often L1 tells of it', async () => {
  const { sequencer, l1, log, errors } = start();
  const call = await serve(sequencer);
  const sent = [log.send({}, 1n, 1), log.send({}, 1n, 1), log.send({}, 1n, 2)];
  l1.events(log.events);
  l1.events(log.events.slice(1));
  const [first] = sent as [L1Event];
  expect(sequencer.backend.transactionStatus(handlerOf(sequencer, first))).toEqual({ finality: 'RECEIVED' });
  expect((await call('starknet_getMessagesStatus', [first.place.transactionHash])).result).toHaveLength(2);
  await sequencer.producer.whenIdle();
  l1.events(log.events);
  await sequencer.producer.whenIdle();
  const hashes = sent.map((event) => handlerOf(sequencer, event));
  expect(handlersIn(sequencer)).toEqual(hashes);

  const { result } = await call('starknet_getMessagesStatus', [first.place.transactionHash]);
  expect(result).toEqual(
    hashes.slice(0, 2).map((hash) => ({
      transaction_hash: `0x${hash.toString(16)}`,
      finality_status: 'ACCEPTED_ON_L2',
      execution_status: 'REVERTED',
      failure_reason: expect.stringMatching(/not deployed/),
    })),
  );
  expect((await call('starknet_getMessagesStatus', ['0x1234'])).error.code).toBe(29);
  const receipt = await call('starknet_getTransactionReceipt', [`0x${hashes[0]!.toString(16)}`]);
  const messageHash = messageToL2Hash(messageOf(first)).toString(16).padStart(64, '0');
  expect(receipt.result).toMatchObject({ type: 'L1_HANDLER', message_hash: `0x${messageHash}` });
  expect(errors).toEqual([]);
});

it('a restart takes no message twice and forgets none', async () => {
  const { sequencer, l1, log, engine } = start({ blockMode: { kind: 'demand' } });
  const closed = log.send({});
  l1.events(log.events);
  await sequencer.producer.whenIdle();
  sequencer.producer.closeBlock();
  const open = log.send({});
  l1.events(log.events);
  await sequencer.producer.whenIdle();
  expect(sequencer.producer.preConfirmed.transactions).toHaveLength(1);
  const hashes = [closed, open].map((event) => handlerOf(sequencer, event));

  const second = start({ blockMode: { kind: 'demand' } }, engine).sequencer;
  second.l1.events(log.events);
  await second.producer.whenIdle();
  second.producer.closeBlock();
  expect(handlersIn(second)).toEqual(hashes);
});

it('messages rest before a block takes them', async () => {
  let nowMs = 1_800_000_100_000;
  const { sequencer, l1, log } = start({ messageCooldownMs: 70_000, clock: { nowMs: () => nowMs } });
  const first = log.send({});
  l1.events(log.events);
  nowMs += 69_999;
  const later = log.send({});
  l1.events(log.events);
  await sequencer.producer.whenIdle();
  expect(handlersIn(sequencer)).toEqual([]);
  expect([first, later].map((event) => state(sequencer, event))).toEqual(['pending', 'pending']);
  nowMs += 1;
  l1.events([]);
  await sequencer.producer.whenIdle();
  expect(handlersIn(sequencer)).toEqual([handlerOf(sequencer, first)]);
  expect(l1.pendingMessageCount).toBe(1);
});

it('the end of the rest needs no event', async () => {
  const { sequencer, l1, log } = start({ messageCooldownMs: 50, clock: { nowMs: () => Date.now() } });
  log.send({});
  l1.events(log.events);
  await expect.poll(() => handlersIn(sequencer), { timeout: 2_000 }).toHaveLength(1);
});

it.each(['while it rests', 'while it waits', 'at once'])(
  'a message cancelled %s enters no block',
  async (when) => {
    const rest = when === 'while it rests' ? 60_000 : 0;
    const { sequencer, l1, log, errors } = start({ messageCooldownMs: rest });
    const sent = log.send({});
    if (when !== 'at once') l1.events(log.events);
    log.block++;
    const started = log.follow('cancellationStarted', sent);
    l1.events(when === 'at once' ? log.events : [started]);
    await sequencer.producer.whenIdle();
    expect(handlersIn(sequencer)).toEqual([]);
    expect(state(sequencer, sent)).toBe('cancellationStarted');
    expect(sequencer.backend.transactionStatus(handlerOf(sequencer, sent))).toBeUndefined();
    // A reorganisation may take the cancellation back.
    log.reorganise(log.block);
    l1.reorganised(log.block);
    expect(state(sequencer, sent)).toBe('pending');
    log.follow('cancellationStarted', sent);
    log.follow('messageCanceled', sent);
    l1.events(log.events);
    await sequencer.producer.whenIdle();
    expect(handlersIn(sequencer)).toEqual([]);
    expect(state(sequencer, sent)).toBe('cancelled');
    expect(errors).toEqual([]);
  },
);

it.each([60_000, 0])(
  'a message that L1 takes back before a block has it, resting %i ms, is gone until sent again',
  async (rest) => {
    let nowMs = 1_800_000_100_000;
    const { sequencer, l1, log, errors } = start({ messageCooldownMs: rest, clock: { nowMs: () => nowMs } });
    const call = await serve(sequencer);
    const kept = log.send({});
    log.block++;
    const sent = log.send({});
    l1.events(log.events);
    log.reorganise(log.block);
    l1.reorganised(log.block);
    nowMs += rest;
    l1.events([]);
    l1.readUpTo(log.block);
    await sequencer.producer.whenIdle();
    expect(handlersIn(sequencer)).toEqual([handlerOf(sequencer, kept)]);
    expect(state(sequencer, sent)).toBe('takenBack');
    expect((await call('starknet_getMessagesStatus', [sent.place.transactionHash])).error.code).toBe(29);
    log.block++;
    const again = log.send(messageOf(sent));
    l1.events(log.events);
    if (rest > 0) expect(state(sequencer, sent)).toBe('pending');
    nowMs += rest;
    l1.events([]);
    await sequencer.producer.whenIdle();
    expect(handlersIn(sequencer)).toEqual([kept, again].map((event) => handlerOf(sequencer, event)));
    expect(errors).toEqual([]);
  },
);

it('a message that L1 loses after a block took it is an alarm, unless it comes again at once', async () => {
  const { sequencer, l1, log, errors } = start();
  // The genesis token has no handler that succeeds: the message goes to the bridge, which deploys a token.
  await sequencer.dev.setL1Bridge(L1_BRIDGE);
  const sent = log.send(deployment(0x70n));
  l1.events(log.events);
  await sequencer.producer.whenIdle();
  expect(state(sequencer, sent)).toBe('committed');

  log.reorganise(log.block);
  l1.reorganised(log.block);
  log.send(messageOf(sent));
  l1.events(log.events);
  l1.readUpTo(log.block);
  expect(errors).toEqual([]);
  expect(state(sequencer, sent)).toBe('committed');

  log.reorganise(log.block);
  l1.reorganised(log.block);
  l1.readUpTo(log.block);
  l1.readUpTo(log.block + 1n);
  expect(errors).toMatchObject([{ code: 'L1_MESSAGE_LOST' }]);
  expect(l1.lostMessageCount).toBe(1);
  expect(state(sequencer, sent)).toBe('takenBack');
});

it('a message cancelled on L1 after a block took it is an alarm; a consumed one is at its end', async () => {
  const { sequencer, l1, log, errors } = start();
  await sequencer.dev.setL1Bridge(L1_BRIDGE);
  const [lost, used] = [log.send(deployment(0x70n)), log.send(deployment(0x71n))];
  l1.events(log.events);
  await sequencer.producer.whenIdle();
  log.follow('messageConsumed', used);
  log.follow('cancellationStarted', lost);
  l1.events(log.events);
  l1.readUpTo(log.block);
  expect([lost, used].map((event) => state(sequencer, event))).toEqual(['committed', 'consumed']);
  expect(errors).toEqual([]);
  log.follow('messageCanceled', lost);
  l1.events(log.events);
  l1.readUpTo(log.block);
  expect(errors).toMatchObject([{ code: 'L1_MESSAGE_LOST' }]);
});

it('messages that cannot succeed stop nothing, and the OS proves what became of them', async () => {
  const { sequencer, l1, log, errors } = start({ blockMode: { kind: 'demand' } });
  await sequencer.dev.setL1Bridge(L1_BRIDGE);
  const good = log.send(deployment(0x70n));
  const failing = [
    ...[0n, 1n, 2n, 3n, 0x5e1fn, ADDRESS_BOUND - 1n].map((toAddress) => log.send({ toAddress })),
    // No such handler; not the bridge on L1; a payload of another shape; a long one.
    log.send({ toAddress: STRK_TOKEN }),
    log.send({ ...deployment(0x71n), fromAddress: 0xbadn }),
    log.send({ ...deployment(0x72n), payload: [1n] }),
    log.send({ payload: Array(1_000).fill(PRIME - 1n) }),
  ];
  const impossible = [
    log.send({ toAddress: ADDRESS_BOUND }),
    log.send({ payload: [PRIME] }),
    log.send({ selector: 2n ** 256n - 1n }),
  ];
  // Without a fee; longer than all messages of a block may be.
  const refused = [log.send(deployment(0x73n), 0n), log.send({ payload: Array(4_000).fill(1n) })];
  const last = log.send(deployment(0x74n));
  l1.events(log.events);
  await sequencer.producer.whenIdle();
  sequencer.producer.closeBlock();
  const ran = [good, ...failing, last];
  expect(handlersIn(sequencer).slice(1)).toEqual(ran.map((event) => handlerOf(sequencer, event)));
  expect(errors).toEqual([]);
  expect(ran.map((event) => state(sequencer, event))).toEqual([
    'committed',
    ...failing.map(() => 'rejected'),
    'committed',
  ]);
  expect(refused.map((event) => state(sequencer, event))).toEqual(['rejected', 'rejected']);
  expect(l1.handlersOf(l1TransactionOf(impossible[1]!))).toEqual([]);
  expect(l1.pendingMessageCount).toBe(0);

  const { blockNumber, blockHash } = sequencer.chain.head.block.header;
  const { output } = runOs(osInputOf(sequencer.chain, 1, blockNumber));
  expect(output.newBlockHash).toBe(blockHash);
  // Only these are consumed on L1; of the others their senders can get back what they sent.
  expect(output.messagesToL2.map(({ nonce }) => nonce)).toEqual(
    [good, last].map((event) => messageOf(event).nonce),
  );
});

it('more messages than a block holds fill several', async () => {
  const { sequencer, l1, log, errors } = start({ blockMode: { kind: 'demand' } });
  const sent = Array.from({ length: 20 }, () => log.send({ payload: Array(400).fill(1n) }));
  l1.events(log.events);
  await sequencer.producer.whenIdle();
  sequencer.producer.closeBlock();
  expect(sequencer.chain.head.block.header.blockNumber).toBeGreaterThan(1);
  expect(handlersIn(sequencer)).toEqual(sent.map((event) => handlerOf(sequencer, event)));
  expect(errors).toEqual([]);
});

it('blocks that are taken back on L2 give their messages back', async () => {
  const { sequencer, l1, log } = start();
  const sent = [log.send({}), log.send({})];
  const snapshot = sequencer.dev.snapshot();
  l1.events(log.events);
  await sequencer.producer.whenIdle();
  const hashes = sent.map((event) => handlerOf(sequencer, event));
  sequencer.dev.revert(snapshot);
  expect(handlersIn(sequencer)).toEqual([]);
  await sequencer.producer.whenIdle();
  expect(handlersIn(sequencer)).toEqual(hashes);
  sequencer.dev.restart();
  await sequencer.producer.whenIdle();
  expect(handlersIn(sequencer)).toEqual(hashes);
});

it('a state update moves the L1 head, and a reorganisation of L1 moves it back', async () => {
  const { sequencer, l1, log, errors, engine } = start();
  const events: ChainEvent[] = [];
  sequencer.backend.onChainEvent((event) => events.push(event));
  log.send({});
  l1.events(log.events);
  await sequencer.producer.whenIdle();
  const blocks = [...Array(5)].map(() => sequencer.producer.closeBlock());
  const { store } = sequencer.chain;
  const accepted = () => blocks.map(({ block }) => finality(sequencer, block.header.blockNumber));

  log.block++;
  const firstUpdate = log.accept(blocks[1]!);
  l1.events(log.events);
  log.block++;
  const secondUpdate = log.accept(blocks[3]!);
  l1.events([secondUpdate]);
  l1.events(log.events);
  expect(accepted()).toEqual(['L1', 'L1', 'L1', 'L1', 'L2']);
  const [handler] = handlersIn(sequencer) as [Felt];
  expect(sequencer.backend.transactionStatus(handler)).toMatchObject({ finality: 'ACCEPTED_ON_L1' });
  expect([1, 3, 4, 5, 6].map((number) => store.l1UpdateOf(number)?.l1TransactionHash)).toEqual([
    l1TransactionOf(firstUpdate),
    l1TransactionOf(firstUpdate),
    l1TransactionOf(secondUpdate),
    l1TransactionOf(secondUpdate),
    undefined,
  ]);
  expect(events.flatMap((event) => (event.kind === 'l1Accepted' ? [event.blockNumber] : []))).toEqual([3, 5]);

  // It is remembered, and what L1 tells again changes nothing.
  const second = start({}, engine).sequencer;
  expect(second.chain.store.l1UpdateOf(5)?.l1TransactionHash).toBe(l1TransactionOf(secondUpdate));
  second.backend.onChainEvent((event) => events.push(event));
  events.length = 0;
  second.l1.events(log.events);
  second.l1.readUpTo(log.block);
  expect(events).toEqual([]);
  expect(second.chain.store.l1HeadNumber()).toBe(5);

  log.reorganise(log.block);
  second.l1.reorganised(log.block);
  expect(second.chain.store.l1HeadNumber()).toBe(3);
  expect(finality(second, 5)).toBe('L2');
  expect(second.chain.store.l1UpdateOf(5)).toBeUndefined();
  const again = log.accept(blocks[2]!);
  second.l1.events(log.events);
  expect(second.chain.store.l1UpdateOf(4)?.l1TransactionHash).toBe(l1TransactionOf(again));
  log.reorganise(0n);
  second.l1.reorganised(0n);
  expect(second.chain.store.l1HeadNumber()).toBeUndefined();
  expect(errors).toEqual([]);
});

it('a state update that L1 took back while the node was down is noticed', async () => {
  const path = mkdtempSync(join(tmpdir(), 'cairn-l1-'));
  const reopen = () => testSequencer({}, new LmdbEngine(path)).sequencer;
  const first = reopen();
  const log = new L1Log();
  const blocks = [...Array(4)].map(() => first.producer.closeBlock());
  for (const block of blocks.slice(0, 3)) {
    log.accept(block);
    log.block++;
  }
  first.l1.events(log.events);
  first.l1.readUpTo(log.block);
  await first.stop();
  log.reorganise(101n);
  // Another transaction brings more blocks in place of the two.
  const update = log.accept(blocks[3]!);

  const second = reopen();
  const { store } = second.chain;
  expect(store.l1Updates().map(({ blockNumber }) => blockNumber)).toEqual([1, 2, 3]);
  second.l1.events(log.events);
  second.l1.readUpTo(log.block);
  expect(store.l1Updates().map(({ blockNumber }) => blockNumber)).toEqual([1, 4]);
  expect(store.l1HeadNumber()).toBe(4);
  expect(store.l1UpdateOf(2)?.l1TransactionHash).toBe(l1TransactionOf(update));
  await second.stop();

  // An L1 that knows of nothing.
  const third = reopen();
  expect(third.chain.store.l1HeadNumber()).toBe(4);
  third.l1.readUpTo(99n);
  expect(third.chain.store.l1HeadNumber()).toBe(4);
  third.l1.readUpTo(1_000n);
  expect(third.chain.store.l1HeadNumber()).toBeUndefined();
  expect(third.chain.store.l1Updates()).toEqual([]);
  await third.stop();
});

it('blocks that a dump brings back are on L1 if L1 accepted them', async () => {
  const { sequencer, l1, log } = start();
  const { store } = sequencer.chain;
  const block = sequencer.producer.closeBlock();
  const dump = await sequencer.dev.dump();
  log.accept(block);
  l1.events(log.events);
  sequencer.dev.restart();
  expect(store.l1HeadNumber()).toBeUndefined();
  await sequencer.dev.load(dump);
  expect(store.l1HeadNumber()).toBe(1);
  expect(store.l1UpdateOf(1)?.l1BlockNumber).toBe(log.block);
});

it('a state update that is not ours is an alarm', async () => {
  const { sequencer, l1, log, errors } = start();
  const block = sequencer.producer.closeBlock();
  log.accept(block, { blockHash: 7n });
  log.accept(block, { globalRoot: 7n });
  const { header } = block.block;
  log.accept({ ...block, block: { header: { ...header, blockNumber: 9 }, transactions: [] } });
  l1.events(log.events);
  l1.events(log.events);
  expect(errors).toMatchObject(Array(3).fill({ code: 'L1_STATE_MISMATCH' }));
  expect(l1.mismatchCount).toBe(3);
  expect(sequencer.chain.store.l1HeadNumber()).toBeUndefined();
  log.accept(block);
  l1.events(log.events);
  expect(sequencer.chain.store.l1HeadNumber()).toBe(1);
});

it('an L1 that does not answer is told once', () => {
  const { l1, errors } = start();
  for (let i = 0; i < 3; i++) l1.failed(new Error('down'));
  expect(errors).toHaveLength(1);
  l1.readUpTo(1n);
  l1.failed(new Error('down again'));
  expect(errors).toHaveLength(2);
});

function finality(sequencer: Sequencer, number: number): string {
  const block = sequencer.backend.block({ kind: 'number', number });
  return block.finality.replace('ACCEPTED_ON_', '');
}

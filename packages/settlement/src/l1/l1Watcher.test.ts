import { PRIME } from '@cairn/primitives';
import { type Address, createPublicClient, http } from 'viem';
import { foundry } from 'viem/chains';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type CredulousChain, outputInside, startCredulousChain } from '../testing/credulousCore.ts';
import { updateState } from './core.ts';
import type { L1Event, L1Listener } from './l1Events.ts';
import { L1Watcher, type WatchOptions } from './l1Watcher.ts';

let chain: CredulousChain;
let isDown = false;
let watcher: L1Watcher | undefined;
beforeAll(async () => {
  chain = await startCredulousChain();
}, 60_000);
afterAll(() => chain?.stop());
afterEach(() => watcher?.stop());

/** What a listener has been told, and what is left of it after what was taken back. */
class Diary implements L1Listener {
  events_: L1Event[] = [];
  log: string[] = [];
  upTo = -1n;
  events(events: readonly L1Event[]) {
    this.events_.push(...events);
    this.log.push(...events.map(({ kind }) => kind));
  }
  reorganised(firstBlock: bigint) {
    this.events_ = this.events_.filter(({ place }) => place.blockNumber < firstBlock);
    this.log.push('reorganised');
  }
  readUpTo(block: bigint) {
    this.upTo = block;
  }
  failed(error: unknown) {
    this.log.push((error as { code: string }).code);
  }
}

async function watch(core: Address, options: Partial<WatchOptions> = {}): Promise<Diary> {
  const diary = new Diary();
  const transport = http(chain.url, {
    retryCount: 0,
    fetchFn: (input, init) => (isDown ? Promise.reject(new TypeError('fetch failed')) : fetch(input, init)),
  });
  const reader = createPublicClient({ chain: foundry, transport });
  const fromBlock = await reader.getBlockNumber();
  watcher = new L1Watcher(reader, core, diary, { fromBlock, pollIntervalMs: 10, ...options });
  watcher.start();
  return diary;
}

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; !condition(); i++) {
    if (i > 500) throw new Error('it does not come');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
const head = () => chain.reader.getBlockNumber({ cacheTime: 0 });
const sendMessage = (core: Address, word: bigint) =>
  chain.call(core, 'sendMessageToL2', [5n, 6n, [word]], 7n);

describe('the watcher', () => {
  it('tells every event with what it says, in the order of the chain', async () => {
    const core = await chain.core();
    const me = BigInt(chain.wallet.account.address);
    const diary = await watch(core, { maxRange: 2 });
    await sendMessage(core, 1n);
    await sendMessage(core, 2n);
    await chain.call(core, 'startL1ToL2MessageCancellation', [5n, 6n, [2n], 1n]);
    await chain.rpc('evm_increaseTime', 101);
    await chain.rpc('evm_mine');
    await chain.call(core, 'cancelL1ToL2Message', [5n, 6n, [2n], 1n]);
    const words = outputInside({}, [], [me, 5n, 0n, 6n, 1n, 1n]);
    await chain.prove(words);
    await updateState(chain, core, words);
    // No transaction of L2 can carry this one.
    await sendMessage(core, PRIME);
    const last = await head();
    await until(() => diary.upTo === last);
    const message = (word: bigint, nonce: bigint) => ({
      fromAddress: me,
      toAddress: 5n,
      selector: 6n,
      payload: [word],
      nonce,
    });
    expect(diary.events_.map(({ place: _, ...event }) => event)).toEqual([
      { kind: 'messageSent', message: message(1n, 0n), feeWei: 7n, timestamp: expect.any(Number) },
      { kind: 'messageSent', message: message(2n, 1n), feeWei: 7n, timestamp: expect.any(Number) },
      { kind: 'cancellationStarted', message: message(2n, 1n) },
      { kind: 'messageCanceled', message: message(2n, 1n) },
      { kind: 'messageConsumed', message: message(1n, 0n) },
      { kind: 'stateUpdated', globalRoot: 0xbbn, blockNumber: 5, blockHash: 0xb5n },
    ]);
    const { place } = diary.events_[0]!;
    const block = await chain.reader.getBlock({ blockHash: place.blockHash });
    expect(block.transactions).toContain(place.transactionHash);
    expect(diary.events_[0]).toMatchObject({ timestamp: Number(block.timestamp) });
    expect(block.number).toBe(place.blockNumber);
  });

  it('waits until blocks are as deep as wanted', async () => {
    const core = await chain.core();
    const diary = await watch(core, { confirmations: 3 });
    await sendMessage(core, 1n);
    const sentIn = await head();
    await chain.rpc('anvil_mine', 2);
    await until(() => diary.upTo === sentIn - 1n);
    expect(diary.log).toEqual([]);
    await chain.rpc('anvil_mine', 1);
    await until(() => diary.log.length === 1);
    expect(diary.upTo).toBe(sentIn);
  });

  it('takes back what a reorganisation has removed, and tells what came instead', async () => {
    const core = await chain.core();
    const diary = await watch(core);
    await sendMessage(core, 1n);
    await until(() => diary.log.length === 1);
    const snapshot = await chain.rpc('evm_snapshot');
    await sendMessage(core, 2n);
    await sendMessage(core, 3n);
    await until(() => diary.log.length === 3);
    await chain.rpc('evm_revert', snapshot);
    await sendMessage(core, 4n);
    await until(() => diary.log.includes('reorganised') && diary.events_.length === 2);
    expect(diary.log.filter((kind) => kind === 'reorganised').length).toBe(1);
    expect(diary.events_.map((event) => (event.kind === 'messageSent' ? event.message.payload : []))).toEqual(
      [[1n], [4n]],
    );
    expect(diary.events_[1]).toMatchObject({ message: { nonce: 1n } });
  });

  it('takes back everything when nothing is left', async () => {
    const snapshot = await chain.rpc('evm_snapshot');
    const core = await chain.core();
    const diary = await watch(core);
    await sendMessage(core, 1n);
    await until(() => diary.log.length === 1);
    await chain.rpc('evm_revert', snapshot);
    await chain.rpc('anvil_mine', 1);
    await until(() => diary.log.includes('reorganised'));
    expect(diary.events_).toEqual([]);
  });

  it('goes on after L1 could not be reached, and says so once', async () => {
    const core = await chain.core();
    const diary = await watch(core);
    await until(() => diary.upTo >= 0n);
    isDown = true;
    await until(() => diary.log.length === 1);
    await new Promise((resolve) => setTimeout(resolve, 100));
    isDown = false;
    await sendMessage(core, 1n);
    await until(() => diary.log.length === 2);
    expect(diary.log).toEqual(['L1_UNREACHABLE', 'messageSent']);
    isDown = true;
    await until(() => diary.log.length === 3);
    isDown = false;
    expect(diary.log[2]).toBe('L1_UNREACHABLE');
  });

  it('is silent once stopped, and can be started again', async () => {
    const core = await chain.core();
    const diary = await watch(core);
    await until(() => diary.upTo >= 0n);
    await watcher!.stop();
    await sendMessage(core, 1n);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(diary.log).toEqual([]);
    watcher!.start();
    watcher!.start();
    await until(() => diary.log.length === 1);
  });
});

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { feeTokenBalance } from '@cairn/execution';
import { DEV_BALANCE, STRK_TOKEN } from '@cairn/node';
import type { InvokeV3 } from '@cairn/protocol';
import { LmdbEngine } from '@cairn/storage';
import { describe, expect, it } from 'vitest';
import { testSequencer } from './testSequencer.ts';
import { signedInvoke, transferCall } from './wallet.ts';

const broadcast = (transaction: InvokeV3) => ({ transaction, query: false, hasProof: false });

describe('a sequencer', () => {
  it('starts with a genesis block that funds its accounts', async () => {
    const { sequencer } = testSequencer();
    const { header } = sequencer.chain.head.block;
    expect(header.blockNumber).toBe(0);
    expect(header.transactionCount).toBe(0);
    expect(header.stateRoot).not.toBe(0n);
    for (const { address } of sequencer.chain.genesis.accounts) {
      expect(feeTokenBalance(sequencer.chain.headState, STRK_TOKEN, address)).toBe(DEV_BALANCE);
    }
    // The same settings give the same block, bit for bit.
    expect(testSequencer().sequencer.chain.head.block.header.blockHash).toBe(header.blockHash);
    await sequencer.stop();
  });

  it('makes a block per transaction and keeps nonce order whatever order they arrive in', async () => {
    const { sequencer, errors } = testSequencer();
    const [alice, bob] = sequencer.chain.genesis.accounts;
    const chainId = sequencer.chain.info.chainId;
    const make = (nonce: number) =>
      broadcast(signedInvoke(alice!, chainId, nonce, [transferCall(STRK_TOKEN, bob!.address, 1n)]));
    await Promise.all([3, 1, 0, 2].map((nonce) => sequencer.backend.submit(make(nonce))));
    await sequencer.producer.whenIdle();
    expect(errors).toEqual([]);
    expect(sequencer.chain.head.block.header.blockNumber).toBe(4);
    expect(feeTokenBalance(sequencer.chain.headState, STRK_TOKEN, bob!.address)).toBe(DEV_BALANCE + 4n);
    for (let number = 1; number <= 4; number++) {
      const { block } = sequencer.chain.store.block(number)!;
      expect((block.transactions[0]!.transaction as InvokeV3).nonce).toBe(BigInt(number - 1));
      expect(block.header.parentHash).toBe(sequencer.chain.store.block(number - 1)!.block.header.blockHash);
    }
    await sequencer.stop();
  });

  it('fired at with 500 transactions of one account includes them all in order', async () => {
    const { sequencer, errors } = testSequencer({ blockMode: { kind: 'demand' } });
    const [alice, bob] = sequencer.chain.genesis.accounts;
    const chainId = sequencer.chain.info.chainId;
    const transactions = Array.from({ length: 500 }, (_, nonce) =>
      broadcast(signedInvoke(alice!, chainId, nonce, [transferCall(STRK_TOKEN, bob!.address, 1n)])),
    );
    await Promise.all(transactions.map((tx) => sequencer.backend.submit(tx)));
    await sequencer.producer.whenIdle();
    sequencer.producer.closeBlock();
    expect(errors).toEqual([]);
    const { block } = sequencer.chain.head;
    expect(block.transactions.map(({ transaction }) => (transaction as InvokeV3).nonce)).toEqual(
      Array.from({ length: 500 }, (_, i) => BigInt(i)),
    );
    await sequencer.stop();
  });

  it('tells a transaction received, pre-confirmed, then accepted on L2', async () => {
    const { sequencer } = testSequencer({ blockMode: { kind: 'demand' } });
    const [alice, bob] = sequencer.chain.genesis.accounts;
    const tx = signedInvoke(alice!, sequencer.chain.info.chainId, 0, [
      transferCall(STRK_TOKEN, bob!.address, 1n),
    ]);
    const { transactionHash } = await sequencer.backend.submit(broadcast(tx));
    expect(sequencer.backend.transactionStatus(transactionHash)).toEqual({ finality: 'RECEIVED' });
    expect(sequencer.backend.transaction(transactionHash)).toBeUndefined();
    await sequencer.producer.whenIdle();
    expect(sequencer.backend.transactionStatus(transactionHash)).toEqual({ finality: 'PRE_CONFIRMED' });
    const preConfirmed = sequencer.backend.block({ kind: 'pre_confirmed' });
    expect(preConfirmed.transactions).toHaveLength(1);
    expect(preConfirmed.stateDiff.nonces).toEqual(new Map([[alice!.address, 1n]]));
    sequencer.producer.closeBlock();
    expect(sequencer.backend.transactionStatus(transactionHash)).toEqual({ finality: 'ACCEPTED_ON_L2' });
    expect(sequencer.backend.block({ kind: 'pre_confirmed' }).transactions).toHaveLength(0);
    await sequencer.stop();
  });

  it('stores readable block hashes in contract 0x1 from block 10 on', async () => {
    const { sequencer } = testSequencer({ blockMode: { kind: 'demand' } });
    for (let i = 0; i < 11; i++) sequencer.producer.closeBlock();
    const { stateDiff } = sequencer.chain.store.block(11)!;
    const first = sequencer.chain.store.block(1)!.block.header.blockHash;
    expect(stateDiff.storage.get(1n)).toEqual(new Map([[1n, first]]));
    await sequencer.stop();
  });

  it('moves the L2 gas price with demand, never below the floor', async () => {
    const { sequencer } = testSequencer({ blockMode: { kind: 'demand' }, minGasPriceFri: 8_000_000_000n });
    sequencer.producer.closeBlock();
    expect(sequencer.chain.head.block.header.gasPrices.l2Gas.priceInFri).toBe(8_000_000_000n);
    await sequencer.stop();
  });

  it('restarted on its data folder goes on from its head with what was waiting', async () => {
    const path = mkdtempSync(join(tmpdir(), 'cairn-chain-'));
    const first = testSequencer({ blockMode: { kind: 'demand' } }, new LmdbEngine(path)).sequencer;
    const [alice, bob] = first.chain.genesis.accounts;
    const chainId = first.chain.info.chainId;
    const make = (nonce: number) =>
      broadcast(signedInvoke(alice!, chainId, nonce, [transferCall(STRK_TOKEN, bob!.address, 1n)]));
    await first.backend.submit(make(0));
    await first.producer.whenIdle();
    const closed = first.producer.closeBlock().block.header;
    await first.backend.submit(make(1));
    await first.backend.submit(make(3));
    await first.stop();

    const second = testSequencer({ blockMode: { kind: 'demand' } }, new LmdbEngine(path)).sequencer;
    expect(second.chain.head.block.header).toEqual(closed);
    await second.backend.submit(make(2));
    await second.producer.whenIdle();
    const { block } = second.producer.closeBlock();
    expect(block.transactions.map(({ transaction }) => (transaction as InvokeV3).nonce)).toEqual([
      1n,
      2n,
      3n,
    ]);
    await second.stop();
  });
});

import { feeTokenBalance } from '@cairn/execution';
import { DEV_BALANCE, ETH_TOKEN, L1_ETHER, osInputOf, type Sequencer, TOKEN_BRIDGE } from '@cairn/node';
import { runOs } from '@cairn/os';
import { type Felt, selectorFromName } from '@cairn/primitives';
import { L1Watcher, updateState } from '@cairn/settlement';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  type CredulousChain,
  PROGRAM,
  startCredulousChain,
} from '../../../packages/settlement/src/testing/credulousCore.ts';
import { testSequencer } from './testSequencer.ts';
import { signedInvoke } from './wallet.ts';

let chain: CredulousChain;
beforeAll(async () => {
  chain = await startCredulousChain();
}, 60_000);
afterAll(() => chain?.stop());

const DEPOSIT = selectorFromName('handle_token_deposit');
const handlersIn = (sequencer: Sequencer): Felt[] =>
  sequencer.producer.preConfirmed.transactions
    .filter(({ transaction }) => transaction.type === 'L1_HANDLER')
    .map(({ receipt }) => receipt.transactionHash);

/** All but the proof is real: its verifier takes the word of the OS run for proven. */
it('a deposit and a withdrawal go through a core contract, and it may be reorganised', async () => {
  const { sequencer, errors } = testSequencer({ blockMode: { kind: 'demand' } });
  const { dev, l1, backend, producer } = sequencer;
  const [alice] = sequencer.chain.genesis.accounts;
  const genesis = sequencer.chain.head.block.header;
  // What the OS runs with decides what the contract asks for.
  await dev.setL1Bridge(BigInt(chain.wallet.account.address));
  producer.closeBlock();
  const { outputWords: first } = runOs(osInputOf(sequencer.chain, 1, 1));
  const core = await chain.core({
    root: genesis.stateRoot,
    blockNumber: 0n,
    blockHash: genesis.blockHash,
    programHash: PROGRAM,
    configHash: first[7]!,
  });
  const fromBlock = await chain.reader.getBlockNumber({ cacheTime: 0 });
  const watcher = new L1Watcher(chain.reader, core, l1, { fromBlock, pollIntervalMs: 20 });
  watcher.start();

  // The bridge on L1 is an account in this test.
  const me = BigInt(chain.wallet.account.address);
  const deposit = [L1_ETHER, me, alice!.address, 1_000n, 0n];
  const send = (payload: readonly bigint[]) =>
    chain.call(core, 'sendMessageToL2', [TOKEN_BRIDGE, DEPOSIT, payload], 7n);
  expect(await send(deposit)).toBe('success');
  expect(await send(deposit.slice(1))).toBe('success');
  await expect.poll(() => handlersIn(sequencer), { timeout: 10_000 }).toHaveLength(2);
  const [good, bad] = handlersIn(sequencer) as [Felt, Felt];
  const withdrawal = signedInvoke(alice!, sequencer.chain.info.chainId, 0, [
    {
      to: TOKEN_BRIDGE,
      selector: selectorFromName('initiate_token_withdraw'),
      calldata: [L1_ETHER, me, 400n, 0n],
    },
  ]);
  await backend.submit({ transaction: withdrawal, query: false, hasProof: false });
  await producer.whenIdle();
  const { blockNumber } = producer.closeBlock().block.header;
  expect(feeTokenBalance(sequencer.chain.headState, ETH_TOKEN, alice!.address)).toBe(DEV_BALANCE + 600n);
  expect([good, bad].map((hash) => l1.messageState(hash))).toEqual(['committed', 'rejected']);

  const { outputWords } = runOs(osInputOf(sequencer.chain, 1, blockNumber));
  await chain.prove(outputWords);
  const snapshot = await chain.rpc('evm_snapshot');
  const settled = async () => {
    const { transactionHash } = await updateState(chain, core, outputWords);
    await expect.poll(() => l1.messageState(good), { timeout: 10_000 }).toBe('consumed');
    expect(sequencer.chain.store.l1HeadNumber()).toBe(blockNumber);
    expect(sequencer.chain.store.l1UpdateOf(1)?.l1TransactionHash).toBe(BigInt(transactionHash));
    expect(backend.transactionStatus(good)).toEqual({ finality: 'ACCEPTED_ON_L1' });
    // What the bridge burnt can be paid out, once.
    const payload = [0n, me, L1_ETHER, 400n, 0n];
    expect(await chain.call(core, 'consumeMessageFromL2', [TOKEN_BRIDGE, payload])).toBe('success');
    expect(await chain.call(core, 'consumeMessageFromL2', [TOKEN_BRIDGE, payload])).not.toBe('success');
  };
  await settled();

  await chain.rpc('evm_revert', snapshot);
  await chain.rpc('anvil_mine', '0x5');
  await expect.poll(() => sequencer.chain.store.l1HeadNumber(), { timeout: 10_000 }).toBeUndefined();
  expect(l1.messageState(good)).toBe('committed');
  await settled();

  // The message whose handler failed is still on L1: its sender takes back what it carried.
  const cancel = (name: string) => chain.call(core, name, [TOKEN_BRIDGE, DEPOSIT, deposit.slice(1), 1n]);
  expect(await cancel('startL1ToL2MessageCancellation')).toBe('success');
  await expect.poll(() => l1.messageState(bad), { timeout: 10_000 }).toBe('cancellationStarted');
  await chain.rpc('evm_increaseTime', 101);
  await chain.rpc('evm_mine');
  expect(await cancel('cancelL1ToL2Message')).toBe('success');
  await expect.poll(() => l1.messageState(bad), { timeout: 10_000 }).toBe('cancelled');

  await watcher.stop();
  expect(errors).toEqual([]);
  expect([l1.lostMessageCount, l1.mismatchCount]).toEqual([0, 0]);
  await sequencer.stop();
}, 60_000);

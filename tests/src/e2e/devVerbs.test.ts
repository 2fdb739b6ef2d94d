import './globalWebSocket.ts';

import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Account, RpcProvider } from 'starknet';
import { DevnetProvider } from 'starknet-devnet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CairnProcess, rpc, startCairn } from './cairnProcess.ts';

const STRK = '0x4718f5a0fc34cc1af16a1cdee98ffb20c31f5cd61d6ab07201858f4287c938d';
const SOMEBODY = '0x5e1f';

let node: CairnProcess;
let devnet: DevnetProvider;
let provider: RpcProvider;
let account: Account;

beforeAll(async () => {
  node = await startCairn();
  devnet = new DevnetProvider({ url: node.url });
  provider = await RpcProvider.create({ nodeUrl: node.url });
  const [first] = await devnet.getPredeployedAccounts({ withBalance: true });
  account = new Account({ provider, address: first!.address, signer: first!.private_key });
});
afterAll(async () => {
  expect(await node.stop()).toBe(0);
});

const call = async (method: string, params: unknown = {}): Promise<any> => {
  const { result, error } = await rpc(node.url, method, params);
  if (error) throw new Error(JSON.stringify(error));
  return result;
};
const height = () => provider.getBlockNumber();
const root = async () => ((await provider.getBlockWithTxHashes('latest')) as any).new_root as string;
const balance = async (address: string): Promise<bigint> =>
  BigInt((await call('devnet_getAccountBalance', { address })).amount);
const transfer = async (amount: number): Promise<string> => {
  const calldata = [SOMEBODY, amount, 0];
  const { transaction_hash } = await account.execute({
    contractAddress: STRK,
    entrypoint: 'transfer',
    calldata,
  });
  await provider.waitForTransaction(transaction_hash, { retryInterval: 10 });
  return transaction_hash;
};

describe('the client of starknet-devnet', () => {
  it('sees that the chain lives, its accounts and its settings', async () => {
    expect(await devnet.isAlive()).toBe(true);
    const accounts = await devnet.getPredeployedAccounts({ withBalance: true });
    expect(accounts).toHaveLength(10);
    expect(accounts[1]!.balance).toEqual({
      eth: { amount: '10000000000000000000000', unit: 'WEI' },
      strk: { amount: '10000000000000000000000', unit: 'FRI' },
    });
    expect(await devnet.getConfig()).toMatchObject({ chainId: 'CAIRN_DEV', seed: 0 });
  });

  it('mints, exactly, by a transaction of the faucet', async () => {
    const amount = 1_234_567_890_123_456_789n;
    const { new_balance, unit, tx_hash } = await devnet.mint(SOMEBODY, amount);
    expect([new_balance, unit]).toEqual([amount, 'FRI']);
    const receipt = await provider.getTransactionReceipt(tx_hash);
    expect(receipt.isSuccess()).toBe(true);
    expect((await devnet.mint(SOMEBODY, 5n, 'WEI')).new_balance).toBe(5n);
    expect(await balance(SOMEBODY)).toBe(amount);
  });

  it('makes blocks and takes them back', async () => {
    const before = await height();
    const { block_hash } = await devnet.createBlock();
    expect(await height()).toBe(before + 1);
    await devnet.createBlock();
    const { aborted } = await devnet.abortBlocks(before + 1);
    expect(aborted).toHaveLength(2);
    expect(aborted[1]).toBe(block_hash);
    expect(await height()).toBe(before);
    await expect(provider.getBlockWithTxHashes(block_hash)).rejects.toThrow();
    await expect(devnet.abortBlocks(before + 5)).rejects.toThrow();
  });

  it('marks blocks as accepted on L1, which then stay', async () => {
    const hash = await transfer(1);
    const last = await height();
    const accept = () => rpc(node.url, 'devnet_acceptOnL1', { starting_block_id: { block_number: last } });
    expect((await accept()).result.accepted).toHaveLength(last + 1);
    expect((await provider.getBlockWithTxHashes('l1_accepted')).block_number).toBe(last);
    expect((await provider.getTransactionStatus(hash)).finality_status).toBe('ACCEPTED_ON_L1');
    expect((await provider.getBlockWithTxHashes(last)).status).toBe('ACCEPTED_ON_L1');
    await devnet.createBlock();
    expect((await provider.getBlockWithTxHashes('latest')).status).toBe('ACCEPTED_ON_L2');
    expect((await accept()).error.data).toMatch(/accepted on L1 already/);
    await expect(devnet.abortBlocks(last)).rejects.toThrow();
  });

  it('moves the time', async () => {
    const { block_hash } = await devnet.setTime(2_000_000_000, { generateBlock: true });
    expect(((await provider.getBlockWithTxHashes(block_hash!)) as any).timestamp).toBe(2_000_000_000);
    const increased = await devnet.increaseTime(1000);
    const { timestamp } = (await provider.getBlockWithTxHashes(increased.block_hash)) as any;
    expect(timestamp).toBeGreaterThanOrEqual(2_000_001_000);
    expect(timestamp).toBeLessThan(2_000_001_030);
  });

  it('sets gas prices', async () => {
    const prices = await devnet.setGasPrice({ l2GasPrice: 9_000_000_001n, l1GasPrice: 123n }, true);
    expect(prices).toMatchObject({ l2_gas_price: 9_000_000_001n, l1_gas_price: 123n });
    const block = (await provider.getBlockWithTxHashes('latest')) as any;
    expect(BigInt(block.l2_gas_price.price_in_fri)).toBe(9_000_000_001n);
    await transfer(1);
  });

  it('sends transactions of accounts whose key it does not have', async () => {
    const [, other] = await devnet.getPredeployedAccounts();
    const forger = new Account({ provider, address: other!.address, signer: '0x1234' });
    const send = () =>
      forger.execute({ contractAddress: STRK, entrypoint: 'transfer', calldata: [SOMEBODY, 7, 0] });
    await expect(send()).rejects.toThrow();
    for (const [start, stop] of [
      [
        () => devnet.cheats.impersonateAccount(other!.address),
        () => devnet.cheats.stopImpersonateAccount(other!.address),
      ],
      [() => devnet.cheats.autoImpersonate(), () => devnet.cheats.stopAutoImpersonate()],
    ] as const) {
      await start();
      const { transaction_hash } = await send();
      const receipt = await provider.waitForTransaction(transaction_hash, { retryInterval: 10 });
      expect(receipt.isSuccess()).toBe(true);
      await stop();
      await expect(send()).rejects.toThrow();
    }
  });

  it('sends messages as L1 would', async () => {
    const { transaction_hash } = await devnet.postman.sendMessageToL2(STRK, '0x5e1', '0xe7', [1, 2], 3, 4);
    await expect(provider.getTransactionReceipt(transaction_hash)).resolves.toBeDefined();
    const { message_hash } = await devnet.postman.consumeMessageFromL2(STRK, '0xe7', [1]);
    expect(message_hash).toMatch(/^0x[0-9a-f]{64}$/);
  });

  it('dumps the chain to a file, loads it, and starts anew', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'cairn-dump-'));
    const path = join(folder, 'chain.dump');
    await devnet.dump(path);
    expect(existsSync(path)).toBe(true);
    const [number, before, had] = [await height(), await root(), await balance(SOMEBODY)];
    await transfer(1000);
    await devnet.restart();
    expect(await height()).toBe(0);
    expect(await balance(SOMEBODY)).toBe(0n);
    await transfer(1);
    await devnet.load(path);
    expect([await height(), await root(), await balance(SOMEBODY)]).toEqual([number, before, had]);
    await transfer(2);
    expect(await balance(SOMEBODY)).toBe(had + 2n);
    writeFileSync(path, 'no dump');
    await expect(devnet.load(path)).rejects.toThrow();
    await expect(call('devnet_load', { path })).rejects.toThrow(/no dump of a chain/);
    await expect(call('devnet_load', { path: join(folder, 'absent') })).rejects.toThrow(/absent/);
    expect(await balance(SOMEBODY)).toBe(had + 2n);
  });
});

describe('snapshots', () => {
  it('are reverted to with all that is known of the blocks between', async () => {
    await transfer(3);
    const [number, before, had] = [await height(), await root(), await balance(SOMEBODY)];
    const id = await call('cairn_snapshot');
    const later = await call('evm_snapshot');
    await transfer(10);
    const lost = (await provider.getBlockWithTxHashes('latest')) as any;
    expect(await call('cairn_revert', [id])).toBe(true);
    expect([await height(), await root(), await balance(SOMEBODY)]).toEqual([number, before, had]);
    const gone = await rpc(node.url, 'starknet_getTransactionReceipt', [lost.transactions[0]]);
    expect(gone.error.code).toBe(29);
    for (const used of [id, later]) await expect(call('evm_revert', [used])).rejects.toThrow(/no snapshot/);
    await transfer(4);
    expect(await balance(SOMEBODY)).toBe(had + 4n);
  });
});

describe('edits of the state', () => {
  it('stand in blocks with true roots', async () => {
    const edited = await call('cairn_setStorageAt', [STRK, '0x123', '0x456']);
    expect(await root()).toBe(edited.new_root);
    expect(await call('starknet_getStorageAt', [STRK, '0x123', 'latest'])).toBe('0x456');
    await call('cairn_setNonce', [SOMEBODY, '0x9']);
    const classHash = await provider.getClassHashAt(account.address);
    await call('cairn_setClassHash', [SOMEBODY, classHash]);
    expect(await provider.getNonceForAddress(SOMEBODY)).toBe('0x9');
    const { block_hash } = await call('cairn_applyStateDiff', [
      {
        storage_diffs: [{ address: SOMEBODY, storage_entries: [{ key: '0x1', value: '0x2' }] }],
        nonces: [{ contract_address: SOMEBODY, nonce: '0xa' }],
      },
    ]);
    const { state_diff } = (await provider.getStateUpdate(block_hash)) as any;
    expect(state_diff.nonces).toEqual([{ contract_address: SOMEBODY, nonce: '0xa' }]);
    await transfer(1);
  });
});

describe('dev verbs', () => {
  it('are closed to other machines unless asked for', async () => {
    const closed = await startCairn('--dev-methods', 'off');
    expect((await rpc(closed.url, 'devnet_createBlock')).error.code).toBe(-32601);
    expect(await closed.stop()).toBe(0);
    const open = await startCairn('--host', '0.0.0.0');
    const url = open.url.replace('0.0.0.0', '127.0.0.1');
    expect((await rpc(url, 'devnet_createBlock')).error.code).toBe(-32601);
    expect(await open.stop()).toBe(0);
  });

  it.each([
    ['devnet_mint', { address: SOMEBODY }],
    ['devnet_mint', { address: SOMEBODY, amount: -1 }],
    ['devnet_mint', { address: SOMEBODY, amount: 1, unit: 'GOLD' }],
    ['devnet_setTime', { time: 'now' }],
    ['cairn_applyStateDiff', [{ nonces: [{ contract_address: SOMEBODY }] }]],
    ['cairn_applyStateDiff', [{ storage_diffs: {} }]],
  ])('refuse bad parameters: %s %j', async (method, params) => {
    expect((await rpc(node.url, method, params)).error.code).toBe(-32602);
  });
});

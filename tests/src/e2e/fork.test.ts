import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CairnProcess, rpc, startCairn } from './cairnProcess.ts';
import { lyingProxy } from './lyingProxy.ts';

const STRK = '0x4718f5a0fc34cc1af16a1cdee98ffb20c31f5cd61d6ab07201858f4287c938d';

let origin: CairnProcess;
let fork: CairnProcess;
let forkedBlock: number;

async function ask(node: CairnProcess, method: string, params: unknown = []): Promise<any> {
  const { result, error } = await rpc(node.url, method, params);
  if (error) throw new Error(`${method}: ${JSON.stringify(error)}`);
  return result;
}
const root = async (node: CairnProcess): Promise<string> =>
  (await ask(node, 'starknet_getBlockWithTxHashes', ['latest'])).new_root;
const mint = (node: CairnProcess, address: string, amount: number) =>
  ask(node, 'devnet_mint', { address, amount, unit: 'FRI' });

beforeAll(async () => {
  origin = await startCairn('--accounts', '3');
  for (const address of ['0x1001', '0x1002', '0x1003']) await mint(origin, address, 5);
  forkedBlock = await ask(origin, 'starknet_blockNumber');
  // Without accounts of its own the fork's first block changes nothing.
  fork = await startCairn('--fork-url', origin.url, '--accounts', '0');
  // From here on both number their blocks alike. The hash of this one is their own: 10 blocks later a contract holds it.
  await ask(origin, 'devnet_createBlock');
});

afterAll(async () => {
  await Promise.all([origin?.stop(), fork?.stop()]);
});

describe('a fork of a running chain', () => {
  it('goes on behind its last block, with its name and its root', async () => {
    expect(await ask(fork, 'starknet_blockNumber')).toBe(forkedBlock + 1);
    expect(await ask(fork, 'starknet_chainId')).toBe(await ask(origin, 'starknet_chainId'));
    const first = await ask(fork, 'starknet_getBlockWithTxHashes', ['latest']);
    const last = await ask(origin, 'starknet_getBlockWithTxHashes', [{ block_number: forkedBlock }]);
    expect(first.parent_hash).toBe(last.block_hash);
    expect(first.new_root).toBe(last.new_root);
    expect((await ask(fork, 'starknet_getStateUpdate', ['latest'])).old_root).toBe(last.new_root);
  });

  it('reads state and classes of the origin', async () => {
    const [account] = await ask(origin, 'devnet_getPredeployedAccounts');
    for (const [method, params] of [
      ['starknet_getClassHashAt', ['latest', account.address]],
      ['starknet_getNonce', ['latest', account.address]],
      ['starknet_getClassAt', ['latest', account.address]],
      ['devnet_getAccountBalance', ['0x1002']],
      ['starknet_getClassHashAt', ['latest', STRK]],
    ] as const)
      expect(await ask(fork, method, params)).toEqual(await ask(origin, method, params));
  });

  it('has the roots the origin has after the same transactions and edits', async () => {
    const steps: [string, unknown][] = [
      ['devnet_mint', { address: '0x1002', amount: 7, unit: 'FRI' }],
      ['devnet_mint', { address: '0xabcdef', amount: 1, unit: 'WEI' }],
      ['cairn_setNonce', { contract_address: '0x1001', nonce: '0x9' }],
      ['cairn_setNonce', { contract_address: '0x1001', nonce: '0x0' }],
    ];
    for (const [method, params] of steps) {
      await ask(origin, method, params);
      await ask(fork, method, params);
      expect(await root(fork)).toBe(await root(origin));
    }
    // Every cell that the chain has written is removed: nodes beside their paths move up.
    const cells: [string, string][] = [];
    for (let number = 0; number <= forkedBlock; number++) {
      const { state_diff } = await ask(origin, 'starknet_getStateUpdate', [{ block_number: number }]);
      for (const { address, storage_entries } of state_diff.storage_diffs)
        if (address.length > 10) for (const { key } of storage_entries) cells.push([address, key]);
    }
    for (const count of [1, 2, 5, 12, cells.length]) {
      const byContract = new Map<string, { key: string; value: string }[]>();
      for (const [address, key] of cells.splice(0, count))
        byContract.set(address, [...(byContract.get(address) ?? []), { key, value: '0x0' }]);
      const storage_diffs = [...byContract].map(([address, storage_entries]) => ({
        address,
        storage_entries,
      }));
      await ask(origin, 'cairn_applyStateDiff', { state_diff: { storage_diffs } });
      await ask(fork, 'cairn_applyStateDiff', { state_diff: { storage_diffs } });
      expect(await root(fork)).toBe(await root(origin));
    }
  });

  it('proves cells of both chains under its root', async () => {
    const params = { block_id: 'latest', contract_addresses: [STRK, '0x1002'] };
    const proof = await ask(fork, 'starknet_getStorageProof', params);
    const same = await ask(origin, 'starknet_getStorageProof', params);
    expect(proof.contracts_proof).toEqual(same.contracts_proof);
  });

  it('hands questions about older blocks and transactions on', async () => {
    const block = await ask(fork, 'starknet_getBlockWithTxs', [{ block_number: forkedBlock }]);
    expect(block).toEqual(await ask(origin, 'starknet_getBlockWithTxs', [{ block_number: forkedBlock }]));
    const hash = block.transactions[0].transaction_hash;
    expect((await ask(fork, 'starknet_getTransactionReceipt', [hash])).block_number).toBe(forkedBlock);
    expect((await ask(fork, 'starknet_traceTransaction', [hash])).type).toBe('INVOKE');
    const range = {
      from_block: { block_number: 0 },
      to_block: { block_number: forkedBlock },
      chunk_size: 100,
    };
    expect((await ask(fork, 'starknet_getEvents', [range])).events.length).toBeGreaterThan(2);
    expect((await rpc(fork.url, 'starknet_getTransactionByHash', ['0xdead'])).error.code).toBe(29);
    expect((await rpc(fork.url, 'starknet_getBlockWithTxs', [{ block_number: 10_000 }])).error.code).toBe(24);
  });

  it('goes back to its first block and no further', async () => {
    await ask(fork, 'devnet_restart');
    expect(await ask(fork, 'starknet_blockNumber')).toBe(forkedBlock + 1);
    const aborted = await rpc(fork.url, 'devnet_abortBlocks', [{ block_number: forkedBlock + 1 }]);
    expect(aborted.error).toBeDefined();
  });

  it('funds accounts of its own', async () => {
    const other = await startCairn(
      '--fork-url',
      origin.url,
      '--fork-block',
      '1',
      '--seed',
      '77',
      '--accounts',
      '2',
    );
    expect(await ask(other, 'starknet_blockNumber')).toBe(2);
    const [account] = await ask(other, 'devnet_getPredeployedAccounts', { with_balance: true });
    expect(account.balance.strk.amount).toBe(account.initial_balance);
    await mint(other, account.address, 3);
    expect((await ask(other, 'devnet_getAccountBalance', [account.address])).amount).toBe(
      String(BigInt(account.initial_balance) + 3n),
    );
    // The origin knows of none of this.
    expect((await rpc(origin.url, 'starknet_getClassHashAt', ['latest', account.address])).error.code).toBe(
      20,
    );
    await other.stop();
  });

  it('says what is wrong when there is nothing to fork', async () => {
    await expect(startCairn('--fork-url', 'http://127.0.0.1:9')).rejects.toThrow(
      /no node to fork from answers/,
    );
    await expect(startCairn('--fork-url', origin.url, '--fork-block', '100000')).rejects.toThrow(
      /Block not found/,
    );
  });

  it('believes no false answer', async () => {
    const proxy = await lyingProxy(origin.url, '"nonce":"0x0"', '"nonce":"0x1"');
    await expect(startCairn('--fork-url', proxy.url, '--seed', '5')).rejects.toThrow(
      /is not what its leaf .* says/,
    );
    proxy.stop();
  });

  it('serves what it knows while the origin is away, and says so where that is not enough', async () => {
    const { address } = (await ask(origin, 'devnet_getPredeployedAccounts'))[2];
    const other = await startCairn('--fork-url', origin.url, '--fork-block', '1', '--accounts', '0');
    await mint(other, '0x1002', 1);
    const balance = await ask(other, 'devnet_getAccountBalance', ['0x1002']);
    await origin.stop();
    const unknown = await rpc(other.url, 'starknet_getNonce', ['latest', address]);
    expect(unknown.error).toMatchObject({ code: 63, data: expect.stringContaining('does not answer') });
    await mint(other, '0x1002', 1);
    expect((await ask(other, 'devnet_getAccountBalance', ['0x1002'])).amount).toBe(
      String(BigInt(balance.amount) + 1n),
    );
    await other.stop();
  });
});

import './globalWebSocket.ts';

import { readFileSync } from 'node:fs';
import { genesisContents } from '@cairn/node';
import { formatFelt } from '@cairn/primitives';
import { poseidonHashMany, pedersen as scurePedersen } from '@scure/starknet';
import {
  Account,
  CallData,
  type CompiledSierra,
  Contract,
  cairo,
  ec,
  hash,
  json,
  RpcProvider,
  stark,
  WebSocketChannel,
} from 'starknet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasVectors, readVector } from '../golden/vectors.ts';
import { type CairnProcess, rpc, startCairn } from './cairnProcess.ts';

const STRK = '0x4718f5a0fc34cc1af16a1cdee98ffb20c31f5cd61d6ab07201858f4287c938d';
const POLL = { retryInterval: 20 };

let node: CairnProcess;
let provider: RpcProvider;
let account: Account;

/** A class with its compiled form: from the vectors, or one of our own. */
function contractFiles(vector: string, own: string): { contract: CompiledSierra; casm: any } {
  if (hasVectors) {
    const contract = json.parse(readVector(`sierra-casm/${vector}.sierra.json`));
    return { contract, casm: json.parse(readVector(`sierra-casm/${vector}.casm.json`)) };
  }
  const artifact = json.parse(
    readFileSync(new URL(`../../../packages/node/contracts/artifacts/${own}.json`, import.meta.url), 'utf8'),
  );
  return { contract: artifact.sierra, casm: artifact.casm };
}

const accountAt = (address: string, signer: string): Account => new Account({ provider, address, signer });

beforeAll(async () => {
  node = await startCairn();
  provider = await RpcProvider.create({ nodeUrl: `${node.url}/rpc` });
  const dev = genesisContents({ seed: 0, accountCount: 10 }).accounts[0]!;
  account = accountAt(formatFelt(dev.address), formatFelt(dev.privateKey));
});

afterAll(async () => {
  expect(await node.stop()).toBe(0);
});

/** Waits until a list has as many items as expected. */
async function grown<T>(list: T[], length: number): Promise<T[]> {
  for (let i = 0; list.length < length && i < 500; i++)
    await new Promise((resolve) => setTimeout(resolve, 10));
  return list;
}

const balanceOf = async (address: string): Promise<bigint> => {
  const [low, high] = await provider.callContract({
    contractAddress: STRK,
    entrypoint: 'balanceOf',
    calldata: [address],
  });
  return BigInt(low!) + (BigInt(high!) << 128n);
};

const transfer = (to: string, amount: bigint) => ({
  contractAddress: STRK,
  entrypoint: 'transfer',
  calldata: CallData.compile({ to, amount: cairo.uint256(amount) }),
});

describe('starknet.js drives the chain', () => {
  it('finds RPC 0.10.2 and the chain id', async () => {
    expect(await provider.getSpecVersion()).toBe('0.10.2');
    expect(await provider.getChainId()).toBe(`0x${Buffer.from('CAIRN_DEV').toString('hex')}`);
  });

  it('deploys an account of a declared OpenZeppelin class and uses it', async () => {
    const files = contractFiles('OpenZeppelinAccountCairoOne__s1.4.0_c2.5.3', 'account');
    const declared = hasVectors
      ? await account.declare(files)
      : { class_hash: hash.computeContractClassHash(files.contract), transaction_hash: '' };
    if (hasVectors) await provider.waitForTransaction(declared.transaction_hash, POLL);
    const privateKey = stark.randomAddress();
    const publicKey = ec.starkCurve.getStarkKey(privateKey);
    const address = hash.calculateContractAddressFromHash(publicKey, declared.class_hash, [publicKey], 0);
    const funding = await account.execute(transfer(address, 10n ** 20n));
    await provider.waitForTransaction(funding.transaction_hash, POLL);

    const fresh = accountAt(address, privateKey);
    const deployment = await fresh.deployAccount({
      classHash: declared.class_hash,
      constructorCalldata: [publicKey],
      addressSalt: publicKey,
    });
    const receipt = await provider.waitForTransaction(deployment.transaction_hash, POLL);
    expect(receipt.isSuccess()).toBe(true);
    expect(BigInt(await provider.getClassHashAt(address))).toBe(BigInt(declared.class_hash));

    const sent = await fresh.execute(transfer(account.address, 7n));
    expect((await provider.waitForTransaction(sent.transaction_hash, POLL)).isSuccess()).toBe(true);
    expect(BigInt(await provider.getNonceForAddress(address))).toBe(2n);
  });

  it('declares a class, deploys it by the universal deployer, reads and writes it', async () => {
    const files = contractFiles('hello_starknet__s1.9.3_c2.20.0', 'deployer');
    const declared = await account.declareIfNot(files);
    if (declared.transaction_hash) await provider.waitForTransaction(declared.transaction_hash, POLL);
    const deployed = await account.deployContract({ classHash: declared.class_hash });
    const receipt = await provider.waitForTransaction(deployed.transaction_hash, POLL);
    expect(receipt.isSuccess()).toBe(true);
    expect(BigInt(await provider.getClassHashAt(deployed.contract_address))).toBe(
      BigInt(declared.class_hash),
    );
    if (!hasVectors) return;
    const contract = new Contract({
      abi: files.contract.abi as any,
      address: deployed.contract_address,
      providerOrAccount: account,
    });
    const before = BigInt((await contract.call('get_balance')) as any);
    const increase = await account.execute(contract.populate('increase_balance', [42]));
    await provider.waitForTransaction(increase.transaction_hash, POLL);
    expect(BigInt((await contract.call('get_balance')) as any)).toBe(before + 42n);
  });

  it('sends several calls as one, and reverts them as one', async () => {
    const [first, second] = ['0x1001', '0x1002'];
    const sent = await account.execute([transfer(first, 5n), transfer(second, 6n)]);
    const receipt = await provider.waitForTransaction(sent.transaction_hash, POLL);
    expect(receipt.isSuccess()).toBe(true);
    expect([await balanceOf(first), await balanceOf(second)]).toEqual([5n, 6n]);

    const fee = await account.estimateInvokeFee(transfer(first, 1n));
    const bad = await account.execute([transfer(first, 1n), transfer(second, 10n ** 30n)], {
      resourceBounds: fee.resourceBounds,
      tip: 0n,
    });
    const reverted: any = await provider.waitForTransaction(bad.transaction_hash, POLL);
    expect(reverted.isReverted()).toBe(true);
    expect(reverted.value.revert_reason).toContain('ERC20: insufficient balance');
    expect(await balanceOf(first)).toBe(5n);
    const status = await provider.getTransactionStatus(bad.transaction_hash);
    expect(status).toMatchObject({ finality_status: 'ACCEPTED_ON_L2', execution_status: 'REVERTED' });
  });

  it('estimates what it then charges', async () => {
    const call = transfer('0x1003', 1n);
    // starknet.js adds half to every estimate unless told not to.
    const exact = await RpcProvider.create({ nodeUrl: node.url, resourceBoundsOverhead: false });
    const sender = new Account({ provider: exact, address: account.address, signer: account.signer });
    const estimate = await sender.estimateInvokeFee(call, { skipValidate: false, tip: 0n });
    const sent = await sender.execute(call, { resourceBounds: estimate.resourceBounds, tip: 0n });
    const receipt: any = await provider.waitForTransaction(sent.transaction_hash, POLL);
    expect(receipt.isSuccess()).toBe(true);
    expect(BigInt(receipt.value.actual_fee.amount)).toBe(BigInt(estimate.overall_fee));
  });

  it('simulates without leaving a trace', async () => {
    const before = await balanceOf('0x1004');
    const simulation: any = await account.simulateTransaction(
      [{ type: 'INVOKE', ...transfer('0x1004', 9n) } as any],
      {
        skipValidate: false,
        tip: 0n,
      },
    );
    const trace = (simulation.simulated_transactions ?? simulation)[0].transaction_trace;
    expect(trace.execute_invocation.calls[0].events).toHaveLength(1);
    expect(await balanceOf('0x1004')).toBe(before);
  });

  it('reads events, state updates and blocks', async () => {
    const sent = await account.execute(transfer('0x1005', 11n));
    const receipt: any = await provider.waitForTransaction(sent.transaction_hash, POLL);
    const blockNumber = receipt.value.block_number;
    const { events } = await provider.getEvents({
      from_block: { block_number: blockNumber },
      to_block: { block_number: blockNumber },
      address: STRK,
      keys: [[hash.getSelectorFromName('Transfer')]],
      chunk_size: 10,
    });
    expect(events).toHaveLength(2);
    expect(events[0]).toMatchObject({ transaction_hash: sent.transaction_hash, block_number: blockNumber });
    const update: any = await provider.getStateUpdate(blockNumber);
    expect(update.state_diff.nonces).toContainEqual(
      expect.objectContaining({ contract_address: `0x${BigInt(account.address).toString(16)}` }),
    );
    const block = await provider.getBlockWithReceipts(blockNumber);
    expect(block.transactions).toHaveLength(1);
    const trace: any = await provider.getTransactionTrace(sent.transaction_hash);
    expect(trace.type).toBe('INVOKE');
  });

  it('gives storage proofs that independent code follows from the state root to the balance', async () => {
    const key = BigInt(hash.starknetKeccak('ERC20_balances'));
    const storageKey = BigInt(scurePedersen(key, BigInt(account.address))) % (2n ** 251n - 256n);
    const { result } = await rpc(node.url, 'starknet_getStorageProof', {
      block_id: 'latest',
      contract_addresses: [STRK],
      contracts_storage_keys: [{ contract_address: STRK, storage_keys: [`0x${storageKey.toString(16)}`] }],
    });
    const {
      contracts_tree_root: contractsRoot,
      classes_tree_root: classesRoot,
      block_hash,
    } = result.global_roots;
    const header: any = await provider.getBlockWithTxHashes(block_hash);
    const prefix = BigInt(`0x${Buffer.from('STARKNET_STATE_V0').toString('hex')}`);
    expect(poseidonHashMany([prefix, BigInt(contractsRoot), BigInt(classesRoot)])).toBe(
      BigInt(header.new_root),
    );

    const leaf = follow(result.contracts_proof.nodes, BigInt(contractsRoot), BigInt(STRK));
    const data = result.contracts_proof.contract_leaves_data[0];
    const ped = (a: bigint, b: bigint) => BigInt(scurePedersen(a, b));
    const storageRoot = BigInt(data.storage_root);
    expect(ped(ped(ped(BigInt(data.class_hash), storageRoot), BigInt(data.nonce)), 0n)).toBe(leaf);
    const value = follow(result.contracts_storage_proofs[0], storageRoot, storageKey);
    expect(value).toBe(await balanceOf(account.address));
  });

  it('500 transactions of one account fired at once are all included in nonce order', async () => {
    const dev = genesisContents({ seed: 0, accountCount: 10 }).accounts[1]!;
    const sender = accountAt(formatFelt(dev.address), formatFelt(dev.privateKey));
    const resourceBounds = {
      l1_gas: { max_amount: 0n, max_price_per_unit: 10n ** 14n },
      l2_gas: { max_amount: 10_000_000n, max_price_per_unit: 10n ** 11n },
      l1_data_gas: { max_amount: 10_000n, max_price_per_unit: 10n ** 14n },
    };
    const sent = await Promise.all(
      Array.from({ length: 500 }, (_, nonce) =>
        sender.execute(transfer('0x1006', 1n), { nonce, resourceBounds, tip: 0n }),
      ),
    );
    const last: any = await provider.waitForTransaction(sent.at(-1)!.transaction_hash, POLL);
    expect(last.isSuccess()).toBe(true);
    expect(await balanceOf('0x1006')).toBe(500n);
    let previous = -1;
    for (const { transaction_hash } of sent) {
      const { block_number } = (await provider.getTransactionReceipt(transaction_hash)) as any;
      expect(block_number).toBeGreaterThan(previous);
      previous = block_number;
    }
  });

  it('watches heads, transactions, receipts and events over WebSocket', async () => {
    const channel = new WebSocketChannel({ nodeUrl: node.url.replace('http', 'ws') });
    await channel.waitForConnection();
    const seen = {
      heads: [] as any[],
      events: [] as any[],
      receipts: [] as any[],
      transactions: [] as any[],
    };
    const heads = await channel.subscribeNewHeads();
    heads.on((head) => seen.heads.push(head));
    (await channel.subscribeEvents({ fromAddress: STRK })).on((event) => seen.events.push(event));
    (await channel.subscribeNewTransactionReceipts()).on((receipt) => seen.receipts.push(receipt));
    const finalityStatus = ['RECEIVED', 'PRE_CONFIRMED', 'ACCEPTED_ON_L2'] as const;
    (await channel.subscribeNewTransactions({ finalityStatus: [...finalityStatus] })).on((tx) =>
      seen.transactions.push(tx),
    );
    const { transaction_hash } = await account.execute({
      contractAddress: STRK,
      entrypoint: 'transfer',
      calldata: [account.address, 1, 0],
    });
    const statuses: any[] = [];
    (await channel.subscribeTransactionStatus({ transactionHash: transaction_hash })).on((status) =>
      statuses.push(status),
    );
    await grown(seen.heads, 1);
    await grown(seen.events, 2);
    await grown(seen.receipts, 1);
    const block = await provider.getBlockWithTxHashes('latest');
    expect(seen.heads.map((head) => head.block_hash)).toEqual([block.block_hash]);
    expect(seen.events.every((event) => event.transaction_hash === transaction_hash)).toBe(true);
    expect(seen.receipts).toMatchObject([{ transaction_hash, execution_status: 'SUCCEEDED' }]);
    const told = (await grown(seen.transactions, 3)).map((tx) => tx.finality_status);
    expect(told).toEqual(finalityStatus);
    expect((await grown(statuses, 1)).at(-1)).toMatchObject({
      transaction_hash,
      status: { finality_status: 'ACCEPTED_ON_L2' },
    });
    expect(await heads.unsubscribe()).toBe(true);
    channel.disconnect();
    await channel.waitForDisconnection();
  });
});

/** Walks a proof from `root` to `key` with @scure/starknet's Pedersen, hashing every node. */
function follow(proof: { node_hash: string; node: any }[], root: bigint, key: bigint): bigint {
  const nodes = new Map(proof.map(({ node_hash, node: n }) => [BigInt(node_hash), n]));
  let hashNow = root;
  let height = 251;
  while (height > 0) {
    const n = nodes.get(hashNow);
    if ('left' in n) {
      expect(BigInt(scurePedersen(BigInt(n.left), BigInt(n.right)))).toBe(hashNow);
      height--;
      hashNow = BigInt((key >> BigInt(height)) & 1n ? n.right : n.left);
    } else {
      expect(BigInt(scurePedersen(BigInt(n.child), BigInt(n.path))) + BigInt(n.length)).toBe(hashNow);
      height -= n.length;
      expect((key >> BigInt(height)) & ((1n << BigInt(n.length)) - 1n)).toBe(BigInt(n.path));
      hashNow = BigInt(n.child);
    }
  }
  return hashNow;
}

import { ETH_TOKEN as L2_ETH, STRK_TOKEN, TOKEN_BRIDGE } from '@cairn/node';
import { formatFelt, parseFelt, selectorFromName } from '@cairn/primitives';
import { type TransactionProofJson, verifyTransactionProof } from '@cairn/proving';
import { formatTransaction } from '@cairn/rpc';
import { deposit, ETH_TOKEN, type L1Clients, l1Clients, readCore, withdraw } from '@cairn/settlement';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { rpc } from '../e2e/cairnProcess.ts';
import { signedInvoke } from '../node/wallet.ts';
import { acceptedOnL1, cairn, settlingChain, type TestRollup, until } from './testRollup.ts';

/** Of anvil's second account, as the orchestrator sends from the first. */
const USER_KEY = '0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d';
let node: TestRollup;
let user: L1Clients;

beforeAll(async () => {
  node = await settlingChain();
  user = await l1Clients(node.manifest.l1Url, USER_KEY);
}, 120_000);

afterAll(async () => {
  await node.stop();
});

/** Sent by `cairn demo` of the first test. */
let transactionHash: string;

it('a transfer becomes part of a state that L1 has accepted', async () => {
  const lines = (await cairn('demo', '--rpc', node.url, '--json')).map((line) => JSON.parse(line));
  console.log(lines.map(({ event, seconds }) => `${seconds.toFixed(1)} s ${event}`).join('\n'));
  expect(lines.map(({ event }) => event)).toEqual([
    'sent',
    'accepted on L2',
    'OS run',
    'proven',
    'verified on L1',
    'accepted on L1',
  ]);
  ({ transactionHash } = lines.at(-1));
  await acceptedOnL1(node.url, transactionHash);
  const { result: block } = await rpc(node.url, 'starknet_getBlockWithTxHashes', ['l1_accepted']);
  const core = await readCore(user, node.manifest.core);
  expect(core.root).toBe(parseFelt(block.new_root));
  expect(core.blockHash).toBe(parseFelt(block.block_hash));
}, 500_000);

it('cairn verify checks it, and names the step at which a changed proof fails', async () => {
  const steps = await cairn('verify', '--tx', transactionHash, '--url', node.url);
  expect(steps.map((line) => line.slice(0, 4))).toEqual(new Array(8).fill('ok  '));

  const { result: proof } = (await rpc(node.url, 'cairn_getTransactionProof', {
    transaction_hash: transactionHash,
  })) as { result: TransactionProofJson };
  const file = new Uint8Array(
    await (await fetch(`${node.url}/proofs/${proof.batch.proof!.file}`)).arrayBuffer(),
  );
  const { result: chainId } = await rpc(node.url, 'starknet_chainId');
  const failsAt = async (
    changed: unknown,
    { bytes = file, core = node.manifest.core }: { bytes?: Uint8Array; core?: `0x${string}` } = {},
  ) => {
    const claim = {
      transactionHash: parseFelt(transactionHash),
      chain: { chainId: parseFelt(chainId), strkTokenAddress: STRK_TOKEN },
      l1: user,
      core,
    };
    for await (const verdict of verifyTransactionProof(claim, changed as TransactionProofJson, bytes))
      if (!verdict.ok) return verdict.step;
    return 'none';
  };
  const flipped = (hex: unknown) => formatFelt(parseFelt(String(hex)) ^ 1n);
  const { transaction, headers, batch } = proof;
  const calldata = transaction.calldata as string[];
  const signature = transaction.signature as string[];
  const header = headers[0]!;
  const run = batch.os_run!;
  const withHeader = (changes: object) => ({ ...proof, headers: [{ ...header, ...changes }] });
  const withOutput = (at: number) => ({
    ...proof,
    batch: {
      ...batch,
      os_run: { ...run, output: run.output.map((word, i) => (i === at ? flipped(word) : word)) },
    },
  });
  expect(await failsAt(proof)).toBe('none');
  for (let i = 0; i < calldata.length; i++) {
    const changed = calldata.map((word, k) => (k === i ? flipped(word) : word));
    expect(await failsAt({ ...proof, transaction: { ...transaction, calldata: changed } })).toBe(
      'transaction',
    );
  }
  for (let i = 0; i < signature.length; i++) {
    const changed = signature.map((word, k) => (k === i ? flipped(word) : word));
    expect(await failsAt({ ...proof, transaction: { ...transaction, signature: changed } })).toBe(
      'transaction commitment',
    );
  }
  expect(await failsAt({ ...proof, index: 1 })).toBe('transaction commitment');
  expect(await failsAt({ ...proof, path: [] })).toBe('transaction commitment');
  expect(await failsAt({ ...proof, path: 'nonsense' })).toBe('transaction commitment');
  for (const name of ['new_root', 'parent_hash', 'receipt_commitment', 'state_diff_commitment'])
    expect(await failsAt(withHeader({ [name]: flipped(header[name]) }))).toBe('block hash');
  expect(await failsAt(withHeader({ timestamp: Number(header.timestamp) + 1 }))).toBe('block hash');
  expect(await failsAt({ ...proof, headers: [header, header] })).toBe('chain of blocks');
  for (const at of [1, 5, 7]) expect(await failsAt(withOutput(at))).toBe('OS output');
  for (const at of [0, 4, 10, 13]) expect(await failsAt(withOutput(at))).toBe('proof');
  for (let i = 0; i < 40; i++) {
    const bytes = file.slice();
    const at = Math.floor((i * bytes.length) / 40);
    bytes[at] = bytes[at]! ^ (1 << (i % 8));
    expect(await failsAt(proof, { bytes })).toBe('proof');
  }
  // A core contract that this rollup did not settle on: there is none.
  await expect(failsAt(proof, { core: '0x00000000000000000000000000000000000000aa' })).rejects.toThrow();
}, 200_000);

it('ether goes to L2 and back without anything being relayed by hand', async () => {
  const { result: accounts } = await rpc(node.url, 'devnet_getPredeployedAccounts');
  const [account] = accounts as { address: string; private_key: string }[];
  const address = parseFelt(account!.address);
  const amount = 5n * 10n ** 15n;
  const balance = async () => {
    const { result } = await rpc(node.url, 'starknet_call', {
      request: {
        contract_address: formatFelt(L2_ETH),
        entry_point_selector: formatFelt(selectorFromName('balance_of')),
        calldata: [formatFelt(address)],
      },
      block_id: 'latest',
    });
    return BigInt(result[0]) + (BigInt(result[1]) << 128n);
  };
  const before = await balance();
  await deposit(user, node.manifest.bridge, { token: ETH_TOKEN, amount, l2Recipient: address }, 10n ** 12n);
  await until(async () => ((await balance()) === before + amount ? true : undefined));
  // Nobody has to, but who asks is told what has come.
  const { result: flushed } = await rpc(node.url, 'devnet_postmanFlush', {});
  expect(flushed.messages_to_l2).toHaveLength(1);
  expect(flushed.generated_l2_transactions).toHaveLength(1);

  const { result: nonce } = await rpc(node.url, 'starknet_getNonce', ['latest', account!.address]);
  const { result: chainId } = await rpc(node.url, 'starknet_chainId');
  const recipient = user.wallet.account.address;
  const invoke = signedInvoke(
    { address, privateKey: parseFelt(account!.private_key) },
    parseFelt(chainId),
    Number(nonce),
    [
      {
        to: TOKEN_BRIDGE,
        selector: selectorFromName('initiate_token_withdraw'),
        calldata: [BigInt(ETH_TOKEN), BigInt(recipient), amount, 0n],
      },
    ],
  );
  const { result: sent } = await rpc(node.url, 'starknet_addInvokeTransaction', {
    invoke_transaction: formatTransaction(invoke, new Set()),
  });
  await acceptedOnL1(node.url, sent.transaction_hash);
  expect(await balance()).toBe(before);
  const held = await user.reader.getBalance({ address: node.manifest.bridge });
  await withdraw(user, node.manifest.bridge, ETH_TOKEN, amount, recipient);
  expect(await user.reader.getBalance({ address: node.manifest.bridge })).toBe(held - amount);
  // Once, not twice.
  await expect(withdraw(user, node.manifest.bridge, ETH_TOKEN, amount, recipient)).rejects.toMatchObject({
    code: 'CALL_REFUSED',
  });
}, 500_000);

import { readFileSync } from 'node:fs';
import { Sequencer, STRK_TOKEN } from '@cairn/node';
import { formatFelt } from '@cairn/primitives';
import { startRpcServer } from '@cairn/rpc';
import { MemoryEngine } from '@cairn/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requestBody } from '../bench/sequencer.bench.ts';
import { TEST_CONFIG } from '../node/testSequencer.ts';
import { signedInvoke, transferCall } from '../node/wallet.ts';
import { rpc } from './cairnProcess.ts';

let sequencer: Sequencer;
let server: { url: string; close(): Promise<void> };

beforeAll(async () => {
  sequencer = new Sequencer(new MemoryEngine(), TEST_CONFIG);
  server = await startRpcServer({ backend: sequencer.backend, host: '127.0.0.1', port: 0 });
  sequencer.start();
});

afterAll(async () => {
  // Whatever was sent, the node still works.
  expect((await rpc(server.url, 'starknet_blockNumber')).result).toBe(0);
  await server.close();
  await sequencer.stop();
});

const post = async (body: string): Promise<any> => {
  const response = await fetch(server.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  return { status: response.status, ...((await response.json()) as object) };
};

/** A good transfer, as JSON-RPC params, to be spoiled. */
function invoke(changes: Parameters<typeof signedInvoke>[4] = {}, nonce = 0): any {
  const [alice, bob] = sequencer.chain.genesis.accounts;
  const call = transferCall(STRK_TOKEN, bob!.address, 1n);
  const tx = signedInvoke(alice!, sequencer.chain.info.chainId, nonce, [call], changes);
  return JSON.parse(requestBody(tx)).params.invoke_transaction;
}

const addInvoke = (invoke_transaction: unknown) =>
  rpc(server.url, 'starknet_addInvokeTransaction', { invoke_transaction });

const declareBody = (changes: object = {}): any => {
  const path = new URL('../../../packages/node/contracts/artifacts/deployer.json', import.meta.url);
  const { sierra } = JSON.parse(readFileSync(path, 'utf8'));
  const { type: _t, calldata: _c, ...common } = invoke();
  return {
    ...common,
    type: 'DECLARE',
    compiled_class_hash: '0x1',
    contract_class: { ...sierra, abi: `${JSON.stringify(sierra.abi)} ` },
    ...changes,
  };
};
const addDeclare = (declare_transaction: unknown) =>
  rpc(server.url, 'starknet_addDeclareTransaction', { declare_transaction });

describe('bad requests', () => {
  it('malformed JSON, wrong shape, unknown method', async () => {
    expect((await post('{')).error.code).toBe(-32700);
    expect((await post('{"id":1}')).error.code).toBe(-32600);
    const unknown = await rpc(server.url, 'starknet_nothing');
    expect(unknown.error.code).toBe(-32601);
    expect(JSON.stringify(unknown.error)).toContain('starknet_nothing');
  });

  it('an oversized body', async () => {
    const { status, error } = await post(`"${'x'.repeat(6_000_000)}"`);
    expect(status).toBe(413);
    expect(error).toBeDefined();
  });

  it.each([
    [
      'a felt out of range',
      ['0x800000000000011000000000000000000000000000000000000000000000001', 'latest'],
      -32602,
    ],
    ['no felt at all', ['12zz', 'latest'], -32602],
    ['an unknown tag', ['0x1', 'pending'], -32602],
  ])('%s is an invalid parameter that is named', async (_, params, code) => {
    const { error } = await rpc(server.url, 'starknet_getNonce', [params[1], params[0]]);
    expect(error.code).toBe(code);
    expect(JSON.stringify(error)).toMatch(/contract_address|block_id/);
  });

  it('unknown blocks, contracts, classes, transactions, entry points', async () => {
    const code = async (method: string, params: unknown) =>
      (await rpc(server.url, method, params)).error.code;
    expect(await code('starknet_getBlockWithTxHashes', [{ block_number: 99 }])).toBe(24);
    expect(await code('starknet_getNonce', ['latest', '0x1234'])).toBe(20);
    expect(await code('starknet_getClass', ['latest', '0x1234'])).toBe(28);
    expect(await code('starknet_getTransactionByHash', ['0x1234'])).toBe(29);
    expect(await code('starknet_getTransactionByBlockIdAndIndex', ['latest', 5])).toBe(27);
    const call = { contract_address: formatFelt(STRK_TOKEN), entry_point_selector: '0x1', calldata: [] };
    expect(await code('starknet_call', [call, 'latest'])).toBe(21);
    expect(await code('starknet_call', [{ ...call, contract_address: '0x1234' }, 'latest'])).toBe(20);
  });
});

describe('bad transactions', () => {
  it('wrong signature', async () => {
    const { error } = await addInvoke({ ...invoke(), signature: ['0x1', '0x2'] });
    expect(error.code).toBe(55);
    expect(error.data).toContain('Account: invalid signature');
  });

  it('wrong nonce: used, or too far ahead', async () => {
    expect((await addInvoke(invoke({}, 500))).error.code).toBe(52);
  });

  it('insufficient balance', async () => {
    const { error } = await addInvoke(
      invoke({
        resourceBounds: {
          l1Gas: { maxAmount: 10n ** 18n, maxPricePerUnit: 10n ** 18n },
          l2Gas: { maxAmount: 10n ** 8n, maxPricePerUnit: 10n ** 11n },
          l1DataGas: { maxAmount: 10n ** 5n, maxPricePerUnit: 10n ** 14n },
        },
      }),
    );
    expect(error.code).toBe(54);
  });

  it('bounds too low to validate', async () => {
    const { error } = await addInvoke(
      invoke({
        resourceBounds: {
          l1Gas: { maxAmount: 0n, maxPricePerUnit: 10n ** 14n },
          l2Gas: { maxAmount: 10n, maxPricePerUnit: 10n ** 11n },
          l1DataGas: { maxAmount: 10n ** 5n, maxPricePerUnit: 10n ** 14n },
        },
      }),
    );
    expect(error.code).toBe(53);
  });

  it('a price below the minimum', async () => {
    const bound = { maxAmount: 10n ** 5n, maxPricePerUnit: 1n };
    const { error } = await addInvoke(
      invoke({ resourceBounds: { l1Gas: bound, l2Gas: bound, l1DataGas: bound } }),
    );
    expect(error.code).toBe(65);
  });

  it('a sender that is no account', async () => {
    const { error } = await addInvoke({ ...invoke(), sender_address: formatFelt(STRK_TOKEN) });
    expect(error.code).toBe(58);
  });

  it('old versions', async () => {
    const { error } = await addInvoke({ ...invoke(), version: '0x1', max_fee: '0x1' });
    expect(error.code).toBe(61);
  });

  it('the same transaction twice', async () => {
    const future = invoke({}, 7);
    expect((await addInvoke(future)).result).toBeDefined();
    expect((await addInvoke(future)).error.code).toBe(59);
  });

  it('a wrong compiled class hash', async () => {
    const { error } = await addDeclare(declareBody());
    expect(error.code).toBe(60);
  });

  it('a class that does not compile', async () => {
    const body = declareBody();
    body.contract_class.sierra_program = body.contract_class.sierra_program.slice(0, 100);
    expect((await addDeclare(body)).error.code).toBe(56);
  });

  it('an account deployment of an undeclared class', async () => {
    const { type: _t, calldata: _c, sender_address: _s, ...common } = invoke();
    const deploy_account_transaction = {
      ...common,
      type: 'DEPLOY_ACCOUNT',
      class_hash: '0x1234',
      contract_address_salt: '0x1',
      constructor_calldata: [],
    };
    delete deploy_account_transaction.account_deployment_data;
    const { error } = await rpc(server.url, 'starknet_addDeployAccountTransaction', {
      deploy_account_transaction,
    });
    // Without balance at its address it fails on that first.
    expect([54, 28]).toContain(error.code);
  });
});

import { gunzipSync, gzipSync } from 'node:zlib';
import { CairnError, formatFelt } from '@cairn/primitives';
import { sierraClassHash } from '@cairn/protocol';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { CLASS_HASH, CLOSED, FakeBackend, HASHES, INVOKE, SIERRA_CLASS } from '../../test/fakeBackend.ts';
import { startRpcServer } from '../server/httpServer.ts';
import { formatContractClass } from '../wire/contractClass.ts';
import { formatFeederTransaction } from './formatTransaction.ts';
import { parseFeederBlock } from './parseBlock.ts';
import { parseFeederStateUpdate } from './parseStateUpdate.ts';

const backend = new FakeBackend();
const bugs: unknown[] = [];
const server = await startRpcServer({
  backend,
  host: '127.0.0.1',
  port: 0,
  limits: { maxBodyByteCount: 20_000 },
  onError: (error) => bugs.push(error),
});
afterAll(() => server.close());
beforeEach(() => {
  backend.failure = undefined;
  backend.submitted.length = 0;
});

async function get(path: string): Promise<{ status: number; body: any }> {
  const response = await fetch(`${server.url}/feeder_gateway/${path}`);
  const text = await response.text();
  const isJson = response.headers.get('content-type') === 'application/json';
  return { status: response.status, body: isJson ? JSON.parse(text) : text };
}

const BLOCK_KEYS =
  'block_hash parent_block_hash block_number state_root transaction_commitment event_commitment receipt_commitment state_diff_commitment state_diff_length status l1_da_mode l1_gas_price l1_data_gas_price l2_gas_price timestamp sequencer_address starknet_version transactions transaction_receipts';

describe('feeder gateway', () => {
  it('serves blocks with exactly the keys that nodes allow', async () => {
    const { body } = await get('get_block?blockNumber=1');
    expect(Object.keys(body).sort()).toEqual(BLOCK_KEYS.split(' ').sort());
    expect(parseFeederBlock(body).transactions).toHaveLength(5);
    const handled = body.transaction_receipts[3];
    expect(handled.l1_to_l2_consumed_message).toEqual({
      from_address: `0x${'e7'.padStart(40, '0')}`,
      to_address: '0xc0',
      selector: '0x5e1',
      payload: ['0x4'],
      nonce: '0x3',
    });
    expect(body.transaction_receipts[4]).toMatchObject({
      execution_status: 'REVERTED',
      revert_error: 'out of luck',
    });
    const byHash = await get(`get_block?blockHash=${formatFelt(CLOSED.header.blockHash)}`);
    expect(byHash.body).toEqual(body);
    expect((await get('get_block?blockNumber=latest&headerOnly=true')).body).toEqual({
      block_hash: '0xb10c',
      block_number: 1,
    });
  });

  it('serves state updates, alone, with their block, and signed', async () => {
    const update = (await get('get_state_update?blockNumber=1')).body;
    expect(parseFeederStateUpdate(update).oldRoot).toBe(CLOSED.oldRoot);
    const full = (await get('get_state_update?blockNumber=1&includeBlock=true&includeSignature=true')).body;
    expect(full.state_update).toEqual(update);
    expect(full.block.block_hash).toBe('0xb10c');
    expect(full.signature).toEqual(['0xb10c', '0x1']);
    expect((await get('get_signature?blockNumber=1')).body).toEqual({
      block_hash: '0xb10c',
      signature: ['0xb10c', '0x1'],
    });
    // There is no block between the latest and the one being built.
    expect((await get('get_state_update?blockNumber=pending')).body).toEqual(update);
  });

  it('serves the block being built whole, or what is new in it', async () => {
    const whole = (await get('get_preconfirmed_block?blockNumber=2')).body;
    expect(whole).toMatchObject({ status: 'PRE_CONFIRMED' });
    expect(whole.transaction_state_diffs).toHaveLength(1);
    const named = { block_number: 2, block_identifier: '0x1d', changed: true };
    const ask = async (query: string) => (await get(`get_preconfirmed_block?${query}`)).body;
    expect(await ask('blockNumber=latest&blockIdentifier=0x0&knownTransactionCount=0')).toEqual({
      ...whole,
      ...named,
    });
    expect(await ask('blockNumber=2&blockIdentifier=0x1d&knownTransactionCount=0')).toEqual({
      transactions: whole.transactions,
      transaction_receipts: whole.transaction_receipts,
      transaction_state_diffs: whole.transaction_state_diffs,
      ...named,
    });
    expect(await ask('blockNumber=2&blockIdentifier=0x1d&knownTransactionCount=1')).toEqual({
      changed: false,
    });
    // A client that knows more than there is has seen another block.
    expect(await ask('blockNumber=2&blockIdentifier=0x1d&knownTransactionCount=9')).toEqual({
      ...whole,
      ...named,
    });
    expect(await get('get_preconfirmed_block?blockNumber=7')).toMatchObject({
      status: 400,
      body: { code: 'StarknetErrorCode.BLOCK_NOT_FOUND' },
    });
  });

  it('serves keys, contracts, classes and single transactions', async () => {
    expect((await get('get_public_key')).body).toBe('0x9be');
    expect((await get('get_contract_addresses')).body).toEqual({
      Starknet: `0x${'c0de'.padStart(40, '0')}`,
      strk_l2_token_address: '0x57',
      eth_l2_token_address: '0xe7',
    });
    const { body: cls } = await get(
      `get_class_by_hash?classHash=${formatFelt(CLASS_HASH)}&blockNumber=latest`,
    );
    expect(cls).toEqual(formatContractClass(SIERRA_CLASS));
    expect((await get(`get_compiled_class_by_class_hash?classHash=${formatFelt(CLASS_HASH)}`)).status).toBe(
      200,
    );
    const hash = formatFelt(HASHES.reverted);
    expect((await get(`get_transaction_status?transactionHash=${hash}`)).body).toMatchObject({
      execution_status: 'REVERTED',
      tx_revert_reason: { error_message: 'out of luck' },
    });
    expect((await get(`get_transaction?transactionHash=${hash}`)).body.transaction.transaction_hash).toBe(
      hash,
    );
    expect((await get('get_transaction?transactionHash=0xdead')).body.status).toBe('NOT_RECEIVED');
    expect((await get('get_transaction_status?transactionHash=0xdead')).body.tx_status).toBe('NOT_RECEIVED');
    expect((await get('get_block_hash_by_id?blockId=1')).body).toBe('0xb10c');
    expect((await get('get_block_id_by_hash?blockHash=0xb10c')).body).toBe(1);
    expect((await get('is_alive')).body).toContain('alive');
  });

  it.each([
    ['get_block?blockNumber=99', 400, 'StarknetErrorCode.BLOCK_NOT_FOUND'],
    ['get_block?blockNumber=-1', 400, 'StarkErrorCode.MALFORMED_REQUEST'],
    ['get_block?blockHash=xyz', 400, 'StarkErrorCode.MALFORMED_REQUEST'],
    ['get_class_by_hash?classHash=0x1', 400, 'StarknetErrorCode.UNDECLARED_CLASS'],
    ['get_compiled_class_by_class_hash?classHash=0x1', 400, 'StarknetErrorCode.UNDECLARED_CLASS'],
    ['get_transaction', 400, 'StarkErrorCode.MALFORMED_REQUEST'],
  ])('%s is answered with %i %s', async (path, status, code) => {
    const answer = await get(path);
    expect(answer.status).toBe(status);
    expect(answer.body.code).toBe(code);
    expect(answer.body.message).not.toBe('');
  });

  it('names what it serves', async () => {
    expect(await get('constructor')).toEqual({ status: 404, body: expect.stringContaining('get_block,') });
  });

  it('packs large replies for those who take gzip', async () => {
    const { request } = await import('node:http');
    const ask = (encoding: string) =>
      new Promise<{ encoding: string | undefined; body: Buffer }>((resolve, reject) => {
        const url = `${server.url}/feeder_gateway/get_block?blockNumber=1`;
        request(url, { headers: { 'accept-encoding': encoding } }, async (response) => {
          const body = Buffer.concat(await response.toArray());
          resolve({ encoding: response.headers['content-encoding'], body });
        })
          .on('error', reject)
          .end();
      });
    const plain = await ask('identity');
    const packed = await ask('gzip, deflate');
    expect(plain.encoding).toBeUndefined();
    expect(packed.encoding).toBe('gzip');
    expect(packed.body.length).toBeLessThan(plain.body.length / 2);
    expect(gunzipSync(packed.body)).toEqual(plain.body);
  });
});

describe('gateway', () => {
  const post = async (body: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(`${server.url}/gateway/add_transaction`, {
      method: 'POST',
      headers,
      body: body instanceof Uint8Array ? (body as Uint8Array<ArrayBuffer>) : JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Record<string, string> };
  };
  const { transaction_hash: _, ...invoke } = formatFeederTransaction({
    transaction: INVOKE,
    receipt: CLOSED.transactions[0]!.receipt,
  }) as Record<string, unknown>;
  const cls = {
    ...formatContractClass(SIERRA_CLASS),
    sierra_program: gzipSync(JSON.stringify(['0x1', '0x6', '0x0'])).toString('base64'),
  };
  const declare = {
    ...invoke,
    type: 'DECLARE',
    contract_class: cls,
    compiled_class_hash: '0xca5',
  };

  it('hands an invoke on, plain or as gzip', async () => {
    const answer = await post(invoke);
    expect(answer).toMatchObject({ status: 200, body: { code: 'TRANSACTION_RECEIVED' } });
    await post(gzipSync(JSON.stringify(invoke)), { 'content-encoding': 'gzip' });
    expect(backend.submitted.map(({ transaction }) => transaction)).toEqual([INVOKE, INVOKE]);
  });

  it('unpacks the class of a declare', async () => {
    expect((await post(declare)).status).toBe(200);
    expect(backend.submitted[0]!.sierraClass).toEqual(SIERRA_CLASS);
    expect(backend.submitted[0]!.transaction).toMatchObject({ classHash: sierraClassHash(SIERRA_CLASS) });
  });

  it.each([
    ['no JSON', new TextEncoder().encode('{'), 'StarkErrorCode.MALFORMED_REQUEST'],
    ['no object', [], 'StarkErrorCode.MALFORMED_REQUEST'],
    ['an old version', { ...invoke, version: '0x1' }, 'StarknetErrorCode.INVALID_TRANSACTION_VERSION'],
    ['an L1 handler', { ...invoke, type: 'L1_HANDLER' }, 'StarkErrorCode.MALFORMED_REQUEST'],
    ['a field too few', { ...invoke, nonce: undefined }, 'StarkErrorCode.MALFORMED_REQUEST'],
    [
      'a program that is no gzip',
      { ...declare, contract_class: { ...cls, sierra_program: 'AAAA' } },
      'StarkErrorCode.MALFORMED_REQUEST',
    ],
  ])('refuses %s', async (_name, body, code) => {
    const answer = await post(body);
    expect(answer.status).toBe(400);
    expect(answer.body.code).toBe(code);
    expect(backend.submitted).toEqual([]);
  });

  it.each([
    ['INVALID_NONCE', 'INVALID_TRANSACTION_NONCE'],
    ['VALIDATION_FAILED', 'VALIDATE_FAILURE'],
    ['DUPLICATE_TRANSACTION', 'DUPLICATED_TRANSACTION'],
    ['INSUFFICIENT_BALANCE', 'INSUFFICIENT_ACCOUNT_BALANCE'],
    ['INSUFFICIENT_RESOURCE_BOUNDS', 'INSUFFICIENT_MAX_FEE'],
    ['FEE_BELOW_MINIMUM', 'GAS_PRICE_TOO_LOW'],
    ['LIBFUNC_NOT_ALLOWED', 'COMPILATION_FAILED'],
    ['MEMPOOL_FULL', 'TRANSACTION_LIMIT_EXCEEDED'],
  ])('tells %s as %s', async (code, told) => {
    backend.failure = new CairnError(code as 'INVALID_NONCE' & string, 'no');
    const answer = await post(invoke);
    expect(answer).toEqual({ status: 400, body: { code: `StarknetErrorCode.${told}`, message: 'no' } });
  });

  it('keeps the cause of a bug to itself', async () => {
    backend.failure = new Error('secret');
    expect(await post(invoke)).toEqual({
      status: 500,
      body: { code: 'StarknetErrorCode.InternalError', message: 'Internal error' },
    });
    expect(bugs).toEqual([backend.failure]);
  });

  it('refuses what is too long when unpacked', async () => {
    const bomb = gzipSync(JSON.stringify({ ...invoke, calldata: Array(30_000).fill('0x0') }));
    expect(bomb.length).toBeLessThan(5_000);
    expect((await post(bomb, { 'content-encoding': 'gzip' })).status).toBe(413);
  });

  it('is alive, and takes nothing but POST', async () => {
    expect(await (await fetch(`${server.url}/gateway/is_alive`)).text()).toContain('alive');
    expect(await (await fetch(`${server.url}/gateway/is_ready`)).text()).toContain('ready');
    expect((await fetch(`${server.url}/gateway/add_transaction`)).status).toBe(405);
    expect((await fetch(`${server.url}/gateway/nothing`)).status).toBe(404);
  });
});

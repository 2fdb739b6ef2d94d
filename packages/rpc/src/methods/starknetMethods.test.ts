import { CairnError } from '@cairn/primitives';
import { sierraClassHash } from '@cairn/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { FakeBackend, SIERRA_CLASS } from '../../test/fakeBackend.ts';
import { DECLARE_JSON, DEPLOY_ACCOUNT_JSON, INVOKE_JSON, QUERY_VERSION } from '../../test/requests.ts';
import { JsonRpcDispatcher } from '../server/jsonRpc.ts';
import { DEFAULT_RPC_LIMITS } from '../server/limits.ts';
import { STARKNET_METHODS } from './starknetMethods.ts';

let backend: FakeBackend;
beforeEach(() => {
  backend = new FakeBackend();
});

async function answer(method: string, params: unknown): Promise<any> {
  const dispatcher = new JsonRpcDispatcher(STARKNET_METHODS, backend, DEFAULT_RPC_LIMITS, () => {});
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: `starknet_${method}`, params });
  return JSON.parse((await dispatcher.answer(body))!);
}
const result = async (method: string, params: unknown = []) => (await answer(method, params)).result;
const error = async (method: string, params: unknown = []) => (await answer(method, params)).error;

describe('parameters', () => {
  it.each<[string, unknown, string]>([
    ['getNonce', [], 'missing parameter block_id of starknet_getNonce'],
    ['getNonce', ['latest'], 'missing parameter contract_address of starknet_getNonce'],
    ['getNonce', { contract_address: '0x1' }, 'missing parameter block_id of starknet_getNonce'],
    [
      'getNonce',
      ['latest', '0x1', '0x2'],
      'too many parameters of starknet_getNonce: got 3, expected at most 2',
    ],
    ['chainId', [1], 'too many parameters of starknet_chainId: got 1, expected at most 0 (none)'],
    ['getNonce', ['latest', 'abc'], 'invalid contract_address: got "abc", expected a felt'],
    ['getNonce', ['latest', '123'], 'invalid contract_address: got "123", expected a felt'],
    ['getNonce', ['latest', 5], 'invalid contract_address: got 5, expected a felt'],
    ['getNonce', ['latest', null], 'invalid contract_address: got null, expected a felt'],
    [
      'getNonce',
      ['latest', '0x800000000000011000000000000000000000000000000000000000000000001'],
      'below the Starknet prime',
    ],
    ['getNonce', ['pending', '0x1'], 'the tag "pending" was replaced by "pre_confirmed"'],
    ['getNonce', ['soon', '0x1'], 'invalid block_id: got "soon"'],
    ['getNonce', [{ block_number: -1 }, '0x1'], 'invalid block_id.block_number: got -1'],
    ['getNonce', [{ block_number: 1.5 }, '0x1'], 'invalid block_id.block_number: got 1.5'],
    ['getNonce', [{ block_number: '0x1' }, '0x1'], 'invalid block_id.block_number: got "0x1"'],
    ['getNonce', [{ block_number: 1, block_hash: '0x1' }, '0x1'], 'invalid block_id'],
    ['getNonce', [{}, '0x1'], 'invalid block_id'],
    ['getNonce', [7, '0x1'], 'invalid block_id: got 7'],
    [
      'getTransactionByBlockIdAndIndex',
      ['latest', -1],
      'invalid index: got -1, expected an integer of at least 0',
    ],
    [
      'getBlockWithTxs',
      ['latest', ['WHAT']],
      'invalid response_flags[0]: got "WHAT", expected "INCLUDE_PROOF_FACTS"',
    ],
    ['estimateFee', [[], ['SKIP_FEE_CHARGE'], 'latest'], 'invalid simulation_flags[0]'],
    ['estimateFee', [{}, [], 'latest'], 'invalid request: got {}, expected a list'],
    [
      'call',
      [{ contract_address: '0x1', calldata: [] }, 'latest'],
      'invalid request.entry_point_selector: got nothing',
    ],
    ['getEvents', [{}], 'invalid filter.chunk_size: got nothing, expected an integer of at least 1'],
    ['getEvents', [{ chunk_size: 0 }], 'invalid filter.chunk_size: got 0'],
    ['getEvents', [{ chunk_size: 5, keys: ['0x1'] }], 'invalid filter.keys[0]: got "0x1", expected a list'],
    ['getEvents', [{ chunk_size: 5, address: ['1'] }], 'invalid filter.address[0]'],
    ['getStorageProof', ['pre_confirmed'], 'use "latest" for the last closed block'],
    ['getStorageProof', ['latest', Array(1025).fill('0x1')], 'at most 1024 keys'],
    ['traceBlockTransactions', ['pre_confirmed'], 'expected a closed block'],
    ['getMessagesStatus', ['0xzz'], 'invalid transaction_hash'],
    [
      'estimateMessageFee',
      [{ from_address: '0x1', to_address: '0x1', entry_point_selector: '0x1', payload: [] }, 'latest'],
      'invalid message.from_address',
    ],
    [
      'addInvokeTransaction',
      [DECLARE_JSON],
      'invalid invoke_transaction.type: got "DECLARE", expected "INVOKE"',
    ],
    ['addInvokeTransaction', [{ ...INVOKE_JSON, type: 'DEPLOY' }], 'invalid invoke_transaction.type'],
    ['addInvokeTransaction', [{ ...INVOKE_JSON, tip: '0x10000000000000000' }], 'expected a u64'],
    [
      'addInvokeTransaction',
      [{ ...INVOKE_JSON, nonce: undefined }],
      'invalid invoke_transaction.nonce: got nothing',
    ],
    ['addInvokeTransaction', [{ ...INVOKE_JSON, proof: '?' }], 'expected base64 text'],
    [
      'addInvokeTransaction',
      [{ ...INVOKE_JSON, nonce_data_availability_mode: 0 }],
      'invalid invoke_transaction.nonce_data_availability_mode: got 0, expected "L1" or "L2"',
    ],
    [
      'addInvokeTransaction',
      [{ ...INVOKE_JSON, resource_bounds: { ...INVOKE_JSON.resource_bounds, l1_data_gas: undefined } }],
      'invalid invoke_transaction.resource_bounds.l1_data_gas: got nothing',
    ],
    [
      'addInvokeTransaction',
      [
        {
          ...INVOKE_JSON,
          resource_bounds: {
            ...INVOKE_JSON.resource_bounds,
            l1_gas: { max_amount: '0x0', max_price_per_unit: `0x1${'0'.repeat(32)}` },
          },
        },
      ],
      'expected a u128',
    ],
    [
      'addDeclareTransaction',
      [{ ...DECLARE_JSON, contract_class: { ...DECLARE_JSON.contract_class, abi: [] } }],
      'send JSON.stringify(abi)',
    ],
    [
      'addDeclareTransaction',
      [{ ...DECLARE_JSON, contract_class: { ...DECLARE_JSON.contract_class, sierra_program: 'H4sI' } }],
      'invalid declare_transaction.contract_class.sierra_program: got "H4sI", expected a list',
    ],
  ])('%s %j is refused', async (method, params, text) => {
    const sent = await error(method, params);
    expect(sent.code).toBe(-32602);
    expect(sent.data).toContain(text);
  });

  it('let leading zeros through, and null for what may be absent', async () => {
    expect(await result('getNonce', ['latest', `0x${'aaa'.padStart(64, '0')}`])).toBe('0x8');
    expect(await result('getBlockTransactionCount', { block_id: 'latest', extra: true })).toBe(5);
    expect(await result('getStateUpdate', ['pre_confirmed', null])).toHaveProperty('state_diff');
  });

  it('refuse versions other than 3 with error 61', async () => {
    for (const version of ['0x1', '0x0', '0x100000000000000000000000000000001']) {
      expect((await error('addInvokeTransaction', [{ ...INVOKE_JSON, version }])).code).toBe(61);
      expect((await error('estimateFee', [[{ ...INVOKE_JSON, version }], [], 'latest'])).code).toBe(61);
    }
    expect((await error('addInvokeTransaction', [{ ...INVOKE_JSON, version: QUERY_VERSION }])).code).toBe(61);
  });
});

describe('reads', () => {
  it.each<[string, unknown[], number]>([
    ['getBlockWithTxs', [{ block_number: 9 }], 24],
    ['getBlockWithTxHashes', [{ block_hash: '0x9' }], 24],
    ['getStateUpdate', [{ block_number: 9 }], 24],
    ['getNonce', [{ block_number: 9 }, '0xaaa'], 24],
    ['getNonce', ['latest', '0xdead'], 20],
    ['getStorageAt', ['0xdead', '0x1', 'latest'], 20],
    ['getClassAt', ['latest', '0xdead'], 20],
    ['getClassHashAt', ['latest', '0xdead'], 20],
    ['getClass', ['latest', '0xdead'], 28],
    ['getCompiledCasm', ['0xdead'], 28],
    ['getTransactionByHash', ['0xdead'], 29],
    ['getTransactionReceipt', ['0x999'], 29],
    ['getTransactionStatus', ['0xdead'], 29],
    ['getMessagesStatus', ['0xdead'], 29],
    ['getTransactionByBlockIdAndIndex', ['latest', 5], 27],
    ['traceTransaction', ['0xdead'], 29],
    ['traceTransaction', ['0x999'], 10],
    ['getEvents', [{ chunk_size: 1025 }], 31],
    ['getEvents', [{ chunk_size: 1, keys: Array(17).fill([]) }], 34],
    ['getEvents', [{ chunk_size: 1, continuation_token: 'x' }], 33],
    ['getEvents', [{ chunk_size: 1, continuation_token: '1-2-3' }], 33],
  ])('%s %j answers error %i', async (method, params, code) => {
    expect((await error(method, params)).code).toBe(code);
  });

  it('an empty chain has no latest block', async () => {
    backend.failure = new CairnError('BLOCK_NOT_FOUND', 'none');
    expect((await error('blockNumber')).code).toBe(32);
    expect((await error('blockHashAndNumber')).code).toBe(32);
  });

  it('proof facts appear only when asked for', async () => {
    expect(await result('getTransactionByHash', ['0x101'])).not.toHaveProperty('proof_facts');
    const flagged = await result('getTransactionByHash', ['0x101', ['INCLUDE_PROOF_FACTS']]);
    expect(flagged.proof_facts).toEqual(['0x9', '0x8']);
  });

  it('receipts say fee, unit and place', async () => {
    expect(await result('getTransactionReceipt', ['0x105'])).toEqual({
      type: 'INVOKE',
      transaction_hash: '0x105',
      actual_fee: { amount: '0x1e240', unit: 'FRI' },
      finality_status: 'ACCEPTED_ON_L2',
      execution_status: 'REVERTED',
      revert_reason: 'out of luck',
      messages_sent: [{ from_address: '0xc0', to_address: '0xe7', payload: ['0x6'] }],
      events: [{ from_address: '0xc0', keys: ['0x1', '0x2'], data: [] }],
      execution_resources: { l1_gas: 5, l1_data_gas: 192, l2_gas: 810_000 },
      block_hash: '0xb10c',
      block_number: 1,
    });
    const message = await result('getTransactionReceipt', ['0x104']);
    expect(message.actual_fee.unit).toBe('WEI');
    expect(message.message_hash).toMatch(/^0x[0-9a-f]{64}$/);
    expect(await result('getTransactionReceipt', ['0x201'])).not.toHaveProperty('block_hash');
  });

  it('a state update shows only the wanted contracts, and all classes', async () => {
    const { state_diff } = await result('getStateUpdate', ['latest', ['0xaaa']]);
    expect(state_diff.storage_diffs).toEqual([
      { address: '0xaaa', storage_entries: [{ key: '0x2', value: '0x16' }] },
    ]);
    expect(state_diff.deployed_contracts).toEqual([]);
    expect(state_diff.replaced_classes).toHaveLength(1);
    expect(state_diff.declared_classes).toHaveLength(1);
  });

  it('a storage cell tells when it changed last', async () => {
    const flags = ['INCLUDE_LAST_UPDATE_BLOCK'];
    expect(await result('getStorageAt', ['0xc0', '0x1', 'pre_confirmed', flags])).toEqual({
      value: '0xb',
      last_update_block: 1,
    });
    expect(await result('getStorageAt', ['0xc0', '0x9', 'latest', flags])).toEqual({
      value: '0x0',
      last_update_block: 0,
    });
  });

  it('events pass the filter on and give back the token', async () => {
    const first = await result('getEvents', [{ chunk_size: 2, address: '0xc0' }]);
    expect(first.continuation_token).toBe('2-1');
    await result('getEvents', [{ chunk_size: 2, keys: [[], ['0x1']], continuation_token: '2-1' }]);
    expect(backend.queries).toEqual([
      { addresses: [0xc0n], keys: [], limit: 2 },
      { addresses: [], keys: [[], [1n]], limit: 2, cursor: { blockNumber: 2, eventIndex: 1 } },
    ]);
  });
});

describe('writes', () => {
  it('hand the transaction to the backend', async () => {
    await result('addInvokeTransaction', [{ ...INVOKE_JSON, proof: 'AAAA', proof_facts: ['0x5'] }]);
    await result('addDeclareTransaction', [DECLARE_JSON]);
    expect(await result('addDeployAccountTransaction', [DEPLOY_ACCOUNT_JSON])).toEqual({
      transaction_hash: '0x1',
      contract_address: '0xaaa',
    });
    const [invoke, declare, deploy] = backend.submitted;
    expect(invoke).toMatchObject({
      query: false,
      hasProof: true,
      transaction: { proofFacts: [5n], version: 3 },
    });
    expect(invoke!.transaction.resourceBounds.l2Gas).toEqual({
      maxAmount: (1n << 64n) - 1n,
      maxPricePerUnit: (1n << 128n) - 1n,
    });
    expect(declare!.sierraClass).toEqual(SIERRA_CLASS);
    expect(declare!.transaction).toMatchObject({
      classHash: sierraClassHash(SIERRA_CLASS),
      compiledClassHash: 0xca5n,
    });
    expect(deploy!.transaction).toMatchObject({ contractAddressSalt: 1n, constructorCalldata: [2n] });
  });

  it('refuse what the backend refuses', async () => {
    backend.failure = new CairnError('INVALID_NONCE', 'got 1, expected 2');
    expect(await error('addInvokeTransaction', [INVOKE_JSON])).toEqual({
      code: 52,
      message: 'Invalid transaction nonce',
      data: 'got 1, expected 2',
    });
    const odd = { ...DECLARE_JSON.contract_class, contract_class_version: 'x'.repeat(40) };
    expect((await error('addDeclareTransaction', [{ ...DECLARE_JSON, contract_class: odd }])).code).toBe(62);
  });
});

describe('simulations', () => {
  it('estimates never charge and validate unless told otherwise', async () => {
    await result('estimateFee', [[INVOKE_JSON], [], 'latest']);
    await result('estimateFee', [[INVOKE_JSON], ['SKIP_VALIDATE'], 'latest']);
    await result('simulateTransactions', ['latest', [INVOKE_JSON], ['SKIP_FEE_CHARGE']]);
    expect(backend.flags).toEqual([
      { skipValidate: false, skipFeeCharge: true },
      { skipValidate: true, skipFeeCharge: true },
      { skipValidate: false, skipFeeCharge: true },
    ]);
  });

  it('estimates are in hex with their unit', async () => {
    expect(await result('estimateFee', [[INVOKE_JSON], [], 'latest'])).toEqual([
      {
        l1_gas_consumed: '0x5',
        l1_gas_price: '0x2710',
        l2_gas_consumed: '0xc5c10',
        l2_gas_price: '0x7530',
        l1_data_gas_consumed: '0xc0',
        l1_data_gas_price: '0x4e20',
        overall_fee: '0x5a89fee50',
        unit: 'FRI',
      },
    ]);
  });

  it('a revert fails the estimate and not the simulation', async () => {
    backend.revertReason = 'no luck';
    expect(await error('estimateFee', [[INVOKE_JSON], [], 'latest'])).toEqual({
      code: 41,
      message: 'Transaction execution error',
      data: { transaction_index: 0, execution_error: 'no luck' },
    });
    const [simulated] = await result('simulateTransactions', ['latest', [INVOKE_JSON], []]);
    expect(simulated.transaction_trace.execute_invocation).toEqual({ revert_reason: 'no luck' });
  });

  it('an estimate for a sender that does not exist is contract not found', async () => {
    const stranger = { ...INVOKE_JSON, sender_address: '0xdead' };
    expect((await error('estimateFee', [[stranger], [], 'latest'])).code).toBe(20);
    expect(await error('estimateFee', [[DEPLOY_ACCOUNT_JSON, stranger], [], 'latest'])).toBeUndefined();
  });

  it('a transaction that cannot run is named', async () => {
    backend.failure = new CairnError('VALIDATION_FAILED', 'bad signature', {
      details: { transactionIndex: 1 },
    });
    const two = [INVOKE_JSON, INVOKE_JSON];
    const expected = { transaction_index: 1, execution_error: 'bad signature' };
    expect((await error('estimateFee', [two, [], 'latest'])).data).toEqual(expected);
    expect((await error('simulateTransactions', ['latest', two, []])).data).toEqual(expected);
    backend.failure = new CairnError('VALIDATION_FAILED', 'bad signature');
    expect((await error('estimateFee', [[INVOKE_JSON], [], 'latest'])).data.transaction_index).toBe(0);
    expect((await error('estimateFee', [two, [], 'latest'])).code).toBe(63);
  });

  it('traces show gas, of steps as well, and nested calls', async () => {
    const { execute_invocation: call } = await result('traceTransaction', ['0x101']);
    expect(call.execution_resources).toEqual({ l1_gas: 0, l2_gas: 12_340 });
    // 1000 steps are 2.5 units of L1 gas, rounded up, at 40,000 L2 gas each.
    expect(call.calls[0].execution_resources).toEqual({ l1_gas: 0, l2_gas: 120_000 });
    expect(call.calls[0]).toMatchObject({ call_type: 'LIBRARY_CALL', is_reverted: true });
    expect(call.messages).toEqual([{ order: 0, from_address: '0xc0', to_address: '0xe7', payload: ['0x6'] }]);
    expect(call.events).toEqual([{ order: 1, keys: ['0x1'], data: ['0x2'] }]);
  });

  it('initial reads are those of the first transaction that read a cell', async () => {
    const two = [INVOKE_JSON, INVOKE_JSON];
    const { simulated_transactions, initial_reads } = await result('simulateTransactions', [
      'latest',
      two,
      ['RETURN_INITIAL_READS'],
    ]);
    expect(simulated_transactions).toHaveLength(2);
    expect(initial_reads).toEqual({
      storage: [{ contract_address: '0xc0', key: '0x1', value: '0x1' }],
      nonces: [{ contract_address: '0xaaa', nonce: '0x7' }],
      class_hashes: [{ contract_address: '0xaaa', class_hash: '0xc1a55' }],
      declared_contracts: [
        { class_hash: '0xc1a55', is_declared: true },
        { class_hash: '0x78', is_declared: false },
      ],
    });
  });

  it('a message is estimated in wei, and a failing handler is a contract error', async () => {
    const message = {
      from_address: `0x${'e'.repeat(40)}`,
      to_address: '0xc0',
      entry_point_selector: '0x5',
      payload: ['0x1'],
    };
    expect((await result('estimateMessageFee', [message, 'latest'])).unit).toBe('WEI');
    expect((await error('estimateMessageFee', [{ ...message, to_address: '0xdead' }, 'latest'])).code).toBe(
      20,
    );
    backend.revertReason = 'refused';
    expect(await error('estimateMessageFee', [message, 'latest'])).toEqual({
      code: 40,
      message: 'Contract error',
      data: { revert_error: 'refused' },
    });
  });
});

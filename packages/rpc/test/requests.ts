/** Fields of version 3 as a client sends them. */
const V3 = {
  version: '0x3',
  signature: ['0x1'],
  nonce: '0x0',
  resource_bounds: {
    l1_gas: { max_amount: '0x0', max_price_per_unit: '0x1' },
    l2_gas: { max_amount: '0xffffffffffffffff', max_price_per_unit: '0xffffffffffffffffffffffffffffffff' },
    l1_data_gas: { max_amount: '0x2', max_price_per_unit: '0x3' },
  },
  tip: '0x0',
  paymaster_data: [],
  nonce_data_availability_mode: 'L1',
  fee_data_availability_mode: 'L1',
};

export const QUERY_VERSION = '0x100000000000000000000000000000003';

export const INVOKE_JSON = {
  type: 'INVOKE',
  ...V3,
  sender_address: '0xaaa',
  calldata: ['0x1'],
  account_deployment_data: [],
};

export const DECLARE_JSON = {
  type: 'DECLARE',
  ...V3,
  sender_address: '0xaaa',
  compiled_class_hash: '0xca5',
  account_deployment_data: [],
  contract_class: {
    sierra_program: ['0x1', '0x6', '0x0'],
    contract_class_version: '0.1.0',
    entry_points_by_type: {
      CONSTRUCTOR: [],
      EXTERNAL: [{ selector: '0x5', function_idx: 0 }],
      L1_HANDLER: [],
    },
    abi: '[{"type": "function"}]',
  },
};

export const DEPLOY_ACCOUNT_JSON = {
  type: 'DEPLOY_ACCOUNT',
  ...V3,
  class_hash: '0xc1a55',
  contract_address_salt: '0x1',
  constructor_calldata: ['0x2'],
};

/** Successful calls of every method of the specification over HTTP, by name without prefix. */
export const SUCCESSFUL_CALLS: Readonly<Record<string, readonly (readonly unknown[])[]>> = {
  specVersion: [[]],
  chainId: [[]],
  blockNumber: [[]],
  blockHashAndNumber: [[]],
  syncing: [[]],
  getBlockWithTxHashes: [['latest'], ['pre_confirmed'], [{ block_number: 1 }], [{ block_hash: '0xb10c' }]],
  getBlockWithTxs: [['latest'], ['latest', ['INCLUDE_PROOF_FACTS']], ['pre_confirmed']],
  getBlockWithReceipts: [['latest'], ['latest', ['INCLUDE_PROOF_FACTS']], ['pre_confirmed']],
  getBlockTransactionCount: [['latest'], ['l1_accepted']],
  getStateUpdate: [['latest'], ['latest', ['0xaaa']], ['pre_confirmed']],
  getStorageAt: [
    ['0xc0', '0x1', 'latest'],
    ['0x1', '0x0', 'latest'],
    ['0xc0', '0x1', 'latest', ['INCLUDE_LAST_UPDATE_BLOCK']],
    ['0xc0', '0x5', 'pre_confirmed', ['INCLUDE_LAST_UPDATE_BLOCK']],
  ],
  getNonce: [['latest', '0xaaa']],
  getClass: [['latest', '0xc1a55']],
  getClassHashAt: [['latest', '0xc0']],
  getClassAt: [['latest', '0xc0']],
  getTransactionByHash: [
    ['0x101'],
    ['0x101', ['INCLUDE_PROOF_FACTS']],
    ['0x102'],
    ['0x103'],
    ['0x104'],
    ['0x201'],
  ],
  getTransactionByBlockIdAndIndex: [
    ['latest', 0],
    ['latest', 3, []],
  ],
  getTransactionReceipt: [['0x101'], ['0x102'], ['0x103'], ['0x104'], ['0x105'], ['0x201']],
  getTransactionStatus: [['0x101'], ['0x105'], ['0x999'], ['0x201']],
  getMessagesStatus: [[`0x8${'0'.repeat(62)}1`]],
  call: [[{ contract_address: '0xc0', entry_point_selector: '0x5', calldata: [] }, 'latest']],
  estimateFee: [
    [[INVOKE_JSON, DECLARE_JSON, DEPLOY_ACCOUNT_JSON], [], 'latest'],
    [[{ ...INVOKE_JSON, version: QUERY_VERSION }], ['SKIP_VALIDATE'], 'pre_confirmed'],
  ],
  estimateMessageFee: [
    [
      {
        from_address: `0x${'e'.repeat(40)}`,
        to_address: '0xc0',
        entry_point_selector: '0x5',
        payload: ['0x1'],
      },
      'latest',
    ],
  ],
  getEvents: [
    [{ chunk_size: 10 }],
    [
      {
        chunk_size: 1024,
        from_block: { block_number: 0 },
        to_block: 'latest',
        address: ['0xc0', '0xaaa'],
        keys: [['0x1'], []],
        continuation_token: '2-1',
      },
    ],
  ],
  getStorageProof: [
    ['latest'],
    ['latest', ['0xc1a55'], ['0xc0', '0xdead'], [{ contract_address: '0xc0', storage_keys: ['0x1'] }]],
  ],
  addInvokeTransaction: [[INVOKE_JSON], [{ ...INVOKE_JSON, proof: 'AAAA', proof_facts: ['0x1'] }]],
  addDeclareTransaction: [[DECLARE_JSON]],
  addDeployAccountTransaction: [[DEPLOY_ACCOUNT_JSON]],
  traceTransaction: [['0x101'], ['0x102'], ['0x103'], ['0x104'], ['0x105'], ['0x201']],
  simulateTransactions: [
    ['latest', [INVOKE_JSON, DECLARE_JSON, DEPLOY_ACCOUNT_JSON], []],
    [
      'latest',
      [{ ...INVOKE_JSON, version: QUERY_VERSION }],
      ['SKIP_VALIDATE', 'SKIP_FEE_CHARGE', 'RETURN_INITIAL_READS'],
    ],
  ],
  traceBlockTransactions: [['latest'], ['latest', ['RETURN_INITIAL_READS']]],
  getCompiledCasm: [['0xc1a55']],
};

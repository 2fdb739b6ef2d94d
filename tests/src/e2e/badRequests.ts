import { readFileSync } from 'node:fs';
import { type Sequencer, STRK_TOKEN } from '@cairn/node';
import { formatFelt } from '@cairn/primitives';
import { type InvokeV3, transactionHash } from '@cairn/protocol';
import { requestBody } from '../bench/sequencer.bench.ts';
import { signedInvoke, transferCall } from '../node/wallet.ts';

/** A request that must be refused, and how. */
export interface BadRequest {
  /** What is wrong with it. */
  readonly what: string;
  /** Names of errors of the specification, or of JSON-RPC. */
  readonly error: string;
  readonly method: string;
  readonly params: unknown;
  /** What its sender can do about it. */
  readonly fix: string;
  /** Subscriptions go over a WebSocket. */
  readonly socket?: true;
  /** Empty blocks to make before. */
  readonly blocks?: number;
}

const STRK = formatFelt(STRK_TOKEN);
const TOO_BIG = '0x800000000000011000000000000000000000000000000000000000000000001';
const bound = (maxAmount: bigint, maxPricePerUnit: bigint) => ({ maxAmount, maxPricePerUnit });

/** A good request, whose transaction waits for others, and one bad request for each way to be refused by a fresh chain. */
export function badRequests(sequencer: Sequencer): {
  first: Pick<BadRequest, 'method' | 'params'>;
  bad: BadRequest[];
} {
  const { accounts, classes } = sequencer.chain.genesis;
  const [alice, bob, carol] = accounts;
  const { chainId } = sequencer.chain.info;
  type Changes = Parameters<typeof signedInvoke>[4];
  const signed = (changes: Changes = {}, nonce = 0, from = alice!) =>
    signedInvoke(from, chainId, nonce, [transferCall(STRK_TOKEN, bob!.address, 1n)], changes);
  const json = (tx: InvokeV3): any => JSON.parse(requestBody(tx)).params.invoke_transaction;
  const transfer = (changes: Changes = {}, nonce = 0) => json(signed(changes, nonce));
  const add = (invoke_transaction: unknown) => ({
    method: 'starknet_addInvokeTransaction',
    params: { invoke_transaction },
  });
  const { type: _type, calldata: _calldata, ...common } = transfer();
  const artifact = new URL('../../../packages/node/contracts/artifacts/deployer.json', import.meta.url);
  const { sierra } = JSON.parse(readFileSync(artifact, 'utf8'));
  const { abi } = classes.deployer.stored.sierra;
  // The deployer is declared at genesis; with another ABI it is another class.
  const declare = (contract: object, changes: object = {}) => {
    const contract_class = { ...sierra, abi, ...contract };
    const declare_transaction = {
      ...common,
      type: 'DECLARE',
      compiled_class_hash: '0x1',
      contract_class,
      ...changes,
    };
    return { method: 'starknet_addDeclareTransaction', params: { declare_transaction } };
  };
  const unlike = { abi: `${abi} ` };
  const call = { contract_address: STRK, entry_point_selector: '0x1', calldata: [] };
  const transferFrom = [alice!.address, bob!.address, 10n ** 30n, 0n].map(formatFelt);
  const waiting = signed({}, 7, carol);
  const prices = { l1Gas: bound(0n, 10n ** 14n), l1DataGas: bound(10n ** 5n, 10n ** 14n) };
  const deploy: any = {
    ...common,
    type: 'DEPLOY_ACCOUNT',
    class_hash: formatFelt(classes.account.classHash),
    contract_address_salt: '0x1',
    constructor_calldata: ['0x1'],
  };
  delete deploy.sender_address;
  delete deploy.account_deployment_data;

  const bad = (error: string, what: string, method: string, params: unknown, fix: string): BadRequest => ({
    what,
    error,
    method: `starknet_${method}`,
    params,
    fix,
  });
  const invalid = (what: string, method: string, params: unknown, fix: string) =>
    bad('INVALID_PARAMS', what, method, params, fix);
  const badTx = (
    error: string,
    what: string,
    request: { method: string; params: unknown },
    fix: string,
  ): BadRequest => ({ what, error, ...request, fix });

  const requests = [
    bad(
      'METHOD_NOT_FOUND',
      'a method that does not exist',
      'nothing',
      [],
      'use a method of the specification',
    ),
    invalid('a felt of P or more', 'getNonce', ['latest', TOO_BIG], 'send a felt below the Starknet prime'),
    invalid('no felt', 'getNonce', ['latest', '12zz'], 'send 0x and up to 63 hexadecimal digits'),
    invalid('the old tag "pending"', 'getNonce', ['pending', '0x1'], 'use "pre_confirmed", or RPC 0.9'),
    invalid('a parameter too few', 'getNonce', ['latest'], 'send all required parameters'),
    bad(
      'NO_TRACE_AVAILABLE',
      'trace of a transaction that has not run yet',
      'traceTransaction',
      [formatFelt(transactionHash(waiting, chainId))],
      'ask again once it is in a block',
    ),
    bad('CONTRACT_NOT_FOUND', 'an address without a contract', 'getNonce', ['latest', '0x1234'], 'deploy it'),
    bad(
      'ENTRYPOINT_NOT_FOUND',
      'a selector the contract lacks',
      'call',
      [call, 'latest'],
      'use a selector of its ABI',
    ),
    bad(
      'BLOCK_NOT_FOUND',
      'a block beyond the newest',
      'getBlockWithTxHashes',
      [{ block_number: 99 }],
      'use a block up to starknet_blockNumber',
    ),
    bad(
      'INVALID_TXN_INDEX',
      'an index beyond the block',
      'getTransactionByBlockIdAndIndex',
      ['latest', 5],
      'use an index below the transaction count',
    ),
    bad('CLASS_HASH_NOT_FOUND', 'an unknown class', 'getClass', ['latest', '0x1234'], 'declare it'),
    bad(
      'TXN_HASH_NOT_FOUND',
      'an unknown transaction',
      'getTransactionByHash',
      ['0x1234'],
      'send it first; one that was rejected leaves no trace',
    ),
    bad(
      'PAGE_SIZE_TOO_BIG',
      'a page of events that is too long',
      'getEvents',
      [{ chunk_size: 1_000_000 }],
      'ask for pages of at most 1,024',
    ),
    bad(
      'INVALID_CONTINUATION_TOKEN',
      'a token that no answer gave',
      'getEvents',
      [{ chunk_size: 5, continuation_token: 'nonsense' }],
      'send the token of the page before',
    ),
    bad(
      'TOO_MANY_KEYS_IN_FILTER',
      'more key positions than an event has',
      'getEvents',
      [{ chunk_size: 5, keys: Array(60).fill(['0x1']) }],
      'filter by at most 16 positions',
    ),
    bad(
      'CONTRACT_ERROR',
      'a call that fails',
      'call',
      [
        {
          ...call,
          entry_point_selector: '0x3704ffe8fba161be0e994951751a5033b1462b918ff785c0a636be718dfdb68',
          calldata: transferFrom,
        },
        'latest',
      ],
      'read the revert error in `data`',
    ),
    bad(
      'TRANSACTION_EXECUTION_ERROR',
      'an estimate of a transaction that fails validation',
      'estimateFee',
      [[{ ...transfer(), signature: ['0x1', '0x2'] }], [], 'latest'],
      'sign the transaction, or pass SKIP_VALIDATE',
    ),
    badTx('CLASS_ALREADY_DECLARED', 'a class that is declared', declare({}), 'nothing: use it'),
    badTx(
      'INVALID_TRANSACTION_NONCE',
      'a nonce too far ahead',
      add(transfer({}, 500)),
      'use starknet_getNonce of the pre-confirmed block',
    ),
    badTx(
      'INSUFFICIENT_RESOURCES_FOR_VALIDATE',
      'bounds too low to validate',
      add(transfer({ resourceBounds: { ...prices, l2Gas: bound(10n, 10n ** 11n) } })),
      'take the bounds from starknet_estimateFee',
    ),
    badTx(
      'INSUFFICIENT_ACCOUNT_BALANCE',
      'bounds beyond the balance',
      add(
        transfer({
          resourceBounds: {
            ...prices,
            l1Gas: bound(10n ** 18n, 10n ** 18n),
            l2Gas: bound(10n ** 8n, 10n ** 11n),
          },
        }),
      ),
      'fund the account or lower the bounds',
    ),
    badTx(
      'INSUFFICIENT_ACCOUNT_BALANCE',
      'deployment of an account without balance',
      { method: 'starknet_addDeployAccountTransaction', params: { deploy_account_transaction: deploy } },
      'fund its address first',
    ),
    badTx(
      'VALIDATION_FAILURE',
      'a wrong signature',
      add({ ...transfer(), signature: ['0x1', '0x2'] }),
      'sign the hash of this very transaction, with the right chain id',
    ),
    badTx(
      'COMPILATION_FAILED',
      'a class that does not compile',
      declare({ ...unlike, sierra_program: sierra.sierra_program.slice(0, 100) }),
      'send the Sierra class as the compiler wrote it',
    ),
    badTx(
      'CONTRACT_CLASS_SIZE_IS_TOO_LARGE',
      'a class that is too large',
      declare({ abi: ' '.repeat(4_200_000) }),
      'split the contract, shorten its ABI',
    ),
    badTx(
      'NON_ACCOUNT',
      'a sender that is no account',
      add({ ...transfer(), sender_address: STRK }),
      'send from an account contract',
    ),
    badTx('DUPLICATE_TX', 'the same transaction twice', add(json(waiting)), 'nothing: it waits already'),
    badTx(
      'COMPILED_CLASS_HASH_MISMATCH',
      'another compiled class hash than that of the class',
      declare(unlike),
      'use the hash that `cairn compile` prints',
    ),
    badTx(
      'UNSUPPORTED_TX_VERSION',
      'an old transaction',
      add({ ...transfer(), version: '0x1', max_fee: '0x1' }),
      'send version 3',
    ),
    badTx(
      'UNSUPPORTED_CONTRACT_CLASS_VERSION',
      'a class of an unknown version',
      declare({ ...unlike, contract_class_version: '0.2.0' }),
      'compile with a supported compiler',
    ),
    badTx(
      'REPLACEMENT_TRANSACTION_UNDERPRICED',
      'the nonce of a waiting transaction, without a higher tip and price',
      add(json(signed({ tip: 1n }, 7, carol))),
      'raise tip and L2 gas price by a tenth at least',
    ),
    badTx(
      'FEE_BELOW_MINIMUM',
      'a gas price below the minimum',
      add(
        transfer({
          resourceBounds: {
            l1Gas: bound(10n ** 5n, 1n),
            l2Gas: bound(10n ** 5n, 1n),
            l1DataGas: bound(1n, 1n),
          },
        }),
      ),
      'take the bounds from starknet_estimateFee',
    ),
    {
      ...bad(
        'INVALID_SUBSCRIPTION_ID',
        'a subscription that is not',
        'unsubscribe',
        ['77'],
        'use the id the subscription returned, on its own connection',
      ),
      socket: true,
    },
    {
      ...bad(
        'TOO_MANY_ADDRESSES_IN_FILTER',
        'a subscription for too many senders',
        'subscribeNewTransactions',
        { sender_address: Array(2_000).fill('0x1') },
        'filter by at most 1,024 senders',
      ),
      socket: true,
    },
    {
      ...bad(
        'BLOCK_NOT_FOUND',
        'a subscription from a block beyond the newest',
        'subscribeNewHeads',
        [{ block_number: 99 }],
        'begin at a block up to starknet_blockNumber',
      ),
      socket: true,
    },
    badTx(
      'INVALID_PROOF',
      'a client-side proof',
      add({ ...transfer(), proof: 'AAAA', proof_facts: ['0x1'] }),
      'send it without a proof (docs/divergences.md, D3)',
    ),
    badTx(
      'UNEXPECTED_ERROR',
      'data availability on L2',
      add({ ...transfer(), nonce_data_availability_mode: 'L2' }),
      'use L1 for both modes',
    ),
    {
      ...bad(
        'TOO_MANY_BLOCKS_BACK',
        'a subscription that begins too far back',
        'subscribeNewHeads',
        [{ block_number: 0 }],
        'begin at most 1,024 blocks back; read older ones by starknet_getBlockWithTxs',
      ),
      socket: true,
      blocks: 1025,
    },
  ] satisfies BadRequest[];
  return { first: add(json(waiting)), bad: requests };
}

/** Errors of the specification that no request to a node of ours can cause, and why. */
export const NEVER: Readonly<Record<string, string>> = {
  NO_BLOCKS: 'the genesis block is there before the first request',
  STORAGE_PROOF_NOT_SUPPORTED: 'the state of every block is kept',
  COMPILATION_ERROR: 'a class is compiled when it is declared',
};

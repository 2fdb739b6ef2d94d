import { CairnError, type Felt, formatFelt, parseFelt } from '@cairn/primitives';
import type { BlockId, ClosedBlockView, RpcBackend, TransactionView } from '../backend.ts';
import type { RpcErrorCode } from '../errors.ts';
import type { HttpRequest, HttpRoute } from '../server/httpServer.ts';
import type { ErrorObserver } from '../server/jsonRpc.ts';
import { formatContractClass } from '../wire/contractClass.ts';
import { formatFelts } from '../wire/read.ts';
import { replyOf } from './feederErrors.ts';
import { formatFeederBlock, formatFeederPreConfirmedBlock } from './formatBlock.ts';
import { formatFeederStateUpdate } from './formatStateUpdate.ts';
import { formatFeederTransaction } from './formatTransaction.ts';

type Endpoint = (query: URLSearchParams, backend: RpcBackend) => unknown;

/** The endpoints that full nodes sync from. @see reference "protocol", section 6.1 */
const ENDPOINTS: Readonly<Record<string, Endpoint>> = {
  get_block(query, backend) {
    const block = closedBlock(blockId(query), backend);
    if (!flag(query, 'headerOnly')) return formatFeederBlock(block);
    return { block_hash: formatFelt(block.header.blockHash), block_number: block.header.blockNumber };
  },
  get_state_update(query, backend) {
    const block = closedBlock(blockId(query), backend);
    const update = formatFeederStateUpdate(block);
    if (!flag(query, 'includeBlock')) return update;
    const signature = flag(query, 'includeSignature') ? { signature: signatureOf(block, backend) } : {};
    return { block: formatFeederBlock(block), state_update: update, ...signature };
  },
  get_preconfirmed_block: preConfirmedBlock,
  get_signature(query, backend) {
    const block = closedBlock(blockId(query), backend);
    return { block_hash: formatFelt(block.header.blockHash), signature: signatureOf(block, backend) };
  },
  get_public_key: (_, backend) => formatFelt(backend.signer.publicKey),
  get_contract_addresses(_, { contracts }) {
    return {
      Starknet: `0x${contracts.core.toString(16).padStart(40, '0')}`,
      strk_l2_token_address: formatFelt(contracts.strkToken),
      eth_l2_token_address: formatFelt(contracts.ethToken),
    };
  },
  get_class_by_hash(query, backend) {
    const classHash = feltOf(query, 'classHash');
    const cls = backend.sierraClass(blockId(query), classHash);
    if (cls === undefined) throw undeclared(classHash);
    return formatContractClass(cls);
  },
  get_compiled_class_by_class_hash(query, backend) {
    const classHash = feltOf(query, 'classHash');
    const compiled = backend.compiledClass(classHash);
    if (compiled === undefined) throw undeclared(classHash);
    return compiled;
  },
  get_transaction_status(query, backend) {
    const hash = feltOf(query, 'transactionHash');
    const status = backend.transactionStatus(hash);
    if (status === undefined) return { tx_status: 'NOT_RECEIVED', finality_status: 'NOT_RECEIVED' };
    const { finality } = status;
    const view = backend.transaction(hash);
    return { tx_status: finality, finality_status: finality, ...(view ? outcomeOf(view) : {}) };
  },
  get_transaction(query, backend) {
    const view = backend.transaction(feltOf(query, 'transactionHash'));
    if (view === undefined) return { status: 'NOT_RECEIVED', finality_status: 'NOT_RECEIVED' };
    return {
      status: view.finality,
      finality_status: view.finality,
      ...outcomeOf(view),
      block_number: view.blockNumber,
      transaction_index: view.index,
      transaction: formatFeederTransaction(view),
    };
  },
  get_block_hash_by_id: (query, backend) =>
    formatFelt(closedBlock({ kind: 'number', number: numberOf(query, 'blockId') }, backend).header.blockHash),
  get_block_id_by_hash: (query, backend) =>
    closedBlock({ kind: 'hash', hash: feltOf(query, 'blockHash') }, backend).header.blockNumber,
};

const PREFIX = '/feeder_gateway';

/** The feeder gateway of a node: what others sync from. */
export function feederGateway(backend: RpcBackend, onError: ErrorObserver): HttpRoute {
  return {
    path: PREFIX,
    cost: 5,
    handle({ path, query }: HttpRequest) {
      const name = path.slice(PREFIX.length + 1);
      if (name === 'is_alive')
        return { status: 200, contentType: 'text/plain', body: 'FeederGateway is alive!' };
      const endpoint = Object.hasOwn(ENDPOINTS, name) ? ENDPOINTS[name] : undefined;
      if (endpoint === undefined) {
        const names = Object.keys(ENDPOINTS).join(', ');
        return { status: 404, contentType: 'text/plain', body: `nothing at ${path}; served are ${names}` };
      }
      return replyOf(() => endpoint(query, backend), path, onError);
    },
  };
}

/**
 * Without `blockIdentifier` the whole block being built; with it what is new to a client that has its first
 * `knownTransactionCount` transactions.
 */
function preConfirmedBlock(query: URLSearchParams, backend: RpcBackend): unknown {
  const block = backend.block({ kind: 'pre_confirmed' });
  if (block.kind !== 'preConfirmed') throw new CairnError('BLOCK_NOT_FOUND', 'no block is being built');
  const { blockNumber } = block.context;
  const wanted = query.get('blockNumber') ?? 'latest';
  if (wanted !== 'latest' && numberOf(query, 'blockNumber') !== blockNumber)
    throw new CairnError('BLOCK_NOT_FOUND', `block being built: got ${wanted}, expected ${blockNumber}`);
  const known = query.get('blockIdentifier');
  if (known === null) return formatFeederPreConfirmedBlock(block);
  const names = { block_number: blockNumber, block_identifier: formatFelt(block.identifier), changed: true };
  const count = query.has('knownTransactionCount') ? numberOf(query, 'knownTransactionCount') : 0;
  if (known !== names.block_identifier || count > block.transactions.length)
    return { ...formatFeederPreConfirmedBlock(block), ...names };
  if (count === block.transactions.length) return { changed: false };
  const { transactions, transaction_receipts, transaction_state_diffs } = formatFeederPreConfirmedBlock(
    block,
    count,
  );
  return { transactions, transaction_receipts, transaction_state_diffs, ...names };
}

function closedBlock(id: BlockId, backend: RpcBackend): ClosedBlockView {
  const block = backend.block(id);
  if (block.kind === 'closed') return block;
  throw new CairnError('BLOCK_NOT_FOUND', 'the block is still being built');
}

/** The block that `blockNumber` or `blockHash` names; the latest where neither is given. */
function blockId(query: URLSearchParams): BlockId {
  if (query.has('blockHash')) return { kind: 'hash', hash: feltOf(query, 'blockHash') };
  switch (query.get('blockNumber')) {
    case null:
    case 'latest':
    // Nodes that ask for it look whether there is a block between the latest and the one being built.
    case 'pending':
      return { kind: 'latest' };
    default:
      return { kind: 'number', number: numberOf(query, 'blockNumber') };
  }
}

function outcomeOf({ receipt, blockHash }: TransactionView) {
  return {
    ...(blockHash === undefined ? {} : { block_hash: formatFelt(blockHash) }),
    ...(receipt.revertReason === undefined
      ? { execution_status: 'SUCCEEDED' }
      : {
          execution_status: 'REVERTED',
          tx_revert_reason: { code: 'TRANSACTION_FAILED', error_message: receipt.revertReason },
        }),
  };
}

function signatureOf({ header }: ClosedBlockView, { signer }: RpcBackend) {
  const { r, s } = signer.sign(header.blockHash);
  return formatFelts([r, s]);
}

function flag(query: URLSearchParams, name: string): boolean {
  return query.get(name) === 'true';
}

function feltOf(query: URLSearchParams, name: string): Felt {
  return parseFelt(query.get(name) ?? '');
}

function numberOf(query: URLSearchParams, name: string): number {
  const text = query.get(name) ?? '';
  if (/^[0-9]{1,15}$/.test(text)) return Number(text);
  throw new CairnError<RpcErrorCode>(
    'INVALID_PARAMS',
    `invalid ${name}: got ${JSON.stringify(text.slice(0, 40))}, expected digits`,
  );
}

function undeclared(classHash: Felt): CairnError {
  return new CairnError('CLASS_HASH_NOT_FOUND', `class ${formatFelt(classHash)} is not declared`);
}

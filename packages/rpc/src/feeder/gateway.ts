import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { CairnError, formatFelt } from '@cairn/primitives';
import { type AccountTransaction, type SierraClass, sierraClassHash } from '@cairn/protocol';
import type { BroadcastTransaction, RpcBackend } from '../backend.ts';
import type { RpcErrorCode } from '../errors.ts';
import { SpecificationError } from '../rpcErrors.ts';
import type { HttpRequest, HttpRoute } from '../server/httpServer.ts';
import type { ErrorObserver } from '../server/jsonRpc.ts';
import { parseJson } from '../server/parseJson.ts';
import { readContractClass } from '../wire/contractClass.ts';
import { replyOf } from './feederErrors.ts';
import { asObject, asString, type JsonObject } from './json.ts';
import { parseFeederBody } from './parseTransaction.ts';

const PREFIX = '/gateway';
/** What a Sierra program may come to when it is unpacked. @see reference "protocol", section 5.9 */
const MAX_PROGRAM_BYTE_COUNT = 4_089_446;

/** The gateway of a node: where other nodes hand transactions on. @see reference "protocol", section 6.3 */
export function gateway(backend: RpcBackend, onError: ErrorObserver): HttpRoute {
  return {
    path: PREFIX,
    cost: 100,
    handle({ method, path, body }: HttpRequest) {
      switch (path.slice(PREFIX.length + 1)) {
        case 'is_alive':
          return { status: 200, contentType: 'text/plain', body: 'Gateway is alive!' };
        case 'is_ready':
          return { status: 200, contentType: 'text/plain', body: 'Gateway is ready!' };
        case 'add_transaction':
          if (method === 'POST') return replyOf(() => addTransaction(body, backend), path, onError);
          return {
            status: 405,
            contentType: 'text/plain',
            body: `${method} is not served at ${path}: use POST`,
          };
        default:
          return {
            status: 404,
            contentType: 'text/plain',
            body: `nothing at ${path}; send transactions to ${PREFIX}/add_transaction`,
          };
      }
    },
  };
}

async function addTransaction(body: string, backend: RpcBackend) {
  const accepted = await backend.submit(await readTransaction(asObject(jsonOf(body), 'transaction')));
  return {
    code: 'TRANSACTION_RECEIVED',
    transaction_hash: formatFelt(accepted.transactionHash),
    ...(accepted.classHash === undefined ? {} : { class_hash: formatFelt(accepted.classHash) }),
    ...(accepted.contractAddress === undefined ? {} : { address: formatFelt(accepted.contractAddress) }),
  };
}

async function readTransaction(json: JsonObject): Promise<BroadcastTransaction> {
  if (json.version !== '0x3') throw new SpecificationError('UNSUPPORTED_TX_VERSION');
  const hasProof = json.proof !== undefined && json.proof !== null && json.proof !== '';
  if (json.type !== 'DECLARE')
    return { transaction: accountTransaction(parseFeederBody(json)), query: false, hasProof };
  const sierraClass = await readClass(asObject(json.contract_class, 'contract_class'));
  const class_hash = formatFelt(sierraClassHash(sierraClass));
  const transaction = accountTransaction(parseFeederBody({ ...json, class_hash }));
  return { transaction, sierraClass, query: false, hasProof };
}

function accountTransaction(transaction: ReturnType<typeof parseFeederBody>): AccountTransaction {
  if (transaction.type !== 'L1_HANDLER' && transaction.version === 3) return transaction;
  throw new SpecificationError('UNSUPPORTED_TX_VERSION');
}

/** A class whose program comes as base64 of gzip of its JSON. */
async function readClass(json: JsonObject): Promise<SierraClass> {
  const packed = Buffer.from(asString(json.sierra_program, 'contract_class.sierra_program'), 'base64');
  let program: string;
  try {
    program = String(await promisify(gunzip)(packed, { maxOutputLength: MAX_PROGRAM_BYTE_COUNT }));
  } catch (cause) {
    throw malformed(`contract_class.sierra_program is no base64 of gzip: ${(cause as Error).message}`);
  }
  return readContractClass({ ...json, sierra_program: jsonOf(program) }, 'contract_class');
}

function jsonOf(text: string): unknown {
  try {
    return parseJson(text);
  } catch (cause) {
    throw malformed(`not JSON: ${(cause as Error).message}`);
  }
}

function malformed(message: string): CairnError {
  return new CairnError<RpcErrorCode>('MALFORMED_FEEDER_JSON', message);
}

import { CairnError } from '@cairn/primitives';
import { isBug, type SpecificationErrorName, specificationNameOf } from '../rpcErrors.ts';
import type { HttpReply } from '../server/httpServer.ts';
import type { ErrorObserver } from '../server/jsonRpc.ts';

/**
 * Codes of the gateways for the errors of JSON-RPC; one that is not here has the same name in both.
 * @see reference "protocol", section 6.3
 */
const CODES: Partial<Record<SpecificationErrorName, string>> = {
  CLASS_HASH_NOT_FOUND: 'UNDECLARED_CLASS',
  CONTRACT_CLASS_SIZE_IS_TOO_LARGE: 'CONTRACT_CLASS_OBJECT_SIZE_TOO_LARGE',
  COMPILED_CLASS_HASH_MISMATCH: 'INVALID_COMPILED_CLASS_HASH',
  UNSUPPORTED_CONTRACT_CLASS_VERSION: 'INVALID_CONTRACT_CLASS_VERSION',
  UNSUPPORTED_TX_VERSION: 'INVALID_TRANSACTION_VERSION',
  INSUFFICIENT_RESOURCES_FOR_VALIDATE: 'INSUFFICIENT_MAX_FEE',
  FEE_BELOW_MINIMUM: 'GAS_PRICE_TOO_LOW',
  DUPLICATE_TX: 'DUPLICATED_TRANSACTION',
  VALIDATION_FAILURE: 'VALIDATE_FAILURE',
};

/** Errors of a document that is not what it must be. */
const MALFORMED: ReadonlySet<string> = new Set(['MALFORMED_FEEDER_JSON', 'INVALID_PARAMS', 'INVALID_FELT']);
/** Too much to do: the client may come back later. */
const OVERLOADED: ReadonlySet<string> = new Set(['MEMPOOL_FULL', 'TASK_QUEUE_FULL']);

/** A value as the body of a reply. */
export function jsonReply(value: unknown, status = 200): HttpReply {
  return { status, contentType: 'application/json', body: JSON.stringify(value) };
}

/** The reply with what `work` gives, or with its error as the gateways tell errors. Bugs of ours go to `onError`. */
export async function replyOf(work: () => unknown, path: string, onError: ErrorObserver): Promise<HttpReply> {
  try {
    return jsonReply(await work());
  } catch (error) {
    if (error instanceof CairnError && !isBug(error))
      return jsonReply({ code: gatewayCode(error), message: error.message }, 400);
    onError(error, path);
    return jsonReply({ code: 'StarknetErrorCode.InternalError', message: 'Internal error' }, 500);
  }
}

function gatewayCode(error: CairnError): string {
  if (MALFORMED.has(error.code)) return 'StarkErrorCode.MALFORMED_REQUEST';
  if (OVERLOADED.has(error.code)) return 'StarknetErrorCode.TRANSACTION_LIMIT_EXCEEDED';
  const name = specificationNameOf(error);
  return `StarknetErrorCode.${name === 'UNEXPECTED_ERROR' ? error.code : (CODES[name] ?? name)}`;
}

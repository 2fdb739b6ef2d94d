import { CairnError, formatFelt } from '@cairn/primitives';
import type { RpcErrorCode } from './errors.ts';

/**
 * Errors of the JSON-RPC specification 0.10.2 that methods and subscriptions return.
 * @see starkware-libs/starknet-specs, api/*.json, components.errors
 */
export const SPECIFICATION_ERRORS = {
  NO_TRACE_AVAILABLE: { code: 10, message: 'No trace available for transaction' },
  CONTRACT_NOT_FOUND: { code: 20, message: 'Contract not found' },
  ENTRYPOINT_NOT_FOUND: { code: 21, message: 'Requested entry point does not exist in the contract' },
  BLOCK_NOT_FOUND: { code: 24, message: 'Block not found' },
  INVALID_TXN_INDEX: { code: 27, message: 'Invalid transaction index in a block' },
  CLASS_HASH_NOT_FOUND: { code: 28, message: 'Class hash not found' },
  TXN_HASH_NOT_FOUND: { code: 29, message: 'Transaction hash not found' },
  PAGE_SIZE_TOO_BIG: { code: 31, message: 'Requested page size is too big' },
  NO_BLOCKS: { code: 32, message: 'There are no blocks' },
  INVALID_CONTINUATION_TOKEN: {
    code: 33,
    message: 'The supplied continuation token is invalid or unknown',
  },
  TOO_MANY_KEYS_IN_FILTER: { code: 34, message: 'Too many keys provided in a filter' },
  CONTRACT_ERROR: { code: 40, message: 'Contract error' },
  TRANSACTION_EXECUTION_ERROR: { code: 41, message: 'Transaction execution error' },
  STORAGE_PROOF_NOT_SUPPORTED: {
    code: 42,
    message: "the node doesn't support storage proofs for blocks that are too far in the past",
  },
  CLASS_ALREADY_DECLARED: { code: 51, message: 'Class already declared' },
  INVALID_TRANSACTION_NONCE: { code: 52, message: 'Invalid transaction nonce' },
  INSUFFICIENT_RESOURCES_FOR_VALIDATE: {
    code: 53,
    message: "The transaction's resources don't cover validation or the minimal transaction fee",
  },
  INSUFFICIENT_ACCOUNT_BALANCE: {
    code: 54,
    message:
      "Account balance is smaller than the transaction's maximal fee (calculated as the sum of each resource's limit x max price)",
  },
  VALIDATION_FAILURE: { code: 55, message: 'Account validation failed' },
  COMPILATION_FAILED: { code: 56, message: 'Compilation failed' },
  CONTRACT_CLASS_SIZE_IS_TOO_LARGE: { code: 57, message: 'Contract class size is too large' },
  NON_ACCOUNT: { code: 58, message: 'Sender address is not an account contract' },
  DUPLICATE_TX: {
    code: 59,
    message: 'A transaction with the same hash already exists in the mempool',
  },
  COMPILED_CLASS_HASH_MISMATCH: {
    code: 60,
    message: 'the compiled class hash did not match the one supplied in the transaction',
  },
  UNSUPPORTED_TX_VERSION: { code: 61, message: 'the transaction version is not supported' },
  UNSUPPORTED_CONTRACT_CLASS_VERSION: {
    code: 62,
    message: 'the contract class version is not supported',
  },
  UNEXPECTED_ERROR: { code: 63, message: 'An unexpected error occurred' },
  REPLACEMENT_TRANSACTION_UNDERPRICED: {
    code: 64,
    message: 'Replacement transaction is underpriced',
  },
  FEE_BELOW_MINIMUM: { code: 65, message: 'Transaction fee below minimum' },
  INVALID_SUBSCRIPTION_ID: { code: 66, message: 'Invalid subscription id' },
  TOO_MANY_ADDRESSES_IN_FILTER: {
    code: 67,
    message: 'Too many addresses in filter sender_address filter',
  },
  TOO_MANY_BLOCKS_BACK: { code: 68, message: 'Cannot go back more than 1024 blocks' },
  INVALID_PROOF: { code: 69, message: 'The proof field in the invoke v3 transaction is invalid' },
  COMPILATION_ERROR: { code: 100, message: 'Failed to compile the contract' },
} as const;

/** Name of an error of the specification. */
export type SpecificationErrorName = keyof typeof SPECIFICATION_ERRORS;

/** An error of the specification with its data, ready to be sent. */
export class SpecificationError extends CairnError<RpcErrorCode> {
  readonly specificationName: SpecificationErrorName;
  readonly data: unknown;

  constructor(name: SpecificationErrorName, data?: unknown) {
    super('SPECIFICATION_ERROR', SPECIFICATION_ERRORS[name].message);
    this.specificationName = name;
    this.data = data;
  }
}

/** The error object of a JSON-RPC response. */
export interface JsonRpcError {
  code: number;
  message: string;
  data?: unknown;
}

/** Error codes of JSON-RPC itself. @see JSON-RPC 2.0 specification, section 5.1 */
export const JSON_RPC_ERRORS = {
  PARSE_ERROR: { code: -32700, message: 'Parse error' },
  INVALID_REQUEST: { code: -32600, message: 'Invalid Request' },
  METHOD_NOT_FOUND: { code: -32601, message: 'Method not found' },
  INVALID_PARAMS: { code: -32602, message: 'Invalid params' },
  INTERNAL_ERROR: { code: -32603, message: 'Internal error' },
  /** @see EIP-1474 */
  LIMIT_EXCEEDED: { code: -32005, message: 'Limit exceeded' },
} as const;

/** What an error of the specification tells beside its code. */
type DataOf = (error: CairnError) => unknown;
const noData: DataOf = () => undefined;
const messageText: DataOf = (error) => error.message;

/**
 * The mapping from error codes of the node, the engine and the compiler to errors of the specification. A
 * code that is not here becomes `UNEXPECTED_ERROR`, and so does one whose error the called method may not
 * return.
 */
const MAPPING: Readonly<Record<string, readonly [SpecificationErrorName, DataOf]>> = {
  BLOCK_NOT_FOUND: ['BLOCK_NOT_FOUND', noData],
  CONTRACT_NOT_FOUND: ['CONTRACT_NOT_FOUND', noData],
  ENTRY_POINT_NOT_FOUND: ['ENTRYPOINT_NOT_FOUND', noData],
  CONTRACT_ERROR: ['CONTRACT_ERROR', (error) => ({ revert_error: contractExecutionError(error) })],
  CLASS_HASH_NOT_FOUND: ['CLASS_HASH_NOT_FOUND', noData],
  PROOF_UNAVAILABLE: ['STORAGE_PROOF_NOT_SUPPORTED', noData],
  CLASS_ALREADY_DECLARED: ['CLASS_ALREADY_DECLARED', noData],
  INVALID_NONCE: ['INVALID_TRANSACTION_NONCE', messageText],
  INSUFFICIENT_RESOURCE_BOUNDS: ['INSUFFICIENT_RESOURCES_FOR_VALIDATE', noData],
  INSUFFICIENT_BALANCE: ['INSUFFICIENT_ACCOUNT_BALANCE', noData],
  VALIDATION_FAILED: ['VALIDATION_FAILURE', messageText],
  CLASS_TOO_LARGE: ['CONTRACT_CLASS_SIZE_IS_TOO_LARGE', noData],
  NON_ACCOUNT: ['NON_ACCOUNT', noData],
  DUPLICATE_TRANSACTION: ['DUPLICATE_TX', noData],
  COMPILED_CLASS_HASH_MISMATCH: ['COMPILED_CLASS_HASH_MISMATCH', noData],
  UNSUPPORTED_TRANSACTION_VERSION: ['UNSUPPORTED_TX_VERSION', noData],
  UNSUPPORTED_CLASS_VERSION: ['UNSUPPORTED_CONTRACT_CLASS_VERSION', noData],
  REPLACEMENT_UNDERPRICED: ['REPLACEMENT_TRANSACTION_UNDERPRICED', noData],
  FEE_BELOW_MINIMUM: ['FEE_BELOW_MINIMUM', noData],
  INVALID_PROOF: ['INVALID_PROOF', noData],
  INVALID_PROOF_FACTS: ['INVALID_PROOF', noData],
  COMPILATION_FAILED: ['COMPILATION_FAILED', messageText],
  // The Sierra compiler's own codes, see @cairn/cairo, sierra/errors.ts.
  INVALID_SIERRA_CLASS: ['COMPILATION_FAILED', messageText],
  UNSUPPORTED_SIERRA_VERSION: ['COMPILATION_FAILED', messageText],
  LIBFUNC_NOT_ALLOWED: ['COMPILATION_FAILED', messageText],
  INVALID_ENTRY_POINT: ['COMPILATION_FAILED', messageText],
  INVALID_TYPE: ['COMPILATION_FAILED', messageText],
  INVALID_LIBFUNC: ['COMPILATION_FAILED', messageText],
  INVALID_FUNCTION: ['COMPILATION_FAILED', messageText],
  INVALID_STATEMENT: ['COMPILATION_FAILED', messageText],
  INVALID_GAS: ['COMPILATION_FAILED', messageText],
  INVALID_AP_CHANGE: ['COMPILATION_FAILED', messageText],
  INVALID_CONST: ['COMPILATION_FAILED', messageText],
  BYTECODE_TOO_LONG: ['COMPILATION_FAILED', messageText],
};

/**
 * What a client is told of an error thrown by a method. Errors that are bugs of ours become −32603 and say
 * nothing of the cause.
 * @param allowed the errors the method may return; absent: all of them.
 */
export function toJsonRpcError(error: unknown, allowed?: readonly SpecificationErrorName[]): JsonRpcError {
  if (!(error instanceof CairnError) || isBug(error)) return JSON_RPC_ERRORS.INTERNAL_ERROR;
  if (error instanceof SpecificationError) return specificationError(error.specificationName, error.data);
  if (error.code === 'INVALID_PARAMS') {
    const data = error.fix === undefined ? error.message : `${error.message}; ${error.fix}`;
    return { ...JSON_RPC_ERRORS.INVALID_PARAMS, data };
  }
  const [name, dataOf] = MAPPING[error.code] ?? ['UNEXPECTED_ERROR', messageText];
  if (allowed !== undefined && !allowed.includes(name)) {
    return specificationError('UNEXPECTED_ERROR', error.message);
  }
  return specificationError(name, dataOf(error));
}

/** The error of the specification that stands for this one, whichever method throws it. */
export function specificationNameOf(error: CairnError): SpecificationErrorName {
  if (error instanceof SpecificationError) return error.specificationName;
  return MAPPING[error.code]?.[0] ?? 'UNEXPECTED_ERROR';
}

/** True for what no client can cause: errors without a code, and broken invariants. */
export function isBug(error: unknown): boolean {
  return !(error instanceof CairnError) || error.code === 'INTERNAL';
}

function specificationError(name: SpecificationErrorName, data: unknown): JsonRpcError {
  const { code, message } = SPECIFICATION_ERRORS[name];
  return data === undefined ? { code, message } : { code, message, data };
}

/**
 * The specification's CONTRACT_EXECUTION_ERROR: where the error says which call failed, an object that names
 * it, else the text.
 */
export function contractExecutionError(error: CairnError): unknown {
  const { contractAddress, classHash, selector, error: inner } = error.details;
  if (typeof contractAddress !== 'bigint' || typeof classHash !== 'bigint' || typeof selector !== 'bigint') {
    return error.message;
  }
  return {
    contract_address: formatFelt(contractAddress),
    class_hash: formatFelt(classHash),
    selector: formatFelt(selector),
    error: typeof inner === 'string' ? inner : error.message,
  };
}

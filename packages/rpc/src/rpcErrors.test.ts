import { CairnError } from '@cairn/primitives';
import { describe, expect, it } from 'vitest';
import { SpecificationError, toJsonRpcError } from './rpcErrors.ts';
import { invalidParameter } from './wire/read.ts';

/** Code thrown → code sent, and whether the message goes along as data. */
const MAPPED: readonly [string, number, boolean][] = [
  ['BLOCK_NOT_FOUND', 24, false],
  ['CONTRACT_NOT_FOUND', 20, false],
  ['ENTRY_POINT_NOT_FOUND', 21, false],
  ['CLASS_HASH_NOT_FOUND', 28, false],
  ['PROOF_UNAVAILABLE', 42, false],
  ['CLASS_ALREADY_DECLARED', 51, false],
  ['INVALID_NONCE', 52, true],
  ['INSUFFICIENT_RESOURCE_BOUNDS', 53, false],
  ['INSUFFICIENT_BALANCE', 54, false],
  ['VALIDATION_FAILED', 55, true],
  ['COMPILATION_FAILED', 56, true],
  ['LIBFUNC_NOT_ALLOWED', 56, true],
  ['INVALID_SIERRA_CLASS', 56, true],
  ['UNSUPPORTED_SIERRA_VERSION', 56, true],
  ['INVALID_ENTRY_POINT', 56, true],
  ['INVALID_TYPE', 56, true],
  ['INVALID_LIBFUNC', 56, true],
  ['INVALID_FUNCTION', 56, true],
  ['INVALID_STATEMENT', 56, true],
  ['INVALID_GAS', 56, true],
  ['INVALID_AP_CHANGE', 56, true],
  ['INVALID_CONST', 56, true],
  ['BYTECODE_TOO_LONG', 56, true],
  ['CLASS_TOO_LARGE', 57, false],
  ['NON_ACCOUNT', 58, false],
  ['DUPLICATE_TRANSACTION', 59, false],
  ['COMPILED_CLASS_HASH_MISMATCH', 60, false],
  ['UNSUPPORTED_TRANSACTION_VERSION', 61, false],
  ['UNSUPPORTED_CLASS_VERSION', 62, false],
  ['MEMPOOL_FULL', 63, true],
  ['INVALID_TRANSACTION', 63, true],
  ['EXECUTION_FAILED', 63, true],
  ['SOMETHING_NEW', 63, true],
  ['REPLACEMENT_UNDERPRICED', 64, false],
  ['FEE_BELOW_MINIMUM', 65, false],
  ['INVALID_PROOF', 69, false],
];

describe('toJsonRpcError', () => {
  it.each(MAPPED)('sends %s as %i', (code, expected, hasData) => {
    const sent = toJsonRpcError(new CairnError(code, 'what happened'));
    expect(sent.code).toBe(expected);
    expect(sent.data).toBe(hasData ? 'what happened' : undefined);
  });

  it('names the failed call of a contract error', () => {
    const details = { contractAddress: 0xc0n, classHash: 0xc1n, selector: 0x5n, error: "0x1 ('\\x01')" };
    expect(toJsonRpcError(new CairnError('CONTRACT_ERROR', 'text', { details }))).toEqual({
      code: 40,
      message: 'Contract error',
      data: {
        revert_error: {
          contract_address: '0xc0',
          class_hash: '0xc1',
          selector: '0x5',
          error: "0x1 ('\\x01')",
        },
      },
    });
    expect(toJsonRpcError(new CairnError('CONTRACT_ERROR', 'text')).data).toEqual({ revert_error: 'text' });
  });

  it('sends an error that the method may not return as unexpected', () => {
    const sent = toJsonRpcError(new CairnError('CLASS_TOO_LARGE', 'too big'), ['BLOCK_NOT_FOUND']);
    expect(sent).toEqual({ code: 63, message: 'An unexpected error occurred', data: 'too big' });
  });

  it('sends errors of the specification as they are', () => {
    const error = new SpecificationError('NO_TRACE_AVAILABLE', { status: 'RECEIVED' });
    expect(toJsonRpcError(error, [])).toEqual({
      code: 10,
      message: 'No trace available for transaction',
      data: { status: 'RECEIVED' },
    });
  });

  it('tells what is wrong with a parameter and how to put it right', () => {
    expect(toJsonRpcError(invalidParameter('block_id', 'pending', 'a tag', 'use "latest"'))).toEqual({
      code: -32602,
      message: 'Invalid params',
      data: 'invalid block_id: got "pending", expected a tag; use "latest"',
    });
  });

  it('says nothing about bugs', () => {
    const internal = { code: -32603, message: 'Internal error' };
    expect(toJsonRpcError(new TypeError('secret'))).toEqual(internal);
    expect(toJsonRpcError('secret')).toEqual(internal);
    expect(toJsonRpcError(new CairnError('INTERNAL', 'invariant broken: secret'))).toEqual(internal);
  });
});

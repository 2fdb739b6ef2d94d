import type { RejectionCode } from '@cairn/stark';

/** Why the contract does not accept: the reasons of the TypeScript verifier and two of its own. */
export type ContractRejectionCode =
  | RejectionCode
  /** Of a Cairo proof: a statement that is no head of a proof file, and one that means nothing. */
  | 'NOT_A_CAIRO_PROOF'
  | 'INVALID_STATEMENT'
  /** Calldata that is not exactly the ABI encoding of two byte strings. */
  | 'BAD_CALLDATA'
  /** A constraint contract that gave no result, for want of gas or code. */
  | 'CONTRACT_FAILED'
  /** Of a proof in parts: no head with this context has been accepted. */
  | 'UNKNOWN_CONTEXT'
  /** Of a proof in parts: queries that have been checked before. */
  | 'REPEATED_QUERY';

/** The reasons by the number that `Rejected(uint256)` carries. */
export const REJECTION_CODES: readonly ContractRejectionCode[] = [
  'BAD_CALLDATA',
  'NOT_A_PROOF',
  'UNKNOWN_VERSION',
  'WRONG_PARAMETERS',
  'TRUNCATED',
  'TRAILING_BYTES',
  'NON_CANONICAL',
  'INVALID_HEIGHT',
  'INVALID_PUBLIC_VALUES',
  'TOO_MANY_USES',
  'GRINDING',
  'DEGENERATE_CHALLENGE',
  'LOOKUP_SUM',
  'CONSTRAINTS',
  'TREE_PATH',
  'FRI_PATH',
  'QUOTIENT',
  'FRI_FOLD',
  'FRI_LAST_LAYER',
  'CONTRACT_FAILED',
  'NOT_A_CAIRO_PROOF',
  'INVALID_STATEMENT',
  'UNKNOWN_CONTEXT',
  'REPEATED_QUERY',
];

/** The number of each reason, for contract texts. */
export const REJECTION_NUMBERS: Readonly<Record<string, bigint>> = Object.fromEntries(
  REJECTION_CODES.map((code, i) => [code, BigInt(i)]),
);

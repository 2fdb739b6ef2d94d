/**
 * Codes of the errors this package throws. The first group rejects a transaction; `EXECUTION_FAILED` ends an
 * entry point and reverts its transaction; the rest are misuse.
 */
export type ExecutionErrorCode =
  | 'INVALID_NONCE'
  | 'INSUFFICIENT_RESOURCE_BOUNDS'
  | 'INSUFFICIENT_BALANCE'
  | 'INVALID_PROOF_FACTS'
  | 'VALIDATION_FAILED'
  | 'CLASS_ALREADY_DECLARED'
  | 'UNPAID_L1_HANDLER'
  | 'FEE_TRANSFER_FAILED'
  | 'BLOCK_FULL'
  | 'EXECUTION_FAILED'
  | 'CONTRACT_NOT_FOUND'
  | 'ENTRY_POINT_NOT_FOUND'
  | 'CONTRACT_ERROR';

/** Codes of the errors this package throws; `rpc` maps them to those of the specification. */
export type NodeErrorCode =
  | 'BLOCK_NOT_FOUND'
  | 'DUPLICATE_TRANSACTION'
  | 'INVALID_NONCE'
  | 'NON_ACCOUNT'
  | 'FEE_BELOW_MINIMUM'
  | 'REPLACEMENT_UNDERPRICED'
  | 'MEMPOOL_FULL'
  | 'UNSUPPORTED_TRANSACTION_VERSION'
  | 'UNSUPPORTED_CLASS_VERSION'
  | 'COMPILATION_FAILED'
  | 'COMPILED_CLASS_HASH_MISMATCH'
  | 'CLASS_TOO_LARGE'
  | 'INVALID_PROOF'
  | 'INVALID_TRANSACTION'
  | 'INVALID_DUMP'
  | 'UNKNOWN_SNAPSHOT'
  | 'DUMP_UNREADABLE'
  | 'PROOF_UNAVAILABLE'
  /** The node whose chain is forked does not answer. */
  | 'FORK_ORIGIN_UNREACHABLE'
  /** It answers, but not with what was asked for. */
  | 'FORK_ORIGIN_REFUSED'
  /** What it answers does not hash to what it must. */
  | 'FORK_ORIGIN_DISHONEST'
  /** The Ethereum node does not answer. */
  | 'L1_UNREACHABLE'
  /** L1 has accepted a block that this chain does not have. */
  | 'L1_STATE_MISMATCH'
  /** A block holds a message that L1 does not have any more: the block cannot be settled. */
  | 'L1_MESSAGE_LOST'
  /** A folder with the rebuilt state of another core contract or genesis. */
  | 'OTHER_REBUILD'
  /** A folder without a rebuilt state. */
  | 'NOTHING_REBUILT'
  | 'UNSUPPORTED';

/** Every code that @cairn/settlement puts into a CairnError. */
export type SettlementErrorCode =
  /** A key whose hash the EVM does not have. */
  | 'UNSUPPORTED_HASH'
  /** An AIR with more tables, columns or code than the contract's tables hold. */
  | 'AIR_TOO_LARGE'
  /** A fixed program with words that are no felts. */
  | 'INVALID_PROGRAM'
  /** A file that is no Cairo proof, or of another layout or program than the verifier's. */
  | 'WRONG_PROOF_FILE'
  /** Sources that solc does not take, or a contract above the EVM's bound of code. */
  | 'COMPILATION_FAILED'
  /** A transaction that deploys a contract and does not. */
  | 'DEPLOYMENT_FAILED'
  /** A manifest whose contracts are not on the chain, or are others. */
  | 'WRONG_MANIFEST'
  /** A call of the verifier that neither accepts nor rejects. */
  | 'VERIFIER_CALL_FAILED'
  /** A proof that the contract turns down. */
  | 'PROOF_REJECTED'
  /** A state that the core contract does not move to. */
  | 'STATE_UPDATE_REFUSED'
  /** A transaction that was sent and reverted. */
  | 'TRANSACTION_FAILED'
  /** A call that a contract turns down; nothing was sent. */
  | 'CALL_REFUSED'
  /** A transaction that was sent and not mined in time; it may be mined yet. */
  | 'TRANSACTION_NOT_MINED'
  /** A transaction that pays less than the chain asks for now, or than the one it would replace. */
  | 'TRANSACTION_UNDERPRICED'
  /** An Ethereum node for development that did not start. */
  | 'DEV_L1_FAILED'
  /** Another transaction of the account has taken the nonce. */
  | 'NONCE_TAKEN'
  /** The account cannot pay for a transaction. */
  | 'L1_OUT_OF_FUNDS'
  /** No answer from L1. */
  | 'L1_UNREACHABLE'
  /** An answer of L1 that is none of these. */
  | 'L1_FAILED'
  /** Bytes that are no blob, or words that fit into none. */
  | 'INVALID_BLOB'
  /** Data that is not what an OS output commits to. */
  | 'WRONG_DATA'
  /** Data that an output commits to and no source has. */
  | 'DATA_NOT_FOUND'
  /** A transaction that moved a state and does not show by which output. */
  | 'UNREADABLE_STATE_UPDATE';

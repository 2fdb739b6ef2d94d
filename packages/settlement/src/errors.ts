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
  | 'TRANSACTION_FAILED';

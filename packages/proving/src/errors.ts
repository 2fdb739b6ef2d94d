/** Codes of errors that the proving package throws. */
export type ProvingErrorCode =
  /** No verifier for proofs of this size. */
  | 'UNSUPPORTED_HEIGHT'
  /** An OS run that proves another block than the chain has. */
  | 'BLOCK_DIFFERS'
  /** Bytes that are no proof of the run that they should prove. */
  | 'WRONG_PROOF'
  /** A lease of a prover that has ended. */
  | 'UNKNOWN_TICKET'
  /** A prover that does not know the secret of the orchestrator. */
  | 'WRONG_TOKEN'
  /** The orchestrator is starting. */
  | 'NOT_READY'
  /** A transaction whose block is not in a batch yet. */
  | 'NOT_PROVEN_YET'
  /** A file that was stored and is gone. */
  | 'FILE_MISSING'
  /** A batch that leaves out blocks after the last one. */
  | 'BATCH_GAP'
  /** A batch with blocks that another batch has. */
  | 'BATCH_CONFLICT'
  /** A job database of another chain or core contract. */
  | 'WRONG_ROLLUP';

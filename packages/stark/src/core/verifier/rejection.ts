/** Why a proof is not accepted. */
export type RejectionCode =
  | 'NOT_A_PROOF'
  | 'UNKNOWN_VERSION'
  | 'WRONG_PARAMETERS'
  | 'TRUNCATED'
  | 'TRAILING_BYTES'
  /** A field word at or above p. */
  | 'NON_CANONICAL'
  /** A table height outside its bounds, or other than the key's. */
  | 'INVALID_HEIGHT'
  /** Public values that are not as many canonical elements as the AIR has public cells. */
  | 'INVALID_PUBLIC_VALUES'
  /** So many uses of a bus that their count could wrap modulo p. */
  | 'TOO_MANY_USES'
  /** A grinding nonce without the bits asked for. */
  | 'GRINDING'
  /** A challenge on a pole, where a check would say nothing. Happens to honest proofs with probability 2^-90. */
  | 'DEGENERATE_CHALLENGE'
  /** Claimed sums of look-ups and public entries that do not add up to 0. */
  | 'LOOKUP_SUM'
  /** Samples that do not fulfil the constraints at the out-of-domain point. */
  | 'CONSTRAINTS'
  /** A row that does not hash to its tree's cap. */
  | 'TREE_PATH'
  /** A leaf of an FRI layer that does not hash to its cap. */
  | 'FRI_PATH'
  /** Rows that do not give the value committed in the first FRI layer. */
  | 'QUOTIENT'
  /** Values of an FRI layer that do not fold to that of the next. */
  | 'FRI_FOLD'
  /** Values that do not fold to the last FRI polynomial. */
  | 'FRI_LAST_LAYER';

/** A proof turned down: code and place. */
export interface Rejection {
  readonly ok: false;
  readonly code: RejectionCode;
  readonly message: string;
}

/** A rejection. */
export function reject(code: RejectionCode, message: string): Rejection {
  return { ok: false, code, message };
}

/** Every code that @cairn/primitives puts into a CairnError. */
export type PrimitivesErrorCode =
  /** A bug of ours: an invariant did not hold. */
  | 'INTERNAL'
  /** An inverse of zero was asked for. */
  | 'DIVISION_BY_ZERO'
  /** Text or integer that is no felt in [0, PRIME). */
  | 'INVALID_FELT'
  /** Text that is not hex, or an integer that does not fit the bytes asked for. */
  | 'INVALID_HEX'
  /** Text that is not at most 31 ASCII characters. */
  | 'INVALID_SHORT_STRING'
  /** A buffer whose length does not fit the operation. */
  | 'INVALID_LENGTH'
  /** A private key outside [1, order). */
  | 'INVALID_PRIVATE_KEY'
  /** A message hash outside [0, 2^251). */
  | 'INVALID_MESSAGE_HASH';

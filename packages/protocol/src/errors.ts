/** Codes of the errors this package throws. */
export type ProtocolErrorCode =
  | 'INVALID_SEGMENT_LENGTHS'
  | 'INVALID_CLASS_JSON'
  | 'UNSUPPORTED_STARKNET_VERSION';

/** Codes of the errors this package throws. */
export type ProtocolErrorCode = 'INVALID_SEGMENT_LENGTHS' | 'UNSUPPORTED_STARKNET_VERSION';

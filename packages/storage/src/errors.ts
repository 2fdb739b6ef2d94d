/** Codes of the errors this package throws. */
export type StorageErrorCode =
  | 'STORAGE_UNAVAILABLE'
  | 'STORAGE_CORRUPT'
  | 'STORAGE_VERSION'
  | 'CHAIN_MISMATCH';

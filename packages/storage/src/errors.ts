/** Codes of the errors this package throws. */
export type StorageErrorCode =
  | 'STORAGE_UNAVAILABLE'
  | 'STORAGE_IN_USE'
  | 'STORAGE_CORRUPT'
  | 'STORAGE_VERSION'
  | 'CHAIN_MISMATCH'
  | 'DISK_FULL'
  | 'SQL_FAILED'
  | 'BLOB_CORRUPT';

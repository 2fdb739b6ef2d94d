/** Codes of the errors this package throws. */
export type RuntimeErrorCode = 'INVALID_CONFIG' | 'CONFIG_FILE_UNREADABLE';

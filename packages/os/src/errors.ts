/** Codes of this package's errors. */
export type OsErrorCode = 'HINT_MISPLACED';

/** Codes of the errors this package throws. */
export type StateErrorCode = 'MISSING_TRIE_NODE' | 'INVALID_TRIE_NODE' | 'INVALID_STATE_DIFF';

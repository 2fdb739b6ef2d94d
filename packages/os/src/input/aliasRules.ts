import type { Felt } from '@cairn/primitives';

/** Where the alias contract keeps the next alias. */
export const ALIAS_COUNTER_KEY: Felt = 0n;
/** Numbers below this need no alias. */
export const FIRST_ALIAS: Felt = 0x80n;
/** Up to this address storage keys need no alias. */
export const LAST_SYSTEM_CONTRACT: Felt = 0xfn;

import type { ContractAddress, Felt } from '@cairn/primitives';
import type { VersionedConstants } from '@cairn/protocol';
import type { StateOverlay } from '@cairn/state';

/** Contract whose storage maps block numbers to block hashes. */
export const BLOCK_HASH_CONTRACT: ContractAddress = 1n;
/** Contract whose storage maps addresses and storage keys to the short aliases that L1 data uses. */
export const ALIAS_CONTRACT: ContractAddress = 2n;

const ALIAS_COUNTER_KEY = 0n;
const FIRST_ALIAS = 0x80n;
/** Contracts up to this address keep their storage keys uncompressed. */
const LAST_UNCOMPRESSED_CONTRACT = 0xfn;

/** Stores the hash that becomes readable with block `blockNumber`; `hash` is that of the block ten before. */
export function storeBlockHash(
  state: StateOverlay,
  blockNumber: number,
  hash: Felt,
  constants: VersionedConstants,
): void {
  state.setStorage(BLOCK_HASH_CONTRACT, BigInt(blockNumber - constants.storedBlockHashBuffer), hash);
}

/**
 * Gives an alias to every address and storage key of the block's changes that has none: addresses ascending,
 * before each its changed keys ascending.
 * @see Starknet docs, "data availability: stateful compression" (0.13.4)
 */
export function allocateAliases(state: StateOverlay): void {
  const diff = state.diff();
  const addresses = new Set([
    ...diff.storage.keys(),
    ...diff.nonces.keys(),
    ...diff.deployedContracts.keys(),
    ...diff.replacedClasses.keys(),
  ]);
  const stored = state.storageAt(ALIAS_CONTRACT, ALIAS_COUNTER_KEY);
  let next = stored === 0n ? FIRST_ALIAS : stored;
  const allocate = (key: Felt): void => {
    if (key < FIRST_ALIAS || state.storageAt(ALIAS_CONTRACT, key) !== 0n) return;
    state.setStorage(ALIAS_CONTRACT, key, next++);
  };
  for (const address of ascending(addresses)) {
    const keys = address > LAST_UNCOMPRESSED_CONTRACT ? (diff.storage.get(address)?.keys() ?? []) : [];
    for (const key of ascending(keys)) allocate(key);
    allocate(address);
  }
  if (next !== stored) state.setStorage(ALIAS_CONTRACT, ALIAS_COUNTER_KEY, next);
}

function ascending(felts: Iterable<Felt>): Felt[] {
  return [...felts].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

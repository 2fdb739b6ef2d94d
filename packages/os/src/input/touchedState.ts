import { ALIAS_CONTRACT, BLOCK_HASH_CONTRACT } from '@cairn/execution';
import type { ClassHash, ContractAddress, Felt } from '@cairn/primitives';
import type { StateDiff } from '@cairn/protocol';
import type { StateOverlay } from '@cairn/state';
import { ALIAS_COUNTER_KEY, FIRST_ALIAS, LAST_SYSTEM_CONTRACT } from './aliasRules.ts';

/** What a block reads or writes of the state. */
export interface TouchedState {
  /** Keys by contract; a contract may be touched without any key. */
  storage: Map<ContractAddress, Set<Felt>>;
  classes: Set<ClassHash>;
}

/**
 * What a block touches: the cells that its execution read first from below, what it changed, and the aliases that the
 * changes look up.
 * @param reads first reads of the overlay that executed the block.
 */
export function touchedState(reads: ReturnType<StateOverlay['initialReads']>, diff: StateDiff): TouchedState {
  const storage = new Map<ContractAddress, Set<Felt>>();
  const touch = (address: ContractAddress, keys: Iterable<Felt> = []): void => {
    const known = storage.get(address);
    if (known) for (const key of keys) known.add(key);
    else storage.set(address, new Set(keys));
  };
  for (const address of [BLOCK_HASH_CONTRACT, ALIAS_CONTRACT]) touch(address);
  for (const [address, cells] of [...reads.storage, ...diff.storage]) touch(address, cells.keys());
  for (const address of [...reads.nonces.keys(), ...reads.classHashes.keys(), ...changedAddresses(diff)])
    touch(address);
  touch(ALIAS_CONTRACT, aliasKeys(diff));
  const classes = new Set([...reads.compiledClassHashes.keys(), ...diff.declaredClasses.keys()]);
  return { storage, classes };
}

function changedAddresses(diff: StateDiff): ContractAddress[] {
  return [...diff.nonces.keys(), ...diff.deployedContracts.keys(), ...diff.replacedClasses.keys()];
}

/** The alias contract's keys that a block's end reads. */
function aliasKeys(diff: StateDiff): Felt[] {
  const users = (address: ContractAddress): boolean => address > LAST_SYSTEM_CONTRACT;
  const addresses = [...diff.storage.keys(), ...changedAddresses(diff)].filter(users);
  const keys = [...diff.storage]
    .filter(([address]) => users(address))
    .flatMap(([, cells]) => [...cells.keys()]);
  return [ALIAS_COUNTER_KEY, ...[...addresses, ...keys].filter((number) => number >= FIRST_ALIAS)];
}

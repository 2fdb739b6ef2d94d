import type { OutputStateDiff } from '@cairn/os';
import type { Felt } from '@cairn/primitives';
import { emptyStateDiff, type StateDiff } from '@cairn/protocol';
import { type StateReader, TRIE_HEIGHT } from '@cairn/state';

/**
 * What the data of a settled range tells, as changes of the state before it. The data has real addresses and keys: aliases
 * are but storage of contract 2 (docs/divergences.md, D16).
 */
export function settledStateDiff({ contracts, classes }: OutputStateDiff, before: StateReader): StateDiff {
  const diff = emptyStateDiff();
  for (const { address, nonce, classHash, storage } of contracts) {
    if (nonce) diff.nonces.set(address, nonce.value);
    if (classHash) {
      const isDeployed = before.classHashAt(address) !== 0n;
      (isDeployed ? diff.replacedClasses : diff.deployedContracts).set(address, classHash.value);
    }
    if (storage.length > 0) diff.storage.set(address, new Map(storage.map(({ key, value }) => [key, value])));
  }
  for (const { classHash, compiledClassHash } of classes) {
    const isDeclared = before.compiledClassHash(classHash) !== 0n;
    (isDeclared ? diff.migratedCompiledClasses : diff.declaredClasses).set(classHash, compiledClassHash);
  }
  return diff;
}

/** The first address, key or class hash that no trie has a place for. */
export function wordBeyondTries({ contracts, classes }: OutputStateDiff): Felt | undefined {
  const keys = [
    ...contracts.flatMap(({ address, storage }) => [address, ...storage.map(({ key }) => key)]),
    ...classes.map(({ classHash }) => classHash),
  ];
  return keys.find((key) => key >> BigInt(TRIE_HEIGHT) !== 0n);
}

import type { ClassHash, ContractAddress, Felt } from '@cairn/primitives';

/** Read access to one version of the state. Absent values read as 0. */
export interface StateReader {
  storageAt(address: ContractAddress, key: Felt): Felt;
  nonceAt(address: ContractAddress): Felt;
  /** 0 when nothing is deployed at the address. */
  classHashAt(address: ContractAddress): ClassHash;
  /** Compiled class hash of a declared Sierra class, 0 when undeclared. */
  compiledClassHash(classHash: ClassHash): Felt;
}

/** The state before any block. */
export const EMPTY_STATE: StateReader = {
  storageAt: () => 0n,
  nonceAt: () => 0n,
  classHashAt: () => 0n,
  compiledClassHash: () => 0n,
};

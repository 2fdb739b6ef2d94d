import type { ClassHash, ContractAddress, Felt } from '@cairn/primitives';

/** Reads the state before the first block of a run. */
export interface InitialState {
  classHashAt(address: ContractAddress): ClassHash;
  nonceAt(address: ContractAddress): Felt;
  storageAt(address: ContractAddress, key: Felt): Felt;
  compiledClassHash(classHash: ClassHash): Felt;
}

/** The state as it stands in the course of a run, for hints. What they tell of it the OS proves. */
export class ContractStates {
  readonly #initial: InitialState;
  readonly #storage = new Map<ContractAddress, Map<Felt, Felt>>();
  readonly #compiledClassHashes = new Map<ClassHash, Felt>();

  constructor(initial: InitialState) {
    this.#initial = initial;
  }

  get initial(): InitialState {
    return this.#initial;
  }

  storageAt(address: ContractAddress, key: Felt): Felt {
    return this.#storage.get(address)?.get(key) ?? this.#initial.storageAt(address, key);
  }

  setStorage(address: ContractAddress, key: Felt, value: Felt): void {
    let cells = this.#storage.get(address);
    if (cells === undefined) {
      cells = new Map();
      this.#storage.set(address, cells);
    }
    cells.set(key, value);
  }

  compiledClassHash(classHash: ClassHash): Felt {
    return this.#compiledClassHashes.get(classHash) ?? this.#initial.compiledClassHash(classHash);
  }

  setCompiledClassHash(classHash: ClassHash, compiledClassHash: Felt): void {
    this.#compiledClassHashes.set(classHash, compiledClassHash);
  }
}

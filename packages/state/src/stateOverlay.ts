import type { ClassHash, ContractAddress, Felt } from '@cairn/primitives';
import { emptyStateDiff, type StateDiff } from '@cairn/protocol';
import type { StateReader } from './stateReader.ts';

/** One kind of cell: its first value as read from below, and its value now. */
class Cells {
  readonly initial = new Map<Felt, Felt>();
  readonly current = new Map<Felt, Felt>();
}

/** A place in the journal of a {@link StateOverlay} that it can roll back to. */
export type Checkpoint = number & { readonly brand: 'Checkpoint' };

interface JournalEntry {
  cells: Map<Felt, Felt>;
  key: Felt;
  /** Undefined when the cell was unwritten. */
  previous: Felt | undefined;
}

/**
 * Writes on top of another state, with rollback to any earlier moment. Reads are remembered, so that the
 * difference to the state below is exact and no cell is read twice.
 */
export class StateOverlay implements StateReader {
  readonly #below: StateReader;
  readonly #storage = new Map<ContractAddress, Cells>();
  readonly #nonces = new Cells();
  readonly #classHashes = new Cells();
  readonly #compiledClassHashes = new Cells();
  readonly #journal: JournalEntry[] = [];

  constructor(below: StateReader) {
    this.#below = below;
  }

  storageAt(address: ContractAddress, key: Felt): Felt {
    const cells = this.#storageOf(address);
    const current = cells.current.get(key);
    if (current !== undefined) return current;
    let value = cells.initial.get(key);
    if (value === undefined) {
      value = this.#below.storageAt(address, key);
      cells.initial.set(key, value);
    }
    return value;
  }

  /** The value below this overlay. */
  initialStorageAt(address: ContractAddress, key: Felt): Felt {
    return this.#storageOf(address).initial.get(key) ?? this.#below.storageAt(address, key);
  }

  nonceAt(address: ContractAddress): Felt {
    return read(this.#nonces, address, (a) => this.#below.nonceAt(a));
  }

  classHashAt(address: ContractAddress): ClassHash {
    return read(this.#classHashes, address, (a) => this.#below.classHashAt(a));
  }

  compiledClassHash(classHash: ClassHash): Felt {
    return read(this.#compiledClassHashes, classHash, (h) => this.#below.compiledClassHash(h));
  }

  setStorage(address: ContractAddress, key: Felt, value: Felt): void {
    // The first value must be known before it is covered: the state diff compares against it.
    this.storageAt(address, key);
    this.#write(this.#storageOf(address).current, key, value);
  }

  setNonce(address: ContractAddress, nonce: Felt): void {
    this.nonceAt(address);
    this.#write(this.#nonces.current, address, nonce);
  }

  setClassHash(address: ContractAddress, classHash: ClassHash): void {
    this.classHashAt(address);
    this.#write(this.#classHashes.current, address, classHash);
  }

  setCompiledClassHash(classHash: ClassHash, compiledClassHash: Felt): void {
    this.compiledClassHash(classHash);
    this.#write(this.#compiledClassHashes.current, classHash, compiledClassHash);
  }

  /** Marks this moment for {@link rollback}. */
  checkpoint(): Checkpoint {
    return this.#journal.length as Checkpoint;
  }

  /** Undoes every write since the checkpoint. */
  rollback(checkpoint: Checkpoint): void {
    while (this.#journal.length > checkpoint) {
      const { cells, key, previous } = this.#journal.pop()!;
      if (previous === undefined) cells.delete(key);
      else cells.set(key, previous);
    }
  }

  /** What differs from the state below; cells written back to their first value do not appear. */
  diff(): StateDiff {
    const diff = emptyStateDiff();
    for (const [address, cells] of this.#storage) {
      const entries = changes(cells);
      if (entries.size > 0) diff.storage.set(address, entries);
    }
    diff.nonces = changes(this.#nonces);
    diff.declaredClasses = changes(this.#compiledClassHashes);
    for (const [address, classHash] of changes(this.#classHashes)) {
      const wasDeployed = this.#classHashes.initial.get(address) !== 0n;
      (wasDeployed ? diff.replacedClasses : diff.deployedContracts).set(address, classHash);
    }
    return diff;
  }

  /** First values of every cell this overlay read from below. */
  initialReads(): {
    storage: Map<ContractAddress, ReadonlyMap<Felt, Felt>>;
    nonces: ReadonlyMap<ContractAddress, Felt>;
    classHashes: ReadonlyMap<ContractAddress, ClassHash>;
    compiledClassHashes: ReadonlyMap<ClassHash, Felt>;
  } {
    const storage = new Map<ContractAddress, ReadonlyMap<Felt, Felt>>();
    for (const [address, cells] of this.#storage) storage.set(address, cells.initial);
    return {
      storage,
      nonces: this.#nonces.initial,
      classHashes: this.#classHashes.initial,
      compiledClassHashes: this.#compiledClassHashes.initial,
    };
  }

  /** Writes everything that differs into `target`, the overlay below. */
  commitTo(target: StateOverlay): void {
    for (const [address, cells] of this.#storage) {
      for (const [key, value] of changes(cells)) target.setStorage(address, key, value);
    }
    for (const [address, nonce] of changes(this.#nonces)) target.setNonce(address, nonce);
    for (const [address, classHash] of changes(this.#classHashes)) target.setClassHash(address, classHash);
    for (const [classHash, compiled] of changes(this.#compiledClassHashes)) {
      target.setCompiledClassHash(classHash, compiled);
    }
  }

  #storageOf(address: ContractAddress): Cells {
    let cells = this.#storage.get(address);
    if (!cells) {
      cells = new Cells();
      this.#storage.set(address, cells);
    }
    return cells;
  }

  #write(cells: Map<Felt, Felt>, key: Felt, value: Felt): void {
    this.#journal.push({ cells, key, previous: cells.get(key) });
    cells.set(key, value);
  }
}

function read(cells: Cells, key: Felt, below: (key: Felt) => Felt): Felt {
  const known = cells.current.get(key) ?? cells.initial.get(key);
  if (known !== undefined) return known;
  const value = below(key);
  cells.initial.set(key, value);
  return value;
}

function changes(cells: Cells): Map<Felt, Felt> {
  const changed = new Map<Felt, Felt>();
  for (const [key, value] of cells.current) {
    if (cells.initial.get(key) !== value) changed.set(key, value);
  }
  return changed;
}

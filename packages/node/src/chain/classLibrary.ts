import { parseCasmClass, sierraVersion } from '@cairn/cairo';
import type { ClassSource, ExecutableClass } from '@cairn/execution';
import type { ClassHash } from '@cairn/primitives';
import type { ChainStore, StoredClass } from '@cairn/storage';

/** Holds classes that were declared elsewhere. */
export interface ClassOrigin {
  storedClass(classHash: ClassHash): StoredClass | undefined;
}

/** Classes ready to run: those of the chain, and those of declares on their way into it. */
export class ClassLibrary implements ClassSource {
  readonly #store: ChainStore;
  readonly #origin: ClassOrigin | undefined;
  readonly #executable = new Map<ClassHash, ExecutableClass>();
  readonly #undeclared = new Map<ClassHash, StoredClass>();

  /** @param origin where classes are that the store does not have. */
  constructor(store: ChainStore, origin?: ClassOrigin) {
    this.#store = store;
    this.#origin = origin;
  }

  executableClass(classHash: ClassHash): ExecutableClass | undefined {
    let executable = this.#executable.get(classHash);
    if (!executable) {
      const stored = this.storedClass(classHash);
      if (!stored) return undefined;
      executable = toExecutable(stored);
      this.#executable.set(classHash, executable);
    }
    return executable;
  }

  storedClass(classHash: ClassHash): StoredClass | undefined {
    return (
      this.#undeclared.get(classHash) ??
      this.#store.storedClass(classHash) ??
      this.#origin?.storedClass(classHash)
    );
  }

  /** Makes the class of an accepted declare available before a block holds it. */
  addUndeclared(classHash: ClassHash, stored: StoredClass): void {
    this.#undeclared.set(classHash, stored);
  }

  /** Once a block holds the declare, the store has the class. */
  dropUndeclared(classHash: ClassHash): void {
    this.#undeclared.delete(classHash);
  }
}

function toExecutable({ sierra, casm }: StoredClass): ExecutableClass {
  const { major, minor, patch } = sierraVersion(sierra.sierraProgram);
  return { casm: parseCasmClass(casm), sierraVersion: `${major}.${minor}.${patch}` };
}

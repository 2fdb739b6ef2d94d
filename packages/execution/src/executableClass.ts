import type { CasmClass } from '@cairn/cairo';
import type { ClassHash } from '@cairn/primitives';

/** A class that can run. */
export interface ExecutableClass {
  casm: CasmClass;
  /** Version of the Sierra it was compiled from, `major.minor.patch`; decides how its work is charged. */
  sierraVersion: string;
}

/** Gives executable classes by hash; undefined for hashes it has never seen. */
export interface ClassSource {
  executableClass(classHash: ClassHash): ExecutableClass | undefined;
}

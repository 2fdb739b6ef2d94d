import type { ClassHash } from '@cairn/primitives';
import type { StateReader } from '@cairn/state';
import type { ClassSource, ExecutableClass } from './executableClass.ts';
import { ExecutionFailure } from './revertReason/executionFailure.ts';
import { paddedHex } from './revertReason/revertSummary.ts';

/** The class that an entry point runs. @throws ExecutionFailure when it is not declared in this state. */
export function declaredClass(
  state: StateReader,
  classes: ClassSource,
  classHash: ClassHash,
): ExecutableClass {
  const found = findDeclaredClass(state, classes, classHash);
  if (!found) throw ExecutionFailure.fromText(`${notDeclared(classHash)}\n`);
  return found;
}

/** The class, undefined when it is not declared in this state. */
export function findDeclaredClass(
  state: StateReader,
  classes: ClassSource,
  classHash: ClassHash,
): ExecutableClass | undefined {
  return state.compiledClassHash(classHash) === 0n ? undefined : classes.executableClass(classHash);
}

export function notDeclared(classHash: ClassHash): string {
  return `Class with hash ${paddedHex(classHash)} is not declared.`;
}

import type { ClassHash } from '@cairn/primitives';
import type { StateReader } from '@cairn/state';
import type { ClassSource, ExecutableClass } from './executableClass.ts';
import { ExecutionFailure } from './revertReason/executionFailure.ts';
import { paddedHex } from './revertReason/revertSummary.ts';

/** The class, if it is declared in this state. @throws ExecutionFailure when it is not. */
export function declaredClass(
  state: StateReader,
  classes: ClassSource,
  classHash: ClassHash,
): ExecutableClass {
  const found = state.compiledClassHash(classHash) === 0n ? undefined : classes.executableClass(classHash);
  if (!found) throw ExecutionFailure.fromText(`Class with hash ${paddedHex(classHash)} is not declared.`);
  return found;
}

import { CairnError } from '@cairn/primitives';
import type { VmErrorCode } from '../errors.ts';
import {
  type Builtin,
  type BuiltinName,
  checkInstances,
  usedInstances,
  verifyDeductions,
} from './builtins/builtin.ts';
import type { Machine } from './machine.ts';
import type { Memory } from './memory.ts';
import { relocateTemporary } from './relocateTemporary.ts';
import { EXECUTION_SEGMENT, isPointer, pointerWord, wordOffset } from './word.ts';

/** What a run used, as fees of step-counted classes measure it. */
export interface RunResources {
  steps: number;
  memoryHoles: number;
  /** Instances by builtin of the program, unused ones with 0; segment_arena counts dictionaries. */
  builtins: Partial<Record<BuiltinName, number>>;
  /** Blake2s instructions executed. */
  blakeOpcodes: number;
}

/** Moves temporary segments to their place and checks all cells that builtins determine. */
export function endRun(memory: Memory, builtins: readonly Builtin[]): void {
  relocateTemporary(memory);
  for (const builtin of builtins) verifyDeductions(builtin, memory);
}

/**
 * Checks that the finished run can be proven and used by other programs: nothing was written behind the
 * program, no temporary addresses are left, builtin segments are complete, and the outer frame is as it was.
 * @param initialFp offset of the outer frame.
 * @throws CairnError `SECURITY_CHECK` and builtin errors.
 */
export function checkSecureRun(
  machine: Machine,
  builtins: readonly Builtin[],
  programSize: number,
  initialFp: number,
): void {
  const { memory } = machine;
  if (memory.sizeOf(0) > programSize) throw insecure('the program segment was written behind its end');
  if (memory.temporaryCount > 0) checkNoTemporaryAddress(memory);
  for (const builtin of builtins) checkInstances(builtin, memory);
  const returnFp = memory.readKnown(pointerWord(EXECUTION_SEGMENT, initialFp - 2));
  const offset = isPointer(returnFp) ? wordOffset(returnFp) : returnFp;
  if (offset !== machine.fp)
    throw insecure(`the run ended in another frame: got fp ${machine.fp}, expected ${memory.show(returnFp)}`);
}

function checkNoTemporaryAddress(memory: Memory): void {
  memory.replaceTemporaryPointers((pointer) => {
    throw insecure(`a temporary address is left: ${memory.show(pointer)}`);
  }, 'segments');
}

/** Used resources; cells must be marked accessed before. `sizes` are the segment sizes at the end of the run. */
export function measureRun(machine: Machine, builtins: readonly Builtin[], sizes: Int32Array): RunResources {
  const { memory } = machine;
  const builtinSegments = new Set(
    builtins.filter(({ name }) => name !== 'output').map(({ segment }) => segment),
  );
  let memoryHoles = 0;
  // The program counts as accessed as a whole.
  for (let segment = 1; segment < sizes.length; segment++) {
    if (builtinSegments.has(segment)) continue;
    const accessed = memory.countAccessed(segment);
    if (accessed > 0) memoryHoles += sizes[segment]! - accessed;
  }
  return {
    steps: machine.stepCount,
    memoryHoles,
    builtins: Object.fromEntries(
      builtins.map((builtin) => [builtin.name, usedInstances(builtin, sizes[builtin.segment]!)]),
    ),
    blakeOpcodes: machine.blakeCount,
  };
}

function insecure(what: string): CairnError<VmErrorCode> {
  return new CairnError('SECURITY_CHECK', `the run cannot be proven: ${what}`);
}

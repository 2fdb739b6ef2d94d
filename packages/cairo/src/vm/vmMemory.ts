import type { Felt } from '@cairn/primitives';
import type { Relocatable, VmValue } from './relocatable.ts';

/** Memory as syscall handlers and tests see it: addresses and canonical felts instead of words. */
export interface VmMemory {
  /** The cell's value, undefined when it holds none. */
  get(at: Relocatable): VmValue | undefined;
  /** @throws CairnError `UNKNOWN_CELL`, `EXPECTED_FELT`. */
  readFelt(at: Relocatable): Felt;
  /** @throws CairnError `UNKNOWN_CELL`, `EXPECTED_POINTER`. */
  readPointer(at: Relocatable): Relocatable;
  /** `count` felts from `start` on. */
  readFelts(start: Relocatable, count: number): Felt[];
  /** Sets a cell; a second different value throws `INCONSISTENT_MEMORY`. */
  write(at: Relocatable, value: VmValue): void;
  /** A new empty segment. */
  addSegment(): Relocatable;
  /** A new temporary segment (negative number). */
  addTemporarySegment(): Relocatable;
  /** A new segment holding `values`. */
  allocate(values: readonly VmValue[]): Relocatable;
  /** {@link VmMemory.allocate}, and the cells count as accessed at the end of the run (no memory holes). */
  allocateReadOnly(values: readonly VmValue[]): Relocatable;
}

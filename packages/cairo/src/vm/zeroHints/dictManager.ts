import { CairnError } from '@cairn/primitives';
import type { VmErrorCode } from '../../errors.ts';
import type { Relocatable, VmValue } from '../relocatable.ts';
import type { VmMemory } from '../vmMemory.ts';

/** Map key of a value. */
function keyOf(value: VmValue): string {
  return typeof value === 'bigint' ? value.toString() : `${value.segment}:${value.offset}`;
}

/** Values of a dictionary by key, with a default for keys never set. */
export class DictData {
  readonly #values: Map<string, VmValue>;
  readonly #default: VmValue | undefined;

  constructor(defaultValue?: VmValue, values: Map<string, VmValue> = new Map()) {
    this.#default = defaultValue;
    this.#values = values;
  }

  get(key: VmValue): VmValue {
    const value = this.#values.get(keyOf(key)) ?? this.#default;
    if (value === undefined)
      throw new CairnError<VmErrorCode>('HINT_FAILED', `the dictionary has no key ${keyOf(key)}`);
    return value;
  }

  set(key: VmValue, value: VmValue): void {
    this.#values.set(keyOf(key), value);
  }

  copy(): DictData {
    return new DictData(this.#default, new Map(this.#values));
  }
}

/** A dictionary of the program: what it holds, and the end of its list of accesses. */
export interface DictTracker {
  data: DictData;
  currentPointer: Relocatable;
}

/** The dictionaries of a run, by the segment of their accesses. */
export class DictManager {
  readonly #trackers = new Map<number, DictTracker>();

  create(memory: VmMemory, data: DictData): Relocatable {
    const start = memory.addSegment();
    this.#trackers.set(start.segment, { data, currentPointer: start });
    return start;
  }

  /** The dictionary whose accesses end at `pointer`. @throws CairnError `HINT_FAILED` */
  tracker(pointer: Relocatable): DictTracker {
    const tracker = this.#trackers.get(pointer.segment);
    if (!tracker || tracker.currentPointer.offset !== pointer.offset) {
      throw new CairnError<VmErrorCode>('HINT_FAILED', 'wrong dictionary pointer');
    }
    return tracker;
  }

  /** The dictionary of a segment, wherever its accesses end. */
  bySegment(pointer: Relocatable): DictTracker {
    const tracker = this.#trackers.get(pointer.segment);
    if (!tracker) throw new CairnError<VmErrorCode>('HINT_FAILED', 'no dictionary has this segment');
    return tracker;
  }
}

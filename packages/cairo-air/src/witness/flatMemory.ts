import { CairnError } from '@cairn/primitives';
import { ADDRESS_BOUND_LOG } from '../air/valueForm.ts';
import type { CairoAirErrorCode } from '../errors.ts';
import type { ValueStore } from './valueStore.ts';

/** Memory of a run in flat addresses, with counts of its look-ups. Cells without value hold 0. */
export class FlatMemory {
  readonly values: ValueStore;
  /** Id of the value under each address. */
  ids: Uint32Array;
  uses: Uint32Array;
  /** Addresses in use, those that were only looked up included. */
  size: number;

  constructor(values: ValueStore, size: number) {
    this.values = values;
    this.size = size;
    this.ids = new Uint32Array(Math.max(16, size));
    this.uses = new Uint32Array(this.ids.length);
  }

  /** Looks an address up: the id of its value. @throws CairnError `UNPROVABLE_RUN` outside of addresses. */
  read(address: number): number {
    if (address >= this.size) this.#extend(address);
    if (address < 0) throw outside(address);
    this.uses[address] = this.uses[address]! + 1;
    return this.ids[address]!;
  }

  #extend(address: number): void {
    if (address >= 2 ** ADDRESS_BOUND_LOG) throw outside(address);
    if (address >= this.ids.length) {
      const capacity = Math.max(2 * this.ids.length, address + 1);
      const ids = new Uint32Array(capacity);
      ids.set(this.ids);
      this.ids = ids;
      const uses = new Uint32Array(capacity);
      uses.set(this.uses);
      this.uses = uses;
    }
    this.size = address + 1;
  }
}

function outside(address: number): CairnError<CairoAirErrorCode> {
  return new CairnError(
    'UNPROVABLE_RUN',
    `address: got ${address}, expected 0 to 2^${ADDRESS_BOUND_LOG} - 1`,
  );
}

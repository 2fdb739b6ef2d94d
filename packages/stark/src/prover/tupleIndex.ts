/** Finds the row of a table whose cells are a given tuple; of equal rows, the first. Exact: hashes only choose where to look. */
export class TupleIndex {
  readonly #columns: readonly Uint32Array[];
  /** Row + 1 in each slot, or 0. */
  readonly #slots: Int32Array;
  readonly #mask: number;

  /** @param columns one array per field, all of one length. */
  constructor(columns: readonly Uint32Array[]) {
    this.#columns = columns;
    const rowCount = columns[0]?.length ?? 0;
    let capacity = 16;
    while (capacity < 2 * rowCount) capacity *= 2;
    this.#slots = new Int32Array(capacity);
    this.#mask = capacity - 1;
    for (let row = 0; row < rowCount; row++) {
      const slot = this.#slotOf(columns, row);
      if (this.#slots[slot] === 0) this.#slots[slot] = row + 1;
    }
  }

  /** The slot that holds a row equal to the tuple, or the free one where it belongs. */
  #slotOf(tuple: readonly Uint32Array[], at: number): number {
    let hash = 0x811c9dc5;
    for (const column of tuple) hash = Math.imul(hash ^ column[at]! ^ (hash >>> 15), 0x2c1b3c6d);
    let slot = (hash ^ (hash >>> 16)) & this.#mask;
    for (;;) {
      const row = this.#slots[slot]! - 1;
      if (row < 0 || this.#columns.every((column, i) => column[row] === tuple[i]![at])) return slot;
      slot = (slot + 1) & this.#mask;
    }
  }

  /** The row equal to the tuple at index `at` of the given columns, or -1. */
  find(tuple: readonly Uint32Array[], at: number): number {
    return this.#slots[this.#slotOf(tuple, at)]! - 1;
  }
}

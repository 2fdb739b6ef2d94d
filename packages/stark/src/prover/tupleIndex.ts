const EMPTY = 0;
/** One field with values below this is looked up directly. */
const DIRECT_LIMIT = 2 ** 22;

/** Finds the row of a table whose cells are a given tuple; of equal rows, the first. Exact: hashes only choose where to look. */
export class TupleIndex {
  readonly #columns: readonly Uint32Array[];
  /** Row + 1 in each slot, or EMPTY; the slot is the value itself where there is one field of small values. */
  readonly #slots: Int32Array;
  /** The hash of the row in each slot; none where slots are values. */
  readonly #hashes: Int32Array | undefined;
  readonly #mask: number;

  /** @param columns one array per field, all of one length. */
  constructor(columns: readonly Uint32Array[]) {
    this.#columns = columns;
    const rowCount = columns[0]?.length ?? 0;
    const single = columns.length === 1 ? columns[0]! : undefined;
    const greatest = single?.reduce((most, value) => Math.max(most, value), 0) ?? DIRECT_LIMIT;
    if (greatest < DIRECT_LIMIT) {
      this.#slots = new Int32Array(greatest + 1);
      this.#mask = 0;
      for (let row = rowCount - 1; row >= 0; row--) this.#slots[single![row]!] = row + 1;
      return;
    }
    let capacity = 16;
    while (capacity < 2 * rowCount) capacity *= 2;
    this.#slots = new Int32Array(capacity);
    this.#hashes = new Int32Array(capacity);
    this.#mask = capacity - 1;
    for (let row = 0; row < rowCount; row++) {
      const hash = this.#hashOf(columns, row);
      const slot = this.#slotOf(columns, row, hash);
      if (this.#slots[slot] !== EMPTY) continue;
      this.#slots[slot] = row + 1;
      this.#hashes[slot] = hash;
    }
  }

  #hashOf(tuple: readonly Uint32Array[], at: number): number {
    let hash = 0x811c9dc5 | 0;
    for (let i = 0; i < tuple.length; i++) {
      hash = Math.imul(hash ^ tuple[i]![at]!, 0x2c1b3c6d);
      hash ^= hash >>> 15;
    }
    return Math.imul(hash, 0x297a2d39) ^ (hash >>> 13);
  }

  #equals(row: number, tuple: readonly Uint32Array[], at: number): boolean {
    const columns = this.#columns;
    for (let i = 0; i < columns.length; i++) if (columns[i]![row] !== tuple[i]![at]) return false;
    return true;
  }

  /** The slot that holds a row equal to the tuple, or the free one where it belongs. */
  #slotOf(tuple: readonly Uint32Array[], at: number, hash: number): number {
    const hashes = this.#hashes!;
    let slot = hash & this.#mask;
    for (;;) {
      const row = this.#slots[slot]! - 1;
      if (row < 0 || (hashes[slot] === hash && this.#equals(row, tuple, at))) return slot;
      slot = (slot + 1) & this.#mask;
    }
  }

  /** The row equal to the tuple at index `at` of the given columns, or -1. */
  find(tuple: readonly Uint32Array[], at: number): number {
    if (this.#hashes === undefined) return (this.#slots[tuple[0]![at]!] ?? EMPTY) - 1;
    return this.#slots[this.#slotOf(tuple, at, this.#hashOf(tuple, at))]! - 1;
  }
}

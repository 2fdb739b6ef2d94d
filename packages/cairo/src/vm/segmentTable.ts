const FIRST_ROWS = 32;

/** Where the segments of a memory lie in its arena: block start, block length and used cells, by number. */
export class SegmentTable {
  count = 0;
  base = new Int32Array(FIRST_ROWS);
  capacity = new Int32Array(FIRST_ROWS);
  /** Highest offset ever written plus one. */
  size = new Int32Array(FIRST_ROWS);

  /** Adds an empty segment and returns its number. */
  add(): number {
    if (this.count === this.base.length) {
      this.base = twice(this.base);
      this.capacity = twice(this.capacity);
      this.size = twice(this.size);
    }
    return this.count++;
  }
}

function twice(rows: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(rows.length * 2);
  grown.set(rows);
  return grown;
}

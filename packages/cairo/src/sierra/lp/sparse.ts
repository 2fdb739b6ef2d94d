/** A vector stored densely that knows which positions may be non-zero, in the order they were first touched. */
export class ScatteredVector {
  readonly values: Float64Array;
  readonly touched: number[] = [];
  readonly #isTouched: Uint8Array;

  constructor(size: number) {
    this.values = new Float64Array(size);
    this.#isTouched = new Uint8Array(size);
  }

  clear(): void {
    for (const i of this.touched) {
      this.values[i] = 0;
      this.#isTouched[i] = 0;
    }
    this.touched.length = 0;
  }

  touch(i: number): void {
    if (this.#isTouched[i] === 1) return;
    this.#isTouched[i] = 1;
    this.touched.push(i);
  }

  add(i: number, value: number): void {
    this.touch(i);
    this.values[i]! += value;
  }

  set(i: number, value: number): void {
    this.touch(i);
    this.values[i] = value;
  }

  /** A copy of the touched positions and their values, in order. */
  entries(): SparseVector {
    return { positions: [...this.touched], values: this.touched.map((i) => this.values[i]!) };
  }

  load(entries: SparseVector): void {
    this.clear();
    for (let i = 0; i < entries.positions.length; i++) this.set(entries.positions[i]!, entries.values[i]!);
  }
}

/** Values at some positions of a vector; the order matters to what is computed from it. */
export interface SparseVector {
  readonly positions: readonly number[];
  readonly values: readonly number[];
}

/** A sparse matrix built column by column; entries of a column stay in the order they were pushed. */
export class SparseColumns {
  readonly starts: number[] = [0];
  readonly rows: number[] = [];
  readonly values: number[] = [];

  push(row: number, value: number): void {
    this.rows.push(row);
    this.values.push(value);
  }

  endColumn(): void {
    this.starts.push(this.rows.length);
  }

  get columnCount(): number {
    return this.starts.length - 1;
  }

  /** The transposed matrix; entries of each of its columns descend. */
  transpose(rowCount: number): SparseColumns {
    const columns: SparseVector[] = Array.from({ length: rowCount }, () => ({ positions: [], values: [] }));
    for (let column = this.columnCount - 1; column >= 0; column--)
      for (let k = this.starts[column]!; k < this.starts[column + 1]!; k++) {
        const { positions, values } = columns[this.rows[k]!]! as { positions: number[]; values: number[] };
        positions.push(column);
        values.push(this.values[k]!);
      }
    const transposed = new SparseColumns();
    for (const { positions, values } of columns) {
      positions.forEach((position, i) => {
        transposed.push(position, values[i]!);
      });
      transposed.endColumn();
    }
    return transposed;
  }
}

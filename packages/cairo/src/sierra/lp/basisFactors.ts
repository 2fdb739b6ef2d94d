import { ScatteredVector, SparseColumns, type SparseVector } from './sparse.ts';

const EPSILON = 1e-10;
/** A pivot is at least this part of the largest candidate of its column. */
const STABILITY = 0.1;

/** A triangular matrix without its diagonal; that is all ones when undefined. */
interface Triangle {
  readonly rest: SparseColumns;
  readonly diagonal: readonly number[] | undefined;
}

/** Positions of rows or columns before and after a reordering. */
interface Permutation {
  readonly newOf: readonly number[];
  readonly originalOf: readonly number[];
}

/** Sparse factors L · U of a basis matrix (Gilbert & Peierls, SIAM J. Sci. Stat. Comput. 9(5), 1988). */
export class BasisFactors {
  readonly entryCount: number;
  readonly #lower: Triangle;
  readonly #upper: Triangle;
  readonly #lowerTransposed: Triangle;
  readonly #upperTransposed: Triangle;
  readonly #rowOrder: Permutation;
  readonly #columnOrder: Permutation;
  readonly #work: ScatteredVector;
  readonly #reach: Reach;

  private constructor(
    lower: SparseColumns,
    upper: SparseColumns,
    diagonal: readonly number[],
    rowOrder: Permutation,
    columnOrder: Permutation,
  ) {
    const size = diagonal.length;
    this.entryCount = lower.values.length + upper.values.length + size;
    this.#lower = { rest: lower, diagonal: undefined };
    this.#upper = { rest: upper, diagonal };
    this.#lowerTransposed = { rest: lower.transpose(size), diagonal: undefined };
    this.#upperTransposed = { rest: upper.transpose(size), diagonal };
    this.#rowOrder = rowOrder;
    this.#columnOrder = columnOrder;
    this.#work = new ScatteredVector(size);
    this.#reach = new Reach(size);
  }

  /** Factors of the square matrix with these columns; undefined when it has no inverse. */
  static of(columns: readonly SparseVector[]): BasisFactors | undefined {
    const size = columns.length;
    const rowEntryCounts = new Int32Array(size);
    for (const { positions } of columns) for (const row of positions) rowEntryCounts[row]!++;
    // Columns with few entries first.
    const columnOrder = permutation(
      columns
        .map((_, column) => column)
        .sort((a, b) => columns[a]!.positions.length - columns[b]!.positions.length),
    );
    const originalOf = columns.map((_, row) => row);
    const newOf = [...originalOf];
    const lower = new SparseColumns();
    const upper = new SparseColumns();
    const diagonal: number[] = [];
    const work = new ScatteredVector(size);
    const reach = new Reach(size);
    for (let step = 0; step < size; step++) {
      work.load(columns[columnOrder.originalOf[step]!]!);
      // What the columns of L so far make of this column: above the diagonal it becomes one of U, below one of L.
      const visited = reach.run(work, lower, (row) => (newOf[row]! < step ? newOf[row]! : -1));
      for (let k = visited.length - 1; k >= 0; k--) {
        const row = visited[k]!;
        if (newOf[row]! < step) eliminate(lower, newOf[row]!, work.values[row]!, work.values);
      }
      const pivotRow = choosePivot(work, (row) => newOf[row]! >= step, rowEntryCounts);
      if (pivotRow === -1) return undefined;
      const pivotValue = work.values[pivotRow]!;
      const displaced = originalOf[step]!;
      originalOf[newOf[pivotRow]!] = displaced;
      newOf[displaced] = newOf[pivotRow]!;
      originalOf[step] = pivotRow;
      newOf[pivotRow] = step;
      for (const row of work.touched) {
        const value = work.values[row]!;
        if (value === 0) continue;
        if (newOf[row]! < step) upper.push(newOf[row]!, value);
        else if (newOf[row]! > step) lower.push(row, value / pivotValue);
      }
      diagonal.push(pivotValue);
      upper.endColumn();
      lower.endColumn();
    }
    lower.rows.forEach((row, k) => {
      lower.rows[k] = newOf[row]!;
    });
    return new BasisFactors(lower, upper, diagonal, { newOf, originalOf }, columnOrder);
  }

  /** Puts x with matrix · x = vector in place of `vector`. */
  solve(vector: ScatteredVector): void {
    this.#solve(vector, this.#rowOrder, this.#lower, this.#upper, this.#columnOrder);
  }

  /** Puts x with matrixᵀ · x = vector in place of `vector`. */
  solveTransposed(vector: ScatteredVector): void {
    this.#solve(vector, this.#columnOrder, this.#upperTransposed, this.#lowerTransposed, this.#rowOrder);
  }

  #solve(
    vector: ScatteredVector,
    from: Permutation,
    first: Triangle,
    second: Triangle,
    to: Permutation,
  ): void {
    const work = this.#work;
    work.clear();
    for (const i of vector.touched) work.set(from.newOf[i]!, vector.values[i]!);
    for (const { rest, diagonal } of [first, second]) {
      const visited = this.#reach.run(work, rest, (i) => i);
      for (let k = visited.length - 1; k >= 0; k--) {
        const column = visited[k]!;
        if (diagonal !== undefined) work.values[column]! /= diagonal[column]!;
        eliminate(rest, column, work.values[column]!, work.values);
      }
    }
    vector.clear();
    for (const i of work.touched) vector.set(to.originalOf[i]!, work.values[i]!);
  }
}

/** Finds which positions of a solution can be non-zero, by depth-first search along columns of a triangle. */
class Reach {
  readonly #isVisited: Uint8Array;
  readonly #visited: number[] = [];

  constructor(size: number) {
    this.#isVisited = new Uint8Array(size);
  }

  /**
   * Touches all that is reachable from touched positions of `vector`, and returns it, each after what it reaches.
   * `columnOf` tells the column by which a position reaches others, −1 for none.
   */
  run(
    vector: ScatteredVector,
    { starts, rows }: SparseColumns,
    columnOf: (position: number) => number,
  ): readonly number[] {
    const isVisited = this.#isVisited;
    const visited = this.#visited;
    for (const i of visited) isVisited[i] = 0;
    visited.length = 0;
    const path: number[] = [];
    const cursors: number[] = [];
    const enter = (position: number): void => {
      isVisited[position] = 1;
      const column = columnOf(position);
      path.push(position);
      cursors.push(column === -1 ? -1 : starts[column]!);
    };
    for (const start of vector.touched) {
      if (isVisited[start] === 1 || columnOf(start) === -1) continue;
      enter(start);
      while (path.length > 0) {
        const position = path.at(-1)!;
        let cursor = cursors.pop()!;
        const end = cursor === -1 ? -1 : starts[columnOf(position) + 1]!;
        while (cursor < end && isVisited[rows[cursor]!] === 1) cursor++;
        if (cursor === end) {
          visited.push(position);
          path.pop();
        } else {
          cursors.push(cursor + 1);
          enter(rows[cursor]!);
        }
      }
    }
    for (const i of visited) vector.touch(i);
    return visited;
  }
}

/** Subtracts `factor` times a column. */
function eliminate(
  { starts, rows, values }: SparseColumns,
  column: number,
  factor: number,
  target: Float64Array,
): void {
  for (let k = starts[column]!; k < starts[column + 1]!; k++) target[rows[k]!]! -= factor * values[k]!;
}

/** Among rows with large enough values the first of those with the fewest entries; −1 when all are zero. */
function choosePivot(
  { touched, values }: ScatteredVector,
  isCandidate: (row: number) => boolean,
  rowEntryCounts: Int32Array,
): number {
  let largest = 0;
  for (const row of touched) if (isCandidate(row)) largest = Math.max(largest, Math.abs(values[row]!));
  if (largest < EPSILON) return -1;
  let best = -1;
  for (const row of touched)
    if (
      isCandidate(row) &&
      Math.abs(values[row]!) >= STABILITY * largest &&
      (best === -1 || rowEntryCounts[row]! < rowEntryCounts[best]!)
    )
      best = row;
  return best;
}

function permutation(originalOf: readonly number[]): Permutation {
  const newOf: number[] = new Array(originalOf.length);
  originalOf.forEach((original, i) => {
    newOf[original] = i;
  });
  return { newOf, originalOf };
}

import { BasisFactors } from './basisFactors.ts';
import { ScatteredVector, SparseColumns, type SparseVector } from './sparse.ts';

/** Tolerance of all comparisons with zero. */
const EPSILON = 1e-10;

/** Minimise cost · x with rows · x = right and x ≥ 0. */
export interface LinearProgram {
  /** Entries by ascending column. */
  readonly rows: readonly SparseVector[];
  readonly right: readonly number[];
  /** None negative. */
  readonly cost: readonly number[];
}

/**
 * A vertex of least cost, undefined when no x satisfies the program.
 *
 * Where several vertices cost the same, the choice is part of what the compiler of a class is: it must be that of
 * microlp 0.6, which the reference uses. So the path is the same: the dual simplex method from the basis of all
 * slacks, rows by dual steepest edge (Forrest & Goldfarb, Math. Programming 57, 1992), columns by Harris's ratio test,
 * and of equals the first in the order in which sparse solves come upon them.
 */
export function leastVertex(program: LinearProgram): Float64Array | undefined {
  const rows: SparseVector[] = [];
  const right: number[] = [];
  for (const [r, row] of program.rows.entries()) {
    if (row.positions.length > 0) {
      const scale = rowScale(row);
      rows.push({ positions: row.positions, values: row.values.map((value) => value * scale) });
      right.push(program.right[r]! * scale);
    } else if (Math.abs(program.right[r]!) >= EPSILON) return undefined;
  }
  return new DualSimplex(rows, right, program.cost).solve();
}

/** The power of two that brings the largest coefficient into [1, 2). */
function rowScale({ values }: SparseVector): number {
  return 2 ** -Math.floor(Math.log2(Math.max(...values.map(Math.abs))));
}

/** The state between pivots. Columns below `variableCount` are variables, the others slacks fixed to 0. */
class DualSimplex {
  readonly #variableCount: number;
  readonly #right: readonly number[];
  readonly #rows: readonly SparseVector[];
  readonly #columns: readonly SparseVector[];
  /** Column of each row of the basis, and its value. */
  readonly #basic: number[];
  readonly #basicValues: Float64Array;
  /** Squared lengths of the rows of the inverse of the basis. */
  readonly #rowNorms: Float64Array;
  /** Columns outside the basis, with their reduced costs; all have value 0. */
  readonly #outside: number[];
  readonly #reducedCosts: Float64Array;
  /** Place of each column in `#outside`, −1 for those in the basis. */
  readonly #placeOutside: Int32Array;
  /** The basis is these factors, changed by one column per exchange since. */
  #factors: BasisFactors;
  #exchanges = new SparseColumns();
  #exchangedRows: number[] = [];
  readonly #vector: ScatteredVector;
  readonly #pivotRow: ScatteredVector;

  constructor(rows: readonly SparseVector[], right: readonly number[], cost: readonly number[]) {
    const rowCount = rows.length;
    const variableCount = cost.length;
    this.#variableCount = variableCount;
    this.#right = right;
    this.#rows = rows;
    const columns = Array.from({ length: variableCount }, () => ({
      positions: [] as number[],
      values: [] as number[],
    }));
    rows.forEach(({ positions, values }, r) => {
      positions.forEach((column, i) => {
        columns[column]!.positions.push(r);
        columns[column]!.values.push(values[i]!);
      });
    });
    for (let r = 0; r < rowCount; r++) columns.push({ positions: [r], values: [1] });
    this.#columns = columns;
    this.#basic = rows.map((_, r) => variableCount + r);
    this.#basicValues = Float64Array.from(right);
    this.#rowNorms = new Float64Array(rowCount).fill(1);
    this.#outside = cost.map((_, column) => column);
    this.#reducedCosts = Float64Array.from(cost);
    this.#placeOutside = Int32Array.from(columns, (_, column) => (column < variableCount ? column : -1));
    this.#factors = BasisFactors.of(this.#basic.map((column) => columns[column]!))!;
    this.#vector = new ScatteredVector(rowCount);
    this.#pivotRow = new ScatteredVector(variableCount);
  }

  solve(): Float64Array | undefined {
    // The method ends by itself but for cycles and rounding, which must not hang a verifier.
    let pivotsLeft = 50 * this.#columns.length + 1000;
    let isFresh = false;
    for (;;) {
      const row = this.#leavingRow();
      if (row === -1) return this.#solution();
      const inverseRow = this.#inverseRow(row);
      this.#computePivotRow(inverseRow);
      const place = this.#enteringPlace(row);
      if (place === -1) {
        // Rounding may have made the violation up: only fresh factors prove that there is no solution.
        if (isFresh || !this.#refresh()) return undefined;
        isFresh = true;
        continue;
      }
      if (pivotsLeft-- === 0 || !this.#exchange(row, place, inverseRow)) return undefined;
      isFresh = false;
    }
  }

  #solution(): Float64Array {
    const solution = new Float64Array(this.#variableCount);
    this.#basic.forEach((column, r) => {
      if (column < this.#variableCount) solution[column] = this.#basicValues[r]!;
    });
    return solution;
  }

  /** How far the value of a row is outside its bounds: variables must not be negative, slacks must be 0. */
  #violation(row: number): number {
    const value = this.#basicValues[row]!;
    if (value < -EPSILON) return -value;
    return value > EPSILON && this.#basic[row]! >= this.#variableCount ? value : 0;
  }

  /** The row furthest outside its bounds by steepest edge; −1 when none is. */
  #leavingRow(): number {
    let best = -1;
    let bestScore = 0;
    for (let r = 0; r < this.#basic.length; r++) {
      const violation = this.#violation(r);
      if (violation === 0) continue;
      const score = (violation * violation) / this.#rowNorms[r]!;
      if (best !== -1 && score <= bestScore) continue;
      best = r;
      bestScore = score;
    }
    return best;
  }

  /** One row of the inverse of the basis. */
  #inverseRow(row: number): SparseVector {
    const vector = this.#vector;
    vector.clear();
    vector.set(row, 1);
    const { starts, rows, values } = this.#exchanges;
    for (let i = this.#exchangedRows.length - 1; i >= 0; i--) {
      let sum = 0;
      for (let k = starts[i]!; k < starts[i + 1]!; k++) sum += values[k]! * vector.values[rows[k]!]!;
      vector.add(this.#exchangedRows[i]!, -sum);
    }
    this.#factors.solveTransposed(vector);
    return vector.entries();
  }

  /** Solves basis · x = right side into `#vector`. */
  #solveBasis(right: SparseVector): void {
    const vector = this.#vector;
    vector.load(right);
    this.#factors.solve(vector);
    const { starts, rows, values } = this.#exchanges;
    this.#exchangedRows.forEach((exchanged, i) => {
      const factor = vector.values[exchanged]!;
      for (let k = starts[i]!; k < starts[i + 1]!; k++) vector.add(rows[k]!, -factor * values[k]!);
    });
  }

  /** The row of the tableau over the columns outside the basis. */
  #computePivotRow({ positions, values }: SparseVector): void {
    const pivotRow = this.#pivotRow;
    pivotRow.clear();
    positions.forEach((r, i) => {
      const factor = values[i]!;
      const row = this.#rows[r]!;
      for (let k = 0; k < row.positions.length; k++) {
        const place = this.#placeOutside[row.positions[k]!]!;
        if (place !== -1) pivotRow.add(place, row.values[k]! * factor);
      }
      const slack = this.#placeOutside[this.#variableCount + r]!;
      if (slack !== -1) pivotRow.add(slack, factor);
    });
  }

  /**
   * The column that takes the place of a row's: reduced costs must stay non-negative, with some tolerance for the sake
   * of large pivots. −1 when no column can, so that the row cannot be satisfied.
   */
  #enteringPlace(row: number): number {
    const isRising = this.#basicValues[row]! < 0;
    const { touched, values } = this.#pivotRow;
    const candidates = touched.filter(
      (place) =>
        this.#outside[place]! < this.#variableCount &&
        (isRising ? values[place]! <= -EPSILON : values[place]! >= EPSILON),
    );
    const costOf = (place: number) => Math.max(0, this.#reducedCosts[place]!);
    let bound = Number.POSITIVE_INFINITY;
    for (const place of candidates)
      bound = Math.min(bound, (costOf(place) + EPSILON) / Math.abs(values[place]!));
    let best = -1;
    let largest = 0;
    for (const place of candidates) {
      const size = Math.abs(values[place]!);
      if (costOf(place) / size > bound || size <= largest) continue;
      best = place;
      largest = size;
    }
    return best;
  }

  /** Exchanges the column of a row with one outside; false when the new basis has no inverse. */
  #exchange(row: number, place: number, inverseRow: SparseVector): boolean {
    const entering = this.#outside[place]!;
    const leaving = this.#basic[row]!;
    const pivot = this.#pivotRow.values[place]!;
    this.#solveBasis(this.#columns[entering]!);
    const column = this.#vector.entries();

    const step = this.#basicValues[row]! / pivot;
    column.positions.forEach((r, i) => {
      if (r === row) this.#basicValues[r] = step;
      else this.#basicValues[r]! -= step * column.values[i]!;
    });
    this.#updateRowNorms(row, pivot, column, inverseRow);

    const ratio = this.#reducedCosts[place]! / pivot;
    for (const c of this.#pivotRow.touched)
      if (c === place) this.#reducedCosts[c] = -ratio;
      else this.#reducedCosts[c]! -= ratio * this.#pivotRow.values[c]!;

    this.#basic[row] = entering;
    this.#outside[place] = leaving;
    this.#placeOutside[entering] = -1;
    this.#placeOutside[leaving] = place;
    if (this.#exchanges.values.length >= this.#factors.entryCount) return this.#refactor();
    column.positions.forEach((r, i) => {
      this.#exchanges.push(r, r === row ? 1 - 1 / pivot : column.values[i]! / pivot);
    });
    this.#exchanges.endColumn();
    this.#exchangedRows.push(row);
    return true;
  }

  #updateRowNorms(row: number, pivot: number, column: SparseVector, inverseRow: SparseVector): void {
    this.#solveBasis(inverseRow);
    const tau = this.#vector.values;
    const norm = inverseRow.values.reduce((sum, value) => sum + value * value, 0);
    const pivotSquare = pivot * pivot;
    column.positions.forEach((r, i) => {
      const value = column.values[i]!;
      if (r === row) this.#rowNorms[r] = norm / pivotSquare;
      else this.#rowNorms[r]! += (-2 * value * tau[r]!) / pivot + (norm * value * value) / pivotSquare;
    });
  }

  #refactor(): boolean {
    const factors = BasisFactors.of(this.#basic.map((column) => this.#columns[column]!));
    if (factors === undefined) return false;
    this.#factors = factors;
    this.#exchanges = new SparseColumns();
    this.#exchangedRows = [];
    return true;
  }

  /** Computes the values of the basis anew. */
  #refresh(): boolean {
    if (!this.#refactor()) return false;
    this.#solveBasis({ positions: this.#right.map((_, r) => r), values: this.#right });
    this.#basicValues.set(this.#vector.values);
    return true;
  }
}

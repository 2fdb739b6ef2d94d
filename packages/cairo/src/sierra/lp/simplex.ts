const EPSILON = 1e-7;

/** A linear program in standard form: minimise cost · x with rows · x = right, x ≥ 0. */
export interface StandardProgram {
  readonly rows: readonly (readonly { readonly column: number; readonly value: number }[])[];
  readonly right: readonly number[];
  readonly cost: readonly number[];
}

/**
 * A vertex of least cost by the two-phase simplex method on a dense tableau, undefined when there is none.
 * Pivots by largest reduced cost, by Bland's rule after long stalls.
 */
export function solveStandardProgram({ rows, right, cost }: StandardProgram): Float64Array | undefined {
  const rowCount = rows.length;
  const columnCount = cost.length;
  const width = columnCount + 1;
  const tableau = rows.map((row, r) => {
    const sign = right[r]! < 0 ? -1 : 1;
    const line = new Float64Array(width);
    for (const { column, value } of row) line[column] = sign * value;
    line[columnCount] = sign * right[r]!;
    return line;
  });
  /** Variable of each row's basis; −1 an artificial one. */
  const basis = new Int32Array(rowCount).fill(-1);

  // Phase 1: drive the artificial variables, one per row, to zero.
  const infeasibility = new Float64Array(width);
  for (const line of tableau) for (let c = 0; c < width; c++) infeasibility[c]! -= line[c]!;
  if (!minimise(tableau, infeasibility, basis, columnCount)) return undefined;
  if (-infeasibility[columnCount]! > EPSILON * Math.max(1, rowCount)) return undefined;
  for (let r = 0; r < rowCount; r++) {
    if (basis[r] !== -1) continue;
    const column = tableau[r]!.findIndex((value, c) => c < columnCount && Math.abs(value) > EPSILON);
    // A row without entries repeats others.
    if (column !== -1) pivot(tableau, infeasibility, basis, r, column);
  }

  const objective = new Float64Array(width);
  objective.set(cost);
  for (let r = 0; r < rowCount; r++) {
    const column = basis[r]!;
    if (column === -1) continue;
    const factor = objective[column]!;
    if (factor !== 0) subtract(objective, tableau[r]!, factor);
  }
  if (!minimise(tableau, objective, basis, columnCount)) return undefined;
  const solution = new Float64Array(columnCount);
  for (let r = 0; r < rowCount; r++) if (basis[r] !== -1) solution[basis[r]!] = tableau[r]![columnCount]!;
  return solution;
}

/** Pivots until no reduced cost is negative; false when the objective has no lower bound. */
function minimise(
  tableau: Float64Array[],
  objective: Float64Array,
  basis: Int32Array,
  columnCount: number,
): boolean {
  let stalled = 0;
  for (;;) {
    const column =
      stalled > 50 ? firstNegative(objective, columnCount) : mostNegative(objective, columnCount);
    if (column === -1) return true;
    let row = -1;
    let best = Number.POSITIVE_INFINITY;
    for (let r = 0; r < tableau.length; r++) {
      const value = tableau[r]![column]!;
      if (value <= EPSILON) continue;
      const ratio = tableau[r]![columnCount]! / value;
      if (ratio < best - EPSILON || (ratio < best + EPSILON && (row === -1 || basis[r]! < basis[row]!))) {
        best = Math.min(best, ratio);
        row = r;
      }
    }
    if (row === -1) return false;
    stalled = best > EPSILON ? 0 : stalled + 1;
    pivot(tableau, objective, basis, row, column);
  }
}

function mostNegative(objective: Float64Array, columnCount: number): number {
  let column = -1;
  let least = -EPSILON;
  for (let c = 0; c < columnCount; c++)
    if (objective[c]! < least) {
      least = objective[c]!;
      column = c;
    }
  return column;
}

function firstNegative(objective: Float64Array, columnCount: number): number {
  for (let c = 0; c < columnCount; c++) if (objective[c]! < -EPSILON) return c;
  return -1;
}

function pivot(
  tableau: Float64Array[],
  objective: Float64Array,
  basis: Int32Array,
  row: number,
  column: number,
): void {
  const line = tableau[row]!;
  const inverse = 1 / line[column]!;
  for (let c = 0; c < line.length; c++) line[c]! *= inverse;
  line[column] = 1;
  for (let r = 0; r < tableau.length; r++) {
    const factor = tableau[r]![column]!;
    if (r !== row && factor !== 0) subtract(tableau[r]!, line, factor);
  }
  const factor = objective[column]!;
  if (factor !== 0) subtract(objective, line, factor);
  basis[row] = column;
}

function subtract(target: Float64Array, line: Float64Array, factor: number): void {
  for (let c = 0; c < target.length; c++) {
    const value = target[c]! - factor * line[c]!;
    // Sums of integers that should vanish must not come back as pivots.
    target[c] = Math.abs(value) < 1e-11 ? 0 : value;
  }
}

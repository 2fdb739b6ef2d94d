import { fixedColumns, type Table } from '@cairn/stark';
import { cairoAir } from './air/cairoAir.ts';
import type { CairoLayout } from './air/layout.ts';
import { POSEIDON_ROWS, SLOTS } from './air/poseidon/poseidonSchedule.ts';

/** Columns of a column of sums: coordinates of QM31. */
const SUM_COLUMNS = 4;

/** What a table costs. */
export interface TableCost {
  readonly name: string;
  /** log2 of the least and greatest number of rows. */
  readonly logHeight: readonly [min: number, max: number];
  readonly mainColumns: number;
  readonly fixedColumns: number;
  readonly lookups: number;
  /** Columns of look-up sums, four for each batch of look-ups. */
  readonly sumColumns: number;
  /** Cells of a row: all columns. */
  readonly width: number;
  readonly constraints: number;
  /** The greatest degree of a written constraint. */
  readonly degree: number;
}

function costOf(table: Table): TableCost {
  const fixed = fixedColumns(table).length;
  const sumColumns = SUM_COLUMNS * table.batches.length;
  return {
    name: table.name,
    logHeight: [table.minLogHeight, table.maxLogHeight],
    mainColumns: table.columns.length - fixed,
    fixedColumns: fixed,
    lookups: table.entries.length,
    sumColumns,
    width: table.columns.length + sumColumns,
    constraints: table.constraints.length,
    degree: Math.max(0, ...table.constraints.map(({ node }) => table.degrees[node]!)),
  };
}

/** What the tables of a layout cost, in their order. */
export function layoutCosts(layout: CairoLayout): TableCost[] {
  return cairoAir(layout).air.tables.map(costOf);
}

/** Cells that one use of a builtin takes: its rows in all tables, range tables and fixed ones aside. */
export interface OperationCells {
  readonly poseidon: number;
  readonly pedersen: number;
  /** With all bits of the factor set; each takes a row. */
  readonly ecOp: number;
  /** One compression. */
  readonly blake: number;
}

/** Rows of a chain of points: windows of both inputs of Pedersen with the start, and doublings and additions of ec_op. */
const PEDERSEN_CHAIN_ROWS = 57;
const EC_OP_DOUBLINGS = 252;
/** Rows of a compression in its tables. */
const BLAKE_ROWS = { 'blake mixing': 80, 'blake rounds': 11, 'blake finish': 8, blake: 1 };

/** What builtins cost in a layout that has them all; `ecOpBits` is how many bits of ec_op's factor are set. */
export function operationCells(layout: CairoLayout, ecOpBits = EC_OP_DOUBLINGS): OperationCells {
  const widths = new Map(layoutCosts(layout).map(({ name, width }) => [name, width]));
  const cells = (rows: Readonly<Record<string, number>>) =>
    Object.entries(rows).reduce((sum, [name, count]) => sum + count * widths.get(name)!, 0);
  return {
    poseidon: cells({ poseidon: POSEIDON_ROWS, cubes: SLOTS * (POSEIDON_ROWS - 2) }),
    pedersen: cells({ 'point chains': PEDERSEN_CHAIN_ROWS, digits: 2, pedersen: 1 }),
    ecOp: cells({
      'point chains': EC_OP_DOUBLINGS + ecOpBits + 1,
      digits: 1,
      ec_op: 1,
      // Both points are shown to be on the curve.
      curve: 2,
      products: 6,
      sums: 4,
    }),
    blake: cells(BLAKE_ROWS),
  };
}

import { fixedColumns, type Table } from '@cairn/stark';
import { cairoAir } from './air/cairoAir.ts';
import type { CairoLayout } from './air/layout.ts';

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

import { CairnError } from '@cairn/primitives';
import { type Air, type BusEntry, type Column, MIN_LOG_HEIGHT, type Table } from '../core/air/ir.ts';
import { isM31, type M31 } from '../core/field/m31.ts';
import type { StarkErrorCode } from '../errors.ts';
import { ColumnEvaluator } from './evaluateColumns.ts';
import { TupleIndex } from './tupleIndex.ts';

/** The cells of a table: one array per column, in row order. */
export interface TableTrace {
  readonly logHeight: number;
  readonly columns: readonly Uint32Array[];
}

/** The cells of all tables, in the order of the AIR. */
export type Trace = readonly TableTrace[];

/** The data of a table: values of its free columns for each row of data. */
export interface TableInput {
  readonly rowCount: number;
  readonly columns: Readonly<Record<string, ArrayLike<M31>>>;
  /** log2 of the height; by default the least that holds the rows. */
  readonly logHeight?: number;
}

/** The data of all tables that have free columns or an enabler, by name. */
export type TraceInput = Readonly<Record<string, TableInput>>;

function refuse(message: string, details: Record<string, unknown>): never {
  throw new CairnError<StarkErrorCode>('INVALID_TRACE', message, { details });
}

function heightOf(table: Table, input: TableInput | undefined): number {
  const needed = Math.max(MIN_LOG_HEIGHT, Math.ceil(Math.log2(Math.max(1, input?.rowCount ?? 0))));
  const logHeight = input?.logHeight ?? Math.max(needed, table.minLogHeight);
  if (logHeight < needed || logHeight < table.minLogHeight || logHeight > table.maxLogHeight) {
    refuse(
      `height of table ${table.name}: got 2^${logHeight} for ${input?.rowCount ?? 0} rows, expected 2^${table.minLogHeight} to 2^${table.maxLogHeight}`,
      { table: table.name },
    );
  }
  if (table.padding.kind === 'none' && input !== undefined && input.rowCount !== 2 ** logHeight) {
    refuse(`table ${table.name} has no padding: got ${input.rowCount} rows for a height of 2^${logHeight}`, {
      table: table.name,
    });
  }
  return logHeight;
}

function freeColumn(
  table: Table,
  column: Column,
  input: TableInput | undefined,
  height: number,
): Uint32Array {
  if (column.source.kind !== 'free') throw new CairnError('INTERNAL', 'not a free column');
  const values = new Uint32Array(height).fill(column.source.padding);
  const given = input?.columns[column.name];
  const rowCount = input?.rowCount ?? 0;
  if (rowCount > 0 && (given === undefined || given.length < rowCount)) {
    refuse(`column ${table.name}.${column.name}: got ${given?.length ?? 'no'} values, expected ${rowCount}`, {
      table: table.name,
      column: column.name,
    });
  }
  for (let row = 0; row < rowCount; row++) {
    const value = given![row]!;
    if (!isM31(value) || value > column.max) {
      refuse(`cell ${table.name}.${column.name}[${row}]: got ${value}, expected ${column.type}`, {
        table: table.name,
        column: column.name,
        row,
      });
    }
    values[row] = value;
  }
  return values;
}

function fillTable(table: Table, input: TableInput | undefined, publicValues: readonly M31[]): TableTrace {
  const logHeight = heightOf(table, input);
  const height = 2 ** logHeight;
  const columns: Uint32Array[] = [];
  for (const column of table.columns) {
    const { source } = column;
    let values: Uint32Array;
    switch (source.kind) {
      case 'fixed':
        values = Uint32Array.from({ length: height }, (_, row) => source.value(row, logHeight));
        break;
      case 'free':
        values = freeColumn(table, column, input, height);
        break;
      case 'enabler':
        values = new Uint32Array(height).fill(1, 0, input?.rowCount ?? 0);
        break;
      case 'multiplicity':
        values = new Uint32Array(height);
        break;
      case 'deduced':
        values = Uint32Array.from({ length: height }, (_, row) =>
          source.compute(source.inputs.map((i) => columns[i]![row]!)),
        );
        break;
      case 'assigned':
        values = new ColumnEvaluator(table, logHeight, columns, publicValues).values(source.node).slice();
    }
    columns.push(values);
  }
  return { logHeight, columns };
}

/** Tuple and multiplicity of an entry in every row. */
export function entryRows(
  table: Table,
  trace: TableTrace,
  entry: BusEntry,
  publicValues: readonly M31[],
  visit: (row: number, tuple: M31[], multiplicity: M31) => void,
): void {
  const { tuple, multiplicity } = entryColumns(table, trace, entry, publicValues);
  for (let row = 0; row < multiplicity.length; row++) {
    visit(
      row,
      tuple.map((values) => values[row]!),
      multiplicity[row]!,
    );
  }
}

/** Values of an entry's tuple and multiplicity in all rows. */
function entryColumns(table: Table, trace: TableTrace, entry: BusEntry, publicValues: readonly M31[]) {
  const evaluator = new ColumnEvaluator(table, trace.logHeight, trace.columns, publicValues);
  return {
    tuple: entry.tuple.map((node) => evaluator.values(node)),
    multiplicity: evaluator.values(entry.multiplicity),
  };
}

/** Counts uses on the buses and writes them into the multiplicity columns of the rows that yield the tuples. */
function countUses(air: Air, trace: Trace, publicValues: readonly M31[]): void {
  const counted = air.buses.map((): { index: TupleIndex; counts: Uint32Array }[] => []);
  air.tables.forEach((table, t) => {
    for (const entry of table.entries) {
      const node = table.nodes[entry.multiplicity]!;
      if (entry.kind !== 'yield' || node.op !== 'column') continue;
      if (table.columns[node.column]!.source.kind !== 'multiplicity') continue;
      const { tuple } = entryColumns(table, trace[t]!, entry, publicValues);
      counted[entry.bus]!.push({ index: new TupleIndex(tuple), counts: trace[t]!.columns[node.column]! });
    }
  });
  const count = (bus: number, tuple: readonly Uint32Array[], at: number, uses: number) => {
    for (const { index, counts } of counted[bus]!) {
      const row = index.find(tuple, at);
      if (row < 0) continue;
      counts[row] = counts[row]! + uses;
      return;
    }
  };
  air.tables.forEach((table, t) => {
    for (const entry of table.entries) {
      if (entry.kind !== 'use' || counted[entry.bus]!.length === 0) continue;
      const { tuple, multiplicity } = entryColumns(table, trace[t]!, entry, publicValues);
      for (let row = 0; row < multiplicity.length; row++) {
        if (multiplicity[row] !== 0) count(entry.bus, tuple, row, multiplicity[row]!);
      }
    }
  });
  for (const entry of air.publicEntries) {
    if (entry.kind !== 'use') continue;
    const tuple = entry.tuple.map((v) =>
      Uint32Array.of('constant' in v ? v.constant : publicValues[v.publicCell]!),
    );
    count(entry.bus, tuple, 0, 1);
  }
}

/** A copy of the trace with its multiplicity columns counted anew. */
export function recountUses(air: Air, trace: Trace, publicValues: readonly M31[]): Trace {
  const copy = trace.map((own, t) => ({
    ...own,
    columns: own.columns.map((values, c) =>
      air.tables[t]!.columns[c]!.source.kind === 'multiplicity' ? new Uint32Array(values.length) : values,
    ),
  }));
  countUses(air, copy, publicValues);
  return copy;
}

/**
 * Fills all tables from the data of their free columns: fixed, deduced and assigned columns by the AIR's text, then the
 * multiplicities by counting. Does not check constraints: see `checkTrace`.
 * @throws CairnError `INVALID_TRACE`.
 */
export function generateTrace(air: Air, input: TraceInput, publicValues: readonly M31[]): Trace {
  for (const name of Object.keys(input)) {
    if (!air.tables.some((table) => table.name === name))
      refuse(`AIR ${air.name} has no table ${name}`, { table: name });
  }
  const trace = air.tables.map((table) => fillTable(table, input[table.name], publicValues));
  countUses(air, trace, publicValues);
  return trace;
}

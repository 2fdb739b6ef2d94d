import { CairnError } from '@cairn/primitives';
import { type Air, type BusEntry, type Column, MIN_LOG_HEIGHT, type Table } from '../core/air/ir.ts';
import { leavesOf } from '../core/air/leavesOf.ts';
import { addM31, isM31, type M31 } from '../core/field/m31.ts';
import type { StarkErrorCode } from '../errors.ts';
import { ColumnEvaluator } from './evaluateColumns.ts';
import { assignColumns, visitRows } from './rowEvaluator.ts';
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
  const max = Number(column.max);
  if (rowCount > 0 && (given === undefined || given.length < rowCount)) {
    refuse(`column ${table.name}.${column.name}: got ${given?.length ?? 'no'} values, expected ${rowCount}`, {
      table: table.name,
      column: column.name,
    });
  }
  for (let row = 0; row < rowCount; row++) {
    const value = given![row]!;
    if (!isM31(value) || value > max) {
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

/** From column `first` on, the assigned columns that can be computed together: none reads another of them in the next row. */
function assignedRun(table: Table, first: number): Map<number, number> {
  const run = new Map<number, number>();
  for (let c = first; c < table.columns.length; c++) {
    const { source } = table.columns[c]!;
    if (source.kind !== 'assigned') break;
    if ([...leavesOf(table, [source.node]).nextColumns].some((column) => run.has(column))) break;
    run.set(c, source.node);
  }
  return run;
}

/** Calls back with the inputs' cells of each row; the array is the same each time. */
function forEachRow(
  inputs: readonly Uint32Array[],
  height: number,
  visit: (cells: readonly M31[], row: number) => void,
): void {
  const cells: M31[] = inputs.map(() => 0);
  for (let row = 0; row < height; row++) {
    for (let i = 0; i < inputs.length; i++) cells[i] = inputs[i]![row]!;
    visit(cells, row);
  }
}

function fillTable(table: Table, input: TableInput | undefined, publicValues: readonly M31[]): TableTrace {
  const logHeight = heightOf(table, input);
  const height = 2 ** logHeight;
  const columns: Uint32Array[] = [];
  while (columns.length < table.columns.length) {
    const column = table.columns[columns.length]!;
    const { source } = column;
    switch (source.kind) {
      case 'fixed': {
        const values = new Uint32Array(height);
        for (let row = 0; row < height; row++) values[row] = source.value(row, logHeight);
        columns.push(values);
        break;
      }
      case 'free':
        columns.push(freeColumn(table, column, input, height));
        break;
      case 'enabler':
        columns.push(new Uint32Array(height).fill(1, 0, input?.rowCount ?? 0));
        break;
      case 'multiplicity':
        columns.push(new Uint32Array(height));
        break;
      case 'deduced': {
        const inputs = source.inputs.map((i) => columns[i]!);
        const values = new Uint32Array(height);
        forEachRow(inputs, height, (cells, row) => {
          values[row] = source.compute(cells);
        });
        columns.push(values);
        break;
      }
      case 'deducedTogether': {
        const inputs = source.inputs.map((i) => columns[i]!);
        const made = Array.from({ length: source.count }, () => new Uint32Array(height));
        forEachRow(inputs, height, (cells, row) => {
          const values = source.compute(cells);
          for (let i = 0; i < made.length; i++) made[i]![row] = values[i]!;
        });
        columns.push(...made);
        break;
      }
      case 'assigned':
        assignColumns(table, logHeight, columns, publicValues, assignedRun(table, columns.length));
    }
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

/** The rows of a table that yield tuples, and how often each is used. */
interface Counter {
  readonly index: TupleIndex;
  readonly counts: Uint32Array;
}

/** Adds uses to the row that yields the tuple, of the first table that has it; tuples that none yields are left out. */
function countUse(counters: readonly Counter[], tuple: readonly Uint32Array[], at: number, uses: M31): void {
  for (const { index, counts } of counters) {
    const row = index.find(tuple, at);
    if (row < 0) continue;
    counts[row] = addM31(counts[row]!, uses);
    return;
  }
}

/** The values of nodes in all rows; those of plain columns are the columns themselves. */
function wholeColumns(
  table: Table,
  { logHeight, columns }: TableTrace,
  publicValues: readonly M31[],
  nodes: readonly number[],
): Uint32Array[] {
  const made = new Map<number, Uint32Array>();
  for (const index of nodes) {
    const node = table.nodes[index]!;
    if (node.op !== 'column' || node.next) made.set(index, new Uint32Array(2 ** logHeight));
  }
  visitRows(table, logHeight, columns, publicValues, [...made.keys()], (values, first, count) => {
    [...made.values()].forEach((target, i) => {
      target.set(values[i]!.subarray(0, count), first);
    });
  });
  return nodes.map((index) => {
    const node = table.nodes[index]!;
    return node.op === 'column' && !node.next ? columns[node.column]! : made.get(index)!;
  });
}

function countersOf(air: Air, trace: Trace, publicValues: readonly M31[]): Counter[][] {
  const counters = air.buses.map((): Counter[] => []);
  air.tables.forEach((table, t) => {
    const { columns } = trace[t]!;
    for (const entry of table.entries) {
      const node = table.nodes[entry.multiplicity]!;
      if (entry.kind !== 'yield' || node.op !== 'column') continue;
      if (table.columns[node.column]!.source.kind !== 'multiplicity') continue;
      const tuple = wholeColumns(table, trace[t]!, publicValues, entry.tuple);
      counters[entry.bus]!.push({ index: new TupleIndex(tuple), counts: columns[node.column]! });
    }
  });
  return counters;
}

/** Counts uses on the buses and writes them into the multiplicity columns of the rows that yield the tuples. */
function countUses(air: Air, trace: Trace, publicValues: readonly M31[]): void {
  const counters = countersOf(air, trace, publicValues);
  air.tables.forEach((table, t) => {
    const { logHeight, columns } = trace[t]!;
    const uses = table.entries.filter((entry) => entry.kind === 'use' && counters[entry.bus]!.length > 0);
    if (uses.length === 0) return;
    const nodes = [...new Set(uses.flatMap((entry) => [...entry.tuple, entry.multiplicity]))];
    const place = new Map(nodes.map((node, i) => [node, i]));
    visitRows(table, logHeight, columns, publicValues, nodes, (values, _first, count) => {
      for (const entry of uses) {
        const own = counters[entry.bus]!;
        const tuple = entry.tuple.map((node) => values[place.get(node)!]!);
        const multiplicity = values[place.get(entry.multiplicity)!]!;
        for (let row = 0; row < count; row++) {
          if (multiplicity[row] !== 0) countUse(own, tuple, row, multiplicity[row]!);
        }
      }
    });
  });
  for (const entry of air.publicEntries) {
    if (entry.kind !== 'use') continue;
    const tuple = entry.tuple.map((v) =>
      Uint32Array.of('constant' in v ? v.constant : publicValues[v.publicCell]!),
    );
    countUse(counters[entry.bus]!, tuple, 0, 1);
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

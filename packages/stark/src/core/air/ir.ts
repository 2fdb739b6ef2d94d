import type { M31 } from '../field/m31.ts';

/**
 * An operation of a table's expression graph. Operands are indices of earlier nodes of the same graph; equal nodes are
 * one node (hash-consed).
 */
export type Node =
  | { readonly op: 'const'; readonly value: M31 }
  /** A column of the table in this row, or in the next one (the row after the last is the first). */
  | { readonly op: 'column'; readonly column: number; readonly next: boolean }
  /** A public cell of the statement. */
  | { readonly op: 'public'; readonly index: number }
  /** 1 in the first (last) row of the table, 0 in the others. */
  | { readonly op: 'selector'; readonly row: 'first' | 'last' }
  | { readonly op: 'add' | 'sub' | 'mul'; readonly a: number; readonly b: number };

/** Where a column's values come from; the tree that holds it follows from it. */
export type ColumnSource =
  /** Fixed by the AIR, part of the verifying key. */
  | { readonly kind: 'fixed'; readonly value: (row: number, logHeight: number) => M31 }
  /** Given by the caller for each row of data; `reason` says why no constraint determines it. */
  | { readonly kind: 'free'; readonly reason: string; readonly padding: M31 }
  /** 1 in rows of data, 0 in padding. */
  | { readonly kind: 'enabler' }
  /** How often each row of the table is used through the look-up entries that carry this column as multiplicity. */
  | { readonly kind: 'multiplicity' }
  /** Computed from earlier columns of the row by a function; constraints say separately what it must be. */
  | {
      readonly kind: 'deduced';
      readonly inputs: readonly number[];
      readonly compute: (values: readonly M31[]) => M31;
    }
  /** The same for `count` columns, one after the other, by one function: this is number `index` of them. */
  | {
      readonly kind: 'deducedTogether';
      readonly inputs: readonly number[];
      readonly compute: (values: readonly M31[]) => readonly M31[];
      readonly index: number;
      readonly count: number;
    }
  /** Equal to an expression of earlier columns of the row, by a constraint of its own. */
  | { readonly kind: 'assigned'; readonly node: number };

/** A column of a table. */
export interface Column {
  readonly name: string;
  /** Name of the declared type, as in `u9`. */
  readonly type: string;
  /** The integers that the type's constraint or look-up lets pass. */
  readonly min: bigint;
  readonly max: bigint;
  readonly source: ColumnSource;
  /** True when some expression reads the column in the next row. */
  readonly hasNext: boolean;
}

/** A named polynomial that must vanish on every row. */
export interface Constraint {
  readonly name: string;
  readonly node: number;
}

/** A look-up entry: each row adds `multiplicity` uses (or yields) of a tuple to a bus. */
export interface BusEntry {
  readonly name: string;
  readonly bus: number;
  readonly kind: 'use' | 'yield';
  readonly tuple: readonly number[];
  readonly multiplicity: number;
}

/** A bus entry of the statement itself: constants and public cells, added by the verifier. */
export interface PublicBusEntry {
  readonly name: string;
  readonly bus: number;
  readonly kind: 'use' | 'yield';
  readonly tuple: readonly ({ readonly constant: M31 } | { readonly publicCell: number })[];
}

/** What rows beyond the data are. */
export type Padding =
  /** There are none: the table is exactly as high as its data, or all its columns are fixed or multiplicities. */
  | { readonly kind: 'none' }
  /** Rows with the enabler 0; the enabler is a bit and never rises again. */
  | { readonly kind: 'enabler'; readonly column: number }
  /** Ordinary rows computed from the padding values of the free columns, which take part in every look-up. */
  | { readonly kind: 'computed' };

/** A table: columns, constraints, look-ups. */
export interface Table {
  readonly name: string;
  /** log2 of the least and greatest number of rows. */
  readonly minLogHeight: number;
  readonly maxLogHeight: number;
  readonly padding: Padding;
  readonly columns: readonly Column[];
  readonly nodes: readonly Node[];
  readonly degrees: readonly number[];
  readonly constraints: readonly Constraint[];
  readonly entries: readonly BusEntry[];
  /** Entries grouped into columns of running sums; each batch is one QM31 column and one constraint. */
  readonly batches: readonly (readonly number[])[];
}

/** A bus: tuples of so many fields under an id that no other bus has. */
export interface Bus {
  readonly name: string;
  readonly id: M31;
  readonly fields: readonly string[];
}

/** A whole AIR. */
export interface Air {
  readonly name: string;
  readonly publicCells: readonly string[];
  readonly buses: readonly Bus[];
  readonly tables: readonly Table[];
  readonly publicEntries: readonly PublicBusEntry[];
  /** log2 of the composition polynomial's size over the trace's: 1 for constraints of degree ≤ 3, 2 for ≤ 5. */
  readonly logComposition: number;
}

/** The AIR with the bus entries of one statement beside its own. */
export function withPublicEntries(air: Air, entries: readonly PublicBusEntry[]): Air {
  return { ...air, publicEntries: [...air.publicEntries, ...entries] };
}

/** The least height of a table: kernels work on four rows and on pairs of them. */
export const MIN_LOG_HEIGHT = 4;
/** The greatest height of a table; the domain of the proof adds the blow-up. */
export const MAX_LOG_HEIGHT = 26;

/** Columns of a table in the tree of fixed columns, in order. */
export function fixedColumns(table: Table): number[] {
  return table.columns.flatMap((column, i) => (column.source.kind === 'fixed' ? [i] : []));
}

/** Columns of a table in the main tree, in order. */
export function mainColumns(table: Table): number[] {
  return table.columns.flatMap((column, i) => (column.source.kind === 'fixed' ? [] : [i]));
}

/** Constraints of a table, those of its look-up columns included. */
export function constraintCount(table: Table): number {
  return table.constraints.length + table.batches.length;
}

/** Name of the i-th constraint in the order of the composition. */
export function constraintName(table: Table, index: number): string {
  const constraint = table.constraints[index];
  if (constraint !== undefined) return constraint.name;
  const batch = table.batches[index - table.constraints.length] ?? [];
  return `look-up sum of ${batch.map((entry) => table.entries[entry]!.name).join(', ')}`;
}

/** The greatest degree that constraints of an AIR may have. */
export function maxDegree(logComposition: number): number {
  return 2 ** logComposition + 1;
}

import type { Table } from './ir.ts';

/** What expressions read. */
export interface LeavesRead {
  /** Columns read in this row or the next. */
  readonly columns: ReadonlySet<number>;
  /** Columns read in the next row. */
  readonly nextColumns: ReadonlySet<number>;
  readonly selectors: ReadonlySet<'first' | 'last'>;
}

/** The columns and selectors that these nodes of a table depend on. */
export function leavesOf(table: Table, nodes: readonly number[]): LeavesRead {
  const columns = new Set<number>();
  const nextColumns = new Set<number>();
  const selectors = new Set<'first' | 'last'>();
  const seen = new Set<number>();
  const stack = [...nodes];
  while (stack.length > 0) {
    const index = stack.pop()!;
    if (seen.has(index)) continue;
    seen.add(index);
    const node = table.nodes[index]!;
    if (node.op === 'column') {
      columns.add(node.column);
      if (node.next) nextColumns.add(node.column);
    } else if (node.op === 'selector') selectors.add(node.row);
    else if ('a' in node) stack.push(node.a, node.b);
  }
  return { columns, nextColumns, selectors };
}

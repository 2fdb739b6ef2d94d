import type { Air } from '../core/air/ir.ts';
import { leavesOf } from '../core/air/leavesOf.ts';
import { P } from '../core/field/m31.ts';
import { checkTrace } from '../prover/checkTrace.ts';
import type { Trace } from '../prover/trace.ts';

/** A cell that could be changed without any constraint or bus noticing. */
export interface UnnoticedChange {
  readonly table: string;
  readonly column: string;
  readonly row: number;
  readonly from: number;
  readonly to: number;
}

/** Changes tried on each cell. */
const CHANGES: readonly ((value: number) => number)[] = [
  (v) => (v + 1) % P,
  (v) => (v + P - 1) % P,
  (v) => (v + 512) % P,
  (v) => (v === 0 ? 1 : 0),
  () => P - 1,
];

/**
 * Changes single cells of a valid trace, in the given rows of every column that the AIR does not fix, and gives the changes
 * that go unnoticed. Each needs a reason: the cell's value must be free by design.
 */
export function unnoticedChanges(
  air: Air,
  trace: Trace,
  publicValues: readonly number[],
  rowsOf: (height: number) => readonly number[],
): UnnoticedChange[] {
  const found: UnnoticedChange[] = [];
  air.tables.forEach((table, t) => {
    const own = trace[t]!;
    table.columns.forEach((column, c) => {
      if (column.source.kind === 'fixed') return;
      for (const row of rowsOf(2 ** own.logHeight)) {
        const from = own.columns[c]![row]!;
        for (const to of new Set(CHANGES.map((change) => change(from)))) {
          if (to === from) continue;
          const columns = own.columns.with(c, own.columns[c]!.with(row, to));
          const changed = trace.map((other, i) => (i === t ? { ...own, columns } : other));
          if (checkTrace(air, changed, publicValues, 1).length === 0) {
            found.push({ table: table.name, column: column.name, row, from, to });
          }
        }
      }
    });
  });
  return found;
}

/** Groups of columns of each table that no constraint or look-up joins: one group per table is as it should be. */
export function columnGroups(air: Air): { table: string; groups: string[][] }[] {
  return air.tables.map((table) => {
    const group = table.columns.map((_, i) => i);
    const find = (i: number): number => (group[i] === i ? i : (group[i] = find(group[i]!)));
    const columnsIn = (node: number) => [...leavesOf(table, [node]).columns];
    const join = (columns: readonly number[]) => {
      for (const column of columns) group[find(column)] = find(columns[0]!);
    };
    for (const { node } of table.constraints) join(columnsIn(node));
    for (const entry of table.entries) join([...entry.tuple, entry.multiplicity].flatMap(columnsIn));
    const groups = new Map<number, string[]>();
    table.columns.forEach((column, i) => {
      const root = find(i);
      groups.set(root, [...(groups.get(root) ?? []), column.name]);
    });
    return { table: table.name, groups: [...groups.values()] };
  });
}

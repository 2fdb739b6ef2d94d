import { anyM31, type ColumnExpr, type PublicCell, type TableBuilder } from '@cairn/stark';
import type { FlatMemory } from '../witness/flatMemory.ts';
import type { TableColumns } from '../witness/tableColumns.ts';
import type { CairoBuses } from './buses.ts';
import { declareSegmentAddress } from './segmentAddress.ts';

/** Ids of the cells of an instance, one instance per row, read from memory in order. */
export function declareInstanceCells(
  t: TableBuilder,
  { memory }: CairoBuses,
  start: PublicCell,
  cells: readonly string[],
): ColumnExpr[] {
  const address = declareSegmentAddress(t, start, cells.length);
  const ids = cells.map((name) => t.free(`id ${name}`, anyM31, { reason: 'bound by memory' }));
  ids.forEach((id, i) => {
    t.use(`cell of ${cells[i]}`, memory, [address.add(i), id], t.constant(1));
  });
  return ids;
}

/** Fills the columns of {@link declareInstanceCells}, telling the ids of each instance. */
export function fillInstanceCells(
  table: TableColumns,
  memory: FlatMemory,
  start: number,
  cells: readonly string[],
  tell: (ids: readonly number[]) => void,
): void {
  const addresses = table.column('address');
  const columns = cells.map((name) => table.column(`id ${name}`));
  for (let row = 0; row < table.height; row++) {
    const first = start + row * cells.length;
    addresses[row] = first;
    const ids = cells.map((_, i) => memory.read(first + i));
    ids.forEach((id, i) => {
      columns[i]![row] = id;
    });
    tell(ids);
  }
}

import { type AirBuilder, anyM31, type BusHandle, bit, type M31 } from '@cairn/stark';
import { logHeightFor, TableColumns } from '../witness/tableColumns.ts';

/** Rows that the AIR fixes, yielded as often as they are used. */
export interface ConstantRows {
  readonly name: string;
  readonly rows: readonly (readonly M31[])[];
}

/**
 * A table of constant rows without fixed columns: each row in use is one of those that the statement gives out once each. So
 * keys do not depend on heights. Returns the bus that yields the rows any number of times.
 */
export function declareConstants(
  a: AirBuilder,
  { name, rows }: ConstantRows,
  fields: readonly string[],
): BusHandle {
  const given = a.bus(`${name} given`, fields);
  const bus = a.bus(name, fields);
  rows.forEach((row, i) => {
    a.publicYield(`${name} ${i}`, given, row);
  });
  a.table(name, { logHeight: logHeightFor(rows.length), padding: 'none' }, (t) => {
    const isRow = t.free('is row', bit, { reason: 'rows beyond the constants are empty' });
    const values = fields.map((field) => t.free(field, anyM31, { reason: 'bound by the statement' }));
    const uses = t.multiplicity('uses');
    t.assertZero('empty rows give nothing', uses.mul(t.constant(1).sub(isRow)));
    t.use('given', given, values, isRow);
    t.yield('row', bus, values, uses);
  });
  return bus;
}

/** The filled table; uses by row. */
export function fillConstants(
  { rows }: ConstantRows,
  fields: readonly string[],
  uses: ArrayLike<number>,
): TableColumns {
  const table = new TableColumns(logHeightFor(rows.length));
  const [isRow, useColumn] = [table.column('is row'), table.column('uses')];
  const columns = fields.map((field) => table.column(field));
  rows.forEach((row, r) => {
    isRow[r] = 1;
    useColumn[r] = uses[r]!;
    row.forEach((value, i) => {
      columns[i]![r] = value;
    });
  });
  return table;
}

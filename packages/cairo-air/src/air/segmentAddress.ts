import { anyM31, type ColumnExpr, type PublicCell, type TableBuilder } from '@cairn/stark';

/** A column with the address of each row's first cell: from a public start on, so many cells per row. */
export function declareSegmentAddress(
  t: TableBuilder,
  start: PublicCell,
  cellsPerInstance: number,
): ColumnExpr {
  const address = t.free('address', anyM31, { reason: 'counts from the start of the segment' });
  t.assertZero('first address', t.isFirst.mul(address.sub(t.publicValue(start))));
  t.assertZero(
    'addresses count up',
    t.constant(1).sub(t.isLast).mul(address.next.sub(address).sub(cellsPerInstance)),
  );
  return address;
}

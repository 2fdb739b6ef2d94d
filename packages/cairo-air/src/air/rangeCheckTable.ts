import { anyM31 } from '@cairn/stark';
import { TableColumns } from '../witness/tableColumns.ts';
import type { BuiltinTable } from './builtinTable.ts';
import { declareSegmentAddress } from './segmentAddress.ts';
import { bitsFrom, GROUP_COUNT, upTo } from './valueForm.ts';

/** Groups of three limbs that a 128-bit value fills; the last has 20 bits. */
const FULL_GROUPS = 4;

/** Cells of the range check builtin, one per row: values below 2^128. */
export const rangeCheckTable: BuiltinTable = {
  name: 'range_check',
  cellsPerInstance: 1,
  rowsPerInstance: 1,
  paddingInstance: () => [0n],
  declare(a, { buses, ranges, start }) {
    a.table('range_check', { logHeight: { min: 4, max: 24 }, padding: 'none' }, (t) => {
      const address = declareSegmentAddress(t, start, 1);
      const id = t.free('id', anyM31, { reason: 'bound by memory' });
      const groups = upTo(FULL_GROUPS).map((i) =>
        t.free(`group${i}`, bitsFrom(27, 'canonical value'), { reason: 'bound by the value' }),
      );
      const last = ranges.twentyBits(t, `group${FULL_GROUPS}`, 'bound by the value');
      const zeros = upTo(GROUP_COUNT - FULL_GROUPS - 1).map(() => 0);
      t.use('cell', buses.memory, [address, id], t.constant(1));
      t.use('value', buses.groups, [id, ...groups, last, ...zeros], t.constant(1));
    });
  },
  fill({ memory, values, ranges, tables }, start, logHeight) {
    const table = new TableColumns(logHeight);
    const [addresses, ids] = [table.column('address'), table.column('id')];
    const groups = table.columns('group', FULL_GROUPS);
    const writeLast = ranges.twentyBits(table, `group${FULL_GROUPS}`);
    for (let row = 0; row < table.height; row++) {
      const id = memory.read(start + row);
      addresses[row] = start + row;
      ids[row] = id;
      values.use('groups', id);
      for (let g = 0; g < FULL_GROUPS; g++) groups[g]![row] = values.group(id, g);
      writeLast(row, values.group(id, FULL_GROUPS));
    }
    tables.range_check = table;
  },
};

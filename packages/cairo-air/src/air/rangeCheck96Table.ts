import { anyM31 } from '@cairn/stark';
import { TableColumns } from '../witness/tableColumns.ts';
import type { BuiltinTable } from './builtinTable.ts';
import { declareSegmentAddress } from './segmentAddress.ts';
import { bitsFrom, GROUP_COUNT, upTo } from './valueForm.ts';

/** Groups of 27 bits below the last, which has 15 bits: one limb of nine and one of six. */
const FULL_GROUPS = 3;
/** A value below 2^9 whose eightfold is below 2^9 has six bits. */
const SIX_BITS_SCALE = 8;

/** Cells of the range_check96 builtin, one per row: values below 2^96. */
export const rangeCheck96Table: BuiltinTable = {
  name: 'range_check96',
  cellsPerInstance: 1,
  rowsPerInstance: 1,
  paddingInstance: () => [0n],
  declare(a, { buses, ranges, start }) {
    a.table('range_check96', { logHeight: { min: 4, max: 24 }, padding: 'none' }, (t) => {
      const address = declareSegmentAddress(t, start, 1);
      const id = t.free('id', anyM31, { reason: 'bound by memory' });
      const groups = upTo(FULL_GROUPS).map((i) =>
        t.free(`group${i}`, bitsFrom(27, 'canonical value'), { reason: 'bound by the value' }),
      );
      const low = t.free('low', bitsFrom(9, 'look-up of its own'), { reason: 'bound by the value' });
      const high = t.free('high', bitsFrom(6, 'look-ups of its own'), { reason: 'bound by the value' });
      ranges.nineBits(t, 'upper limbs', [low, high, high.mul(SIX_BITS_SCALE)]);
      const zeros = upTo(GROUP_COUNT - FULL_GROUPS - 1).map(() => 0);
      t.use('cell', buses.memory, [address, id], t.constant(1));
      t.use('value', buses.groups, [id, ...groups, low.add(high.mul(512)), ...zeros], t.constant(1));
    });
  },
  fill({ memory, values, ranges, tables }, start, logHeight) {
    const table = new TableColumns(logHeight);
    const [addresses, ids] = [table.column('address'), table.column('id')];
    const [low, high] = [table.column('low'), table.column('high')];
    const groups = table.columns('group', FULL_GROUPS);
    for (let row = 0; row < table.height; row++) {
      const id = memory.read(start + row);
      addresses[row] = start + row;
      ids[row] = id;
      values.use('groups', id);
      for (let g = 0; g < FULL_GROUPS; g++) groups[g]![row] = values.group(id, g);
      low[row] = values.limb(id, 3 * FULL_GROUPS);
      high[row] = values.limb(id, 3 * FULL_GROUPS + 1);
    }
    ranges.nineBits([low, high, high.map((value) => value * SIX_BITS_SCALE)]);
    tables.range_check96 = table;
  },
};

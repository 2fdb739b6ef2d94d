import { type AirBuilder, anyM31, type BusHandle } from '@cairn/stark';
import { logHeightFor, TableColumns } from '../../witness/tableColumns.ts';
import type { Witness } from '../../witness/witness.ts';
import type { CairoBuses } from '../buses.ts';
import { bitsFrom, LIMB_COUNT, upTo } from '../valueForm.ts';

/** Scalars limb by limb: each use of a scalar takes all its limbs once. */
export function declareDigits(a: AirBuilder, buses: CairoBuses): BusHandle {
  const digits = a.bus('digit', ['id', 'index', 'digit']);
  a.table('digits', { logHeight: { min: 4, max: 20 }, padding: 'none' }, (t) => {
    const id = t.free('id', anyM31, { reason: 'which values are scalars is for those who ask' });
    const limbs = upTo(LIMB_COUNT).map((i) =>
      t.free(`limb${i}`, bitsFrom(9, 'canonical value'), { reason: 'bound by the value' }),
    );
    const uses = t.multiplicity('uses');
    t.use('value', buses.limbs, [id, ...limbs], t.constant(1));
    limbs.forEach((limb, i) => {
      t.yield(`digit ${i}`, digits, [id, i, limb], uses);
    });
  });
  return digits;
}

/** Fills the table; `uses` counts by id. */
export function fillDigits({ values, tables }: Witness, uses: ReadonlyMap<number, number>): void {
  const table = new TableColumns(logHeightFor(uses.size));
  const [ids, useColumn] = [table.column('id'), table.column('uses')];
  const limbs = table.columns('limb', LIMB_COUNT);
  const entries = [...uses];
  for (let row = 0; row < table.height; row++) {
    const [id, count] = entries[row] ?? [0, 0];
    ids[row] = id;
    useColumn[row] = count;
    values.use('limbs', id);
    for (let i = 0; i < LIMB_COUNT; i++) limbs[i]![row] = values.limb(id, i);
  }
  tables.digits = table;
}

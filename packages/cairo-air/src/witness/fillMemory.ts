import { ADDRESSES_PER_ROW } from '../air/memoryTable.ts';
import { LIMB_COUNT, SMALL_LIMB_COUNT, upTo } from '../air/valueForm.ts';
import { inverseOf, logHeightFor, TableColumns } from './tableColumns.ts';
import type { ValueView } from './valueStore.ts';
import type { Witness } from './witness.ts';

/** Fills the table of memory; to be done when nothing looks up memory any more. */
export function fillMemory({ memory, tables }: Witness): void {
  const table = new TableColumns(logHeightFor(Math.ceil(memory.size / ADDRESSES_PER_ROW)));
  const rows = table.column('row');
  for (let row = 0; row < table.height; row++) rows[row] = row;
  for (const k of upTo(ADDRESSES_PER_ROW)) {
    const [ids, uses] = [table.column(`id${k}`), table.column(`uses${k}`)];
    for (let row = 0, address = k; address < memory.size; row++, address += ADDRESSES_PER_ROW) {
      ids[row] = memory.ids[address]!;
      uses[row] = memory.uses[address]!;
    }
  }
  tables.memory = table;
}

/** Fills both tables of values; to be done last but for the range tables. */
export function fillValues({ values, ranges, tables }: Witness, hasPairs: boolean): void {
  const views: ValueView[] = ['signed', 'groups', 'limbs'];
  if (hasPairs) views.push('pairs');
  for (const size of ['small', 'big'] as const) {
    const isBig = size === 'big';
    const count = isBig ? values.bigCount : values.smallCount;
    const limbCount = isBig ? LIMB_COUNT : SMALL_LIMB_COUNT;
    const source = isBig ? values.bigLimbs : values.smallLimbs;
    const table = new TableColumns(logHeightFor(count));
    const [rows, inverses] = [table.column('row'), table.column('inverse')];
    const limbs = table.columns('limb', limbCount);
    for (let row = 0; row < table.height; row++) {
      rows[row] = row;
      let total = 0;
      if (row < count) {
        for (let k = 0; k < limbCount; k++) {
          const limb = source[row * limbCount + k]!;
          limbs[k]![row] = limb;
          total += limb;
        }
      } else {
        // Rows beyond the values hold a 1: only the first small value may be 0.
        limbs[0]![row] = 1;
        total = 1;
      }
      inverses[row] = inverseOf(total);
    }
    for (const view of views) table.column(`${view} uses`).set(values.uses(view, size).subarray(0, count));
    if (!isBig) {
      ranges.nineBits(limbs);
      tables['small values'] = table;
      continue;
    }
    const [top, full] = [table.column('top'), table.column('full')];
    const [doubled, limb21] = [new Uint32Array(table.height), new Uint32Array(table.height)];
    for (let row = 0; row < table.height; row++) {
      top[row] = limbs[27]![row] === 256 ? 1 : 0;
      full[row] = top[row]! & (limbs[21]![row] === 136 ? 1 : 0);
      doubled[row] = 2 * limbs[27]![row]! - 512 * top[row]!;
      limb21[row] = limbs[21]![row]! + (511 - 135) * (top[row]! - full[row]!);
    }
    ranges.nineBits([...limbs, doubled, limb21]);
    tables['big values'] = table;
  }
}

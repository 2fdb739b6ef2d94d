import { type AirBuilder, anyM31 } from '@cairn/stark';
import type { CairoBuses } from './buses.ts';
import { upTo } from './valueForm.ts';

/** Addresses in a row of the memory table. */
export const ADDRESSES_PER_ROW = 4;

/**
 * Memory: the id of the value under each address from 0 on, four addresses in a row. The row number makes each address stand
 * in one place only, so it has one value.
 */
export function declareMemory(a: AirBuilder, buses: CairoBuses): void {
  a.table('memory', { logHeight: { min: 4, max: 24 }, padding: 'none' }, (t) => {
    const row = t.free('row', anyM31, { reason: 'counts from 0: constraints say so' });
    t.assertZero('first row is 0', t.isFirst.mul(row));
    t.assertZero('rows count up', t.constant(1).sub(t.isLast).mul(row.next.sub(row).sub(1)));
    for (const k of upTo(ADDRESSES_PER_ROW)) {
      const id = t.free(`id${k}`, anyM31, { reason: 'memory is the witness' });
      const address = row.mul(ADDRESSES_PER_ROW).add(k);
      t.yield(`cell ${k}`, buses.memory, [address, id], t.multiplicity(`uses${k}`));
    }
  });
}

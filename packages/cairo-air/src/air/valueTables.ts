import { type AirBuilder, anyM31, type BusHandle, bit, type Expr, type TableBuilder } from '@cairn/stark';
import type { CairoBuses } from './buses.ts';
import type { RangeChecks } from './rangeTables.ts';
import {
  bitsFrom,
  FIRST_BIG_ID,
  GROUP_COUNT,
  LIMB_COUNT,
  pairsOf,
  SMALL_LIMB_COUNT,
  upTo,
} from './valueForm.ts';

const sum = (terms: readonly Expr[]): Expr => terms.reduce((x, y) => x.add(y));

/** The row number as a column. */
function rowNumber(t: TableBuilder) {
  const row = t.free('row', anyM31, { reason: 'counts from 0: constraints say so' });
  t.assertZero('first row is 0', t.isFirst.mul(row));
  t.assertZero('rows count up', t.constant(1).sub(t.isLast).mul(row.next.sub(row).sub(1)));
  return row;
}

/** Ten groups of three limbs. */
export function groupsOf(limbs: readonly Expr[], zero: Expr): Expr[] {
  return upTo(GROUP_COUNT).map((g) =>
    [0, 1, 2].map((k) => (limbs[3 * g + k] ?? zero).mul(512 ** k)).reduce((x, y) => x.add(y)),
  );
}

/** Values below 2^72: the row number is the id. Row 0 is the value 0, and no other row of either table is. */
export function declareSmallValues(
  a: AirBuilder,
  buses: CairoBuses,
  ranges: RangeChecks,
  pairs?: BusHandle,
): void {
  a.table('small values', { logHeight: { min: 4, max: 24 }, padding: 'none' }, (t) => {
    const id = rowNumber(t);
    const limbs = upTo(SMALL_LIMB_COUNT).map((i) =>
      t.free(`limb${i}`, bitsFrom(9, 'look-up of its own'), { reason: 'values are the witness' }),
    );
    ranges.nineBits(t, 'limbs', limbs);
    const total = sum(limbs);
    const inverse = t.free('inverse', anyM31, { reason: 'shows that the value is not 0' });
    t.assertZero('value 0 is the first', t.isFirst.mul(total));
    t.assertZero('no other value is 0', total.mul(inverse).add(t.isFirst).sub(1));
    const zero = t.constant(0);
    const all = upTo(LIMB_COUNT).map((i): Expr => limbs[i] ?? zero);
    const groups = groupsOf(all, zero);
    const signedUses = t.multiplicity('signed uses');
    t.assertZero('signed view has 27 bits', signedUses.mul(sum(limbs.slice(3))));
    t.yield('signed', buses.signed, [id, groups[0]!], signedUses);
    t.yield('groups', buses.groups, [id, ...groups], t.multiplicity('groups uses'));
    t.yield('limbs', buses.limbs, [id, ...all], t.multiplicity('limbs uses'));
    if (pairs !== undefined) t.yield('pairs', pairs, [id, ...pairsOf(all)], t.multiplicity('pairs uses'));
  });
}

/**
 * Values of any size: 28 limbs, below P. `top` says that the upper limb is 256; then limbs 22 to 26 are 0 and limb 21 is at
 * most 136; `full` says that it is 136 (the value is then P - 1).
 */
export function declareBigValues(
  a: AirBuilder,
  buses: CairoBuses,
  ranges: RangeChecks,
  pairs?: BusHandle,
): void {
  a.table('big values', { logHeight: { min: 4, max: 22 }, padding: 'none' }, (t) => {
    const id = rowNumber(t).add(FIRST_BIG_ID);
    const limbs = upTo(LIMB_COUNT).map((i) =>
      t.free(`limb${i}`, bitsFrom(9, 'look-up of its own'), { reason: 'values are the witness' }),
    );
    const top = t.free('top', bit, { reason: 'the upper limb is 256' });
    const full = t.free('full', bit, { reason: 'limb 21 is 136 below a full top' });
    const inverse = t.free('inverse', anyM31, { reason: 'shows that the value is not 0' });
    t.assertZero('value is not 0', sum(limbs).mul(inverse).sub(1));
    t.assertZero('top limb is 256', top.mul(limbs[27]!.sub(256)));
    t.assertZero('limbs below the top are 0', top.mul(sum(limbs.slice(22, 27))));
    t.assertZero('full only under top', full.mul(t.constant(1).sub(top)));
    t.assertZero('full limb is 136', full.mul(limbs[21]!.sub(136)));
    t.assertZero('limbs below full are 0', full.mul(sum(limbs.slice(0, 21))));
    ranges.nineBits(t, 'limbs', [
      ...limbs,
      // Without top the upper limb is below 256; with top and not full, limb 21 is at most 135.
      limbs[27]!.mul(2).sub(top.mul(512)),
      limbs[21]!.add(top.sub(full).mul(511 - 135)),
    ]);
    const groups = groupsOf(limbs, t.constant(0));
    // P - x for 1 <= x <= 2^27 + 1: either full (x = 1), or limbs 3 to 20 are 511 and limb 21 is 135.
    const signedUses = t.multiplicity('signed uses');
    const ones = sum(limbs.slice(3, 21)).sub(
      full
        .mul(-1)
        .add(1)
        .mul(18 * 511),
    );
    t.assertZero('signed view has top', signedUses.mul(t.constant(1).sub(top)));
    t.assertZero('signed view has ones', signedUses.mul(ones));
    t.assertZero('signed view has limb 21', signedUses.mul(limbs[21]!.sub(full).sub(135)));
    const value = groups[0]!.sub(2 ** 27 + 1).add(full.mul(2 ** 27));
    t.yield('signed', buses.signed, [id, value], signedUses);
    t.yield('groups', buses.groups, [id, ...groups], t.multiplicity('groups uses'));
    t.yield('limbs', buses.limbs, [id, ...limbs], t.multiplicity('limbs uses'));
    if (pairs !== undefined) t.yield('pairs', pairs, [id, ...pairsOf(limbs)], t.multiplicity('pairs uses'));
  });
}

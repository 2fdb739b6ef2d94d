import { bit } from '../core/air/columnType.ts';
import { defineAir } from '../core/air/defineAir.ts';
import type { Air } from '../core/air/ir.ts';

/**
 * Adds numbers of four 5-bit limbs, one in each row, to a running total held in limbs with carries; the total moves from
 * row to row over a bus, so that the order of rows does not matter. First and last totals are the statement's. A short table
 * (range of 5 bits) beside a tall one; three kinds of padding rule; integer identities that must not wrap.
 */
export const rangeCheckedSumAir: Air = defineAir('range-checked sum', (a) => {
  const rowCount = a.publicCell('rows');
  const totals = [0, 1, 2, 3].map((i) => a.publicCell(`total limb ${i}`));
  const u5 = a.rangeType('u5', 5);
  const state = a.bus('running total', ['row', 'limb0', 'limb1', 'limb2', 'limb3']);
  a.publicYield('start', state, [0, 0, 0, 0, 0]);
  a.publicUse('end', state, [rowCount, ...totals]);
  a.table('additions', { logHeight: { min: 4, max: 22 }, padding: 'enabler' }, (t) => {
    const limbs = [0, 1, 2, 3].map((i) => t.free(`summand${i}`, u5, { reason: 'the summands are the witness' }));
    const row = t.free('row', { name: 'm31', min: 0n, max: 2n ** 31n - 2n, enforcement: { kind: 'none' } }, { reason: 'bound by the bus of totals' });
    const before = [0, 1, 2, 3].map((i) => t.free(`before${i}`, u5, { reason: 'bound by the bus of totals' }));
    let carry = t.constant(0);
    const after = before.map((limb, i) => {
      const inputs = [limbs[i]!, limb];
      const carryIn = carry;
      const previous = i === 0 ? [] : [carryColumns[i - 1]!];
      const sum = t.deduced(`after${i}`, u5, [...inputs, ...previous], (v) => v.reduce((x, y) => x + y, 0) % 32);
      const out = t.deduced(`carry${i}`, bit, [...inputs, ...previous], (v) => (v.reduce((x, y) => x + y, 0) >= 32 ? 1 : 0));
      carryColumns.push(out);
      t.intEq(`limb ${i}`, limbs[i]!.add(limb).add(carryIn), sum.add(out.mul(32)));
      carry = out;
      return sum;
    });
    t.assertZero('no overflow', carry);
    t.chain('total', state, [row, ...before], [row.add(1), ...after]);
  });
});
const carryColumns: never[] = [];

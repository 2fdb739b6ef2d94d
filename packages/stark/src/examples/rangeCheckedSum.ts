import { anyM31, bit, checkedElsewhere } from '../core/air/columnType.ts';
import { defineAir } from '../core/air/defineAir.ts';
import type { ColumnExpr } from '../core/air/expr.ts';
import type { Air } from '../core/air/ir.ts';
import type { TraceInput } from '../prover/trace.ts';

const LIMBS = [0, 1, 2, 3];

/**
 * Adds numbers of four 8-bit limbs, one in each row, to a running total with carries. The total moves from row to row over
 * a bus, so the order of rows does not matter; the last total and the number of additions are public. A short table (the
 * range of 8 bits) beside a tall one, and identities that hold over the integers.
 */
export const rangeCheckedSumAir: Air = defineAir('range-checked sum', (a) => {
  const rowCount = a.publicCell('additions');
  const totals = LIMBS.map((i) => a.publicCell(`total limb ${i}`));
  const u8 = a.rangeType('u8', 8);
  const state = a.bus('running total', ['row', ...LIMBS.map((i) => `limb${i}`)]);
  a.publicYield('start', state, [0, 0, 0, 0, 0]);
  a.publicUse('end', state, [rowCount, ...totals]);
  a.table('additions', { logHeight: { min: 4, max: 22 }, padding: 'enabler' }, (t) => {
    const row = t.free('row', anyM31, { reason: 'bound by the bus of totals' });
    const summand = LIMBS.map((i) => t.free(`summand${i}`, u8, { reason: 'the summands are the witness' }));
    const total8 = checkedElsewhere(u8, 'a total that another row gave');
    const before = LIMBS.map((i) => t.free(`before${i}`, total8, { reason: 'bound by the bus of totals' }));
    const after: ColumnExpr[] = [];
    const carries: ColumnExpr[] = [];
    for (const i of LIMBS) {
      const parts = [summand[i]!, before[i]!, ...(i === 0 ? [] : [carries[i - 1]!])];
      const total = (values: readonly number[]) => values.reduce((x, y) => x + y, 0);
      after.push(t.deduced(`after${i}`, u8, parts, (values) => total(values) % 256));
      carries.push(t.deduced(`carry${i}`, bit, parts, (values) => (total(values) >= 256 ? 1 : 0)));
      const left = i === 0 ? summand[i]!.add(before[i]!) : summand[i]!.add(before[i]!).add(carries[i - 1]!);
      t.intEq(`limb ${i}`, left, after[i]!.add(carries[i]!.mul(256)));
    }
    t.assertZero('no overflow', carries[3]!);
    t.chain('total', state, [row, ...before], [row.add(1), ...after]);
  });
});

/** Trace data and public values for adding these numbers, to a total below 2^32. */
export function rangeCheckedSumInput(
  summands: readonly number[],
  logHeight?: number,
): { input: TraceInput; publicValues: number[] } {
  const limbsOf = (value: number) => LIMBS.map((i) => Math.floor(value / 256 ** i) % 256);
  const columns: Record<string, number[]> = { row: [] };
  for (const i of LIMBS) {
    columns[`summand${i}`] = [];
    columns[`before${i}`] = [];
  }
  let total = 0;
  summands.forEach((summand, row) => {
    columns.row!.push(row);
    for (const i of LIMBS) {
      columns[`summand${i}`]!.push(limbsOf(summand)[i]!);
      columns[`before${i}`]!.push(limbsOf(total)[i]!);
    }
    total += summand;
  });
  const additions = { rowCount: summands.length, columns, ...(logHeight === undefined ? {} : { logHeight }) };
  return { input: { additions }, publicValues: [summands.length, ...limbsOf(total)] };
}

import { type Air, anyM31, defineAir } from '@cairn/stark';
import type { TraceInput } from '@cairn/stark/prover';

/**
 * Adds bytes, one in each row: the total moves from row to row over a bus. Fixed columns (the range of 8 bits), look-ups,
 * public entries, a short table beside a tall one.
 */
export const tallyAir: Air = defineAir('tally', (a) => {
  const [count, total] = [a.publicCell('count'), a.publicCell('total')];
  const u8 = a.rangeType('u8', 8);
  const state = a.bus('tally', ['row', 'total']);
  a.publicYield('start', state, [0, 0]);
  a.publicUse('end', state, [count, total]);
  a.table('additions', { logHeight: { min: 4, max: 22 }, padding: 'enabler' }, (t) => {
    const row = t.free('row', anyM31, { reason: 'bound by the bus of totals' });
    const summand = t.free('summand', u8, { reason: 'the summands are the witness' });
    const before = t.free('before', anyM31, { reason: 'bound by the bus of totals' });
    t.chain('tally', state, [row, before], [row.add(1), before.add(summand)]);
  });
});

/** Data and public values for adding these bytes. */
export function tallyInput(
  summands: readonly number[],
  logHeight: number,
): { input: TraceInput; publicValues: number[] } {
  let total = 0;
  const before = summands.map((summand) => (total += summand) - summand);
  const columns = { row: summands.map((_, i) => i), summand: [...summands], before };
  return {
    input: { additions: { rowCount: summands.length, columns, logHeight } },
    publicValues: [summands.length, total],
  };
}

/**
 * Cubes and fifth powers, and a counter that rises by 3 from row to row from a public start to a public end. No fixed columns
 * and no look-ups, three tables of any heights: one key for all of them. Degree 5.
 */
export const powersAir: Air = defineAir(
  'powers',
  (a) => {
    const [start, end] = [a.publicCell('start'), a.publicCell('end')];
    for (const name of ['tall', 'middle', 'short']) {
      a.table(name, { logHeight: { min: 4, max: 20 }, padding: 'none' }, (t) => {
        const x = t.free('x', anyM31, { reason: 'bound by the counter' });
        t.assigned('fifth power', anyM31, x.mul(x).mul(x).mul(x).mul(x));
        t.assigned('mixed', anyM31, x.mul(7).sub(x.mul(x).mul(x)));
        t.assertZero('step', x.next.sub(x).sub(3).mul(t.constant(1).sub(t.isLast)));
        if (name === 'tall') {
          t.assertZero('start', t.isFirst.mul(x.sub(t.publicValue(start))));
          t.assertZero('end', t.isLast.mul(x.sub(t.publicValue(end))));
        }
      });
    }
  },
  { maxDegree: 5 },
);

/** Data and public values for tables of these heights. */
export function powersInput(logHeights: readonly [number, number, number]): {
  input: TraceInput;
  publicValues: number[];
} {
  const table = (logHeight: number) => ({
    rowCount: 2 ** logHeight,
    columns: { x: Array.from({ length: 2 ** logHeight }, (_, i) => 10 + 3 * i) },
  });
  const [tall, middle, short] = logHeights.map(table);
  return {
    input: { tall: tall!, middle: middle!, short: short! },
    publicValues: [10, 10 + 3 * (2 ** logHeights[0] - 1)],
  };
}

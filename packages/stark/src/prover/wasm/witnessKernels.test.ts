import { describe, expect, it } from 'vitest';
import { anyM31 } from '../../core/air/columnType.ts';
import { defineAir } from '../../core/air/defineAir.ts';
import type { Table } from '../../core/air/ir.ts';
import { P } from '../../core/field/m31.ts';
import { blake2sAir } from '../../examples/blake2s.ts';
import { evenDegreesAir } from '../../examples/evenDegrees.ts';
import { poseidon2Air, poseidon2Input } from '../../examples/poseidon2.ts';
import { rangeCheckedSumAir, rangeCheckedSumInput } from '../../examples/rangeCheckedSum.ts';
import { wideFibonacciAir } from '../../examples/wideFibonacci.ts';
import { checkTrace } from '../checkTrace.ts';
import { ColumnEvaluator } from '../evaluateColumns.ts';
import { generateTrace } from '../trace.ts';
import { WitnessKernel } from './witnessKernels.ts';

/** Elements of [0, p), the ends among them. */
function elements(count: number, seed: number): Uint32Array {
  let state = seed;
  return Uint32Array.from({ length: count }, (_, i) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    if (i % 7 === 3) return state % 2 === 0 ? 0 : P - 1;
    return state % P;
  });
}

/** Every row selector, next row and operation. */
const selectorsAir = defineAir('selectors', (a) => {
  const cell = a.publicCell('cell');
  a.table('t', { logHeight: { min: 4, max: 12 }, padding: 'none' }, (t) => {
    const x = t.free('x', anyM31, { reason: 'test' });
    const y = t.assigned(
      'y',
      anyM31,
      x.next
        .mul(x)
        .sub(7)
        .add(t.isFirst.mul(t.publicValue(cell))),
    );
    t.assigned('z', anyM31, y.add(t.isLast.mul(5)).mul(3));
    // Reads a column of the run in the next row: it must be made before.
    t.assigned('w', anyM31, y.next.sub(x));
  });
});

const AIRS = [
  rangeCheckedSumAir,
  wideFibonacciAir(8),
  poseidon2Air,
  blake2sAir,
  evenDegreesAir([2, 3, 4, 5], 5),
  selectorsAir,
];

describe('the witness kernels have the values of the plain evaluator', () => {
  const tables = AIRS.flatMap((air) =>
    air.tables.map((table) => [air.name, table.name, table, air.publicCells.length] as const),
  );
  it.each(tables)('%s, %s', (_air, _name, table: Table, publicCount) => {
    const publicValues = [...elements(publicCount, 5)];
    for (const logHeight of table.nodes.length > 500 ? [4] : [4, 7, 11]) {
      const columns = table.columns.map((_, c) => elements(2 ** logHeight, 1000 * logHeight + c));
      const plain = new ColumnEvaluator(table, logHeight, columns, publicValues);
      const nodes = table.nodes.map((_, i) => i);
      const kernel = new WitnessKernel(table, nodes);
      let rowCount = 0;
      kernel.run(columns, logHeight, publicValues, (values, first, count) => {
        rowCount += count;
        for (const node of nodes) {
          expect(values[node]!.subarray(0, count)).toEqual(plain.values(node).subarray(first, first + count));
        }
      });
      expect(rowCount).toBe(2 ** logHeight);
    }
  });
});

it('assigned columns of a table with next rows, by kernels and plainly, fulfil their constraints', () => {
  for (const logHeight of [4, 8, 9, 12]) {
    const input = { t: { rowCount: 2 ** logHeight, columns: { x: elements(2 ** logHeight, logHeight) } } };
    const trace = generateTrace(selectorsAir, input, [9]);
    expect(checkTrace(selectorsAir, trace, [9])).toEqual([]);
  }
});

it('large traces have their assigned columns and uses right', () => {
  const sum = rangeCheckedSumInput(Array.from({ length: 5000 }, (_, i) => i * 7));
  expect(
    checkTrace(
      rangeCheckedSumAir,
      generateTrace(rangeCheckedSumAir, sum.input, sum.publicValues),
      sum.publicValues,
    ),
  ).toEqual([]);
  const poseidon = poseidon2Input(
    Array.from({ length: 16 }, (_, i) => i),
    700,
  );
  expect(
    checkTrace(
      poseidon2Air,
      generateTrace(poseidon2Air, poseidon.input, poseidon.publicValues),
      poseidon.publicValues,
    ),
  ).toEqual([]);
});

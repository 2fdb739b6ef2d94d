import { describe, expect, it } from 'vitest';
import type { Air } from '../core/air/ir.ts';
import { P } from '../core/field/m31.ts';
import { blake2sAir, blake2sInput } from '../examples/blake2s.ts';
import { evenDegreesAir } from '../examples/evenDegrees.ts';
import { poseidon2Air, poseidon2Input } from '../examples/poseidon2.ts';
import { rangeCheckedSumAir, rangeCheckedSumInput } from '../examples/rangeCheckedSum.ts';
import { wideFibonacciAir, wideFibonacciResult } from '../examples/wideFibonacci.ts';
import { generateTrace } from '../prover/trace.ts';
import { secondWitness } from './secondWitness.ts';

/** The AIR without the constraints whose names match. */
function without(air: Air, pattern: RegExp): Air {
  return {
    ...air,
    tables: air.tables.map((table) => ({
      ...table,
      constraints: table.constraints.filter(({ name }) => !pattern.test(name)),
    })),
  };
}

const free = (air: Air, table: string) => {
  const columns = air.tables.find(({ name }) => name === table)!.columns;
  return (name: string) => columns.find((column) => column.name === name)!.source.kind === 'free';
};

describe('range-checked sum', () => {
  const { input, publicValues } = rangeCheckedSumInput([0, 255, 1, 0xffff, 0x00ff00ff, 0x7fffffff, 0x123456]);
  const trace = generateTrace(rangeCheckedSumAir, input, publicValues);
  const search = (air: Air, row: number) =>
    secondWitness(air, trace, publicValues, {
      table: 'additions',
      row,
      inputs: free(rangeCheckedSumAir, 'additions'),
    });
  it('has one witness for its inputs', () => {
    for (let row = 0; row < 7; row++) expect(search(rangeCheckedSumAir, row)).toEqual({ kind: 'unique' });
  });
  it('has one witness too when any one carry need not be a bit: the constraint is redundant', () => {
    for (const i of [0, 1, 2, 3]) {
      const air = without(rangeCheckedSumAir, new RegExp(`^carry${i} is a bit$`));
      for (const row of [2, 5]) expect(search(air, row)).toEqual({ kind: 'unique' });
    }
  });
  it('has another when a limb is not tied down', () => {
    for (const i of [0, 1, 2, 3]) {
      expect(search(without(rangeCheckedSumAir, new RegExp(`^limb ${i}$`)), 3).kind).not.toBe('unique');
    }
    const loose = search(without(rangeCheckedSumAir, /^(limb 3|no overflow)$/), 3);
    expect(loose).toMatchObject({ kind: 'another', cells: { carry3: {} } });
  });
});

it('Poseidon2, wide Fibonacci and powers have one witness for their inputs', () => {
  const first = Array.from({ length: 16 }, (_, i) => P - 1 - i);
  const poseidon = poseidon2Input(first, 2);
  const sequence = [0, 1, P - 1].map((v) => Array.from({ length: 16 }, () => v));
  const cases = [
    [poseidon2Air, 'permutations', poseidon.input, poseidon.publicValues],
    ...sequence.map(
      (a) =>
        [
          wideFibonacciAir(9),
          'sequence',
          { sequence: { rowCount: 16, columns: { a0: a, a1: a } } },
          [wideFibonacciResult(9, a[0]!, a[0]!)],
        ] as const,
    ),
    [
      evenDegreesAir([2, 3, 4, 5], 5),
      'tall',
      { tall: { rowCount: 16, columns: { x: first } }, short: { rowCount: 16, columns: { x: first } } },
      [],
    ],
  ] as const;
  for (const [air, table, input, publicValues] of cases) {
    const trace = generateTrace(air, input, publicValues);
    for (const row of [0, 1, 15]) {
      const at = { table, row, inputs: free(air, table) };
      expect(secondWitness(air, trace, publicValues, at)).toEqual({ kind: 'unique' });
    }
    const loose = { ...air, tables: air.tables.map((own) => ({ ...own, constraints: [] })) };
    expect(
      secondWitness(loose, trace, publicValues, { table, row: 0, inputs: free(air, table) }),
    ).toMatchObject({ kind: 'open' });
  }
});

describe('Blake2s', () => {
  const words = Array.from({ length: 16 }, (_, i) => Math.imul(i, 0x9e3779b9) >>> 0);
  const { input, publicValues } = blake2sInput(words);
  const trace = generateTrace(blake2sAir, input, publicValues);
  it.each(['mixing', 'blocks'])('%s has one witness for its inputs', (table) => {
    const at = { table, row: 0, inputs: free(blake2sAir, table) };
    expect(secondWitness(blake2sAir, trace, publicValues, at)).toEqual({ kind: 'unique' });
  });
  it('has another where a carry may be any element', () => {
    // The sum's high half may be anything: the carry is the difference by 2^16, in the field.
    const air = without(blake2sAir, /^c1 carry high is a bit$/);
    const at = { table: 'mixing', row: 0, inputs: free(blake2sAir, 'mixing') };
    expect(secondWitness(air, trace, publicValues, at)).toMatchObject({ kind: 'another' });
  });
});

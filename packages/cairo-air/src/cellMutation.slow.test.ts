import { unnoticedChanges } from '@cairn/stark/soundness';
import { expect, it } from 'vitest';
import { publicValues, statementAir } from './statement/statementEntries.ts';
import { honestWitness } from './testing/forgery.ts';
import { mixedMain, runMain } from './testing/programs.ts';

it('notices every changed cell of the core but those that nobody reads', () => {
  const { layout, statement, ids, trace } = honestWitness(runMain(['output', 'range_check'], mixedMain()));
  const air = statementAir(layout, statement, ids);
  const found = unnoticedChanges(air, trace, publicValues(layout, statement, ids), (height) =>
    height > 200 ? [0, 3, height - 1] : [0, 1, 5, height - 2, height - 1],
  );
  const columns = new Set(found.map(({ table, column }) => `${table}.${column}`));
  expect([...columns].sort()).toEqual([
    // Operands as numbers, and the inverse of dst: looked at only by the steps that need them.
    'cpu.dst',
    'cpu.inverse',
    'cpu.op0',
    'cpu.res',
    // Addresses that no step reads.
    'memory.id0',
    'memory.id1',
    'memory.id2',
    'memory.id3',
    // In the row of the value 0.
    'small values.inverse',
  ]);
  for (const { table, row } of found) if (table === 'small values') expect(row).toBe(0);
}, 600_000);

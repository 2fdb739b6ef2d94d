import { describe, expect, it } from 'vitest';
import { DEV } from '../core/params/profiles.ts';
import { verify } from '../core/verifier/verify.ts';
import { verifyingKey } from '../core/verifier/verifyingKey.ts';
import { evenDegreesAir } from '../examples/evenDegrees.ts';
import { rangeCheckedSumAir, rangeCheckedSumInput } from '../examples/rangeCheckedSum.ts';
import { wideFibonacciAir, wideFibonacciResult } from '../examples/wideFibonacci.ts';
import { makeVerifyingKey } from './makeVerifyingKey.ts';
import { type ProvingStep, prove } from './prove.ts';
import { generateTrace, recountUses } from './trace.ts';
import { WasmBackend } from './wasm/wasmBackend.ts';

const backend = new WasmBackend();
const { input, publicValues } = rangeCheckedSumInput(Array.from({ length: 40 }, (_, i) => i * 997));
const air = rangeCheckedSumAir;
const trace = generateTrace(air, input, publicValues);
const heights = trace.map((table) => table.logHeight);

/** The trace with one cell changed. */
function withCell(table: number, column: string, row: number, value: number) {
  const c = air.tables[table]!.columns.findIndex(({ name }) => name === column);
  return trace.map((own, t) =>
    t === table ? { ...own, columns: own.columns.with(c, own.columns[c]!.with(row, value)) } : own,
  );
}

describe('prove', () => {
  it('tells of its steps, and gives the same proof again', async () => {
    const key = await makeVerifyingKey(air, DEV, heights, backend);
    const steps: ProvingStep[] = [];
    const proof = await prove(key, trace, publicValues, { backend, onProgress: (step) => steps.push(step) });
    expect(steps).toEqual([
      'main trace',
      'look-up sums',
      'composition',
      'samples',
      'quotients',
      'FRI',
      'queries',
    ]);
    expect(await prove(key, trace, publicValues, { backend })).toEqual(proof);
    expect(verify(key, publicValues, proof)).toMatchObject({ ok: true, strength: 'dev' });
  });
  it('names table, row and constraint of a violation', async () => {
    const key = await makeVerifyingKey(air, DEV, heights, backend);
    await expect(prove(key, withCell(1, 'carry2', 17, 2), publicValues, { backend })).rejects.toMatchObject({
      code: 'TRACE_VIOLATES_CONSTRAINT',
      details: { table: 'additions', row: 17, constraint: 'carry2 is a bit' },
    });
  });
  it('names bus and tuple that do not balance', async () => {
    const key = await makeVerifyingKey(air, DEV, heights, backend);
    await expect(prove(key, withCell(0, 'uses', 200, 7), publicValues, { backend })).rejects.toMatchObject({
      code: 'BUS_UNBALANCED',
      details: {
        bus: 'u8 range',
        tuple: { value: 200 },
        place: { table: 'u8 range', row: 200, entry: 'range' },
      },
    });
    // A cell out of range: the place is that of its look-up.
    await expect(prove(key, withCell(1, 'summand1', 30, 999), publicValues, { backend })).rejects.toThrow(
      /table additions, row 30: constraint "limb 1"/,
    );
    const moved = withCell(1, 'summand3', 33, 300);
    const fixed = moved[1]!.columns.slice();
    const index = (name: string) => air.tables[1]!.columns.findIndex((column) => column.name === name);
    fixed[index('after3')] = fixed[index('after3')]!.with(
      33,
      (300 + fixed[index('before3')]![33]!) % 2 ** 31,
    );
    await expect(
      prove(
        key,
        recountUses(air, [moved[0]!, { ...moved[1]!, columns: fixed }], publicValues),
        publicValues,
        { backend },
      ),
    ).rejects.toMatchObject({
      code: 'BUS_UNBALANCED',
      details: {
        bus: 'u8 range',
        tuple: { value: 300 },
        place: { table: 'additions', row: 33, entry: 'summand3 is u8' },
      },
    });
    // A statement that no row fulfils.
    await expect(prove(key, trace, publicValues.with(0, 41), { backend })).rejects.toMatchObject({
      code: 'BUS_UNBALANCED',
      details: { bus: 'running total' },
    });
  });
  it('names the boundary and the assigned column that are violated', async () => {
    const fibonacci = wideFibonacciAir(5);
    const columns = { a0: new Uint32Array(16).fill(1), a1: new Uint32Array(16).fill(1) };
    const values = [wideFibonacciResult(5, 1, 1)];
    const honest = generateTrace(fibonacci, { sequence: { rowCount: 16, columns } }, values);
    const fibonacciKey = verifyingKey(fibonacci, DEV);
    await expect(prove(fibonacciKey, honest, [values[0]! + 1], { backend })).rejects.toMatchObject({
      code: 'TRACE_VIOLATES_CONSTRAINT',
      details: { table: 'sequence', row: 0, constraint: 'public result' },
      message: expect.stringContaining('table sequence, row 0: constraint "public result"'),
    });
    const powers = evenDegreesAir([2, 3], 3);
    const x = { rowCount: 16, columns: { x: new Uint32Array(16).fill(3) } };
    const bad = generateTrace(powers, { tall: x, short: x }, []);
    bad[1]!.columns[2]![15] = 28;
    await expect(prove(verifyingKey(powers, DEV), bad, [], { backend })).rejects.toMatchObject({
      code: 'TRACE_VIOLATES_CONSTRAINT',
      details: { table: 'short', row: 15, constraint: 'power 3 as assigned' },
    });
  });
  it('refuses traces of another shape', async () => {
    const key = await makeVerifyingKey(air, DEV, heights, backend);
    const refused = (bad: typeof trace, values = publicValues) =>
      expect(prove(key, bad, values, { backend })).rejects.toMatchObject({ code: 'INVALID_TRACE' });
    await refused(trace.slice(1));
    await refused([trace[0]!, { ...trace[1]!, columns: trace[1]!.columns.slice(1) }]);
    await refused([{ ...trace[0]!, logHeight: 9 }, trace[1]!]);
    await refused(withCell(1, 'row', 3, 0x7fffffff));
    await refused(trace, [1, 2]);
    await refused(trace, publicValues.with(0, -1));
  });
  it('refuses data that do not fit their columns', () => {
    const columns = input.additions!.columns;
    const refused = (bad: Parameters<typeof generateTrace>[1], message: RegExp) =>
      expect(() => generateTrace(air, bad, publicValues)).toThrow(message);
    refused({ nothing: { rowCount: 1, columns: {} } }, /no table nothing/);
    refused({ additions: { rowCount: 40, columns: { ...columns, row: [1] } } }, /column additions.row/);
    refused(
      { additions: { rowCount: 40, columns: { ...columns, summand0: Array(40).fill(256) } } },
      /summand0\[0\]: got 256/,
    );
    refused({ additions: { rowCount: 40, columns, logHeight: 5 } }, /height of table additions/);
  });
  it('keeps to its memory budget', async () => {
    const small = new WasmBackend({ memoryBudgetBytes: 2 ** 20 });
    const wide = wideFibonacciAir(100);
    const rowCount = 2 ** 12;
    const start = Uint32Array.from({ length: rowCount }, (_, i) => i);
    const values = [wideFibonacciResult(100, 0, 0)];
    const tall = generateTrace(wide, { sequence: { rowCount, columns: { a0: start, a1: start } } }, values);
    const key = await makeVerifyingKey(wide, DEV, [12], small);
    await expect(prove(key, tall, values, { backend: small })).rejects.toMatchObject({
      code: 'MEMORY_BUDGET_EXCEEDED',
    });
    await prove(key, tall, values, { backend });
  });
});

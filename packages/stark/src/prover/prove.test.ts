import { describe, expect, it } from 'vitest';
import { DEV } from '../core/params/profiles.ts';
import { verify } from '../core/verifier/verify.ts';
import { rangeCheckedSumAir, rangeCheckedSumInput } from '../examples/rangeCheckedSum.ts';
import { wideFibonacciAir, wideFibonacciResult } from '../examples/wideFibonacci.ts';
import { makeVerifyingKey } from './makeVerifyingKey.ts';
import { type ProvingStep, prove } from './prove.ts';
import { generateTrace } from './trace.ts';
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
      details: { bus: 'u8 range', tuple: { value: 200 } },
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

import { describe, expect, it } from 'vitest';
import { DEV, withHash } from '../../core/params/profiles.ts';
import { verify } from '../../core/verifier/verify.ts';
import { rangeCheckedSumAir, rangeCheckedSumInput } from '../../examples/rangeCheckedSum.ts';
import { wideFibonacciAir, wideFibonacciResult } from '../../examples/wideFibonacci.ts';
import { NodePool } from '../../nodePool/nodePool.ts';
import { GRINDING_PROFILE } from '../../testing/provenSum.ts';
import { makeVerifyingKey } from '../makeVerifyingKey.ts';
import { prove } from '../prove.ts';
import { referenceBackend } from '../reference/referenceBackend.ts';
import { generateTrace } from '../trace.ts';
import { WasmBackend } from './wasmBackend.ts';

describe('the WASM backend makes the proofs of the reference', () => {
  it.each([4, 5, 7])('wide Fibonacci, 2^%i rows', async (logHeight) => {
    const air = wideFibonacciAir(10);
    const rowCount = 2 ** logHeight;
    const publicValues = [wideFibonacciResult(10, 1, 2)];
    const start = (shift: number) => Array.from({ length: rowCount }, (_, i) => i + shift);
    const trace = generateTrace(
      air,
      { sequence: { rowCount, columns: { a0: start(1), a1: start(2) } } },
      publicValues,
    );
    const key = await makeVerifyingKey(air, DEV, [logHeight], referenceBackend);
    const expected = await prove(key, trace, publicValues, { backend: referenceBackend });
    const backend = new WasmBackend();
    const proof = await prove(key, trace, publicValues, { backend });
    expect(verify(key, publicValues, proof)).toMatchObject({ ok: true });
    expect(proof).toEqual(expected);
  });
  it.each(['keccak256', 'keccak192', 'blake2s'] as const)(
    'range-checked sum, %s, one thread and two',
    async (hash) => {
      const pool = new NodePool(2);
      const backends = [new WasmBackend(), new WasmBackend({ pool }), new WasmBackend({ maxKeptLeaves: 0 })];
      const { input, publicValues } = rangeCheckedSumInput(Array.from({ length: 300 }, (_, i) => i * 37));
      const trace = generateTrace(rangeCheckedSumAir, input, publicValues);
      const heights = trace.map((table) => table.logHeight);
      const profile = withHash(GRINDING_PROFILE, hash);
      const key = await makeVerifyingKey(rangeCheckedSumAir, profile, heights, referenceBackend);
      const expected = await prove(key, trace, publicValues, { backend: referenceBackend });
      for (const backend of backends) {
        expect((await makeVerifyingKey(rangeCheckedSumAir, profile, heights, backend)).fixed).toEqual(
          key.fixed,
        );
        expect(await prove(key, trace, publicValues, { backend })).toEqual(expected);
      }
      await pool.close();
    },
  );
});

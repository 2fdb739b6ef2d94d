import { describe, expect, it } from 'vitest';
import { DEV, withHash } from '../core/params/profiles.ts';
import { verify } from '../core/verifier/verify.ts';
import { rangeCheckedSumAir, rangeCheckedSumInput } from '../examples/rangeCheckedSum.ts';
import { wideFibonacciAir, wideFibonacciResult } from '../examples/wideFibonacci.ts';
import { checkTrace } from './checkTrace.ts';
import { makeVerifyingKey } from './makeVerifyingKey.ts';
import { prove } from './prove.ts';
import { referenceBackend as backend } from './reference/referenceBackend.ts';
import { generateTrace } from './trace.ts';

describe('prove and verify', () => {
  it('wide Fibonacci', async () => {
    const air = wideFibonacciAir(8);
    const publicValues = [wideFibonacciResult(8, 1, 2)];
    const trace = generateTrace(
      air,
      {
        sequence: {
          rowCount: 16,
          columns: {
            a0: Array.from({ length: 16 }, (_, i) => i + 1),
            a1: Array.from({ length: 16 }, (_, i) => i + 2),
          },
        },
      },
      publicValues,
    );
    expect(checkTrace(air, trace, publicValues)).toEqual([]);
    const key = await makeVerifyingKey(air, DEV, [4], backend);
    const proof = await prove(key, trace, publicValues, { backend });
    expect(verify(key, publicValues, proof)).toMatchObject({ ok: true, strength: 'dev' });
    expect(verify(key, [3], proof)).toMatchObject({ ok: false });
  });
  it.each(['keccak256', 'blake2s'] as const)('range-checked sum, %s', async (hash) => {
    const air = rangeCheckedSumAir;
    const { input, publicValues } = rangeCheckedSumInput(Array.from({ length: 40 }, (_, i) => i * 997));
    const trace = generateTrace(air, input, publicValues);
    expect(checkTrace(air, trace, publicValues)).toEqual([]);
    const key = await makeVerifyingKey(
      air,
      withHash(DEV, hash),
      trace.map((t) => t.logHeight),
      backend,
    );
    const proof = await prove(key, trace, publicValues, { backend });
    expect(verify(key, publicValues, proof)).toMatchObject({ ok: true, strength: 'dev' });
  });
});

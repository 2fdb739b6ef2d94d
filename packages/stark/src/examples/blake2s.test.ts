import { blake2s } from '@noble/hashes/blake2.js';
import { describe, expect, it } from 'vitest';
import { DEV } from '../core/params/profiles.ts';
import { verify } from '../core/verifier/verify.ts';
import { checkTrace } from '../prover/checkTrace.ts';
import { makeVerifyingKey } from '../prover/makeVerifyingKey.ts';
import { prove } from '../prover/prove.ts';
import { generateTrace } from '../prover/trace.ts';
import { WasmBackend } from '../prover/wasm/wasmBackend.ts';
import { columnGroups, unnoticedChanges } from '../soundness/cellMutation.ts';
import { expectSameEvaluations } from '../testing/sameEvaluations.ts';
import { blake2sAir, blake2sInput } from './blake2s.ts';

const message = (blockCount: number) =>
  Array.from({ length: 16 * blockCount }, (_, i) => (i * 0x9e3779b9 + 5) >>> 0);

describe('Blake2s', () => {
  it('is proven, and is Blake2s', async () => {
    for (const blockCount of [1, 3]) {
      const words = message(blockCount);
      const { input, publicValues } = blake2sInput(words);
      const expected = blake2s(new Uint8Array(Uint32Array.from(words).buffer));
      expect(publicValues.slice(1).flatMap((half) => [half & 255, half >> 8])).toEqual([...expected]);
      const trace = generateTrace(blake2sAir, input, publicValues);
      expect(checkTrace(blake2sAir, trace, publicValues)).toEqual([]);
      const backend = new WasmBackend();
      const key = await makeVerifyingKey(
        blake2sAir,
        DEV,
        trace.map((t) => t.logHeight),
        backend,
      );
      const proof = await prove(key, trace, publicValues, { backend });
      expect(verify(key, publicValues, proof)).toMatchObject({ ok: true });
      expect(verify(key, publicValues.with(5, publicValues[5]! ^ 1), proof).ok).toBe(false);
    }
  });
  it('has golden evaluations and is connected', () => {
    expectSameEvaluations(blake2sAir);
    for (const { groups } of columnGroups(blake2sAir)) expect(groups.length).toBe(1);
  });
  it('notices changed cells of rows with data', () => {
    const { input, publicValues } = blake2sInput(message(1));
    const trace = generateTrace(blake2sAir, input, publicValues);
    const changes = unnoticedChanges(blake2sAir, trace, publicValues, (height) =>
      height === 128 ? [37] : [0],
    );
    expect(changes).toEqual([]);
  });
});

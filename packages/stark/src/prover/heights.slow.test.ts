import { describe, expect, it } from 'vitest';
import { C96, DEV, PROVEN96, withHash } from '../core/params/profiles.ts';
import { verify } from '../core/verifier/verify.ts';
import { evenDegreesAir } from '../examples/evenDegrees.ts';
import { NodePool } from '../nodePool/nodePool.ts';
import { makeVerifyingKey } from './makeVerifyingKey.ts';
import { prove } from './prove.ts';
import { generateTrace } from './trace.ts';
import { WasmBackend } from './wasm/wasmBackend.ts';

const air = evenDegreesAir([2, 3], 3);
const x = (logHeight: number) => ({
  rowCount: 2 ** logHeight,
  columns: { x: Uint32Array.from({ length: 2 ** logHeight }, (_, i) => 3 * i + 1) },
});

describe('tables of every height', () => {
  it.each([4, 5, 8, 11, 14, 17, 20, 22])(
    '2^%i rows beside 2^4, all hashes, threads and none',
    async (tall) => {
      const trace = generateTrace(air, { tall: x(tall), short: x(4) }, []);
      const pool = new NodePool(2);
      try {
        const alone = new WasmBackend();
        const threads = new WasmBackend({ pool });
        for (const hash of ['keccak256', 'keccak192', 'blake2s'] as const) {
          const profile = withHash(DEV, hash);
          const key = await makeVerifyingKey(air, profile, [tall, 4], alone);
          const proof = await prove(key, trace, [], { backend: threads });
          expect(verify(key, [], proof)).toMatchObject({ ok: true, logHeights: [tall, 4] });
          expect(await prove(key, trace, [], { backend: alone })).toEqual(proof);
        }
      } finally {
        await pool.close();
      }
    },
  );
  it.each([
    ['c96, 2^4 rows', C96, 4],
    ['c96, 2^12 rows', C96, 12],
    ['c96, 2^22 rows', C96, 22],
    ['proven96, 2^4 rows', PROVEN96, 4],
    ['proven96, 2^12 rows', PROVEN96, 12],
    // Its domain of 2^26 would be too large for 4 GiB at 2^22 rows.
    ['proven96, 2^20 rows', PROVEN96, 20],
  ] as const)('profile %s', async (_name, profile, tall) => {
    const trace = generateTrace(air, { tall: x(tall), short: x(4) }, []);
    const pool = new NodePool(2);
    try {
      const backend = new WasmBackend({ pool });
      const hashes = tall > 12 ? [profile.parameters.hash] : (['keccak256', 'keccak192', 'blake2s'] as const);
      for (const hash of hashes) {
        const key = await makeVerifyingKey(air, withHash(profile, hash), [tall, 4], backend);
        const proof = await prove(key, trace, [], { backend });
        expect(verify(key, [], proof)).toMatchObject({ ok: true, strength: profile.strength });
      }
    } finally {
      await pool.close();
    }
  });
});

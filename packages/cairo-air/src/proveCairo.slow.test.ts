import { DEV } from '@cairn/stark';
import { describe, expect, it } from 'vitest';
import { fixedCommitment } from './fixedCommitment.ts';
import { cairoWitness, proveCairo } from './proveCairo.ts';
import { CURVE_CASES } from './testing/curveCases.ts';
import { BACKEND, honestWitness, verdictOn } from './testing/forgery.ts';
import { fibonacciMain, modMain, runMain } from './testing/programs.ts';
import { verifyCairoProof } from './verifyCairoProof.ts';

const MINUTES = 60_000;

describe('with large range tables', () => {
  it.each(CURVE_CASES)(
    '%s is proven',
    async (name, main, output) => {
      const witness = honestWitness(runMain(['output', name], main), { modules: ['ec'], ranges: 'medium' });
      expect(await verdictOn(witness)).toMatchObject({ ok: true, statement: { output: [output] } });
    },
    5 * MINUTES,
  );
  it(
    'a run of the core is proven',
    async () => {
      const witness = honestWitness(runMain(['output'], fibonacciMain(1000)), {
        modules: [],
        ranges: 'wide',
      });
      expect(await verdictOn(witness)).toMatchObject({ ok: true });
    },
    5 * MINUTES,
  );
  it(
    'a proof with fixed columns needs the commitment to them',
    async () => {
      const [name, main] = CURVE_CASES[0]!;
      const run = runMain(['output', name], main);
      const bytes = await proveCairo(run, { backend: BACKEND, profile: DEV });
      expect(verifyCairoProof(bytes, DEV)).toMatchObject({ ok: false, code: 'MISSING_FIXED_COMMITMENT' });
      const { layout, trace } = cairoWitness(run);
      const height = Math.max(...trace.map((table) => table.logHeight));
      const commitment = (await fixedCommitment(layout.layout, DEV, height, BACKEND))!;
      expect(verifyCairoProof(bytes, DEV, () => commitment).ok).toBe(true);
      const other = { ...commitment, cap: commitment.cap.toReversed() };
      expect(verifyCairoProof(bytes, DEV, () => other).ok).toBe(false);
    },
    5 * MINUTES,
  );
  it.each(['add_mod', 'mul_mod'] as const)(
    '%s is proven',
    async (name) => {
      const c = name === 'add_mod' ? 1n : 5n;
      const words = [5n, 0n, 0n, 0n, 7n, 0n, 0n, 0n, c, 0n, 0n, 0n];
      const modulus = name === 'add_mod' ? [11n, 0n, 0n, 0n] : [10n, 0n, 0n, 0n];
      const witness = honestWitness(runMain(['output', name], modMain(words, modulus, 1)));
      expect(await verdictOn(witness)).toMatchObject({ ok: true });
    },
    5 * MINUTES,
  );
  it('no bytes are no proof', () => {
    expect(verifyCairoProof(new Uint8Array(0), DEV)).toMatchObject({ ok: false, code: 'NOT_A_CAIRO_PROOF' });
  });
});

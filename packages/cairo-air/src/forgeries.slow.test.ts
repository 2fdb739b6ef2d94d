import { describe, expect, it } from 'vitest';
import type { CairoLayout } from './air/layout.ts';
import { CURVE_FORGERIES } from './testing/curveForgeries.ts';
import { forgedWitness, verdictOn } from './testing/forgery.ts';
import { MOD_FORGERIES } from './testing/modForgeries.ts';

const MINUTES = 60_000;

// What the trace checks refuse of these is in the tests of the builtins; here the verifier sees the proofs.
describe.each([
  ['curve', CURVE_FORGERIES, { modules: ['ec'], ranges: 'medium' }],
  ['modular', MOD_FORGERIES, { modules: ['mod'], ranges: 'wide' }],
] as const)('the verifier refuses of the %s builtins', (_kind, forgeries, layout: CairoLayout) => {
  it.each(forgeries)(
    '%s',
    async (_name, run, lies) => {
      expect(await verdictOn(forgedWitness(run(), { layout, ...lies }))).toMatchObject({ ok: false });
    },
    5 * MINUTES,
  );
});

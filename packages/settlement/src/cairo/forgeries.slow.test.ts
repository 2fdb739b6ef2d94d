import {
  type CairoLayout,
  fixedCommitment,
  layoutFor,
  layoutName,
  publicValues,
  statementEntries,
} from '@cairn/cairo-air';
import { type FixedCommitment, verifyingKey } from '@cairn/stark';
import { NodePool } from '@cairn/stark/nodePool';
import { prove, WasmBackend } from '@cairn/stark/prover';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeProofFile } from '../../../cairo-air/src/statement/proofFile.ts';
import { CORE_FORGERIES } from '../../../cairo-air/src/testing/coreForgeries.ts';
import { CURVE_FORGERIES } from '../../../cairo-air/src/testing/curveForgeries.ts';
import { forgedWitness, type Lies } from '../../../cairo-air/src/testing/forgery.ts';
import { MOD_FORGERIES } from '../../../cairo-air/src/testing/modForgeries.ts';
import type { runMain } from '../../../cairo-air/src/testing/programs.ts';
import type { VerifierManifest } from '../l1/manifest.ts';
import { startAnvil, type TestChain } from '../testing/anvil.ts';
import { askCairoVerifier, cairoVerdictOf, setUpCairoVerifier } from '../testing/cairoProofs.ts';
import { GRINDING_PROFILE } from '../testing/proofs.ts';

let chain: TestChain;
const pool = new NodePool(2);
const backend = new WasmBackend({ pool });
/** Verifiers by layout and height of the fixed columns. */
const verifiers = new Map<
  string,
  { manifest: VerifierManifest; fixedColumns: FixedCommitment | undefined }
>();
beforeAll(async () => {
  chain = await startAnvil();
});
afterAll(async () => {
  chain?.stop();
  await pool.close();
});

async function verifierFor(layout: CairoLayout, logMaxHeight: number) {
  const fixedColumns = await fixedCommitment(layout, GRINDING_PROFILE, logMaxHeight, backend);
  const name = fixedColumns === undefined ? layoutName(layout) : `${layoutName(layout)} ${logMaxHeight}`;
  let known = verifiers.get(name);
  if (known === undefined) {
    const setUp = {
      layout,
      profile: GRINDING_PROFILE,
      ...(fixedColumns === undefined ? {} : { fixedColumns }),
    };
    known = { manifest: await setUpCairoVerifier(chain, 'Forged', setUp), fixedColumns };
    verifiers.set(name, known);
  }
  return known;
}

/** What the contract says of a proof of a run with lies, which must be what the TypeScript verifier says. */
async function verdictOn(run: ReturnType<typeof runMain>, lies: Lies): Promise<string> {
  const { layout, statement, ids, trace } = forgedWitness(run, lies);
  const logMaxHeight = Math.max(...trace.map((table) => table.logHeight));
  const { manifest, fixedColumns } = await verifierFor(layout.layout, logMaxHeight);
  const key = verifyingKey(layout.air, GRINDING_PROFILE, fixedColumns);
  const stark = await prove(key, trace, publicValues(layout, statement, ids), {
    entries: statementEntries(layout, statement, ids),
    backend,
    hooks: { skipChecks: true },
  });
  const file = { layoutName: layoutName(layout.layout), statement, ids, stark };
  const said = await askCairoVerifier(chain, manifest, file);
  expect(said).toBe(cairoVerdictOf(encodeProofFile(file), GRINDING_PROFILE, () => fixedColumns));
  return said;
}

describe.each([
  ['core', CORE_FORGERIES, undefined],
  ['curve', CURVE_FORGERIES, { modules: ['ec'], ranges: 'medium' }],
  ['modular', MOD_FORGERIES, { modules: ['mod'], ranges: 'wide' }],
] as const)('the contract refuses of the %s tables', (_kind, forgeries, layout: CairoLayout | undefined) => {
  it('nothing that is right', { timeout: 600_000 }, async () => {
    const run = forgeries[0]![1]();
    expect(await verdictOn(run, { layout: layout ?? layoutFor(run) })).toBe('accepted');
  });
  it.each(forgeries)('%s', { timeout: 600_000 }, async (_name, makeRun, lies: Lies) => {
    const run = makeRun();
    const said = await verdictOn(run, { layout: layout ?? layoutFor(run), ...lies });
    expect(said).toMatch(/^(LOOKUP_SUM|CONSTRAINTS|INVALID_STATEMENT)$/);
  });
});

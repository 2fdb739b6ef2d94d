import { type CairoLayout, cairoAir, fixedCommitment, MODULES, proveCairo } from '@cairn/cairo-air';
import { C96, verifyingKey } from '@cairn/stark';
import { NodePool } from '@cairn/stark/nodePool';
import { WasmBackend } from '@cairn/stark/prover';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fibonacciMain, runMain } from '../../../cairo-air/src/testing/programs.ts';
import { isProven, verifyInParts } from '../l1/verifyInParts.ts';
import { startAnvil, type TestChain } from '../testing/anvil.ts';
import { cairoCall, proofFile, setUpCairoVerifier } from '../testing/cairoProofs.ts';
import { measureGas } from '../testing/executionGas.ts';
import { splitProof } from '../verifier/splitProof.ts';
import { encodeStatement } from './encodeStatement.ts';

let chain: TestChain;
const pool = new NodePool(2);
const backend = new WasmBackend({ pool });
beforeAll(async () => {
  chain = await startAnvil();
});
afterAll(async () => {
  chain?.stop();
  await pool.close();
});

/** EIP-7825: gas of one transaction. */
const TRANSACTION_GAS = 16_777_216;
/** What public pools take as a transaction. */
const POOL_BYTES = 128 * 1024;
/** Bytes of queries in a part, and of the context beside them at the most. */
const PART_BYTES = 90_000;
const CONTEXT_BYTES = 32_000;
/** The tallest table of wide layouts. */
const LOG_ROWS = 20;

// Layouts with wide range tables have 2^20 rows however short the run.
it.each([
  ['core', { modules: [], ranges: 'wide' }],
  ['core+poseidon', { modules: ['poseidon'], ranges: 'wide' }],
  ['all', { modules: MODULES, ranges: 'wide' }],
] as [string, CairoLayout][])('%s: gas at 2^20 rows, c96', { timeout: 1_800_000 }, async (name, layout) => {
  const run = runMain(['output'], fibonacciMain(10));
  const bytes = await proveCairo(run, { layout, profile: C96, backend });
  const file = proofFile(bytes);
  const fixedColumns = await fixedCommitment(layout, C96, LOG_ROWS, backend);
  const manifest = await setUpCairoVerifier(chain, 'Gas', {
    layout,
    profile: C96,
    ...(fixedColumns === undefined ? {} : { fixedColumns }),
  });
  const data = cairoCall(file);
  const gas = await measureGas(chain, manifest.verifier, data);
  const key = verifyingKey(cairoAir(layout).air, C96, fixedColumns);
  const statement = encodeStatement(file);
  const split = splitProof(key, file.stark, PART_BYTES);
  const parts = (await verifyInParts(chain, manifest, statement, split)).map(({ gasUsed }) =>
    Number(gasUsed),
  );
  expect(await isProven(chain, manifest, statement)).toBe(true);
  console.log(
    JSON.stringify({
      name,
      proofBytes: file.stark.length,
      contracts: manifest.constraints.length,
      ...gas,
      parts,
      gasInParts: parts.reduce((sum, part) => sum + part),
    }),
  );
  for (const part of parts) expect(part).toBeLessThan(TRANSACTION_GAS);
  expect(split.head.length + statement.length).toBeLessThan(POOL_BYTES);
  expect(PART_BYTES + CONTEXT_BYTES).toBeLessThan(POOL_BYTES);
});

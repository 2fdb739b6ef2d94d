import { type CairoLayout, cairoAir, encodeHeadPrefix, layoutName, proveCairo } from '@cairn/cairo-air';
import { decodeProof } from '@cairn/stark';
import { WasmBackend } from '@cairn/stark/prover';
import { bytesToHex, encodeFunctionData } from 'viem';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fibonacciMain, mixedMain, runMain } from '../../../cairo-air/src/testing/programs.ts';
import { VERIFIER_ABI } from '../l1/abi.ts';
import type { VerifierManifest } from '../l1/manifest.ts';
import { startAnvil, type TestChain } from '../testing/anvil.ts';
import { ask } from '../testing/askVerifier.ts';
import { askCairoVerifier, cairoVerdictOf, proofFile, setUpCairoVerifier } from '../testing/cairoProofs.ts';
import { mutateProof, randomness } from '../testing/mutateProof.ts';
import { GRINDING_PROFILE } from '../testing/proofs.ts';

const VALID = Number(process.env.CAIRN_VALID_PROOFS ?? 1000);
const MUTATED = Number(process.env.CAIRN_MUTATED_PROOFS ?? 10_000);
/** Of ten mutants, so many have their statement changed. */
const STATEMENTS_OF_TEN = 2;
const LAYOUT: CairoLayout = { modules: [], ranges: 'narrow' };
const options = { profile: GRINDING_PROFILE, layout: LAYOUT, backend: new WasmBackend() };

let chain: TestChain;
let manifest: VerifierManifest;
beforeAll(async () => {
  chain = await startAnvil();
  manifest = await setUpCairoVerifier(chain, 'Core', { layout: LAYOUT, profile: GRINDING_PROFILE });
}, 120_000);
afterAll(() => chain?.stop());

it('contract and TypeScript verifier accept all valid proofs', { timeout: 3_600_000 }, async () => {
  for (let i = 0; i < VALID; i++) {
    const bytes = await proveCairo(runMain(['output'], fibonacciMain(1 + i)), options);
    expect(cairoVerdictOf(bytes, GRINDING_PROFILE), `proof ${i}`).toBe('accepted');
    expect(await askCairoVerifier(chain, manifest, proofFile(bytes)), `proof ${i}`).toBe('accepted');
  }
});

it('contract and TypeScript verifier agree on mutated proofs', { timeout: 3_600_000 }, async () => {
  const { air } = cairoAir(LAYOUT);
  const proofs = [
    await proveCairo(runMain(['output'], fibonacciMain(10)), options),
    await proveCairo(runMain(['output', 'range_check'], mixedMain()), options),
  ];
  const prefixBytes = encodeHeadPrefix(layoutName(LAYOUT)).length;
  const counts = { accepted: 0, sameCode: 0, otherCode: 0 };
  for (let seed = 0; seed < MUTATED; seed++) {
    const bytes = proofs[seed % proofs.length]!;
    const { stark } = proofFile(bytes);
    const headBytes = bytes.length - stark.length;
    const random = randomness(seed * 104_729 + 7);
    let mutant: Uint8Array;
    let statement = bytes.slice(prefixBytes, headBytes);
    let proof = stark;
    if (random(10) < STATEMENTS_OF_TEN) {
      mutant = bytes.slice();
      const at = prefixBytes + random(headBytes - prefixBytes);
      mutant[at] = random(2) === 0 ? mutant[at]! ^ (1 << random(8)) : random(256);
      statement = mutant.slice(prefixBytes, headBytes);
    } else {
      const decoded = decodeProof(air, GRINDING_PROFILE.parameters, stark);
      if (!decoded.ok) throw new Error(decoded.message);
      proof = mutateProof(stark, decoded.proof, air, seed * 7919 + 1);
      mutant = Uint8Array.of(...bytes.subarray(0, headBytes), ...proof);
    }
    const expected = cairoVerdictOf(mutant, GRINDING_PROFILE);
    const said = await ask(
      chain,
      manifest.verifier,
      encodeFunctionData({
        abi: VERIFIER_ABI,
        functionName: 'verify',
        args: [bytesToHex(statement), bytesToHex(proof)],
      }),
    );
    expect(said === 'accepted', `mutant ${seed}: contract ${said}, verifier ${expected}`).toBe(
      expected === 'accepted',
    );
    if (said === 'accepted') counts.accepted++;
    else if (said === expected) counts.sameCode++;
    else counts.otherCode++;
  }
  console.log(`${MUTATED} mutants: ${JSON.stringify(counts)}`);
  // Codes differ where a changed length moves the end of the statement, and where two faults apply.
  expect(counts.sameCode).toBeGreaterThan(0.9 * MUTATED);
});

import { afterAll, beforeAll, expect, it } from 'vitest';
import { startAnvil, type TestChain } from '../testing/anvil.ts';
import { askVerifier, setUpVerifier } from '../testing/askVerifier.ts';
import { mutateProof } from '../testing/mutateProof.ts';
import { GRINDING_PROFILE, proveStatement, verdictOf } from '../testing/proofs.ts';
import { powersAir, powersInput, tallyAir, tallyInput } from '../testing/testAirs.ts';

let chain: TestChain;
beforeAll(async () => {
  chain = await startAnvil();
});
afterAll(() => chain?.stop());

const MUTANTS = 200;

it.each([
  ['tally', tallyAir, tallyInput([5, 6, 255, 0, 9], 9)],
  ['powers', powersAir, powersInput([6, 4, 5])],
] as const)('%s: contract and TypeScript verifier agree on mutated proofs', async (name, air, input) => {
  const { key, publicValues, bytes, proof } = await proveStatement(air, input, GRINDING_PROFILE);
  const manifest = await setUpVerifier(chain, name, key);
  const counts = { accepted: 0, sameCode: 0, otherCode: 0 };
  for (let seed = 0; seed < MUTANTS; seed++) {
    const mutant = mutateProof(bytes, proof, air, seed * 7919 + 1);
    const expected = verdictOf(key, publicValues, mutant);
    const said = await askVerifier(chain, manifest, publicValues, mutant);
    expect(said === 'accepted', `mutant ${seed}: contract ${said}, verifier ${expected}`).toBe(
      expected === 'accepted',
    );
    // Codes differ where both apply: the contract finds words of queries non-canonical only when it comes to them.
    if (said === 'accepted') counts.accepted++;
    else if (said === expected) counts.sameCode++;
    else counts.otherCode++;
  }
  console.log(`${name}: ${JSON.stringify(counts)}`);
  expect(counts.sameCode).toBeGreaterThan(MUTANTS / 2);
});

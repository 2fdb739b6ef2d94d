import { afterAll, beforeAll, expect, it } from 'vitest';
import { startAnvil, type TestChain } from '../testing/anvil.ts';
import { setUpVerifier } from '../testing/askVerifier.ts';
import { GRINDING_PROFILE, proveStatement } from '../testing/proofs.ts';
import { splitAttacks } from '../testing/splitAttacks.ts';
import { tallyAir, tallyInput } from '../testing/testAirs.ts';
import { emitVerifier } from '../verifier/emitVerifier.ts';

// Each check of proceed is removed in turn; some attack must then get another answer.

let chain: TestChain;
beforeAll(async () => {
  chain = await startAnvil();
});
afterAll(() => chain?.stop());

it('every check of proceed decides some attack', { timeout: 600_000 }, async () => {
  const [a, b] = await Promise.all(
    [
      [1, 2],
      [3, 4],
    ].map((summands) => proveStatement(tallyAir, tallyInput(summands, 6), GRINDING_PROFILE)),
  );
  const answersOf = async (verifier: string) => {
    const manifest = await setUpVerifier(chain, 'Mutant', a!.key, (sources) => ({ ...sources, verifier }));
    return (await splitAttacks(chain, manifest, a!, b!)).map(({ answer }) => answer);
  };
  const { verifier } = emitVerifier('Whole', a!.key);
  const expected = await answersOf(verifier);
  const start = verifier.indexOf('function proceed()');
  const body = verifier.slice(start, verifier.indexOf('function provenSlot'));
  const sites = [...body.matchAll(/\breject\(/g)].map(({ index }) => start + index);
  expect(sites.length).toBe(7);
  for (const site of sites) {
    const mutant = `${verifier.slice(0, site)}pop(${verifier.slice(site + 'reject('.length)}`;
    expect(await answersOf(mutant), verifier.slice(site - 80, site)).not.toEqual(expected);
  }
});

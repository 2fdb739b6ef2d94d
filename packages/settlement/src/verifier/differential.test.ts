import { encodeProof } from '@cairn/stark';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startAnvil, type TestChain } from '../testing/anvil.ts';
import { askVerifier, setUpVerifier } from '../testing/askVerifier.ts';
import { copyProof, GRINDING_PROFILE, proveStatement, verdictOf } from '../testing/proofs.ts';
import { powersAir, powersInput, tallyAir, tallyInput } from '../testing/testAirs.ts';

let chain: TestChain;
beforeAll(async () => {
  chain = await startAnvil();
});
afterAll(() => chain?.stop());

const MUTANTS = 200;

/** Integers below a bound from a seed. */
function randomness(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

/** A proof with something changed: bytes, words, parts that change places. */
function mutate(
  bytes: Uint8Array,
  proof: any,
  air: Parameters<typeof encodeProof>[0],
  seed: number,
): Uint8Array {
  const random = randomness(seed);
  const out = bytes.slice();
  const words = Math.floor(out.length / 4);
  const view = new DataView(out.buffer);
  switch (random(7)) {
    case 0:
      out[random(out.length)]! ^= 1 << random(8);
      return out;
    case 1: {
      const at = 4 * random(words);
      view.setUint32(at, view.getUint32(at) + 1);
      return out;
    }
    case 2:
      view.setUint32(4 * random(words), [0, 1, 2 ** 31 - 2, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1][random(6)]!);
      return out;
    case 3: {
      const [a, b] = [4 * random(words), 4 * random(words)];
      const word = view.getUint32(a);
      view.setUint32(a, view.getUint32(b));
      view.setUint32(b, word);
      return out;
    }
    case 4:
      return random(2) === 0 ? out.slice(0, random(out.length)) : Uint8Array.of(...out, random(256));
    case 5: {
      const [a, b] = [random(proof.queries.length), random(proof.queries.length)];
      const changed = copyProof(proof) as any;
      [changed.queries[a], changed.queries[b]] = [changed.queries[b], changed.queries[a]];
      return encodeProof(air, changed);
    }
    default: {
      // The first words: head, caps, nonces, samples.
      const at = 4 * random(Math.min(words, 400));
      view.setUint32(at, view.getUint32(at) ^ (1 << random(31)));
      return out;
    }
  }
}

it.each([
  ['tally', tallyAir, tallyInput([5, 6, 255, 0, 9], 9)],
  ['powers', powersAir, powersInput([6, 4, 5])],
] as const)('%s: contract and TypeScript verifier agree on mutated proofs', async (name, air, input) => {
  const { key, publicValues, bytes, proof } = await proveStatement(air, input, GRINDING_PROFILE);
  const manifest = await setUpVerifier(chain, name, key);
  const counts = { accepted: 0, sameCode: 0, otherCode: 0 };
  for (let seed = 0; seed < MUTANTS; seed++) {
    const mutant = mutate(bytes, proof, air, seed * 7919 + 1);
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

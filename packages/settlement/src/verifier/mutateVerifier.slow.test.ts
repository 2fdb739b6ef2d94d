import { encodeProof, P, STEP } from '@cairn/stark';
import { prove, referenceBackend } from '@cairn/stark/prover';
import { concatHex, encodeFunctionData, type Hex, toHex } from 'viem';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { VERIFIER_ABI } from '../l1/abi.ts';
import { startAnvil, type TestChain } from '../testing/anvil.ts';
import { ask, setUpVerifier, verifyCall } from '../testing/askVerifier.ts';
import {
  copyProof,
  GRINDING_PROFILE,
  type ProvenStatement,
  proveStatement,
  tampering,
} from '../testing/proofs.ts';
import { tallyAir, tallyInput } from '../testing/testAirs.ts';
import { encodePublicValues } from './emitCore.ts';
import { emitVerifier } from './emitVerifier.ts';

// Each check of the core contract is removed in turn; some call that the whole contract rejects must then get another answer.

let chain: TestChain;
beforeAll(async () => {
  chain = await startAnvil();
});
afterAll(() => chain?.stop());

/** Calls that the contract rejects, at least one for each check. */
async function badCalls(tally: ProvenStatement): Promise<Hex[]> {
  const { key, trace, publicValues, proof, bytes } = tally;
  const calls: Hex[] = [];
  const add = (proofBytes: Uint8Array, values = publicValues) => calls.push(verifyCall(values, proofBytes));
  const change = (edit: (p: any) => void) => {
    const copy = copyProof(proof) as any;
    edit(copy);
    add(encodeProof(key.air, copy));
  };
  const set = (at: number, value: number) => {
    const copy = bytes.slice();
    new DataView(copy.buffer).setUint32(at, value);
    add(copy);
  };
  // Form.
  const call = verifyCall(publicValues, bytes);
  const word = (index: number, value: bigint) =>
    calls.push(
      `${call.slice(0, 10 + 64 * index)}${toHex(value, { size: 32 }).slice(2)}${call.slice(74 + 64 * index)}` as Hex,
    );
  calls.push(call.slice(0, 74) as Hex, concatHex([call, '0x00']), concatHex([call, toHex(0, { size: 32 })]));
  word(0, 0x60n);
  word(1, 0xa0n);
  word(2, 12n);
  word(3, BigInt(`0x${call.slice(202, 266)}`) + 1n);
  word(4, 2n ** 200n + BigInt(bytes.length));
  // A length that wraps around to nothing.
  calls.push(concatHex([call.slice(0, 10 + 64 * 4) as Hex, toHex(2n ** 256n - 1n)]));
  // The form of claims(bytes).
  const claims = encodeFunctionData({
    abi: VERIFIER_ABI,
    functionName: 'claims',
    args: [toHex(encodePublicValues(publicValues))],
  });
  calls.push(concatHex([claims, toHex(0, { size: 32 })]));
  if (bytes.length % 32 !== 0) calls.push(`${call.slice(0, -2)}01` as Hex);
  add(bytes, [publicValues[0]! + P, publicValues[1]!]);
  for (const length of [0, 3, 7, 51, 59, bytes.length - 1]) add(bytes.slice(0, length));
  add(Uint8Array.of(...bytes, ...new Uint8Array(64)));
  set(0, 0);
  set(4, 2);
  set(8, 1);
  set(48, 9);
  set(52, 9);
  set(56, 8);
  set(56, 10);
  set(52, 2 ** 31);
  // Words at p and above: with the check gone they would be others' equals.
  for (const value of [P, 2 ** 31 + 5]) {
    change((p) => (p.samples[0][0] = value));
    change((p) => (p.claimedSums[0][0] = value));
    change((p) => (p.lastLayer[0][0] = value));
    for (const tree of [0, 1, 2, 3]) change((p) => (p.queries[0].rows[tree][0] = value));
    change((p) => (p.queries[0].friValues[0][0][0] = value));
  }
  // Work saved, step by step.
  for (const name of ['lookup', 'point', 'deep', 'fold', 'query'] as const) {
    const guarded = STEP[`${name}Grinding`];
    add(
      await prove(key, trace, publicValues, {
        backend: referenceBackend,
        hooks: { nonce: (step, nonce) => (step === guarded ? [0x1234567, 0x89abcde ^ nonce[1]] : nonce) },
      }),
    );
  }
  // Lies that commit to what they say.
  const lie = async (options: any, values = publicValues) =>
    add(
      await prove(key, trace, values, {
        backend: referenceBackend,
        ...options,
        hooks: { skipChecks: true, ...options.hooks },
      }),
      values,
    );
  await lie({}, [publicValues[0]!, publicValues[1]! + 1]);
  await lie({
    hooks: {
      samples: (samples: any[], nextSamples: any[]) => ({
        samples: samples.map((v, i) => (i === 0 ? [(v[0] + 1) % P, v[1], v[2], v[3]] : v)),
        nextSamples,
      }),
    },
  });
  await lie({ hooks: { lastLayer: (c: any[]) => c.map((v) => [(v[0] + 1) % P, v[1], v[2], v[3]]) } });
  for (const what of ['columns', 'next', 'short'] as const) await lie({ backend: tampering(0, what) });
  for (const layer of [1, 2, 3, 4]) await lie({ backend: tampering(layer) });
  // Openings.
  for (const tree of [0, 1, 2, 3]) {
    change((p) => (p.queries[2].paths[tree][0][3] ^= 1));
    change((p) => (p.queries[2].paths[tree].at(-1)[20] ^= 1));
  }
  for (const layer of [0, 1, 2]) change((p) => (p.queries[1].friPaths[layer][0][3] ^= 1));
  return calls;
}

/** Checks that no call can get past the others to, with the reason. */
const REDUNDANT: Readonly<Record<string, string>> = {
  DEGENERATE_CHALLENGE: 'no transcript can be steered there; verifier.test.ts fixes the draws instead',
  TOO_MANY_USES: 'needs 2^31 uses; verifier.test.ts lowers the bound instead',
  CONTRACT_FAILED: 'needs a deployment with the wrong addresses; verifier.test.ts does that',
  INVALID_STATEMENT: 'needs a statement contract; cairoVerifier.test.ts has one',
};

it('every check of the core decides some call', { timeout: 1_200_000 }, async () => {
  const tally = await proveStatement(tallyAir, tallyInput([5, 6, 255, 0, 9], 9), GRINDING_PROFILE);
  const calls = await badCalls(tally);
  const whole = await setUpVerifier(chain, 'Whole', tally.key);
  const answersOf = async (to: Hex) => {
    const answers: string[] = [];
    for (const call of calls) answers.push(await ask(chain, to, call));
    return answers;
  };
  const expected = await answersOf(whole.verifier);
  expect(expected.filter((answer) => answer === 'accepted')).toEqual([]);

  const { verifier } = emitVerifier('Whole', tally.key);
  const names = (await import('./rejectionCodes.ts')).REJECTION_CODES;
  // Those of proceed are for l1/mutateParts.slow.test.ts.
  const [partsStart, partsEnd] = ['function proceed()', 'function provenSlot('].map((name) =>
    verifier.indexOf(name),
  );
  const sites = [...verifier.matchAll(/\breject\((0x[0-9a-f]+)\)/g)].filter(
    ({ index }) => index < partsStart! || index > partsEnd!,
  );
  const survivors: string[] = [];
  const lines: string[] = [];
  for (const [i, site] of sites.entries()) {
    const code = names[Number(site[1])]!;
    const mutant = `${verifier.slice(0, site.index)}pop(0)${verifier.slice(site.index + site[0].length)}`;
    const manifest = await setUpVerifier(chain, 'Mutant', tally.key, (sources) => ({
      ...sources,
      verifier: mutant,
    }));
    const answers = await answersOf(manifest.verifier);
    const changed = answers.filter((answer, k) => answer !== expected[k]);
    const accepted = changed.filter((answer) => answer === 'accepted').length;
    lines.push(`check ${i} (${code}): ${changed.length} other answers, ${accepted} of them accepted`);
    if (changed.length === 0 && !(code in REDUNDANT)) survivors.push(`check ${i} (${code})`);
  }
  console.log(lines.join('\n'));
  // A length above 2^32 that wraps around fails at the bytes that fill up the last word, too.
  expect(survivors).toEqual(['check 3 (BAD_CALLDATA)']);
});

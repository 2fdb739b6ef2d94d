import { P } from '@cairn/stark';
import { prove, referenceBackend } from '@cairn/stark/prover';
import { bytesToHex, encodeFunctionData, type Hex } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAnvil, type TestChain } from '../testing/anvil.ts';
import { ask, setUpVerifier } from '../testing/askVerifier.ts';
import { GRINDING_PROFILE, type ProvenStatement, proveStatement, tampering } from '../testing/proofs.ts';
import { splitAttacks } from '../testing/splitAttacks.ts';
import { tallyAir, tallyInput } from '../testing/testAirs.ts';
import { encodePublicValues } from '../verifier/emitCore.ts';
import { splitProof } from '../verifier/splitProof.ts';
import { VERIFIER_ABI } from './abi.ts';
import { deployFactRegistry, factOf, publicValuesClaim, registerFact } from './factRegistry.ts';
import type { VerifierManifest } from './manifest.ts';
import { isProven, verifyInParts } from './verifyInParts.ts';

let chain: TestChain;
let tally: ProvenStatement;
let manifest: VerifierManifest;
/** Heights differ, so no two have the same context. */
const SUMMANDS = [
  [1, 2, 3],
  [4, 5, 6],
  [7, 8, 9],
  [10, 11, 12],
  [13, 14, 15],
  [16, 17, 18],
  [19, 20, 21],
  [22, 23, 24],
];

const proofOf = (summands: readonly number[]) =>
  proveStatement(tallyAir, tallyInput(summands, 6), GRINDING_PROFILE);
const statementOf = ({ publicValues }: ProvenStatement) => encodePublicValues(publicValues);
const split = (proven: ProvenStatement, bytes = proven.bytes, maxPartBytes = 3000) =>
  splitProof(proven.key, bytes, maxPartBytes);

beforeAll(async () => {
  chain = await startAnvil();
  tally = await proofOf(SUMMANDS[0]!);
  manifest = await setUpVerifier(chain, 'Tally', tally.key);
}, 60_000);
afterAll(() => chain?.stop());

describe('a proof in parts', () => {
  it('is cut where queries begin', () => {
    const { head, parts } = split(tally);
    expect(parts.length).toBeGreaterThan(2);
    expect(Buffer.concat([head, ...parts.map(({ queries }) => queries)])).toEqual(Buffer.from(tally.bytes));
    expect(split(tally, tally.bytes, 1).parts.length).toBe(tally.key.parameters.queryCount);
    expect(() => split(tally, tally.bytes.slice(1))).toThrow(
      expect.objectContaining({ code: 'WRONG_PROOF_FILE' }),
    );
  });
  it('proves its statement with the last part, and not before', async () => {
    const statement = statementOf(tally);
    const registry = await deployFactRegistry(chain);
    const { head, parts } = split(tally);
    expect(await isProven(chain, manifest, statement)).toBe(false);
    await verifyInParts(chain, manifest, statement, { head, parts: parts.slice(1) });
    expect(await isProven(chain, manifest, statement)).toBe(false);
    await expect(registerFact(chain, manifest, registry, statement)).rejects.toMatchObject({
      code: 'PROOF_REJECTED',
    });
    // The rest by someone else: what has been checked stays so, and is not checked again.
    const receipts = await verifyInParts({ ...chain, wallet: chain.stranger }, manifest, statement, {
      head,
      parts,
    });
    expect(receipts.length).toBe(1);
    expect(await isProven(chain, manifest, statement)).toBe(true);
    const { facts } = await registerFact(chain, manifest, registry, statement);
    expect(facts).toEqual([factOf(manifest, registry, publicValuesClaim(tally.publicValues))]);
    // What is done is not done again.
    expect(await verifyInParts(chain, manifest, statement, { head, parts })).toEqual([]);
    // Nothing follows for other statements.
    expect(await isProven(chain, manifest, encodePublicValues([3, 7]))).toBe(false);
  });
  it('fails where the whole proof does', async () => {
    const proven = await proofOf(SUMMANDS[1]!);
    const statement = statementOf(proven);
    const code = async (bytes: Uint8Array, of = statement) =>
      verifyInParts(chain, manifest, of, split(proven, bytes)).then(
        () => 'accepted',
        (error) => error.details.code as string,
      );
    const lie = (options: object) =>
      prove(proven.key, proven.trace, proven.publicValues, {
        backend: referenceBackend,
        hooks: { skipChecks: true },
        ...options,
      });
    expect(await code(proven.bytes, encodePublicValues([3, 16]))).toBe('GRINDING');
    expect(await code(await lie({ backend: tampering(0) }))).toBe('QUOTIENT');
    expect(await code(await lie({ backend: tampering(1) }))).toBe('FRI_FOLD');
    const lastLayer = (c: readonly number[][]) => c.map((v) => [(v[0]! + 1) % P, ...v.slice(1)]);
    expect(await code(await lie({ hooks: { skipChecks: true, lastLayer } }))).toBe('FRI_LAST_LAYER');
    const spoiled = proven.bytes.slice();
    spoiled[spoiled.length - 1]! ^= 1;
    expect(await code(spoiled)).toBe('FRI_PATH');
    const { head, parts } = split(proven);
    const nonCanonical = parts.map((part) => ({ ...part, queries: part.queries.slice() }));
    new DataView(nonCanonical.at(-1)!.queries.buffer).setUint32(0, P);
    await expect(
      verifyInParts(chain, manifest, statement, { head, parts: nonCanonical }),
    ).rejects.toMatchObject({ details: { code: 'NON_CANONICAL' } });
    expect(await isProven(chain, manifest, statement)).toBe(false);
    expect(await code(proven.bytes)).toBe('accepted');
    expect(await isProven(chain, manifest, statement)).toBe(true);
  });
  it('must be begun with a head of the right length', async () => {
    const { head } = split(tally);
    const begin = (bytes: Uint8Array) =>
      ask(
        chain,
        manifest.verifier,
        encodeFunctionData({
          abi: VERIFIER_ABI,
          functionName: 'begin',
          args: [bytesToHex(statementOf(tally)), bytesToHex(bytes)],
        }),
      );
    expect(await begin(head)).toMatch(/^result/);
    expect(await begin(head.slice(0, -1))).toBe('TRUNCATED');
    expect(await begin(Uint8Array.of(...head, 0))).toBe('TRAILING_BYTES');
    expect(await begin(tally.bytes)).toBe('TRAILING_BYTES');
  });
});

it('parts can not be mixed, skipped, repeated or made up', async () => {
  const proofs = await Promise.all(SUMMANDS.slice(2, 4).map(proofOf));
  const attacks = await splitAttacks(chain, manifest, proofs[0]!, proofs[1]!);
  expect(attacks.map(({ name, answer }) => `${name}: ${answer}`)).toEqual([
    'queries of another proof: TREE_PATH',
    'the context of another proof: TREE_PATH',
    'queries in other places: TREE_PATH',
    'queries again: REPEATED_QUERY',
    'queries of which some come again: REPEATED_QUERY',
    'a context that nobody has begun: UNKNOWN_CONTEXT',
    'a context with another statement: UNKNOWN_CONTEXT',
    'more queries than there are: BAD_CALLDATA',
    'queries behind the last: BAD_CALLDATA',
    'a place that wraps around: BAD_CALLDATA',
    'a part of a query: BAD_CALLDATA',
    'a longer context: BAD_CALLDATA',
    'another place of the context: BAD_CALLDATA',
    'another place of the queries: BAD_CALLDATA',
    'more calldata: BAD_CALLDATA',
  ]);
  for (const proven of proofs) expect(await isProven(chain, manifest, statementOf(proven))).toBe(false);
});

it('what somebody else has checked of a part is not in the way', async () => {
  const proven = await proofOf(SUMMANDS[5]!);
  const statement = statementOf(proven);
  const one = split(proven, proven.bytes, 1);
  const other = { ...chain, wallet: chain.stranger };
  const count = proven.key.parameters.queryCount;
  await verifyInParts(other, manifest, statement, { head: one.head, parts: [one.parts[1]!] });
  await verifyInParts(other, manifest, statement, { head: one.head, parts: [one.parts[count - 1]!] });
  const { head, parts } = split(proven, proven.bytes, 1_000_000);
  expect(parts.length).toBe(1);
  // Query 0, and those between.
  expect((await verifyInParts(chain, manifest, statement, { head, parts })).length).toBe(2);
  expect(await isProven(chain, manifest, statement)).toBe(true);
});

it('two at once come to an end', async () => {
  const proven = await proofOf(SUMMANDS[6]!);
  const statement = statementOf(proven);
  const [own, theirs] = await Promise.all([
    verifyInParts(chain, manifest, statement, split(proven, proven.bytes, 2000)),
    verifyInParts({ ...chain, wallet: chain.stranger }, manifest, statement, split(proven)),
  ]);
  expect(own.length + theirs.length).toBeGreaterThan(2);
  expect(await isProven(chain, manifest, statement)).toBe(true);
});

it('a transaction that fails for another reason is no rejection', async () => {
  const proven = await proofOf(SUMMANDS[7]!);
  const statement = statementOf(proven);
  const { head, parts } = split(proven);
  const clumsy = { ...chain, wallet: withTrailingByte(chain.wallet) };
  await verifyInParts(chain, manifest, statement, { head, parts: [] });
  await expect(verifyInParts(clumsy, manifest, statement, { head, parts })).rejects.toMatchObject({
    code: 'TRANSACTION_FAILED',
  });
  await verifyInParts(chain, manifest, statement, { head, parts });
  expect(await isProven(chain, manifest, statement)).toBe(true);
});

/** A wallet whose transactions arrive with a byte more than they were sent with. */
function withTrailingByte(wallet: TestChain['wallet']): TestChain['wallet'] {
  return {
    ...wallet,
    sendTransaction: ({ data, ...rest }: { data: Hex }) =>
      wallet.sendTransaction({ ...rest, data: `${data}00` } as never),
  } as unknown as TestChain['wallet'];
}

it('the context says which verifier has checked it', async () => {
  const proven = await proofOf(SUMMANDS[4]!);
  const other = await setUpVerifier(chain, 'Other', proven.key);
  const { head, parts } = split(proven);
  const { result: context } = await chain.reader.simulateContract({
    account: chain.wallet.account,
    address: manifest.verifier,
    abi: VERIFIER_ABI,
    functionName: 'begin',
    args: [bytesToHex(statementOf(proven)), bytesToHex(head)],
  });
  await verifyInParts(chain, manifest, statementOf(proven), { head, parts: [] });
  const proceed = (verifier: Hex) =>
    ask(
      chain,
      verifier,
      encodeFunctionData({
        abi: VERIFIER_ABI,
        functionName: 'proceed',
        args: [0n, context, bytesToHex(parts[0]!.queries)],
      }),
    );
  expect(await proceed(manifest.verifier)).toMatch(/^result/);
  expect(await proceed(other.verifier)).toBe('UNKNOWN_CONTEXT');
});

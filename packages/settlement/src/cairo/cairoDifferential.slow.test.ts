import {
  type CairoLayout,
  cairoAir,
  encodeHeadPrefix,
  layoutName,
  proveCairo,
  publicValues,
  statementEntries,
} from '@cairn/cairo-air';
import { decodeProof, encodeProof, P, type Proof, type QM31, verifyingKey } from '@cairn/stark';
import { prove, WasmBackend } from '@cairn/stark/prover';
import { bytesToHex, encodeFunctionData } from 'viem';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { encodeProofFile } from '../../../cairo-air/src/statement/proofFile.ts';
import { forgedWitness, putIn } from '../../../cairo-air/src/testing/forgery.ts';
import { fibonacciMain, mixedMain, runMain } from '../../../cairo-air/src/testing/programs.ts';
import type { LiteralQM31 } from '../../../stark/src/testing/literalInterpreter.ts';
import { VERIFIER_ABI } from '../l1/abi.ts';
import type { VerifierManifest } from '../l1/manifest.ts';
import { startAnvil, type TestChain } from '../testing/anvil.ts';
import { ask } from '../testing/askVerifier.ts';
import { cairoVerdictOf, proofFile, setUpCairoVerifier } from '../testing/cairoProofs.ts';
import { mutateProof, randomness } from '../testing/mutateProof.ts';
import { GRINDING_PROFILE } from '../testing/proofs.ts';

// Three verifiers: the TypeScript one, the same with constraints and look-ups from the literal interpreter, which shares no code
// with it, and the contract. All must say the same of valid proofs, of mutated ones and of mutated forgeries.

const VALID = Number(process.env.CAIRN_VALID_PROOFS ?? 1000);
const MUTATED = Number(process.env.CAIRN_MUTATED_PROOFS ?? 10_000);
/** Of ten mutants, so many have their statement changed, and so many a part of the proof, each part as often. */
const [STATEMENTS_OF_TEN, PARTS_OF_TEN] = [2, 4];
/** Calls that the chain answers at a time, while the next proofs are made. */
const CALLS = 4;
const LAYOUT: CairoLayout = { modules: [], ranges: 'narrow' };
const backend = new WasmBackend();
const options = { profile: GRINDING_PROFILE, layout: LAYOUT, backend };
const { air } = cairoAir(LAYOUT);

const literally = vi.hoisted(() => ({ isOn: false, tables: 0 }));
vi.mock('../../../stark/src/core/air/evaluate.ts', async (original) => {
  const actual = await original<typeof import('../../../stark/src/core/air/evaluate.ts')>();
  const { literal, literalConstraints } = await import('../../../stark/src/testing/literalInterpreter.ts');
  let last: Parameters<typeof actual.evaluateNodes>[2] | undefined;
  return {
    ...actual,
    evaluateNodes: ((nodes, field, leaves) => {
      last = leaves;
      // The literal interpreter walks the nodes itself.
      return literally.isOn ? [] : actual.evaluateNodes(nodes, field, leaves);
    }) as typeof actual.evaluateNodes,
    constraintValues: ((table, values, lookup) => {
      if (!literally.isOn) return actual.constraintValues(table, values, lookup);
      literally.tables++;
      const { column, publicValues: cells, isFirst, isLast } = last!;
      const of = (value: unknown) => literal.of(value as QM31);
      const zero = literal.base(0n);
      const known = new Map<string, LiteralQM31>();
      return literalConstraints(air, table, {
        column: (c, next) => {
          const name = `${c}${next}`;
          if (!known.has(name)) known.set(name, of(column(c, next)));
          return known.get(name)!;
        },
        publicValues: cells,
        isFirst: of(isFirst),
        isLast: of(isLast),
        z: lookup === undefined ? zero : of(lookup.challenges.z),
        alpha: lookup === undefined ? zero : of(lookup.challenges.alphaPowers[1]),
        sums: lookup?.sums.map(of) ?? [],
        nextSum: lookup === undefined ? zero : of(lookup.nextSum),
        meanSum: lookup === undefined ? zero : of(lookup.meanSum),
      }).map((value) => value.map(Number) as unknown as QM31);
    }) as typeof actual.constraintValues,
  };
});

let chain: TestChain;
let manifest: VerifierManifest;
beforeAll(async () => {
  chain = await startAnvil();
  manifest = await setUpCairoVerifier(chain, 'Core', { layout: LAYOUT, profile: GRINDING_PROFILE });
}, 120_000);
afterAll(() => chain?.stop());

const PREFIX_BYTES = encodeHeadPrefix(layoutName(LAYOUT)).length;

/** A proof file as bytes, and what the contract is told of it. */
interface Case {
  readonly bytes: Uint8Array;
  readonly statement: Uint8Array;
  readonly stark: Uint8Array;
}

function caseOf(bytes: Uint8Array): Case {
  const { stark } = proofFile(bytes);
  return { bytes, stark, statement: bytes.slice(PREFIX_BYTES, bytes.length - stark.length) };
}

/** What all three say; the TypeScript verifiers agree on the reason, too. */
async function verdictsOn({ bytes, statement, stark }: Case, what: string): Promise<[string, string]> {
  const asked = ask(
    chain,
    manifest.verifier,
    encodeFunctionData({
      abi: VERIFIER_ABI,
      functionName: 'verify',
      args: [bytesToHex(statement), bytesToHex(stark)],
    }),
  );
  const expected = cairoVerdictOf(bytes, GRINDING_PROFILE);
  literally.isOn = true;
  const literal = cairoVerdictOf(bytes, GRINDING_PROFILE);
  literally.isOn = false;
  expect(literal, `${what}: literal interpreter`).toBe(expected);
  const said = await asked;
  expect(said === 'accepted', `${what}: contract ${said}, verifier ${expected}`).toBe(
    expected === 'accepted',
  );
  return [said, expected];
}

/** Does all, a few at a time. */
async function each(count: number, judge: (i: number) => Promise<void>): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: CALLS }, async () => {
      while (next < count) await judge(next++);
    }),
  );
}

const seconds = (since: number) => `${((performance.now() - since) / 1000).toFixed(0)} s`;

it('all accept valid proofs', { timeout: 3_600_000 }, async () => {
  const started = performance.now();
  // One proof at a time: a backend has one session. The chain answers while the next is made.
  let made = Promise.resolve<unknown>(undefined);
  await each(VALID, async (i) => {
    const proof = made.then(() => proveCairo(runMain(['output'], fibonacciMain(1 + i)), options));
    made = proof;
    expect(await verdictsOn(caseOf(await proof), `proof ${i}`)).toEqual(['accepted', 'accepted']);
  });
  expect(literally.tables).toBe(VALID * air.tables.length);
  console.log(`${VALID} valid proofs in ${seconds(started)}`);
});

/** A proof of a lie, made without the prover's own checks. */
async function forge(lies: Parameters<typeof forgedWitness>[1]): Promise<Uint8Array> {
  const { layout, statement, ids, trace } = forgedWitness(runMain(['output'], fibonacciMain(10)), {
    ...lies,
    layout: LAYOUT,
  });
  const key = verifyingKey(layout.air, GRINDING_PROFILE);
  const stark = await prove(key, trace, publicValues(layout, statement, ids), {
    entries: statementEntries(layout, statement, ids),
    backend,
    hooks: { skipChecks: true },
  });
  return encodeProofFile({ layoutName: layoutName(LAYOUT), statement, ids, stark });
}

/** Parts of a proof in their order; those of queries last. */
const HEAD_PARTS = [
  ...(['salt', 'caps', 'lookupNonce', 'claimedSums', 'pointNonce', 'samples', 'nextSamples'] as const),
  ...(['deepNonce', 'friCaps', 'foldNonces', 'lastLayer', 'queryNonce'] as const),
];
const QUERY_PARTS = ['rows', 'paths', 'friValues', 'friPaths'] as const;

/** The part with one number or one bit in it changed. */
function changeOne<T>(part: T, random: (bound: number) => number): T {
  if (typeof part === 'number')
    return [(part + 1) % P, part ^ (1 << random(31)), 0, P - 1, P, 2 ** 32 - 1][random(6)] as T;
  if (part instanceof Uint8Array) {
    const at = random(part.length);
    return part.with(at, part[at]! ^ (1 << random(8))) as T;
  }
  const list = part as readonly unknown[];
  if (list.length === 0) return part;
  const at = random(list.length);
  return list.with(at, changeOne(list[at], random)) as T;
}

function changePart(proof: Proof, random: (bound: number) => number): Proof {
  const chosen = random(HEAD_PARTS.length + QUERY_PARTS.length);
  if (chosen < HEAD_PARTS.length) {
    const name = HEAD_PARTS[chosen]!;
    return { ...proof, [name]: changeOne(proof[name], random) };
  }
  const name = QUERY_PARTS[chosen - HEAD_PARTS.length]!;
  const at = random(proof.queries.length);
  const query = proof.queries[at]!;
  return { ...proof, queries: proof.queries.with(at, { ...query, [name]: changeOne(query[name], random) }) };
}

it('all agree on mutated proofs and forgeries', { timeout: 3_600_000 }, async () => {
  const files = [
    await proveCairo(runMain(['output'], fibonacciMain(10)), options),
    await proveCairo(runMain(['output', 'range_check'], mixedMain()), options),
    await proveCairo(runMain(['output'], fibonacciMain(3)), options),
    // The sums do not fit; a constraint does not hold.
    await forge({ statement: (s) => ({ ...s, output: [s.output[0]! + 1n] }) }),
    await forge({ memory: putIn('output', 0, 7n) }),
  ];
  const bases = files.map((bytes) => {
    const decoded = decodeProof(air, GRINDING_PROFILE.parameters, proofFile(bytes).stark);
    if (!decoded.ok) throw new Error(decoded.message);
    return { ...caseOf(bytes), proof: decoded.proof };
  });
  const started = performance.now();
  const counts = { accepted: 0, sameCode: 0, otherCode: 0 };
  const codes = new Map<string, number>();
  await each(MUTATED, async (seed) => {
    const base = bases[seed % bases.length]!;
    const random = randomness(seed * 104_729 + 7);
    const changed = mutant(base, seed, random);
    const [said, expected] = await verdictsOn(changed, `mutant ${seed}`);
    // Some mutations change nothing; no other proof of the same statement can be made from a proof.
    if (said === 'accepted') expect(bytesToHex(changed.bytes), `mutant ${seed}`).toBe(bytesToHex(base.bytes));
    codes.set(expected, (codes.get(expected) ?? 0) + 1);
    if (said === 'accepted') counts.accepted++;
    else if (said === expected) counts.sameCode++;
    else counts.otherCode++;
  });
  console.log(
    `${MUTATED} mutants in ${seconds(started)}: ${JSON.stringify({ ...counts, ...Object.fromEntries(codes) })}`,
  );
  // Codes differ where a changed length moves the end of the statement, and where two faults apply.
  expect(counts.sameCode).toBeGreaterThan(0.9 * MUTATED);
});

function mutant(base: Case & { proof: Proof }, seed: number, random: (bound: number) => number): Case {
  const { bytes, stark, statement } = base;
  const kind = random(10);
  if (kind < STATEMENTS_OF_TEN) {
    const at = random(statement.length);
    const byte = random(2) === 0 ? statement[at]! ^ (1 << random(8)) : random(256);
    return { stark, statement: statement.with(at, byte), bytes: bytes.with(PREFIX_BYTES + at, byte) };
  }
  const other =
    kind < STATEMENTS_OF_TEN + PARTS_OF_TEN
      ? encodeProof(air, changePart(base.proof, random))
      : mutateProof(stark, base.proof, air, seed * 7919 + 1);
  return {
    stark: other,
    statement,
    bytes: Uint8Array.of(...bytes.subarray(0, bytes.length - stark.length), ...other),
  };
}

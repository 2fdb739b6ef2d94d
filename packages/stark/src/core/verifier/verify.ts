import {
  constraintValues,
  evaluateNodes,
  type LookupChallenges,
  SECURE_FIELD,
  tupleDenominator,
} from '../air/evaluate.ts';
import { type Air, type PublicBusEntry, withPublicEntries } from '../air/ir.ts';
import type { ChannelEvent } from '../channel/channel.ts';
import { doubleSecurePoint, doubleSecureX, type SecurePoint } from '../circle/circlePoint.ts';
import { pointAtPosition } from '../circle/domain.ts';
import { evaluateRowSelector, evaluateVanishing } from '../circle/lagrange.ts';
import { invM31, isM31, type M31, P } from '../field/m31.ts';
import {
  add,
  equal,
  fromCoordinates,
  inv,
  isZero,
  liftM31,
  mul,
  neg,
  ONE,
  type QM31,
  QM31_DEGREE,
  scale,
  ZERO,
} from '../field/qm31.ts';
import { evaluateLinePolynomial, foldedAbscissa, foldLeaf } from '../fri/fold.ts';
import { hashSuite } from '../hash/hashSuite.ts';
import { verifyMerklePath } from '../merkle/merklePath.ts';
import type { ProofStrength } from '../params/profiles.ts';
import type { Proof } from '../proof/proof.ts';
import { capInKey, decodeProof } from '../proof/proofCodec.ts';
import type { ProofLayout } from '../proof/proofLayout.ts';
import { type DeepPlan, deepPlan, deepQuotient } from './deepQuotients.ts';
import { type Rejection, reject } from './rejection.ts';
import { type Challenges, replayTranscript } from './transcript.ts';
import type { VerifyingKey } from './verifyingKey.ts';

/** A verdict: accepted, with the strength that the key's profile gives the proof, or rejected with a reason. */
export type Verdict<S extends ProofStrength = ProofStrength> =
  | { readonly ok: true; readonly strength: S; readonly logHeights: readonly number[] }
  | Rejection;

function checkKeyHeights(key: VerifyingKey, layout: ProofLayout): Rejection | undefined {
  const { fixed } = key;
  if (fixed === undefined) return undefined;
  if (layout.logMaxHeight !== fixed.logMaxHeight) {
    return reject(
      'INVALID_HEIGHT',
      `tallest table: got 2^${layout.logMaxHeight}, the key is for 2^${fixed.logMaxHeight}`,
    );
  }
  for (const [table, height] of fixed.logHeights) {
    if (layout.logHeights[table] !== height) {
      return reject(
        'INVALID_HEIGHT',
        `height of table ${key.air.tables[table]!.name}: got 2^${layout.logHeights[table]}, the key is for 2^${height}`,
      );
    }
  }
  return undefined;
}

/**
 * The greatest number of uses that heights allow on each bus. Below p, a tuple that no row yields can not have its uses
 * cancelled by wrapping around.
 */
export function checkUseCounts(air: Air, logHeights: readonly number[]): Rejection | undefined {
  for (const [b, bus] of air.buses.entries()) {
    let count = air.publicEntries.filter((entry) => entry.bus === b && entry.kind === 'use').length;
    for (const [t, table] of air.tables.entries()) {
      count +=
        table.entries.filter((entry) => entry.bus === b && entry.kind === 'use').length * 2 ** logHeights[t]!;
    }
    if (count >= P)
      return reject('TOO_MANY_USES', `bus ${bus.name}: up to ${count} uses, expected less than p`);
  }
  return undefined;
}

/** The sum of the statement's own fractions; undefined when a challenge hits a denominator. */
export function publicLookupSum(
  air: Air,
  publicValues: readonly M31[],
  challenges: LookupChallenges,
): QM31 | undefined {
  let sum = ZERO;
  for (const entry of air.publicEntries) {
    const tuple = entry.tuple.map((v) => liftM31('constant' in v ? v.constant : publicValues[v.publicCell]!));
    const denominator = tupleDenominator(air.buses[entry.bus]!.id, tuple, challenges);
    if (isZero(denominator)) return undefined;
    const fraction = inv(denominator);
    sum = add(sum, entry.kind === 'use' ? fraction : neg(fraction));
  }
  return sum;
}

/** The check that claimed sums and the statement's own fractions add up to 0. */
export function checkLookupSum(
  air: Air,
  publicValues: readonly M31[],
  lookup: LookupChallenges | undefined,
  claimedSums: readonly QM31[],
): Rejection | undefined {
  if (lookup === undefined) return undefined;
  const publicSum = publicLookupSum(air, publicValues, lookup);
  if (publicSum === undefined)
    return reject('DEGENERATE_CHALLENGE', 'a public tuple hits the look-up challenge');
  const total = claimedSums.reduce((sum, claimed) => add(sum, claimed), publicSum);
  return isZero(total)
    ? undefined
    : reject('LOOKUP_SUM', 'claimed sums and public entries do not add up to 0');
}

/** Samples of one table's columns, by tree. */
function tableSamples(layout: ProofLayout, proof: Proof, table: number) {
  const nextOf = new Map(layout.nextColumns.map((column, j) => [column, proof.nextSamples[j]!]));
  const columns = new Map<number, QM31>();
  const nextColumns = new Map<number, QM31>();
  const sums: QM31[] = [];
  const nextSums: QM31[] = [];
  let first = 0;
  for (const tree of layout.trees) {
    tree.columns.forEach((column, i) => {
      if (column.table !== table || tree.name === 'composition') return;
      const sample = proof.samples[first + i]!;
      const next = nextOf.get(first + i);
      if (tree.name === 'interaction') {
        sums.push(sample);
        if (next !== undefined) nextSums.push(next);
      } else {
        columns.set(column.column, sample);
        if (next !== undefined) nextColumns.set(column.column, next);
      }
    });
    first += tree.columns.length;
  }
  return { columns, nextColumns, sums, nextSums };
}

function joinCoordinates(coordinates: readonly QM31[]): QM31[] {
  const values: QM31[] = [];
  for (let i = 0; i + QM31_DEGREE <= coordinates.length; i += QM31_DEGREE) {
    values.push(
      fromCoordinates([coordinates[i]!, coordinates[i + 1]!, coordinates[i + 2]!, coordinates[i + 3]!]),
    );
  }
  return values;
}

/** Σ γ^k·(constraint k) over all tables, from the samples. */
export function constraintsAtPoint(
  key: VerifyingKey,
  publicValues: readonly M31[],
  proof: Proof,
  layout: ProofLayout,
  challenges: Pick<Challenges, 'lookup' | 'compositionCoefficient' | 'outOfDomainPoint'>,
): QM31 {
  let sum = ZERO;
  let coefficient = ONE;
  key.air.tables.forEach((table, t) => {
    const logHeight = layout.logHeights[t]!;
    const own = doubleSecurePoint(challenges.outOfDomainPoint, layout.logMaxHeight - logHeight);
    const { columns, nextColumns, sums, nextSums } = tableSamples(layout, proof, t);
    const nodeValues = evaluateNodes(table.nodes, SECURE_FIELD, {
      column: (column, next) => (next ? nextColumns : columns).get(column)!,
      publicValues,
      isFirst: evaluateRowSelector(0, logHeight, own),
      isLast: evaluateRowSelector(2 ** logHeight - 1, logHeight, own),
    });
    const lookupIndex = layout.lookupTables.indexOf(t);
    const lookup =
      challenges.lookup === undefined || lookupIndex < 0
        ? undefined
        : {
            challenges: challenges.lookup,
            busIds: key.air.buses.map((bus) => bus.id),
            sums: joinCoordinates(sums),
            nextSum: joinCoordinates(nextSums)[0]!,
            meanSum: scale(proof.claimedSums[lookupIndex]!, invM31(2 ** logHeight)),
          };
    for (const value of constraintValues(table, nodeValues, lookup)) {
      sum = add(sum, mul(coefficient, value));
      coefficient = mul(coefficient, challenges.compositionCoefficient);
    }
  });
  return sum;
}

/** The composition polynomial at a point from its pieces there: piece j goes with Π π^(N-1+b)(x) over the bits b of j. */
export function joinComposition(pieces: readonly QM31[], logMaxHeight: number, point: SecurePoint): QM31 {
  let current = pieces;
  for (
    let factor = evaluateVanishing(logMaxHeight, point);
    current.length > 1;
    factor = doubleSecureX(factor)
  ) {
    const joined: QM31[] = [];
    for (let i = 0; i < current.length; i += 2) joined.push(add(current[i]!, mul(current[i + 1]!, factor)));
    current = joined;
  }
  return current[0]!;
}

/** True when the samples fulfil all constraints: Σ γ^k C_k(z) = v(z)·composition(z). */
export function constraintsHold(
  key: VerifyingKey,
  publicValues: readonly M31[],
  proof: Proof,
  layout: ProofLayout,
  challenges: Challenges,
): boolean {
  const z = challenges.outOfDomainPoint;
  const pieceCount = QM31_DEGREE << key.air.logComposition;
  const pieces = joinCoordinates(proof.samples.slice(proof.samples.length - pieceCount));
  const right = mul(
    evaluateVanishing(layout.logMaxHeight, z),
    joinComposition(pieces, layout.logMaxHeight, z),
  );
  return equal(constraintsAtPoint(key, publicValues, proof, layout, challenges), right);
}

function checkQuery(
  key: VerifyingKey,
  proof: Proof,
  layout: ProofLayout,
  plan: DeepPlan,
  challenges: Challenges,
  q: number,
): Rejection | undefined {
  const hash = hashSuite(key.parameters.hash);
  const query = proof.queries[q]!;
  const position = challenges.positions[q]!;
  const values: M31[] = [];
  let committed = 0;
  for (const [t, tree] of layout.trees.entries()) {
    const cap = capInKey(layout, t) ? key.fixed!.cap : proof.caps[committed++]!;
    if (!verifyMerklePath(hash, layout.treeShape, cap, position, query.rows[t]!, query.paths[t]!)) {
      return reject(
        'TREE_PATH',
        `query ${q}: row ${position} of the ${tree.name} tree does not lead to its cap`,
      );
    }
    for (const value of query.rows[t]!) values.push(value);
  }
  let expected = deepQuotient(layout, plan, pointAtPosition(position, layout.logDomain), values);
  let index = position;
  let foldCount = 0;
  for (const [i, layer] of layout.friLayers.entries()) {
    const leafIndex = index >>> layer.logFold;
    const leaf = query.friValues[i]!;
    if (!verifyMerklePath(hash, layer.shape, proof.friCaps[i]!, leafIndex, leaf.flat(), query.friPaths[i]!)) {
      return reject('FRI_PATH', `query ${q}: leaf ${leafIndex} of FRI layer ${i} does not lead to its cap`);
    }
    if (!equal(leaf[index % 2 ** layer.logFold]!, expected)) {
      return i === 0
        ? reject('QUOTIENT', `query ${q}: the rows at ${position} do not give the first FRI layer's value`)
        : reject('FRI_FOLD', `query ${q}: FRI layer ${i - 1} does not fold to layer ${i}`);
    }
    expected = foldLeaf(leaf, leafIndex, layout.logDomain, foldCount, challenges.foldCoefficients[i]!);
    foldCount += layer.logFold;
    index = leafIndex;
  }
  const last = evaluateLinePolynomial(proof.lastLayer, foldedAbscissa(layout.logDomain, foldCount, index));
  return equal(last, expected)
    ? undefined
    : reject('FRI_LAST_LAYER', `query ${q}: does not fold to the last polynomial`);
}

/**
 * Checks a proof of the statement "there is a trace of this AIR with these public values". Pure and total: any bytes get
 * a verdict, none an exception. `entries` are bus entries of this statement beyond those of the AIR. The transcript absorbs
 * public values only, so these must determine the entries, as a digest of them does.
 */
export function verify<S extends ProofStrength>(
  key: VerifyingKey<S>,
  publicValues: readonly M31[],
  bytes: Uint8Array,
  observe?: (event: ChannelEvent) => void,
  entries: readonly PublicBusEntry[] = [],
): Verdict<S> {
  const { air } = key;
  if (publicValues.length !== air.publicCells.length || !publicValues.every(isM31)) {
    return reject(
      'INVALID_PUBLIC_VALUES',
      `public values: expected ${air.publicCells.length} elements of [0, p)`,
    );
  }
  const decoded = decodeProof(air, key.parameters, bytes);
  if (!decoded.ok) return decoded;
  const { proof, layout } = decoded;
  const statementAir = withPublicEntries(air, entries);
  const badShape = checkKeyHeights(key, layout) ?? checkUseCounts(statementAir, layout.logHeights);
  if (badShape !== undefined) return badShape;
  const replayed = replayTranscript(key, publicValues, proof, layout, observe);
  if (!replayed.ok) return replayed;
  const { challenges } = replayed;
  const badSum = checkLookupSum(statementAir, publicValues, challenges.lookup, proof.claimedSums);
  if (badSum !== undefined) return badSum;
  if (!constraintsHold(key, publicValues, proof, layout, challenges)) {
    return reject('CONSTRAINTS', 'the samples do not fulfil the constraints at the out-of-domain point');
  }
  const plan = deepPlan(
    layout,
    challenges.outOfDomainPoint,
    challenges.deepCoefficient,
    proof.samples,
    proof.nextSamples,
  );
  if (plan === undefined) return reject('DEGENERATE_CHALLENGE', 'an opening point equals its conjugate');
  for (let q = 0; q < proof.queries.length; q++) {
    const bad = checkQuery(key, proof, layout, plan, challenges, q);
    if (bad !== undefined) return bad;
  }
  return { ok: true, strength: key.strength, logHeights: layout.logHeights };
}

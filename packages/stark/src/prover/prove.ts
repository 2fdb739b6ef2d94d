import { CairnError } from '@cairn/primitives';
import { type Air, type PublicBusEntry, withPublicEntries } from '../core/air/ir.ts';
import { type Channel, type ChannelEvent, STEP, type Step } from '../core/channel/channel.ts';
import { isM31, type M31, P } from '../core/field/m31.ts';
import { add, isZero, type QM31 } from '../core/field/qm31.ts';
import type { Nonce, Proof, QueryOpening } from '../core/proof/proof.ts';
import { encodeProof } from '../core/proof/proofCodec.ts';
import { type ProofLayout, proofLayout } from '../core/proof/proofLayout.ts';
import { deepPlan, nextPoint } from '../core/verifier/deepQuotients.ts';
import { drawLookupChallenges, drawOutOfDomainPoint, startTranscript } from '../core/verifier/transcript.ts';
import { checkUseCounts, constraintsHold, publicLookupSum } from '../core/verifier/verify.ts';
import type { VerifyingKey } from '../core/verifier/verifyingKey.ts';
import type { StarkErrorCode } from '../errors.ts';
import type { Opening, ProverBackend, ProverSession } from './backend.ts';
import { checkTrace, describeFault } from './checkTrace.ts';
import type { Trace } from './trace.ts';

/** A step of proving, as progress callbacks name it. */
export type ProvingStep =
  | 'main trace'
  | 'look-up sums'
  | 'composition'
  | 'samples'
  | 'quotients'
  | 'FRI'
  | 'queries';

/**
 * Places where a test can make the prover lie, to see the verifier notice. Each gets what the honest prover would send and
 * gives what is sent instead.
 */
export interface ProverHooks {
  readonly claimedSums?: (sums: readonly QM31[]) => readonly QM31[];
  readonly samples?: (
    samples: readonly QM31[],
    nextSamples: readonly QM31[],
  ) => { samples: readonly QM31[]; nextSamples: readonly QM31[] };
  readonly lastLayer?: (coefficients: readonly QM31[]) => readonly QM31[];
  readonly nonce?: (step: Step, nonce: Nonce) => Nonce;
  /** Leaves out the prover's own checks of what it sends. */
  readonly skipChecks?: boolean;
}

/** What a proof can be asked for with. */
export interface ProveOptions {
  readonly backend: ProverBackend;
  /** Told before each step; progress only, no influence. */
  readonly onProgress?: (step: ProvingStep) => void;
  /** Bus entries of this statement beyond those of the AIR; see `verify`. */
  readonly entries?: readonly PublicBusEntry[];
  /** Sees the transcript; for tests. */
  readonly observe?: (event: ChannelEvent) => void;
  readonly hooks?: ProverHooks;
}

const MAX_SALT = 16;

function checkTraceShape(air: Air, trace: Trace, publicValues: readonly M31[]): void {
  const refuse = (message: string, details: Record<string, unknown> = {}): never => {
    throw new CairnError<StarkErrorCode>('INVALID_TRACE', message, { details });
  };
  if (trace.length !== air.tables.length)
    refuse(`trace of AIR ${air.name}: got ${trace.length} tables, expected ${air.tables.length}`);
  if (publicValues.length !== air.publicCells.length || !publicValues.every(isM31)) {
    refuse(`public values of AIR ${air.name}: expected ${air.publicCells.length} elements of [0, p)`);
  }
  air.tables.forEach((table, t) => {
    const { logHeight, columns } = trace[t]!;
    if (
      logHeight < table.minLogHeight ||
      logHeight > table.maxLogHeight ||
      columns.length !== table.columns.length
    ) {
      refuse(`table ${table.name}: got ${columns.length} columns of 2^${logHeight} rows`, {
        table: table.name,
      });
    }
    columns.forEach((values, c) => {
      const { name } = table.columns[c]!;
      if (values.length !== 2 ** logHeight)
        refuse(`column ${table.name}.${name}: got ${values.length} rows`, {
          table: table.name,
          column: name,
        });
      for (let row = 0; row < values.length; row++) {
        if (values[row]! < P) continue;
        refuse(`cell ${table.name}.${name}[${row}]: got ${values[row]}, expected below p`, {
          table: table.name,
          column: name,
          row,
        });
      }
    });
  });
}

/** Says which constraint or look-up of the trace fails. */
function blameTrace(air: Air, trace: Trace, publicValues: readonly M31[]): never {
  const fault = checkTrace(air, trace, publicValues, 1)[0];
  if (fault === undefined) throw new CairnError('INTERNAL', 'a trace without fault gave an invalid proof');
  const code: StarkErrorCode = fault.kind === 'bus' ? 'BUS_UNBALANCED' : 'TRACE_VIOLATES_CONSTRAINT';
  throw new CairnError<StarkErrorCode>(code, describeFault(fault), { details: { ...fault } });
}

async function attempt(
  key: VerifyingKey,
  trace: Trace,
  publicValues: readonly M31[],
  layout: ProofLayout,
  session: ProverSession,
  salt: number,
  mainCap: Uint8Array[],
  options: ProveOptions,
): Promise<Proof | undefined> {
  const { air, parameters } = key;
  const { grinding } = parameters;
  const { hooks = {}, onProgress, entries = [] } = options;
  const statementAir = withPublicEntries(air, entries);
  const channel = startTranscript(key, publicValues, layout, salt, options.observe);
  const grind = async (step: Step, bits: number): Promise<Nonce> => {
    if (bits === 0) return [0, 0];
    const found = await session.grind(channel.state, step, bits);
    const nonce = hooks.nonce?.(step, found) ?? found;
    channel.absorbNonce(step, nonce);
    return nonce;
  };
  const caps: Uint8Array[][] = [];
  const absorbCap = (step: Step, cap: Uint8Array[], to: Channel = channel) => {
    to.absorbDigests(step, cap);
    caps.push(cap);
  };
  if (layout.trees.some((tree) => tree.name === 'main')) absorbCap(STEP.mainTrace, mainCap);
  else channel.absorbDigests(STEP.mainTrace, []);

  let lookup: ReturnType<typeof drawLookupChallenges> | undefined;
  let lookupNonce: Nonce = [0, 0];
  let claimedSums: readonly QM31[] = [];
  if (layout.lookupTables.length > 0) {
    onProgress?.('look-up sums');
    lookupNonce = await grind(STEP.lookupGrinding, grinding.lookup);
    lookup = drawLookupChallenges(channel, air);
    const sums = await session.interactionColumns(lookup);
    if (sums === undefined) return undefined;
    claimedSums = hooks.claimedSums?.(sums) ?? sums;
    const publicSum = publicLookupSum(statementAir, publicValues, lookup);
    if (publicSum === undefined) return undefined;
    if (!hooks.skipChecks && !isZero(claimedSums.reduce(add, publicSum)))
      blameTrace(statementAir, trace, publicValues);
    channel.absorbElements(STEP.claimedSums, claimedSums);
    absorbCap(STEP.interactionTrace, await session.commitInteraction());
  }
  onProgress?.('composition');
  const compositionCoefficient = channel.drawElement(STEP.compositionCoefficient);
  absorbCap(STEP.composition, await session.commitComposition(compositionCoefficient, lookup, claimedSums));

  onProgress?.('samples');
  const pointNonce = await grind(STEP.pointGrinding, grinding.point);
  const outOfDomainPoint = drawOutOfDomainPoint(channel);
  if (outOfDomainPoint === undefined) return undefined;
  const honest = await session.sample(outOfDomainPoint, nextPoint(layout, outOfDomainPoint));
  const { samples, nextSamples } = hooks.samples?.(honest.samples, honest.nextSamples) ?? honest;
  channel.absorbElements(STEP.samples, samples);
  channel.absorbElements(STEP.samples, nextSamples);
  const deepNonce = await grind(STEP.deepGrinding, grinding.deep);
  const deepCoefficient = channel.drawElement(STEP.deepCoefficient);
  const plan = deepPlan(layout, outOfDomainPoint, deepCoefficient, samples, nextSamples);
  if (plan === undefined) return undefined;

  onProgress?.('quotients');
  await session.makeQuotient(plan);
  onProgress?.('FRI');
  const friCaps: Uint8Array[][] = [];
  const foldNonces: Nonce[] = [];
  const foldCoefficients: QM31[] = [];
  let foldCount = 0;
  for (const [i, layer] of layout.friLayers.entries()) {
    const cap = await session.commitFriLayer(i, layer);
    friCaps.push(cap);
    channel.absorbDigests(STEP.friLayer, cap);
    foldNonces.push(await grind(STEP.foldGrinding, grinding.fold));
    const coefficient = channel.drawElement(STEP.foldCoefficient);
    foldCoefficients.push(coefficient);
    await session.foldFriLayer(i, layer, foldCount, coefficient);
    foldCount += layer.logFold;
  }
  const allCoefficients = await session.lastLayerCoefficients();
  const bound = 2 ** layout.logLastLayer;
  const lastLayer = hooks.lastLayer?.(allCoefficients.slice(0, bound)) ?? allCoefficients.slice(0, bound);
  channel.absorbElements(STEP.lastLayer, lastLayer);

  const proofSoFar = {
    parameters,
    logHeights: layout.logHeights,
    salt,
    caps,
    lookupNonce,
    claimedSums,
    pointNonce,
    samples,
    nextSamples,
    deepNonce,
    friCaps,
    foldNonces,
    lastLayer,
    queryNonce: [0, 0] as Nonce,
    queries: [] as QueryOpening[],
  };
  if (!hooks.skipChecks) {
    const challenges = {
      lookup,
      compositionCoefficient,
      outOfDomainPoint,
      deepCoefficient,
      foldCoefficients,
      positions: [],
    };
    if (!constraintsHold(key, publicValues, proofSoFar, layout, challenges))
      blameTrace(statementAir, trace, publicValues);
    if (!allCoefficients.slice(bound).every(isZero)) {
      throw new CairnError('INTERNAL', 'the last FRI polynomial exceeds its degree bound');
    }
  }
  onProgress?.('queries');
  const queryNonce = await grind(STEP.queryGrinding, grinding.query);
  const positions = channel.drawPositions(STEP.queries, parameters.queryCount, layout.logDomain);
  const treeOpenings: Opening[][] = [];
  for (const tree of layout.trees) treeOpenings.push(await session.openRows(tree.name, positions));
  const friOpenings: { values: QM31[]; path: readonly Uint8Array[] }[][] = [];
  let shift = 0;
  for (const [i, layer] of layout.friLayers.entries()) {
    shift += layer.logFold;
    const openings = await session.openFriLeaves(
      i,
      positions.map((position) => position >>> shift),
    );
    friOpenings.push(
      openings.map(({ words, path }) => ({
        values: Array.from(
          { length: words.length / 4 },
          (_, k): QM31 => [words[4 * k]!, words[4 * k + 1]!, words[4 * k + 2]!, words[4 * k + 3]!],
        ),
        path,
      })),
    );
  }
  const queries = positions.map(
    (_, q): QueryOpening => ({
      rows: treeOpenings.map((openings) => openings[q]!.words),
      paths: treeOpenings.map((openings) => openings[q]!.path),
      friValues: friOpenings.map((openings) => openings[q]!.values),
      friPaths: friOpenings.map((openings) => openings[q]!.path),
    }),
  );
  return { ...proofSoFar, queryNonce, queries };
}

/**
 * Proves that the trace fulfils the key's AIR with these public values; the proof as bytes. The same input gives the same
 * bytes, whatever the backend and its threads.
 * @throws CairnError `INVALID_TRACE`, `TRACE_VIOLATES_CONSTRAINT` (details: table, row, constraint), `BUS_UNBALANCED`.
 */
export async function prove(
  key: VerifyingKey,
  trace: Trace,
  publicValues: readonly M31[],
  options: ProveOptions,
): Promise<Uint8Array> {
  const { air, parameters } = key;
  checkTraceShape(air, trace, publicValues);
  const logHeights = trace.map((table) => table.logHeight);
  const layout = proofLayout(air, parameters, logHeights);
  const tooMany = checkUseCounts(withPublicEntries(air, options.entries ?? []), logHeights);
  if (tooMany !== undefined) throw new CairnError<StarkErrorCode>('INVALID_TRACE', tooMany.message);
  const session = await options.backend.open({ air, parameters, layout, trace, publicValues });
  try {
    options.onProgress?.('main trace');
    if (layout.trees.some((tree) => tree.name === 'fixed')) await session.commitTrace('fixed');
    const mainCap = layout.trees.some((tree) => tree.name === 'main')
      ? await session.commitTrace('main')
      : [];
    for (let salt = 0; salt < MAX_SALT; salt++) {
      const proof = await attempt(key, trace, publicValues, layout, session, salt, mainCap, options);
      if (proof === undefined) continue;
      return encodeProof(air, proof);
    }
  } finally {
    session.close();
  }
  throw new CairnError('INTERNAL', `challenges hit a pole for ${MAX_SALT} salts in a row`);
}

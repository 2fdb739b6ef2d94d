import type { LookupChallenges } from '../air/evaluate.ts';
import type { Air } from '../air/ir.ts';
import { Channel, type ChannelEvent, STEP } from '../channel/channel.ts';
import { pointFromParameter, type SecurePoint } from '../circle/circlePoint.ts';
import type { M31 } from '../field/m31.ts';
import { powers, type QM31 } from '../field/qm31.ts';
import { hashSuite } from '../hash/hashSuite.ts';
import { parameterWords } from '../params/parameters.ts';
import type { Proof } from '../proof/proof.ts';
import { capInKey, PROOF_VERSION } from '../proof/proofCodec.ts';
import type { ProofLayout } from '../proof/proofLayout.ts';
import { type Rejection, reject } from './rejection.ts';
import type { VerifyingKey } from './verifyingKey.ts';

/** All challenges of a proof. */
export interface Challenges {
  readonly lookup: LookupChallenges | undefined;
  readonly compositionCoefficient: QM31;
  readonly outOfDomainPoint: SecurePoint;
  readonly deepCoefficient: QM31;
  readonly foldCoefficients: readonly QM31[];
  readonly positions: readonly number[];
}

const PROTOCOL = new TextEncoder().encode('cairn circle stark');

/** A channel that has absorbed protocol, AIR, parameters, fixed columns, public values, heights and salt. */
export function startTranscript(
  key: VerifyingKey,
  publicValues: readonly M31[],
  layout: ProofLayout,
  salt: number,
  observe?: (event: ChannelEvent) => void,
): Channel {
  const channel = new Channel(hashSuite(key.parameters.hash), observe);
  channel.absorbBytes(STEP.protocol, PROTOCOL);
  channel.absorbBytes(STEP.protocol, key.airDigest);
  channel.absorbWords(STEP.protocol, [PROOF_VERSION, ...parameterWords(key.parameters)]);
  channel.absorbDigests(STEP.preprocessed, key.fixed?.cap ?? []);
  channel.absorbWords(STEP.statement, publicValues);
  channel.absorbWords(STEP.statement, [...layout.logHeights, salt]);
  return channel;
}

/** Draws z and α; as many powers of α as the widest bus needs. */
export function drawLookupChallenges(channel: Channel, air: Air): LookupChallenges {
  const z = channel.drawElement(STEP.lookupChallenges);
  const alpha = channel.drawElement(STEP.lookupChallenges);
  const widest = Math.max(0, ...air.buses.map((bus) => bus.fields.length));
  return { z, alphaPowers: powers(alpha, widest + 1) };
}

/** Draws the out-of-domain point; undefined for the parameters without a point. */
export function drawOutOfDomainPoint(channel: Channel): SecurePoint | undefined {
  return pointFromParameter(channel.drawElement(STEP.outOfDomainPoint));
}

/** Goes through a proof as its prover did: absorbs every message, checks every nonce, draws every challenge. */
export function replayTranscript(
  key: VerifyingKey,
  publicValues: readonly M31[],
  proof: Proof,
  layout: ProofLayout,
  observe?: (event: ChannelEvent) => void,
): { readonly ok: true; readonly challenges: Challenges } | Rejection {
  const { grinding, queryCount } = key.parameters;
  const channel = startTranscript(key, publicValues, layout, proof.salt, observe);
  const caps = new Map(
    layout.trees
      .filter((_, tree) => !capInKey(layout, tree))
      .map((tree, i) => [tree.name, proof.caps[i]!] as const),
  );
  channel.absorbDigests(STEP.mainTrace, caps.get('main') ?? []);

  let lookup: LookupChallenges | undefined;
  if (layout.lookupTables.length > 0) {
    if (grinding.lookup > 0) {
      if (!channel.checkNonce(STEP.lookupGrinding, grinding.lookup, proof.lookupNonce)) {
        return reject('GRINDING', 'the nonce before the look-up challenges lacks its bits');
      }
      channel.absorbNonce(STEP.lookupGrinding, proof.lookupNonce);
    }
    lookup = drawLookupChallenges(channel, key.air);
    channel.absorbElements(STEP.claimedSums, proof.claimedSums);
    channel.absorbDigests(STEP.interactionTrace, caps.get('interaction') ?? []);
  }
  const compositionCoefficient = channel.drawElement(STEP.compositionCoefficient);
  channel.absorbDigests(STEP.composition, caps.get('composition') ?? []);
  if (grinding.point > 0) {
    if (!channel.checkNonce(STEP.pointGrinding, grinding.point, proof.pointNonce)) {
      return reject('GRINDING', 'the nonce before the out-of-domain point lacks its bits');
    }
    channel.absorbNonce(STEP.pointGrinding, proof.pointNonce);
  }
  const outOfDomainPoint = drawOutOfDomainPoint(channel);
  if (outOfDomainPoint === undefined) {
    return reject('DEGENERATE_CHALLENGE', 'the out-of-domain parameter has no point');
  }
  channel.absorbElements(STEP.samples, proof.samples);
  channel.absorbElements(STEP.samples, proof.nextSamples);
  if (grinding.deep > 0) {
    if (!channel.checkNonce(STEP.deepGrinding, grinding.deep, proof.deepNonce)) {
      return reject('GRINDING', 'the nonce before the batching coefficient lacks its bits');
    }
    channel.absorbNonce(STEP.deepGrinding, proof.deepNonce);
  }
  const deepCoefficient = channel.drawElement(STEP.deepCoefficient);
  const foldCoefficients: QM31[] = [];
  for (const [i, cap] of proof.friCaps.entries()) {
    channel.absorbDigests(STEP.friLayer, cap);
    if (grinding.fold > 0) {
      if (!channel.checkNonce(STEP.foldGrinding, grinding.fold, proof.foldNonces[i]!)) {
        return reject('GRINDING', `the nonce before the coefficient of FRI layer ${i} lacks its bits`);
      }
      channel.absorbNonce(STEP.foldGrinding, proof.foldNonces[i]!);
    }
    foldCoefficients.push(channel.drawElement(STEP.foldCoefficient));
  }
  channel.absorbElements(STEP.lastLayer, proof.lastLayer);
  if (grinding.query > 0) {
    if (!channel.checkNonce(STEP.queryGrinding, grinding.query, proof.queryNonce)) {
      return reject('GRINDING', 'the nonce before the queries lacks its bits');
    }
    channel.absorbNonce(STEP.queryGrinding, proof.queryNonce);
  }
  const positions = channel.drawPositions(STEP.queries, queryCount, layout.logDomain);
  return {
    ok: true,
    challenges: {
      lookup,
      compositionCoefficient,
      outOfDomainPoint,
      deepCoefficient,
      foldCoefficients,
      positions,
    },
  };
}

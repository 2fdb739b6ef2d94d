import type { LookupChallenges } from '../core/air/evaluate.ts';
import type { Air } from '../core/air/ir.ts';
import type { Step } from '../core/channel/channel.ts';
import type { SecurePoint } from '../core/circle/circlePoint.ts';
import type { M31 } from '../core/field/m31.ts';
import type { QM31 } from '../core/field/qm31.ts';
import type { ProofParameters } from '../core/params/parameters.ts';
import type { Nonce } from '../core/proof/proof.ts';
import type { FriLayerLayout, ProofLayout, TreeName } from '../core/proof/proofLayout.ts';
import type { DeepPlan } from '../core/verifier/deepQuotients.ts';
import type { Trace } from './trace.ts';

/** A leaf's words and its path. */
export interface Opening {
  readonly words: readonly M31[];
  readonly path: readonly Uint8Array[];
}

/** What a backend is told once per proof. */
export interface ProverTask {
  readonly air: Air;
  readonly parameters: ProofParameters;
  readonly layout: ProofLayout;
  readonly trace: Trace;
  readonly publicValues: readonly M31[];
}

/**
 * The heavy steps of one proof, in the order of the protocol. The prover's protocol is written once, over this; a backend
 * holds columns, trees and FRI layers as it likes. All backends must give the same values.
 */
export interface ProverSession {
  /** Interpolates the columns of the fixed (main) tree and commits to them; the cap. */
  commitTrace(tree: 'fixed' | 'main'): Promise<Uint8Array[]>;
  /** Makes the columns of running sums; the claimed sum of each table with look-ups. Undefined on a zero denominator. */
  interactionColumns(challenges: LookupChallenges): Promise<QM31[] | undefined>;
  /** Commits to the columns of running sums. */
  commitInteraction(): Promise<Uint8Array[]>;
  /** Makes the pieces of the composition polynomial and commits to them. */
  commitComposition(
    coefficient: QM31,
    lookup: LookupChallenges | undefined,
    claimedSums: readonly QM31[],
  ): Promise<Uint8Array[]>;
  /** Values at z of all columns and at z + g of those with a next row. */
  sample(z: SecurePoint, next: SecurePoint): Promise<{ samples: QM31[]; nextSamples: QM31[] }>;
  /** Makes the joined quotient on the whole domain: the first FRI layer. */
  makeQuotient(plan: DeepPlan): Promise<void>;
  /** Commits to the present FRI layer, layer i. */
  commitFriLayer(i: number, layer: FriLayerLayout): Promise<Uint8Array[]>;
  /** Folds the present layer, layer i. */
  foldFriLayer(i: number, layer: FriLayerLayout, foldCount: number, coefficient: QM31): Promise<void>;
  /** Coefficients of what is left after the last fold; all of them, those beyond the degree bound included. */
  lastLayerCoefficients(): Promise<QM31[]>;
  /** A nonce that solves a puzzle: the least. */
  grind(state: Uint8Array, step: Step, bits: number): Promise<Nonce>;
  /** Opens rows of a tree. */
  openRows(tree: TreeName, positions: readonly number[]): Promise<Opening[]>;
  /** Opens leaves of FRI layer i. */
  openFriLeaves(i: number, leafIndices: readonly number[]): Promise<Opening[]>;
  /** Gives memory back. */
  close(): void;
}

/** Something that can carry out proofs. */
export interface ProverBackend {
  readonly name: string;
  open(task: ProverTask): Promise<ProverSession>;
}

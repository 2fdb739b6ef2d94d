import type { M31 } from '../field/m31.ts';
import type { QM31 } from '../field/qm31.ts';
import type { ProofParameters } from '../params/parameters.ts';

/** A 64-bit grinding nonce: high word, low word. */
export type Nonce = readonly [number, number];

/** The opening of one query. */
export interface QueryOpening {
  /** Per tree: the row of values at the position. */
  readonly rows: readonly (readonly M31[])[];
  /** Per tree: the siblings from leaf to cap. */
  readonly paths: readonly (readonly Uint8Array[])[];
  /** Per FRI layer: the values of the leaf. */
  readonly friValues: readonly (readonly QM31[])[];
  /** Per FRI layer: the siblings from leaf to cap. */
  readonly friPaths: readonly (readonly Uint8Array[])[];
}

/** A decoded proof. Every count in it has been fixed by the layout, every field element is canonical. */
export interface Proof {
  readonly parameters: ProofParameters;
  readonly logHeights: readonly number[];
  /** Lets an honest prover start anew when a challenge falls on a pole. */
  readonly salt: number;
  /** Caps of the trees but the fixed one, which the key holds. */
  readonly caps: readonly (readonly Uint8Array[])[];
  readonly lookupNonce: Nonce;
  /** Sums of all fractions, of each table with look-ups. */
  readonly claimedSums: readonly QM31[];
  readonly pointNonce: Nonce;
  /** Values of all columns at the out-of-domain point. */
  readonly samples: readonly QM31[];
  /** Values of the columns with a next row at the next row's point. */
  readonly nextSamples: readonly QM31[];
  readonly deepNonce: Nonce;
  readonly friCaps: readonly (readonly Uint8Array[])[];
  readonly foldNonces: readonly Nonce[];
  /** Coefficients of the last FRI polynomial in the basis Π π^i(x)^(bit i of the index). */
  readonly lastLayer: readonly QM31[];
  readonly queryNonce: Nonce;
  readonly queries: readonly QueryOpening[];
}

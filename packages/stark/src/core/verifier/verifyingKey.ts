import { CairnError } from '@cairn/primitives';
import type { StarkErrorCode } from '../../errors.ts';
import { airDigest } from '../air/airDigest.ts';
import { type Air, fixedColumns } from '../air/ir.ts';
import { checkParameters, type ProofParameters } from '../params/parameters.ts';
import type { ProofStrength } from '../params/profiles.ts';

/** The commitment to the fixed columns of an AIR, at the heights it was made for. */
export interface FixedCommitment {
  readonly cap: readonly Uint8Array[];
  /** Height of the tallest table: it decides the height of all trees. */
  readonly logMaxHeight: number;
  /** Heights of the tables with fixed columns, by index of the table. */
  readonly logHeights: ReadonlyMap<number, number>;
}

/** What a verifier must know and trust. `S` says how strong proofs under this key are. */
export interface VerifyingKey<S extends ProofStrength = ProofStrength> {
  readonly air: Air;
  readonly airDigest: Uint8Array;
  readonly parameters: ProofParameters;
  readonly strength: S;
  /** Absent for an AIR without fixed columns. */
  readonly fixed: FixedCommitment | undefined;
}

/** The key of an AIR whose fixed columns, if any, have been committed to. @throws CairnError `INVALID_PARAMETERS`. */
export function verifyingKey<S extends ProofStrength>(
  air: Air,
  profile: { readonly parameters: ProofParameters; readonly strength: S },
  fixed?: FixedCommitment,
): VerifyingKey<S> {
  checkParameters(profile.parameters);
  if (profile.parameters.logBlowup < air.logComposition) {
    throw new CairnError<StarkErrorCode>(
      'INVALID_PARAMETERS',
      `blow-up of AIR ${air.name}: got 2^${profile.parameters.logBlowup}, expected at least 2^${air.logComposition}`,
    );
  }
  if (air.tables.some((table) => fixedColumns(table).length > 0) !== (fixed !== undefined)) {
    throw new CairnError<StarkErrorCode>(
      'INVALID_PARAMETERS',
      `key of AIR ${air.name}: a commitment to fixed columns is needed exactly when there are some`,
      { fix: 'Make the key with makeVerifyingKey of @cairn/stark/prover.' },
    );
  }
  return {
    air,
    airDigest: airDigest(air),
    parameters: profile.parameters,
    strength: profile.strength,
    fixed,
  };
}

import type { ProofParameters } from './parameters.ts';

/**
 * How much a proof can be trusted: `dev` not at all (a laptop can forge it), `conjectured` under the conjecture that
 * docs/security.md names, `proven` under theorems alone (in the random oracle model).
 */
export type ProofStrength = 'dev' | 'conjectured' | 'proven';

/** Named parameters. */
export interface Profile<S extends ProofStrength = ProofStrength> {
  readonly name: string;
  readonly strength: S;
  readonly parameters: ProofParameters;
}

/** For tests and development: quick, and forgeable. */
export const DEV: Profile<'dev'> = {
  name: 'dev',
  strength: 'dev',
  parameters: {
    hash: 'blake2s',
    logBlowup: 2,
    queryCount: 8,
    logFold: 2,
    logLastLayer: 2,
    logCap: 2,
    grinding: { lookup: 0, point: 0, deep: 0, fold: 0, query: 4 },
  },
};

/**
 * 96 bits under the list-decoding-capacity conjecture with a 31-bit alphabet: what goes to Ethereum. Tree digests of 24 bytes
 * have as many bits against collisions.
 */
export const C96: Profile<'conjectured'> = {
  name: 'c96',
  strength: 'conjectured',
  parameters: {
    hash: 'keccak192',
    logBlowup: 3,
    queryCount: 27,
    logFold: 4,
    logLastLayer: 6,
    logCap: 5,
    grinding: { lookup: 12, point: 12, deep: 16, fold: 8, query: 21 },
  },
};

/** 96 bits by theorems up to the Johnson bound, for traces up to 2^22 rows. */
export const PROVEN96: Profile<'proven'> = {
  name: 'proven96',
  strength: 'proven',
  parameters: {
    hash: 'keccak256',
    logBlowup: 4,
    queryCount: 45,
    logFold: 4,
    logLastLayer: 6,
    logCap: 5,
    grinding: { lookup: 12, point: 8, deep: 24, fold: 18, query: 26 },
  },
};

/** The profile with another hash. */
export function withHash<S extends ProofStrength>(
  profile: Profile<S>,
  hash: ProofParameters['hash'],
): Profile<S> {
  return { ...profile, parameters: { ...profile.parameters, hash } };
}

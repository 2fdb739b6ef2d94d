import { CairnError } from '@cairn/primitives';
import type { StarkErrorCode } from '../../errors.ts';
import type { HashName } from '../hash/hashSuite.ts';

const HASH_WORDS: Record<HashName, number> = { keccak256: 1, blake2s: 2, keccak192: 3 };

/** Bits of work before the challenges of each kind; 0 leaves the puzzle out. */
export interface Grinding {
  /** Before the challenges of the look-up argument. */
  readonly lookup: number;
  /** Before the out-of-domain point. */
  readonly point: number;
  /** Before the coefficient that batches all quotients into one. */
  readonly deep: number;
  /** Before the coefficient of each FRI layer. */
  readonly fold: number;
  /** Before the queries. */
  readonly query: number;
}

/** The parameters of a proof that its security depends on. The verifier holds them; a proof only repeats them. */
export interface ProofParameters {
  readonly hash: HashName;
  /** log2 of domain size over trace size. */
  readonly logBlowup: number;
  readonly queryCount: number;
  /** Each FRI layer folds 2^logFold values into one; the last may fold fewer. */
  readonly logFold: number;
  /** log2 of the coefficients of the last FRI polynomial, at most. */
  readonly logLastLayer: number;
  /** log2 of the published nodes of each Merkle tree, at most. */
  readonly logCap: number;
  readonly grinding: Grinding;
}

const BOUNDS: Record<Exclude<keyof ProofParameters, 'hash' | 'grinding'>, readonly [number, number]> = {
  logBlowup: [1, 5],
  queryCount: [1, 256],
  logFold: [1, 5],
  logLastLayer: [0, 10],
  logCap: [0, 8],
};

/** Checks every parameter against its bounds. @throws CairnError `INVALID_PARAMETERS`. */
export function checkParameters(parameters: ProofParameters): void {
  const check = (name: string, value: number, [min, max]: readonly [number, number]) => {
    if (!Number.isInteger(value) || value < min || value > max) {
      throw new CairnError<StarkErrorCode>(
        'INVALID_PARAMETERS',
        `${name}: got ${value}, expected ${min} to ${max}`,
      );
    }
  };
  for (const [name, bounds] of Object.entries(BOUNDS))
    check(name, parameters[name as keyof typeof BOUNDS], bounds);
  for (const [name, bits] of Object.entries(parameters.grinding)) check(`grinding.${name}`, bits, [0, 40]);
}

/** What each of the {@link parameterWords} is. */
export const PARAMETER_NAMES = [
  'hash',
  'logBlowup',
  'queryCount',
  'logFold',
  'logLastLayer',
  'logCap',
  'grinding.lookup',
  'grinding.point',
  'grinding.deep',
  'grinding.fold',
  'grinding.query',
] as const;

/** The parameters as words, as proofs and transcripts hold them. */
export function parameterWords(p: ProofParameters): number[] {
  return [
    HASH_WORDS[p.hash],
    p.logBlowup,
    p.queryCount,
    p.logFold,
    p.logLastLayer,
    p.logCap,
    p.grinding.lookup,
    p.grinding.point,
    p.grinding.deep,
    p.grinding.fold,
    p.grinding.query,
  ];
}

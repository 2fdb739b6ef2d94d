import { type Air, constraintCount } from '../air/ir.ts';
import { P } from '../field/m31.ts';
import { hashSuite } from '../hash/hashSuite.ts';
import type { ProofLayout } from '../proof/proofLayout.ts';
import { batchedFunctionCount } from '../verifier/deepQuotients.ts';
import type { ProofParameters } from './parameters.ts';

/**
 * What is assumed about how Reed-Solomon-like codes behave when words far from the code are combined at random:
 * - `uniqueDecoding`: nothing beyond theorems, words within half the minimum distance;
 * - `johnson`: nothing beyond theorems, words up to the Johnson bound (BCHKS25, eprint 2025/2055, theorem 4.2, with the
 *   constants that ethereum/soundcalc has for it);
 * - `capacity`: **conjecture** that up to list-decoding capacity, for an alphabet of 31 bits, lists have at most 2^10
 *   members and combinations behave as in unique decoding.
 */
export type SecurityAssumption = 'uniqueDecoding' | 'johnson' | 'capacity';

/** What of a statement the bits depend on. */
export interface StatementSize {
  readonly logMaxHeight: number;
  /** Functions joined by the batching coefficient. */
  readonly batchedFunctions: number;
  readonly constraints: number;
  readonly logComposition: number;
  /** Σ over look-up entries of rows, and the widest tuple with its bus number. */
  readonly lookupTerms: number;
  readonly tupleWidth: number;
}

/** Bits of each round of a proof, its grinding included; an attacker goes for the weakest. */
export interface SecurityBits {
  readonly assumption: SecurityAssumption;
  readonly lookup: number;
  readonly constraints: number;
  readonly outOfDomain: number;
  readonly batching: number;
  readonly folding: number;
  readonly queries: number;
  /** Against collisions of the digests in Merkle trees: half their bits. */
  readonly hash: number;
  /** The least of the above. */
  readonly total: number;
}

const LOG_FIELD = 4 * Math.log2(P);
const LOG_CAPACITY_LIST = 10;

/** The size of a statement with these heights. */
export function statementSize(air: Air, layout: ProofLayout): StatementSize {
  return {
    logMaxHeight: layout.logMaxHeight,
    batchedFunctions: batchedFunctionCount(layout),
    constraints: air.tables.reduce((sum, table) => sum + constraintCount(table), 0),
    logComposition: air.logComposition,
    lookupTerms:
      air.publicEntries.length +
      air.tables.reduce((sum, table, t) => sum + table.entries.length * 2 ** layout.logHeights[t]!, 0),
    tupleWidth: 1 + Math.max(0, ...air.buses.map((bus) => bus.fields.length)),
  };
}

/**
 * The radius δ of list-decoding capacity for rate ρ over an alphabet of q = 2^31 letters: h_q(δ) = 1 - ρ with the q-ary
 * entropy h_q(δ) = δ + h₂(δ)/31.
 */
function capacityRadius(rate: number): number {
  const entropy = (d: number) => -(d * Math.log2(d) + (1 - d) * Math.log2(1 - d));
  let [low, high] = [0, 1 - rate];
  for (let i = 0; i < 100; i++) {
    const d = (low + high) / 2;
    if (d + entropy(d) / 31 < 1 - rate) low = d;
    else high = d;
  }
  return low;
}

interface Regime {
  /** Largest fraction of agreement of a word that counts as far from the code. */
  readonly agreement: number;
  readonly logList: number;
  /** log2 of |F|·(chance that a random combination of two words hides that they are far). */
  readonly logGap: number;
}

/** Words that agree with the code in √ρ(1 + 1/m) of their places. @see ethereum/soundcalc, proxgaps/johnson_bound.py */
function johnsonRegime(rate: number, logDomain: number, m: number): Regime {
  const root = Math.sqrt(rate);
  const agreement = root * (1 + 1 / m);
  const mHalf = m + 0.5;
  const slope = (2 * mHalf ** 5 + 3 * mHalf * (1 - agreement) * rate) / (3 * rate * root);
  return {
    agreement,
    // 1/(2·(agreement - √ρ)·√ρ)
    logList: Math.log2(m / (2 * rate)),
    logGap: Math.log2(slope * 2 ** logDomain + mHalf / root),
  };
}

function bitsIn(
  assumption: SecurityAssumption,
  p: ProofParameters,
  size: StatementSize,
  regime: Regime,
): SecurityBits {
  const { grinding } = p;
  // The composition's degree, and that of the openings at a second point.
  const degree = (2 ** size.logComposition + 2) * 2 ** size.logMaxHeight;
  const rounds = {
    lookup: LOG_FIELD - Math.log2(Math.max(1, size.lookupTerms * size.tupleWidth)) + grinding.lookup,
    constraints: LOG_FIELD - regime.logList - Math.log2(Math.max(1, size.constraints)),
    outOfDomain: LOG_FIELD - regime.logList - Math.log2(degree) + grinding.point,
    batching: LOG_FIELD - regime.logGap - Math.log2(Math.max(1, size.batchedFunctions - 1)) + grinding.deep,
    folding: LOG_FIELD - regime.logGap - Math.log2(2 ** p.logFold - 1) + grinding.fold,
    queries: -p.queryCount * Math.log2(regime.agreement) + grinding.query,
    hash: 4 * hashSuite(p.hash).digestBytes,
  };
  return { assumption, ...rounds, total: Math.min(...Object.values(rounds)) };
}

/**
 * The bits of security of proofs with these parameters under an assumption, in the random oracle model, round by round.
 * Formulas and their sources are in docs/security.md. A function of parameters and statement alone, never of a proof.
 */
export function securityBits(
  p: ProofParameters,
  size: StatementSize,
  assumption: SecurityAssumption,
): SecurityBits {
  // Quotients by lines leave the decoded polynomials a degree of slack: dimension 2^N + 3 instead of 2^N.
  const logDomain = size.logMaxHeight + p.logBlowup;
  const rate = (2 ** size.logMaxHeight + 3) / 2 ** logDomain;
  switch (assumption) {
    case 'uniqueDecoding':
      return bitsIn(assumption, p, size, { agreement: (1 + rate) / 2, logList: 0, logGap: logDomain });
    case 'capacity':
      return bitsIn(assumption, p, size, {
        agreement: 1 - capacityRadius(rate),
        logList: LOG_CAPACITY_LIST,
        logGap: logDomain,
      });
    case 'johnson': {
      // The parameter m trades the radius against the gap: take the best.
      let best = bitsIn(assumption, p, size, johnsonRegime(rate, logDomain, 3));
      for (let m = 4; m <= 200; m++) {
        const bits = bitsIn(assumption, p, size, johnsonRegime(rate, logDomain, m));
        if (bits.total > best.total) best = bits;
      }
      return best;
    }
  }
}

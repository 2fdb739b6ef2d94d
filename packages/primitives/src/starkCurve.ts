import type { Felt } from './felt.ts';

/** A point of the Stark curve other than the point at infinity (which is `null` in this package). */
export interface AffinePoint {
  readonly x: Felt;
  readonly y: Felt;
}

/** The Stark curve y² = x³ + alpha·x + beta over the Starknet field. @see Starknet book, "STARK curve" */
export const STARK_CURVE = {
  alpha: 1n,
  beta: 0x6f21413efbe40de150e596d72f7a8c5609ad26c15c915c1f4cdfcb99cee9e89n,
  /** The (prime) number of points, the point at infinity included. */
  order: 0x800000000000010ffffffffffffffffb781126dcae7b2321e66a241adc64d2fn,
  generator: {
    x: 0x1ef15c18599971b7beced415a40f0c7deacfd9b0d1819e03d723d8bc943cfcan,
    y: 0x5668060aa49730b7be4801df46ec62de53ecd11abe43a32873000c36e8dc1fn,
  } as AffinePoint,
} as const;

/** Exclusive upper bound of message hashes and signature halves: 2^251. @see cairo-lang signature.py */
export const SIGNATURE_BOUND = 2n ** 251n;

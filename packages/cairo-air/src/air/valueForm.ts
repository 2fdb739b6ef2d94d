import type { ColumnType, Expr } from '@cairn/stark';

// A felt is 28 limbs of 9 bits, canonical (below P = 2^251 + 17·2^192 + 1), held once in a value table under an id. Chips
// that only add or route see ten groups of three limbs. Small values (below 2^72) have only eight limbs that are not 0.

/** Limbs of a felt. */
export const LIMB_COUNT = 28;
/** Limbs of a small value. */
export const SMALL_LIMB_COUNT = 8;
/** Groups of three limbs of a felt; the last has one. */
export const GROUP_COUNT = 10;
/** Id of the first value of the table of big values; small values have ids from 0 on, and id 0 is the value 0. */
export const FIRST_BIG_ID = 2 ** 30;
/** P in limbs: 1 + 136·512^21 + 256·512^27. */
export const PRIME_LIMBS: readonly number[] = Array.from({ length: LIMB_COUNT }, (_, i) =>
  i === 0 ? 1 : i === 21 ? 136 : i === 27 ? 256 : 0,
);
/** P in groups of 27 bits. */
export const PRIME_GROUPS: readonly number[] = [1, 0, 0, 0, 0, 0, 0, 136, 0, 256];
/** Pairs of two limbs of a felt. */
export const PAIR_COUNT = 14;
/** P in pairs of 18 bits. */
export const PRIME_PAIRS: readonly number[] = Array.from(
  { length: PAIR_COUNT },
  (_, i) => PRIME_LIMBS[2 * i]! + 512 * PRIME_LIMBS[2 * i + 1]!,
);

/** Limbs as pairs of 18 bits. */
export function pairsOf(limbs: readonly Expr[]): Expr[] {
  return Array.from({ length: PAIR_COUNT }, (_, i) => limbs[2 * i]!.add(limbs[2 * i + 1]!.mul(512)));
}

/** Exclusive bound of addresses, and of the absolute value of jumps and moves of ap. */
export const ADDRESS_BOUND_LOG = 27;
/** Indices 0 … count - 1. */
export const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** Integers of so many bits that something else than the column's own declaration enforces. */
export function bitsFrom(bits: number, reason: string): ColumnType {
  return {
    name: `u${bits} (${reason})`,
    min: 0n,
    max: 2n ** BigInt(bits) - 1n,
    enforcement: { kind: 'elsewhere', reason },
  };
}

/** Integers of a range that something else than the column's own declaration enforces. */
export function rangeFrom(name: string, min: number, max: number, reason: string): ColumnType {
  return {
    name: `${name} (${reason})`,
    min: BigInt(min),
    max: BigInt(max),
    enforcement: { kind: 'elsewhere', reason },
  };
}

/** A bit read from a bus whose yielding table makes it one. */
export const bitFrom = (reason: string): ColumnType => rangeFrom('bit', 0, 1, reason);

import { P } from '@cairn/stark';

// An element of QM31 is held in one word of the EVM: its coordinates in the basis 1, u, u², u³, each in a lane of 63 bits.
// As u⁴ = 4u² - 5, a product of elements is a product of words modulo U⁴ - 4U² + 5, U = 2^63 (contracts/field.yul).

const LANE_BITS = 63n;
const U = 1n << LANE_BITS;
const PRIME = BigInt(P);
const WIDE = 1n + 2n ** 64n + 2n ** 128n + 2n ** 192n;

/** The word with this number in all four lanes. */
export function inLanes(value: bigint): bigint {
  return value * (1n + U + U ** 2n + U ** 3n);
}

/** A word as Yul text. */
export function hex(value: bigint): string {
  return `0x${value.toString(16)}`;
}

/** What field.yul and the verifier call by these names. */
export const LANE_CONSTANTS: Readonly<Record<string, bigint>> = {
  P: PRIME,
  P2: 2n * PRIME,
  HALF: (PRIME + 1n) / 2n,
  LANE: U - 1n,
  MASK_32: 2n ** 32n - 1n,
  MODULUS: U ** 4n - 4n * U ** 2n + 5n,
  LANE_1: (U - 1n) << LANE_BITS,
  LANE_2: (U - 1n) << (2n * LANE_BITS),
  LANE_3: (U - 1n) << (3n * LANE_BITS),
  MASK_64: 2n ** 64n - 1n,
  LANES_16: inLanes(2n ** 16n - 1n),
  LANES_20: inLanes(2n ** 20n - 1n),
  LANES_31: inLanes(2n ** 31n - 1n),
  LANES_32: inLanes(2n ** 32n - 1n),
  LANES_EVEN: (U - 1n) * (1n + U ** 2n),
  LANES_ODD: (U - 1n) * (U + U ** 3n),
  // Multiples of p above all that products can be below zero: 35·2^52 and 35·2^56.
  OFFSET_LOW: inLanes(PRIME << 27n),
  OFFSET_HIGH: inLanes(PRIME << 31n),
  OFFSET_LOOSE: inLanes(PRIME << 4n),
  // a + bi + (c + di)u is (a + cu) - 2(b + du) + (b + du)u²; 2p keeps lanes from going below 0.
  OFFSET_PACK: 2n * PRIME * (1n + U),
  PACK: U ** 2n - 2n,
  // i = u² - 2.
  SECURE_I: U ** 2n + PRIME - 2n,
  SECURE_U: U,
  // Lanes of 64 bits, for sums of products of 31 bits.
  WIDE_31: (2n ** 31n - 1n) * WIDE,
  WIDE_33: (2n ** 33n - 1n) * WIDE,
  ONES_128: (2n ** 128n - 1n) / (2n ** 32n - 1n),
  TOPS_128: ((2n ** 128n - 1n) / (2n ** 32n - 1n)) << 31n,
  ONES_32: (2n ** 256n - 1n) / (2n ** 32n - 1n),
  TOPS_32: ((2n ** 256n - 1n) / (2n ** 32n - 1n)) << 31n,
};

/** Lanes that `multiply` takes must be below this. */
export const MULTIPLY_BOUND = 2n ** 36n;
/** Lanes that it gives are below this. */
export const PRODUCT_BOUND = 2n ** 31n + 2n ** 28n;
/** Lanes must stay below this. */
export const LANE_BOUND = U;

/** The bound of lanes after `fold`. */
export function foldedBound(bound: bigint): bigint {
  return 2n ** 31n + (bound >> 31n);
}

/** log2 of the least multiple p·2^k that is at or above a bound. */
export function logOffset(bound: bigint): number {
  let k = 0;
  while (PRIME << BigInt(k) < bound) k++;
  return k;
}

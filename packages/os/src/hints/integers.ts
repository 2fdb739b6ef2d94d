import { PRIME } from '@cairn/primitives';

/** What a range check proves numbers to be below. */
export const RANGE_CHECK_BOUND = 1n << 128n;

/** The largest integer whose square is at most `value`. */
export function integerRoot(value: bigint): bigint {
  if (value < 2n) return value;
  let root = 1n << BigInt((value.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (root + value / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

/** A felt as the integer in (−P/2, P/2) it stands for. */
export function signedFelt(felt: bigint): bigint {
  return felt > PRIME / 2n ? felt - PRIME : felt;
}

/** Quotient rounded down. */
export function floorDivide(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor;
  return quotient * divisor > value ? quotient - 1n : quotient;
}

/** Digits of `value` in base 2^`bits`, lowest first; the last digit takes what is left. */
export function digitsOf(value: bigint, bits: number, count: number): bigint[] {
  const mask = (1n << BigInt(bits)) - 1n;
  return Array.from({ length: count }, (_, i) => {
    const rest = value >> BigInt(bits * i);
    return i === count - 1 ? rest : rest & mask;
  });
}

/** Number with these digits in base 2^`bits`, lowest first. */
export function fromDigits(digits: readonly bigint[], bits: number): bigint {
  return digits.reduceRight((sum, digit) => (sum << BigInt(bits)) + digit, 0n);
}

/** `base`^`exponent` modulo `modulus`, for exponents that are no negative numbers. */
export function modPow(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let square = base % modulus;
  for (let left = exponent; left > 0n; left >>= 1n) {
    if ((left & 1n) === 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}

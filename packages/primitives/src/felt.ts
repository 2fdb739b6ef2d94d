import { CairnError } from './cairnError.ts';
import { kernels, readCell, writeInteger } from './kernels.ts';

/**
 * An element of the Starknet field, canonical: 0 ≤ x < {@link PRIME}. A plain bigint at the edges of the
 * system (see ADR 002); hot paths keep felts as 32-byte cells inside WASM memory.
 */
export type Felt = bigint;
/** Address of a contract, a felt below 2^251 − 256. */
export type ContractAddress = Felt;
/** Hash that names a Sierra (or Cairo 0) class. */
export type ClassHash = Felt;

/** The Starknet prime 2^251 + 17·2^192 + 1. @see Starknet book, "STARK curve" */
export const PRIME = 2n ** 251n + 17n * 2n ** 192n + 1n;
/** Exclusive upper bound of contract and storage addresses: 2^251 − 256. */
export const ADDRESS_BOUND = 2n ** 251n - 256n;

/** `x` reduced into [0, PRIME), any sign and size. */
export function feltMod(x: bigint): Felt {
  const r = x % PRIME;
  return r < 0n ? r + PRIME : r;
}

export function feltAdd(a: Felt, b: Felt): Felt {
  const s = a + b;
  return s >= PRIME ? s - PRIME : s;
}

export function feltSub(a: Felt, b: Felt): Felt {
  return a >= b ? a - b : a - b + PRIME;
}

export function feltNeg(a: Felt): Felt {
  return a === 0n ? 0n : PRIME - a;
}

export function feltMul(a: Felt, b: Felt): Felt {
  return (a * b) % PRIME;
}

/** `base^exponent`, exponent ≥ 0. */
export function feltPow(base: Felt, exponent: bigint): Felt {
  let result = 1n;
  let b = base;
  for (let e = exponent; e > 0n; e >>= 1n) {
    if (e & 1n) result = (result * b) % PRIME;
    b = (b * b) % PRIME;
  }
  return result;
}

/** Multiplicative inverse. @throws CairnError `DIVISION_BY_ZERO` for 0. */
export function feltInv(a: Felt): Felt {
  const reduced = feltMod(a);
  if (reduced === 0n) throw new CairnError('DIVISION_BY_ZERO', `${a} has no inverse modulo ${PRIME}`);
  const k = kernels();
  writeInteger(0, reduced);
  k.invert();
  return readCell(0);
}

/** `a / b`. @throws CairnError `DIVISION_BY_ZERO` when b is 0. */
export function feltDiv(a: Felt, b: Felt): Felt {
  return (a * feltInv(b)) % PRIME;
}

/** Inverse of `a` modulo the prime `modulus`, by the extended Euclidean algorithm. */
export function modInverse(a: bigint, modulus: bigint): bigint {
  let [r0, r1] = [modulus, ((a % modulus) + modulus) % modulus];
  let [t0, t1] = [0n, 1n];
  while (r1 !== 0n) {
    const q = r0 / r1;
    [r0, r1] = [r1, r0 - q * r1];
    [t0, t1] = [t1, t0 - q * t1];
  }
  if (r0 !== 1n) throw new CairnError('DIVISION_BY_ZERO', `${a} has no inverse modulo ${modulus}`);
  return t0 < 0n ? t0 + modulus : t0;
}

/** Square root with the smaller representative, or undefined for a non-residue. */
export function feltSqrt(a: Felt): Felt | undefined {
  const k = kernels();
  writeInteger(0, feltMod(a));
  if (!k.squareRoot()) return undefined;
  const root = readCell(0);
  return root > PRIME - root ? PRIME - root : root;
}

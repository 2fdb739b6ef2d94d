import { BLS_ORDER } from '@cairn/os';
import { bigIntToBytes, bytesToBigInt, CairnError, type Felt } from '@cairn/primitives';
import type { SettlementErrorCode } from '../errors.ts';

/** Field elements of a blob (EIP-4844). */
const LENGTH = 4096;
const ELEMENT_BYTES = 32;
/** Bytes of a blob (EIP-4844). */
export const BLOB_BYTES = LENGTH * ELEMENT_BYTES;

/**
 * The values of the polynomial that has the words as coefficients, lowest first, at the 4096th roots of unity in bit-reversed
 * order: what a blob holds. PERF: 50,000 modular products.
 * @throws CairnError `INVALID_BLOB` for more words than that, or words that are no scalars.
 */
export function blobValues(words: readonly Felt[]): bigint[] {
  if (words.length > LENGTH || words.some((word) => word < 0n || word >= BLS_ORDER))
    throw invalidBlob(`got ${words.length} words, expected at most ${LENGTH} scalars of BLS12-381`);
  const values = [...words, ...new Array<bigint>(LENGTH - words.length).fill(0n)];
  const roots = powersOf(ROOT);
  // From natural to bit-reversed order.
  for (let half = LENGTH / 2; half >= 1; half /= 2) {
    const stride = LENGTH / (2 * half);
    for (let start = 0; start < LENGTH; start += 2 * half) {
      for (let i = 0; i < half; i++) {
        const [a, b] = [values[start + i]!, values[start + half + i]!];
        values[start + i] = (a + b) % BLS_ORDER;
        values[start + half + i] = ((a - b + BLS_ORDER) * roots[i * stride]!) % BLS_ORDER;
      }
    }
  }
  return values;
}

/** A blob that holds the words, padded by zeros: {@link BLOB_BYTES} bytes. @throws CairnError `INVALID_BLOB`. */
export function blobOf(words: readonly Felt[]): Uint8Array {
  const blob = new Uint8Array(BLOB_BYTES);
  blobValues(words).forEach((value, i) => {
    blob.set(bigIntToBytes(value, ELEMENT_BYTES), i * ELEMENT_BYTES);
  });
  return blob;
}

/** The field elements that stand in a blob. @throws CairnError `INVALID_BLOB`. */
export function valuesOfBlob(blob: Uint8Array): bigint[] {
  if (blob.length !== BLOB_BYTES) throw invalidBlob(`got ${blob.length} bytes, expected ${BLOB_BYTES}`);
  return Array.from({ length: LENGTH }, (_, i) => {
    const value = bytesToBigInt(blob.subarray(i * ELEMENT_BYTES, (i + 1) * ELEMENT_BYTES));
    if (value >= BLS_ORDER) throw invalidBlob(`element ${i}: got ${value}, expected less than ${BLS_ORDER}`);
    return value;
  });
}

/** The 4096 coefficients that a blob holds: the words it was made of and zeros. @throws CairnError `INVALID_BLOB`. */
export function wordsOfBlob(blob: Uint8Array): bigint[] {
  const values = valuesOfBlob(blob);
  const roots = powersOf(inverse(ROOT));
  for (let half = 1; half < LENGTH; half *= 2) {
    const stride = LENGTH / (2 * half);
    for (let start = 0; start < LENGTH; start += 2 * half) {
      for (let i = 0; i < half; i++) {
        const a = values[start + i]!;
        const b = (values[start + half + i]! * roots[i * stride]!) % BLS_ORDER;
        values[start + i] = (a + b) % BLS_ORDER;
        values[start + half + i] = (a - b + BLS_ORDER) % BLS_ORDER;
      }
    }
  }
  const scale = inverse(BigInt(LENGTH));
  return values.map((value) => (value * scale) % BLS_ORDER);
}

/** 7 generates the multiplicative group (consensus-specs, deneb/polynomial-commitments.md: PRIMITIVE_ROOT_OF_UNITY). */
const ROOT = power(7n, (BLS_ORDER - 1n) / BigInt(LENGTH));

function powersOf(root: bigint): bigint[] {
  const powers = [1n];
  while (powers.length < LENGTH / 2) powers.push((powers.at(-1)! * root) % BLS_ORDER);
  return powers;
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let [square, left] = [base, exponent]; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * square) % BLS_ORDER;
    square = (square * square) % BLS_ORDER;
  }
  return result;
}

function inverse(value: bigint): bigint {
  return power(value, BLS_ORDER - 2n);
}

function invalidBlob(what: string): CairnError<SettlementErrorCode> {
  return new CairnError('INVALID_BLOB', `blob: ${what}`);
}

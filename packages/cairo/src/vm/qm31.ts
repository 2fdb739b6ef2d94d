import { CairnError } from '@cairn/primitives';
import type { VmErrorCode } from '../errors.ts';
import type { Memory } from './memory.ts';
import type { Word } from './word.ts';

/** a + b·i + (c + d·i)·u with i² = −1, u² = 2 + i over the integers modulo 2^31 − 1. */
type Qm31 = [bigint, bigint, bigint, bigint];

const M31 = 2n ** 31n - 1n;
const COORDINATE_BITS = 36n;
const COORDINATE_MASK = (1n << COORDINATE_BITS) - 1n;

/** Sum of two packed QM31 elements. @throws CairnError `UNREDUCED_QM31`, `EXPECTED_FELT`. */
export function addQm31(memory: Memory, a: Word, b: Word): Word {
  const [x, y] = [unpack(memory, a), unpack(memory, b)];
  return pack(memory, [x[0] + y[0], x[1] + y[1], x[2] + y[2], x[3] + y[3]]);
}

/** Difference of two packed QM31 elements. @throws CairnError `UNREDUCED_QM31`, `EXPECTED_FELT`. */
export function subtractQm31(memory: Memory, a: Word, b: Word): Word {
  const [x, y] = [unpack(memory, a), unpack(memory, b)];
  return pack(memory, [x[0] - y[0], x[1] - y[1], x[2] - y[2], x[3] - y[3]]);
}

/** Product of two packed QM31 elements. @throws CairnError `UNREDUCED_QM31`, `EXPECTED_FELT`. */
export function multiplyQm31(memory: Memory, a: Word, b: Word): Word {
  return pack(memory, product(unpack(memory, a), unpack(memory, b)));
}

/** Quotient of two packed QM31 elements, b ≠ 0. @throws CairnError `UNREDUCED_QM31`, `EXPECTED_FELT`. */
export function divideQm31(memory: Memory, a: Word, b: Word): Word {
  return pack(memory, product(unpack(memory, a), inverse(unpack(memory, b))));
}

function product([a, b, c, d]: Qm31, [e, f, g, h]: Qm31): Qm31 {
  const re = c * g - d * h;
  const im = c * h + d * g;
  return [
    a * e - b * f + 2n * re - im,
    a * f + b * e + 2n * im + re,
    a * g - b * h + c * e - d * f,
    a * h + b * g + c * f + d * e,
  ];
}

/** 1 / (x + y·u) = (x − y·u) / (x² − (2 + i)·y²), the denominator inverted as a complex number. */
function inverse([a, b, c, d]: Qm31): Qm31 {
  const re = c * c - d * d;
  const im = 2n * c * d;
  const normRe = modulo(a * a - b * b - 2n * re + im);
  const normIm = modulo(2n * a * b - 2n * im - re);
  const scale = power(modulo(normRe * normRe + normIm * normIm), M31 - 2n);
  const norm: Qm31 = [normRe * scale, -normIm * scale, 0n, 0n];
  return product([a, b, -c, -d], norm);
}

function modulo(x: bigint): bigint {
  const r = x % M31;
  return r < 0n ? r + M31 : r;
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let b = base;
  for (let e = exponent; e > 0n; e >>= 1n) {
    if (e & 1n) result = (result * b) % M31;
    b = (b * b) % M31;
  }
  return result;
}

function unpack(memory: Memory, word: Word): Qm31 {
  const felt = memory.toFelt(word);
  const coordinates: Qm31 = [
    felt & COORDINATE_MASK,
    (felt >> COORDINATE_BITS) & COORDINATE_MASK,
    (felt >> (2n * COORDINATE_BITS)) & COORDINATE_MASK,
    felt >> (3n * COORDINATE_BITS),
  ];
  if (coordinates.some((x) => x >= M31))
    throw new CairnError<VmErrorCode>('UNREDUCED_QM31', `not a reduced packed QM31 element: got ${felt}`);
  return coordinates;
}

function pack(memory: Memory, coordinates: Qm31): Word {
  let felt = 0n;
  for (const x of coordinates.toReversed()) felt = (felt << COORDINATE_BITS) | modulo(x);
  return memory.fromFelt(felt);
}

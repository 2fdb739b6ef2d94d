import { feltMul, feltSqrt, PRIME } from '@cairn/primitives';
import type { HintOperands } from '../../casm/hint.ts';
import type { CompiledHint, Machine } from '../machine.ts';
import { FIRST_TEMPORARY, isFelt, isPointer, isSmall, type Word, wordSegment } from '../word.ts';
import { hintFailed, stateOf } from './hintState.ts';
import {
  addressReader,
  bigReader,
  cellAddress,
  feltReader,
  type Literal,
  type Reader,
  valueReader,
} from './operands.ts';

const BITS_128 = 128n;
const MASK_128 = (1n << BITS_128) - 1n;
/** ⌈(P / 3) / 2^128⌉ and ⌈(P / 2) / 2^128⌉: the arcs of assert_le in 128-bit limbs. @see corelib felt252 comparison */
const THIRD_HIGH = 3544607988759775765608368578435044694n;
const HALF_HIGH = 5316911983139663648412552867652567041n;

/** `dst = lhs < rhs` as integers. */
export function testLessThan(
  { lhs, rhs, dst }: HintOperands<'TestLessThan'>,
  literal: Literal,
): CompiledHint {
  const [left, right, target] = [feltReader(lhs, literal), feltReader(rhs, literal), cellAddress(dst)];
  return (m) => m.memory.set(target(m), m.memory.compareFelts(left(m), right(m)) < 0 ? 1 : 0);
}

/** `dst = lhs ≤ rhs`; pointers are ordered by segment, then offset, and come before felts. */
export function testLessThanOrEqual(
  { lhs, rhs, dst }: HintOperands<'TestLessThanOrEqual'>,
  literal: Literal,
): CompiledHint {
  const [left, right, target] = [valueReader(lhs, literal), valueReader(rhs, literal), cellAddress(dst)];
  return (m) => m.memory.set(target(m), isAtMost(m, left(m), right(m)) ? 1 : 0);
}

function isAtMost(m: Machine, a: Word, b: Word): boolean {
  if (!isPointer(a)) return isFelt(b) && m.memory.compareFelts(a, b) <= 0;
  if (!isPointer(b)) return true;
  const [segmentA, segmentB] = [wordSegment(a), wordSegment(b)];
  if (segmentA === segmentB || (segmentA < FIRST_TEMPORARY && segmentB < FIRST_TEMPORARY)) return a <= b;
  if (segmentA < FIRST_TEMPORARY) return false;
  return segmentB < FIRST_TEMPORARY || segmentA >= segmentB;
}

/** 256-bit product of two integers in 128-bit halves. */
export function wideMul128(
  { lhs, rhs, high, low }: HintOperands<'WideMul128'>,
  literal: Literal,
): CompiledHint {
  const [left, right] = [bigReader(lhs, literal), bigReader(rhs, literal)];
  const writeHigh = writer(high);
  const writeLow = writer(low);
  return (m) => {
    const product = left(m) * right(m);
    writeHigh(m, product >> BITS_128);
    writeLow(m, product & MASK_128);
  };
}

export function divMod(
  { lhs, rhs, quotient, remainder }: HintOperands<'DivMod'>,
  literal: Literal,
): CompiledHint {
  const [left, right] = [feltReader(lhs, literal), feltReader(rhs, literal)];
  const [quotientAt, remainderAt] = [cellAddress(quotient), cellAddress(remainder)];
  return (m) => {
    const { memory } = m;
    const [a, b] = [left(m), right(m)];
    if (b === 0) throw hintFailed('division by zero');
    if (isSmall(a) && isSmall(b) && a >= 0 && b > 0) {
      const rest = a % b;
      memory.set(quotientAt(m), (a - rest) / b);
      memory.set(remainderAt(m), rest);
      return;
    }
    const [x, y] = [memory.toFelt(a), memory.toFelt(b)];
    memory.set(quotientAt(m), memory.fromFelt(x / y));
    memory.set(remainderAt(m), memory.fromFelt(x % y));
  };
}

export function uint256DivMod(o: HintOperands<'Uint256DivMod'>, literal: Literal): CompiledHint {
  const dividend = limbsReader([o.dividend0, o.dividend1], literal);
  const divisor = limbsReader([o.divisor0, o.divisor1], literal);
  const quotient = limbsWriter([o.quotient0, o.quotient1]);
  const remainder = limbsWriter([o.remainder0, o.remainder1]);
  return (m) => divideLimbs(m, dividend, divisor, quotient, remainder);
}

export function uint512DivModByUint256(
  o: HintOperands<'Uint512DivModByUint256'>,
  literal: Literal,
): CompiledHint {
  const dividend = limbsReader([o.dividend0, o.dividend1, o.dividend2, o.dividend3], literal);
  const divisor = limbsReader([o.divisor0, o.divisor1], literal);
  const quotient = limbsWriter([o.quotient0, o.quotient1, o.quotient2, o.quotient3]);
  const remainder = limbsWriter([o.remainder0, o.remainder1]);
  return (m) => divideLimbs(m, dividend, divisor, quotient, remainder);
}

function divideLimbs(
  m: Machine,
  dividend: (m: Machine) => bigint,
  divisor: (m: Machine) => bigint,
  quotient: (m: Machine, value: bigint) => void,
  remainder: (m: Machine, value: bigint) => void,
): void {
  const [a, b] = [dividend(m), divisor(m)];
  if (b === 0n) throw hintFailed('division by zero');
  quotient(m, a / b);
  remainder(m, a % b);
}

/** ⌊√value⌋. */
export function squareRoot({ value, dst }: HintOperands<'SquareRoot'>, literal: Literal): CompiledHint {
  const read = bigReader(value, literal);
  const write = writer(dst);
  return (m) => write(m, integerSqrt(read(m)));
}

export function uint256SquareRoot(o: HintOperands<'Uint256SquareRoot'>, literal: Literal): CompiledHint {
  const value = limbsReader([o.value_low, o.value_high], literal);
  const [sqrt0, sqrt1] = [writer(o.sqrt0), writer(o.sqrt1)];
  const remainder = limbsWriter([o.remainder_low, o.remainder_high]);
  const isLarge = writer(o.sqrt_mul_2_minus_remainder_ge_u128);
  return (m) => {
    const x = value(m);
    const root = integerSqrt(x);
    const rest = x - root * root;
    sqrt0(m, root & (2n ** 64n - 1n));
    sqrt1(m, root >> 64n);
    remainder(m, rest);
    isLarge(m, (2n * root - rest) >> BITS_128 > 0n ? 1n : 0n);
  };
}

/** x and y with x·scalar + y = value, x the quotient but at most max_x. */
export function linearSplit(
  { value, scalar, max_x, x, y }: HintOperands<'LinearSplit'>,
  literal: Literal,
): CompiledHint {
  const [readValue, readScalar, readMax] = [value, scalar, max_x].map((o) => bigReader(o, literal)) as [
    (m: Machine) => bigint,
    (m: Machine) => bigint,
    (m: Machine) => bigint,
  ];
  const [writeX, writeY] = [writer(x), writer(y)];
  return (m) => {
    const v = readValue(m);
    const s = readScalar(m);
    if (s === 0n) throw hintFailed('linear split by zero');
    const limit = readMax(m);
    const quotient = v / s < limit ? v / s : limit;
    writeX(m, quotient);
    writeY(m, (v - quotient * s) % PRIME);
  };
}

/** Root of val, or of 3·val when val is no square: the smaller of the two. */
export function fieldSqrt({ val, sqrt }: HintOperands<'FieldSqrt'>, literal: Literal): CompiledHint {
  const read = bigReader(val, literal);
  const write = writer(sqrt);
  return (m) => {
    const value = read(m);
    write(m, feltSqrt(value) ?? feltSqrt(feltMul(value, 3n))!);
  };
}

/** Inverse of b modulo n with its quotient, or a common factor as proof that there is none. */
export function u256InvModN(o: HintOperands<'U256InvModN'>, literal: Literal): CompiledHint {
  const readB = limbsReader([o.b0, o.b1], literal);
  const readN = limbsReader([o.n0, o.n1], literal);
  const writeS = limbsWriter([o.s_or_r0, o.s_or_r1]);
  const writeT = limbsWriter([o.t_or_k0, o.t_or_k1]);
  const writeG = limbsWriter([o.g0_or_no_inv, o.g1_option]);
  const writeNoInverse = writer(o.g0_or_no_inv);
  return (m) => {
    const [b, n] = [readB(m), readN(m)];
    if (n === 1n) {
      writeS(m, b);
      writeT(m, 1n);
      writeG(m, 1n);
      return;
    }
    const { gcd, x } = extendedGcd(b, n);
    if (gcd !== 1n) {
      // An even factor is given as 2: g0 must not be 0.
      const factor = gcd % 2n === 0n ? 2n : gcd;
      writeS(m, b / factor);
      writeT(m, n / factor);
      writeG(m, factor);
      return;
    }
    if (n === 0n) throw hintFailed('inverse modulo zero');
    const inverse = ((x % n) + n) % n;
    writeS(m, inverse);
    writeT(m, (inverse * b - 1n) / n);
    writeNoInverse(m, 0n);
  };
}

/** Splits the field's circle at a and b into three arcs and writes the two shorter ones to the range-check segment. */
export function assertLeFindSmallArcs(
  o: HintOperands<'AssertLeFindSmallArcs'>,
  literal: Literal,
): CompiledHint {
  const [readA, readB] = [bigReader(o.a, literal), bigReader(o.b, literal)];
  const target = addressReader(o.range_check_ptr, literal);
  return (m) => {
    const [a, b] = [readA(m), readB(m)];
    const arcs = [a, b >= a ? b - a : b - a + PRIME, PRIME - 1n - b].map((length, index) => ({
      length,
      index,
    }));
    arcs.sort((p, q) => (p.length < q.length ? -1 : p.length > q.length ? 1 : p.index - q.index));
    const [shortest, middle, longest] = arcs as [(typeof arcs)[0], (typeof arcs)[0], (typeof arcs)[0]];
    stateOf(m).excludedArc = longest.index;
    const { memory } = m;
    const start = target(m);
    const parts = [
      shortest.length % THIRD_HIGH,
      shortest.length / THIRD_HIGH,
      middle.length % HALF_HIGH,
      middle.length / HALF_HIGH,
    ];
    for (const [i, part] of parts.entries()) memory.set(memory.add(start, i), memory.fromFelt(part));
  };
}

/** Writes 1 when the arc `arc` was not the excluded one. */
export function arcNotExcluded(dst: HintOperands<'AllocSegment'>['dst'], arc: number): CompiledHint {
  const target = cellAddress(dst);
  return (m) => {
    const { excludedArc } = stateOf(m);
    if (excludedArc === undefined) throw hintFailed('no arcs were found before');
    m.memory.set(target(m), excludedArc === arc ? 0 : 1);
  };
}

type Operand = Parameters<typeof valueReader>[0];
type Cell = Parameters<typeof cellAddress>[0];

/** Integer of 128-bit limbs, least significant first. */
function limbsReader(operands: Operand[], literal: Literal): (m: Machine) => bigint {
  const readers = operands.map((operand) => bigReader(operand, literal));
  return (m) => readers.reduceRight((value, read) => (value << BITS_128) + read(m), 0n);
}

/** Writes 128-bit limbs, least significant first; the last takes what is left. */
function limbsWriter(cells: Cell[]): (m: Machine, value: bigint) => void {
  const writers = cells.map(writer);
  return (m, value) => {
    let rest = value;
    for (const [i, write] of writers.entries()) {
      const isLast = i === writers.length - 1;
      write(m, isLast ? rest : rest & MASK_128);
      rest >>= BITS_128;
    }
  };
}

function writer(cell: Cell): (m: Machine, value: bigint) => void {
  const target: Reader = cellAddress(cell);
  return (m, value) => m.memory.set(target(m), m.memory.fromFelt(value % PRIME));
}

function integerSqrt(n: bigint): bigint {
  if (n < 2n) return n;
  let x = 1n << BigInt((n.toString(2).length + 1) >> 1);
  for (;;) {
    const y = (x + n / x) >> 1n;
    if (y >= x) return x;
    x = y;
  }
}

/** gcd(a, n) and an x with a·x ≡ gcd modulo n. */
function extendedGcd(a: bigint, n: bigint): { gcd: bigint; x: bigint } {
  let [r0, r1] = [n, a];
  let [x0, x1] = [0n, 1n];
  while (r1 !== 0n) {
    const q = r0 / r1;
    [r0, r1] = [r1, r0 - q * r1];
    [x0, x1] = [x1, x0 - q * x1];
  }
  return { gcd: r0, x: x0 };
}

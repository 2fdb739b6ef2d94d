import { PRIME } from '@cairn/primitives';
import type { GenericArg } from './program.ts';

/** Integers from `lower` up to but not including `upper`. */
export interface Range {
  readonly lower: bigint;
  readonly upper: bigint;
}

export const U128_BOUND = 1n << 128n;
/** The largest u128, the modulus that decides how a felt is split into two range-checked parts. */
export const U128_MAX = U128_BOUND - 1n;

const signed = (bits: bigint): Range => ({ lower: -(1n << (bits - 1n)), upper: 1n << (bits - 1n) });
const unsigned = (bits: bigint): Range => ({ lower: 0n, upper: 1n << bits });

/** The integer types of Sierra without arguments and the values they hold. */
export const INTEGER_RANGES: Readonly<Record<string, Range>> = {
  u8: unsigned(8n),
  u16: unsigned(16n),
  u32: unsigned(32n),
  u64: unsigned(64n),
  u128: unsigned(128n),
  i8: signed(8n),
  i16: signed(16n),
  i32: signed(32n),
  i64: signed(64n),
  i128: signed(128n),
};

/** Values of a numeric type; a felt counts as any integer it may stand for. Undefined for other types. */
export function numericRange(name: string, args: readonly GenericArg[]): Range | undefined {
  if (args.length === 0) {
    if (name === 'felt252') return { lower: 1n - PRIME, upper: PRIME };
    if (name === 'bytes31') return unsigned(248n);
    return INTEGER_RANGES[name];
  }
  const [min, max] = args;
  if (name !== 'BoundedInt' || args.length !== 2 || min?.kind !== 'value' || max?.kind !== 'value')
    return undefined;
  return min.value <= max.value ? { lower: min.value, upper: max.value + 1n } : undefined;
}

export function rangeSize({ lower, upper }: Range): bigint {
  return upper - lower;
}

/** At most 2^128 values: one range check decides. */
export function isSmallRange(range: Range): boolean {
  return rangeSize(range) <= U128_BOUND;
}

/** Every felt has a value in the range. */
export function coversFelt(range: Range): boolean {
  return rangeSize(range) >= PRIME;
}

/** Common values, undefined when there are none. */
export function intersection(a: Range, b: Range): Range | undefined {
  // Math.max and Math.min do not take bigints.
  const [lower] = [a.lower, b.lower].sort((x, y) => (x > y ? -1 : 1)) as [bigint, bigint];
  const [upper] = [a.upper, b.upper].sort((x, y) => (x < y ? -1 : 1)) as [bigint, bigint];
  return lower < upper ? { lower, upper } : undefined;
}

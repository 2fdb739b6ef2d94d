import { invariant, PRIME } from '@cairn/primitives';
import type { CasmBuilder } from '../../casm/casmBuilder.ts';
import { type BuiltCode, type CallInput, fallthrough } from '../libfunc.ts';
import { type Range, U128_BOUND } from '../range.ts';

/** Which factor of quotient · divisor is proved small enough for the product not to wrap around the prime. */
export type DivRemMethod =
  | { readonly kind: 'smallDivisor' }
  | { readonly kind: 'smallQuotient'; readonly quotientBound: bigint }
  | { readonly kind: 'smallDividend'; readonly rootBound: bigint };

/** The method for the ranges, undefined when none applies. @see cairo-lang-sierra, bounded_int */
export function divRemMethod(dividend: Range, divisor: Range): DivRemMethod | undefined {
  const largestQuotient = (dividend.upper - 1n) / (divisor.lower > 1n ? divisor.lower : 1n);
  if (largestQuotient >= U128_BOUND || divisor.upper > U128_BOUND + 1n) return undefined;
  if (divisor.upper * U128_BOUND < PRIME) return { kind: 'smallDivisor' };
  const quotientBound = largestQuotient + 1n;
  if (quotientBound * U128_BOUND < PRIME) return { kind: 'smallQuotient', quotientBound };
  const rootBound = rootUp(dividend.upper);
  if (rootBound * U128_BOUND < PRIME && rootBound < U128_BOUND) return { kind: 'smallDividend', rootBound };
  return undefined;
}

/** Smallest r with r² ≥ n. */
function rootUp(n: bigint): bigint {
  if (n < 2n) return n;
  let root = 1n << BigInt(Math.ceil(n.toString(2).length / 2));
  for (;;) {
    const next = (root + n / root) / 2n;
    if (next >= root) break;
    root = next;
  }
  return root * root === n ? root : root + 1n;
}

/** Quotient and remainder of args 1 and 2, range checks through arg 0. */
export function divRem(
  b: CasmBuilder,
  input: CallInput,
  dividendRange: Range,
  divisorRange: Range,
): BuiltCode {
  const method = divRemMethod(dividendRange, divisorRange);
  invariant(method !== undefined, 'division of ranges without a method');
  const rangeCheck = input.buffer(0, method.kind === 'smallDivisor' ? 2 : 3);
  const dividend = input.deref(1);
  const divisor = input.deref(2);
  const start = b.copy(rangeCheck);
  const remainderPlusOne = b.temp();
  const difference = b.temp();
  const isQuotientSmall = method.kind === 'smallDividend' ? b.temp() : undefined;
  const boundCheck = method.kind === 'smallDivisor' ? undefined : b.temp();
  const product = b.temp();
  const quotient = b.temp();
  const remainder = b.temp();
  b.hint('DivMod', { lhs: dividend, rhs: divisor }, { quotient, remainder });
  if (boundCheck !== undefined) b.write(rangeCheck, quotient);
  b.write(rangeCheck, remainder);
  b.assert(remainderPlusOne, b.add(remainder, b.constant(1)));
  b.assert(difference, b.sub(divisor, remainderPlusOne));
  b.write(rangeCheck, difference);
  switch (method.kind) {
    case 'smallDivisor':
      b.write(rangeCheck, quotient);
      break;
    case 'smallQuotient':
      b.assert(boundCheck!, b.add(quotient, b.constant(U128_BOUND - method.quotientBound)));
      b.write(rangeCheck, boundCheck!);
      break;
    case 'smallDividend': {
      const fixer = b.constant(U128_BOUND - method.rootBound);
      b.hint('TestLessThan', { lhs: quotient, rhs: b.constant(method.rootBound) }, { dst: isQuotientSmall! });
      b.jumpIf('QuotientIsSmall', isQuotientSmall!);
      b.assert(boundCheck!, b.add(divisor, fixer));
      b.jump('Verify');
      b.label('QuotientIsSmall');
      b.assert(boundCheck!, b.add(quotient, fixer));
      b.label('Verify');
      b.write(rangeCheck, boundCheck!);
    }
  }
  b.assert(product, b.mul(divisor, quotient));
  b.assert(dividend, b.add(product, remainder));
  return { ends: [fallthrough([rangeCheck], [quotient], [remainder])], rangeCheck: [start, rangeCheck] };
}

import { invariant, PRIME } from '@cairn/primitives';
import type { CasmBuilder, Var } from '../../casm/casmBuilder.ts';
import {
  type BuiltCode,
  branching,
  built,
  type CallInput,
  type ConcreteLibfunc,
  deferred,
  fallthrough,
  goto,
  type LibfuncContext,
  output,
  sameAs,
} from '../libfunc.ts';
import type { TypeId } from '../program.ts';
import { isSmallRange, type Range, rangeSize, U128_BOUND, U128_MAX } from '../range.ts';

/**
 * Proves 0 ≤ value < limit for a limit beyond 2^128, by value = A·x + y with 0 ≤ x ≤ X, 0 ≤ y < B for
 * A = limit / X, B = limit mod X. With X = 2^128 − 1 (`maxX` 'u128') three range checks do; with
 * X = 2^128 − 2 (`'below'`) x = 2^128 − 1 is excluded too and the code jumps to `Done`.
 * `cells` are allocated cells: 4, or 5 for `'below'`.
 */
export function proveBelow(
  b: CasmBuilder,
  limit: bigint,
  value: Var,
  rangeCheck: Var,
  maxX: 'u128' | 'below',
  cells: readonly Var[],
): void {
  const bound = maxX === 'u128' ? U128_MAX : U128_MAX - 1n;
  const factor = limit / bound;
  const remainder = limit % bound;
  // Otherwise some values below the limit have no such x and y.
  invariant(factor <= remainder, 'limit has no two-part split');
  const scalar = b.constant(factor);
  const [x, y, product, shifted, difference] = cells as [Var, Var, Var, Var, Var];
  b.hint('LinearSplit', { value, scalar, max_x: b.constant(bound) }, { x, y });
  b.assert(product, b.mul(x, scalar));
  b.assert(value, b.add(product, y));
  if (maxX === 'u128') b.write(rangeCheck, x);
  b.write(rangeCheck, y);
  b.assert(shifted, b.add(y, b.constant(U128_BOUND - remainder)));
  b.write(rangeCheck, shifted);
  if (maxX === 'u128') return;
  b.write(rangeCheck, x);
  b.assert(difference, b.sub(x, b.constant(U128_MAX)));
  b.jumpIf('Done', difference);
  b.fail();
}

/** Falls through with the felt as a number of `range`, or goes to `Done` when it is none. */
export function reduceFelt(b: CasmBuilder, input: CallInput, range: Range): BuiltCode {
  invariant(isSmallRange(range), 'target range beyond 128 bits');
  const rangeCheck = input.buffer(0, 0);
  const value = input.deref(1);
  const start = b.copy(rangeCheck);
  const size = b.constant(rangeSize(range));
  const minusLower = b.constant(-range.lower);
  const fromLower = b.add(value, minusLower);
  const inRange = b.temp();
  b.hint('TestLessThan', { lhs: fromLower, rhs: size }, { dst: inRange });
  b.jumpIf('InRange', inRange);
  const outside = b.stored(b.sub(value, b.constant(range.upper)));
  proveBelow(b, PRIME - rangeSize(range), outside, rangeCheck, 'below', b.temps(5));
  b.label('InRange');
  b.write(rangeCheck, b.stored(b.add(value, minusLower)));
  if (rangeSize(range) < U128_BOUND)
    b.write(rangeCheck, b.stored(b.add(value, b.constant(U128_BOUND - range.upper))));
  return {
    ends: [fallthrough([rangeCheck], [value]), goto('Done', [rangeCheck])],
    rangeCheck: [start, rangeCheck],
  };
}

/** A felt as `result` when it is a number below 2^bits, bits above 128; otherwise the second branch. */
export function unsignedFromFelt({ types }: LibfuncContext, result: TypeId, bits: bigint): ConcreteLibfunc {
  const bound = 1n << bits;
  return built(
    fromFeltSignature(types, result),
    (id) => types.size(id),
    (b, input) => {
      const rangeCheck = input.buffer(0, 2);
      const value = input.deref(1);
      const cells = b.temps(4);
      const limit = b.constant(bound);
      const start = b.copy(rangeCheck);
      const isValid = b.temp();
      b.hint('TestLessThan', { lhs: value, rhs: limit }, { dst: isValid });
      b.jumpIf('Valid', isValid);
      const excess = b.temp(b.sub(value, limit));
      proveBelow(b, PRIME - bound, excess, rangeCheck, 'u128', cells);
      b.jump('Invalid');
      b.label('Valid');
      proveBelow(b, bound, value, rangeCheck, 'u128', cells);
      return {
        ends: [fallthrough([rangeCheck], [value]), goto('Invalid', [rangeCheck])],
        rangeCheck: [start, rangeCheck],
      };
    },
  );
}

/** `(RangeCheck, felt252) → (RangeCheck, result)` or `(RangeCheck)`. */
export function fromFeltSignature(types: LibfuncContext['types'], result: TypeId) {
  const rangeCheck = types.find('RangeCheck');
  const pointer = output(rangeCheck, deferred);
  return branching([rangeCheck, types.find('felt252')], [[pointer, output(result, sameAs(1))], [pointer]]);
}

import { PRIME } from '@cairn/primitives';
import type { Var } from '../../casm/casmBuilder.ts';
import type { CellOperator } from '../../casm/cellExpression.ts';
import { boundArgs, requireU32Bounds } from '../genericTypes.ts';
import {
  branching,
  built,
  type ConcreteLibfunc,
  deferred,
  derefs,
  fallthrough,
  goto,
  type LibfuncContext,
  type LibfuncDefinition,
  type LibfuncTable,
  output,
  reinterpret,
  sameAs,
  straight,
} from '../libfunc.ts';
import { type GenericArg, type TypeId, valueArg } from '../program.ts';
import { isSmallRange, type Range, U128_BOUND, U128_MAX } from '../range.ts';
import { noArgs, rangeOf, requireArgument, singleType, typeAndValue, typeArgs } from '../typeContext.ts';
import { checkAtLeast, checkBelow, withExpected } from './casts.ts';
import { boundedInt, nonZeroOf } from './commonTypes.ts';
import { divRem, divRemMethod } from './divRem.ts';
import { arithmetic, isZero } from './felt252.ts';

/** Range of a numeric type or of the type inside a NonZero. */
function rangeMaybeNonZero({ types }: LibfuncContext, type: TypeId): { range: Range; isNonZero: boolean } {
  const info = types.info(type);
  if (info.name !== 'NonZero') return { range: rangeOf(info), isNonZero: false };
  return { range: rangeOf(types.info(singleType(info.args))), isNonZero: true };
}

function sumOrDifference(op: '+' | '-'): LibfuncDefinition {
  return (context, args) => {
    const [lhs, rhs] = typeArgs(args, 2) as [TypeId, TypeId];
    const a = rangeOf(context.types.info(lhs));
    const b = rangeOf(context.types.info(rhs));
    const result =
      op === '+'
        ? boundedInt(context.types, a.lower + b.lower, a.upper - 1n + (b.upper - 1n))
        : boundedInt(context.types, a.lower - (b.upper - 1n), a.upper - 1n - b.lower);
    return arithmetic(context, op as CellOperator, [lhs, rhs, result]);
  };
}

function product(context: LibfuncContext, args: readonly GenericArg[]): ConcreteLibfunc {
  const [lhs, rhs] = typeArgs(args, 2) as [TypeId, TypeId];
  const a = rangeMaybeNonZero(context, lhs);
  const b = rangeMaybeNonZero(context, rhs);
  requireArgument(a.isNonZero === b.isNonZero);
  let [min, max] = [a.range.lower * b.range.lower, a.range.lower * b.range.lower];
  for (const x of [a.range.lower, a.range.upper - 1n])
    for (const y of [b.range.lower, b.range.upper - 1n]) {
      if (x * y < min) min = x * y;
      if (x * y > max) max = x * y;
    }
  const result = boundedInt(context.types, min, max);
  return arithmetic(context, '*', [lhs, rhs, a.isNonZero ? nonZeroOf(context.types, result) : result]);
}

function divRemLibfunc({ types }: LibfuncContext, args: readonly GenericArg[]): ConcreteLibfunc {
  const [lhs, rhs] = typeArgs(args, 2) as [TypeId, TypeId];
  const dividend = rangeOf(types.info(lhs));
  const divisor = rangeOf(types.info(rhs));
  requireArgument(dividend.lower >= 0n && divisor.lower >= 0n);
  const method = divRemMethod(dividend, divisor);
  requireArgument(method !== undefined && divisor.upper >= 2n);
  const rangeCheck = types.find('RangeCheck');
  const smallest = dividend.lower / (divisor.upper - 1n);
  const largest = (dividend.upper - 1n) / (divisor.lower > 1n ? divisor.lower : 1n);
  const signature = straight(
    [rangeCheck, lhs, nonZeroOf(types, rhs)],
    [
      output(rangeCheck, deferred),
      output(boundedInt(types, smallest, largest), derefs),
      output(boundedInt(types, 0n, divisor.upper - 2n), derefs),
    ],
    'other',
  );
  const libfunc = built(
    signature,
    (id) => types.size(id),
    (b, input) => divRem(b, input, dividend, divisor),
  );
  const expected = {
    smallDivisor: { steps: 7, checks: 3, apChange: 5 },
    smallQuotient: { steps: 9, checks: 4, apChange: 6 },
    smallDividend: { steps: 11, checks: 4, apChange: 7 },
  };
  return withExpected(libfunc, [expected[method.kind]]);
}

/** Splits a range at a boundary: below it falls through, otherwise the second branch. */
function constrain(context: LibfuncContext, args: readonly GenericArg[]): ConcreteLibfunc {
  const { types } = context;
  const { type, value: boundary } = typeAndValue(args);
  const { range, isNonZero } = rangeMaybeNonZero(context, type);
  requireArgument(range.lower < boundary && boundary < range.upper);
  const parts: Range[] = [
    { lower: range.lower, upper: boundary },
    { lower: boundary, upper: range.upper },
  ];
  requireArgument(parts.every(isSmallRange));
  const rangeCheckType = types.find('RangeCheck');
  const branches = parts.map(({ lower, upper }) => {
    const inner = boundedInt(types, lower, upper - 1n);
    return [output(rangeCheckType, deferred), output(isNonZero ? nonZeroOf(types, inner) : inner, sameAs(1))];
  });
  const libfunc = built(
    branching([rangeCheckType, type], branches),
    (id) => types.size(id),
    (b, input) => {
      const rangeCheck = input.buffer(0, 1);
      const value = input.deref(1);
      const start = b.copy(rangeCheck);
      const isUnder = b.temp();
      const fromBoundary = b.add(value, b.constant(-boundary));
      b.hint('TestLessThanOrEqual', { lhs: b.constant(U128_BOUND), rhs: fromBoundary }, { dst: isUnder });
      b.jumpIf('Under', isUnder);
      b.write(rangeCheck, b.stored(fromBoundary));
      b.jump('Over');
      b.label('Under');
      b.write(rangeCheck, b.stored(b.add(value, b.constant(U128_BOUND - boundary))));
      return {
        ends: [fallthrough([rangeCheck], [value]), goto('Over', [rangeCheck], [value])],
        rangeCheck: [start, rangeCheck],
      };
    },
  );
  const under = boundary === U128_BOUND ? 0 : 1;
  const over = boundary === 0n ? 0 : 1;
  return withExpected(libfunc, [
    { steps: 2 + under, checks: 1, apChange: 1 + under },
    { steps: 3 + over, checks: 1, apChange: 1 + over },
  ]);
}

/** Takes one end off a range: falls through for that value, otherwise the rest of the range. */
function trim(end: 'min' | 'max'): LibfuncDefinition {
  return ({ types }, args) => {
    const type = singleType(args);
    const { lower, upper } = rangeOf(types.info(type));
    const trimmed = end === 'min' ? lower : upper - 1n;
    const rest =
      end === 'min' ? boundedInt(types, lower + 1n, upper - 1n) : boundedInt(types, lower, upper - 2n);
    const stack = trimmed === 0n ? 'newVars' : 'other';
    const libfunc = built(
      branching([type], [[], [output(rest, sameAs(0))]], stack),
      (id) => types.size(id),
      (b, input) => {
        const value = input.deref(0);
        b.jumpIf('Other', b.stored(b.sub(value, b.constant(trimmed))));
        return { ends: [fallthrough(), goto('Other', [value])] };
      },
    );
    const extra = trimmed === 0n ? 0 : 1;
    const expected = { steps: 1 + extra, checks: 0, apChange: extra };
    return withExpected(libfunc, [expected, expected]);
  };
}

function guaranteeVerify({ types }: LibfuncContext, args: readonly GenericArg[]): ConcreteLibfunc {
  requireU32Bounds(args);
  const { min, max } = boundArgs(args);
  const rangeCheckType = types.find('RangeCheck');
  const signature = straight(
    [rangeCheckType, types.find('BoundedIntGuarantee', args)],
    [output(rangeCheckType, deferred)],
    'other',
  );
  const libfunc = built(
    signature,
    (id) => types.size(id),
    (b, input) => {
      const rangeCheck = input.buffer(0, 2);
      const value = input.deref(1);
      const start = b.copy(rangeCheck);
      checkAtLeast(b, rangeCheck, value, min);
      checkBelow(b, rangeCheck, value, max + 1n);
      return { ends: [fallthrough([rangeCheck])], rangeCheck: [start, rangeCheck] };
    },
  );
  const extra = (min === 0n ? 0 : 1) + (max === U128_MAX ? 0 : 1);
  return withExpected(libfunc, [{ steps: 2 + extra, checks: 2, apChange: extra }]);
}

function u128ToU32Guarantees({ types }: LibfuncContext, args: readonly GenericArg[]): ConcreteLibfunc {
  noArgs(args);
  const guarantee = output(types.find('BoundedIntGuarantee', [valueArg(0), valueArg(0xffff_ffff)]), derefs);
  const signature = straight([types.find('u128')], [guarantee, guarantee, guarantee, guarantee], 'other');
  return built(
    signature,
    (id) => types.size(id),
    (b, input) => {
      const value = input.deref(0);
      const bound = b.constant(1n << 32n);
      const [shifted123, shifted23, shifted3, w123, w23, w0, w1, w2, w3] = b.temps(9) as Var[] & {
        length: 9;
      };
      const split = (whole: Var, quotient: Var, remainder: Var) =>
        b.hint('DivMod', { lhs: whole, rhs: bound }, { quotient, remainder });
      split(value, w123!, w0!);
      split(w123!, w23!, w1!);
      split(w23!, w3!, w2!);
      b.addAp(3);
      const join = (whole: Var, quotient: Var, remainder: Var, shifted: Var) => {
        b.assert(shifted, b.mul(quotient, bound));
        b.assert(whole, b.add(shifted, remainder));
      };
      join(value, w123!, w0!, shifted123!);
      join(w123!, w23!, w1!, shifted23!);
      join(w23!, w3!, w2!, shifted3!);
      return { ends: [fallthrough([w0!], [w1!], [w2!], [w3!])] };
    },
  );
}

/** Integers of any range below the prime. */
export const boundedIntLibfuncs: LibfuncTable = {
  bounded_int_add: sumOrDifference('+'),
  bounded_int_sub: sumOrDifference('-'),
  bounded_int_mul: product,
  bounded_int_div_rem: divRemLibfunc,
  bounded_int_constrain: constrain,
  bounded_int_trim_min: trim('min'),
  bounded_int_trim_max: trim('max'),
  bounded_int_is_zero: (context, args) => {
    const type = singleType(args);
    const { lower, upper } = rangeOf(context.types.info(type));
    requireArgument(lower <= 0n && upper > 0n);
    return isZero(context, type);
  },
  bounded_int_wrap_non_zero: ({ types }, args) => {
    const type = singleType(args);
    const { lower, upper } = rangeOf(types.info(type));
    requireArgument(lower > 0n || upper <= 0n);
    requireArgument(upper <= PRIME && lower > -PRIME);
    return reinterpret(type, nonZeroOf(types, type));
  },
  bounded_int_guarantee_verify: guaranteeVerify,
  u128_to_u32_guarantees: u128ToU32Guarantees,
};

import { PRIME } from '@cairn/primitives';
import { CasmBuilder, type Var } from '../../casm/casmBuilder.ts';
import { type BranchCost, RANGE_CHECK_COST, regularCost, STEP_COST } from '../costToken.ts';
import { refuse } from '../errors.ts';
import {
  branching,
  built,
  CallInput,
  type ConcreteLibfunc,
  deferred,
  fallthrough,
  goto,
  type LibfuncContext,
  type LibfuncTable,
  output,
  reinterpret,
  sameAs,
} from '../libfunc.ts';
import type { GenericArg } from '../program.ts';
import {
  coversFelt,
  intersection,
  isSmallRange,
  type Range,
  rangeSize,
  U128_BOUND,
  U128_MAX,
} from '../range.ts';
import { rangeOf, requireArgument, typeArgs } from '../typeContext.ts';
import { reduceFelt } from './rangeReduction.ts';

/** Checks `value < bound` by one range check. */
export function checkBelow(b: CasmBuilder, rangeCheck: Var, value: Var, bound: bigint): void {
  b.write(rangeCheck, b.stored(b.add(value, b.constant(U128_BOUND - bound))));
}

/** Checks `value ≥ bound` by one range check. */
export function checkAtLeast(b: CasmBuilder, rangeCheck: Var, value: Var, bound: bigint): void {
  b.write(rangeCheck, b.stored(b.sub(value, b.constant(bound))));
}

/** One-sided downcast: the source range exceeds the target at one end only. */
function downcastOneSide(
  b: CasmBuilder,
  value: Var,
  rangeCheck: Var,
  side: 'above' | 'below',
  bound: bigint,
): void {
  const difference = b.add(value, b.constant(-bound));
  const isValid = b.temp();
  const u128Bound = b.constant(U128_BOUND);
  if (side === 'above') b.hint('TestLessThanOrEqual', { lhs: u128Bound, rhs: difference }, { dst: isValid });
  else b.hint('TestLessThan', { lhs: difference, rhs: u128Bound }, { dst: isValid });
  b.jumpIf('Success', isValid);
  (side === 'above' ? checkAtLeast : checkBelow)(b, rangeCheck, value, bound);
  b.jump('Failure');
  b.label('Success');
  (side === 'above' ? checkBelow : checkAtLeast)(b, rangeCheck, value, bound);
}

function downcastBothSides(b: CasmBuilder, value: Var, rangeCheck: Var, target: Range): void {
  const fromLower = b.add(value, b.constant(-target.lower));
  const isValid = b.temp();
  b.hint('TestLessThan', { lhs: fromLower, rhs: b.constant(rangeSize(target)) }, { dst: isValid });
  b.jumpIf('Success', isValid);
  const isAbove = b.temp();
  b.hint('TestLessThan', { lhs: fromLower, rhs: b.constant(U128_BOUND) }, { dst: isAbove });
  b.jumpIf('Above', isAbove);
  const aligned = (check: () => void) => {
    // Both failing ways must move ap alike, also when the bound needs no cell of its own.
    const { apChange } = b;
    check();
    if (apChange === b.apChange) b.temp();
    b.jump('Failure');
  };
  aligned(() => checkBelow(b, rangeCheck, value, target.lower));
  b.label('Above');
  aligned(() => checkAtLeast(b, rangeCheck, value, target.upper));
  b.label('Success');
  checkAtLeast(b, rangeCheck, value, target.lower);
  checkBelow(b, rangeCheck, value, target.upper);
}

interface Downcast {
  readonly from: Range;
  /** The part of the target range that the source has. */
  readonly to: Range;
  readonly above: boolean;
  readonly below: boolean;
}

/** The forms of downcast by steps, range checks and ap change of success and failure. */
function downcastForm({
  from,
  to,
  above,
  below,
}: Downcast): { steps: number; checks: number; apChange: number }[] {
  const [lower, upper, top] = [to.lower !== 0n, to.upper !== 0n, to.upper - 1n !== U128_MAX].map(Number) as [
    number,
    number,
    number,
  ];
  if (coversFelt(from))
    return [
      { steps: lower + top + 3, checks: 2, apChange: lower + top + 1 },
      { steps: upper + 9, checks: 3, apChange: upper + 6 },
    ];
  if (above && below)
    return [
      { steps: 4 + lower, checks: 2, apChange: 2 + lower },
      { steps: 5, checks: 1, apChange: 3 },
    ];
  if (above)
    return [
      { steps: 3, checks: 1, apChange: 2 },
      { steps: 3 + upper, checks: 1, apChange: 1 + upper },
    ];
  if (below)
    return [
      { steps: 2 + lower, checks: 1, apChange: 1 + lower },
      { steps: 4, checks: 1, apChange: 2 },
    ];
  return [
    { steps: 0, checks: 0, apChange: 0 },
    { steps: 0, checks: 0, apChange: 0 },
  ];
}

function downcast({ types }: LibfuncContext, args: readonly GenericArg[]): ConcreteLibfunc {
  const [fromType, toType] = typeArgs(args, 2) as [number, number];
  const from = rangeOf(types.info(fromType));
  const to = intersection(rangeOf(types.info(toType)), from);
  requireArgument(to !== undefined && isSmallRange(to));
  requireArgument(isSmallRange(from) || (coversFelt(from) && rangeSize(to) < PRIME % U128_MAX));
  const sameUnsigned = fromType === toType && from.lower === 0n;
  const form: Downcast = {
    from,
    to,
    above: sameUnsigned || to.upper < from.upper,
    below: !sameUnsigned && to.lower > from.lower,
  };
  const rangeCheckType = types.find('RangeCheck');
  const pointer = output(rangeCheckType, deferred);
  const signature = branching([rangeCheckType, fromType], [[pointer, output(toType, sameAs(1))], [pointer]]);
  const expected = downcastForm(form);
  if (!coversFelt(from) && !form.above && !form.below)
    return {
      ...signature,
      costs: () => [regularCost(0), regularCost(0)],
      apChanges: () => [0, 0],
      generate: ({ args: inputs }) => {
        const [rangeCheck, value] = inputs;
        const input = new CallInput(new CasmBuilder(), inputs);
        input.buffer(0, 1);
        input.deref(1);
        return { instructions: [], relocations: [], outputs: [[rangeCheck!, value!], [rangeCheck!]] };
      },
    };
  const libfunc = built(
    signature,
    (id) => types.size(id),
    (b, input) => {
      if (coversFelt(from)) return reduceFelt(b, input, to);
      const rangeCheck = input.buffer(0, 1);
      const value = input.deref(1);
      const start = b.copy(rangeCheck);
      if (form.above && form.below) downcastBothSides(b, value, rangeCheck, to);
      else if (form.above) downcastOneSide(b, value, rangeCheck, 'above', to.upper);
      else downcastOneSide(b, value, rangeCheck, 'below', to.lower);
      return {
        ends: [fallthrough([rangeCheck], [value]), goto('Failure', [rangeCheck])],
        rangeCheck: [start, rangeCheck],
      };
    },
  );
  return withExpected(libfunc, expected);
}

/**
 * Refuses arguments for which the code differs from its announced cost, as the official compiler does: for some
 * ranges a bound needs no cell of its own and the announced steps are not met.
 */
export function withExpected(
  libfunc: ConcreteLibfunc,
  expected: readonly { steps: number; checks: number; apChange: number }[],
): ConcreteLibfunc {
  const matches = (costs: readonly BranchCost[]) =>
    costs.every((cost, i) => {
      const { steps, checks } = expected[i]!;
      return cost.kind === 'regular' && cost.gas === steps * STEP_COST + checks * RANGE_CHECK_COST;
    });
  let checked = false;
  const check = () => {
    if (checked) return;
    if (
      !matches(libfunc.costs()) ||
      !libfunc.apChanges([]).every((change, i) => change === expected[i]!.apChange)
    )
      throw refuse('INVALID_LIBFUNC', 'ranges whose code does not have its announced cost');
    checked = true;
  };
  return {
    ...libfunc,
    generate: (call) => {
      check();
      return libfunc.generate(call);
    },
  };
}

/** Conversions between numeric types. */
export const castLibfuncs: LibfuncTable = {
  upcast: ({ types }, args) => {
    const [fromType, toType] = typeArgs(args, 2) as [number, number];
    const from = rangeOf(types.info(fromType));
    const to = rangeOf(types.info(toType));
    requireArgument(to.lower <= from.lower && from.upper <= to.upper);
    return reinterpret(fromType, toType);
  },
  downcast,
};

import type { CasmBuilder, Var } from '../../casm/casmBuilder.ts';
import { preCost } from '../costToken.ts';
import {
  type BuiltCode,
  branching,
  built,
  type CallInput,
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
  straight,
  temp,
} from '../libfunc.ts';
import type { TypeId } from '../program.ts';
import { INTEGER_RANGES, type Range, rangeSize, U128_BOUND, U128_MAX } from '../range.ts';
import { noArgs, requireArgument, singleValue } from '../typeContext.ts';
import { nonZeroOf } from './commonTypes.ts';
import { divRem } from './divRem.ts';
import { arithmetic, constant, isZero } from './felt252.ts';
import { fromFeltSignature, reduceFelt } from './rangeReduction.ts';

/** A libfunc of one integer type, by its name without the type. */
type IntegerLibfunc = (context: LibfuncContext, integer: Integer) => ConcreteLibfunc;

interface Integer {
  readonly name: string;
  readonly type: TypeId;
  readonly range: Range;
}

type Sizes = (type: TypeId) => number;
const sizesOf =
  ({ types }: LibfuncContext): Sizes =>
  (type) =>
    types.size(type);

/** Equality of two single cells; goes to the second branch when equal. */
const equal: IntegerLibfunc = (context, { type }) =>
  built(branching([type, type], [[], []]), sizesOf(context), (b, input) => {
    const difference = b.temp(b.sub(input.deref(0), input.derefOrConst(1)));
    b.jumpIf('NotEqual', difference);
    b.jump('Equal');
    b.label('NotEqual');
    return { ends: [fallthrough(), goto('Equal')] };
  });

const toFelt: IntegerLibfunc = ({ types }, { type }) => reinterpret(type, types.find('felt252'));

const fromFelt: IntegerLibfunc = (context, { type, range }) =>
  built(fromFeltSignature(context.types, type), sizesOf(context), (b, input) => reduceFelt(b, input, range));

function wideMul(resultName: string): IntegerLibfunc {
  return (context, { type }) => arithmetic(context, '*', [type, type, context.types.find(resultName)]);
}

/** `a − b` when not negative, otherwise its value wrapped by `limit`; `ends` says what each branch returns. */
export function smallDifference(
  b: CasmBuilder,
  input: CallInput,
  limit: bigint,
  ends: (values: { rangeCheck: Var; a: Var; b: Var; difference: Var; wrapped: Var }) => {
    exact: Var[];
    wrapped: Var[];
  },
): BuiltCode {
  const rangeCheck = input.buffer(0, 0);
  const left = input.deref(1);
  const right = input.deref(2);
  const start = b.copy(rangeCheck);
  const isNotNegative = b.temp();
  const difference = b.temp(b.sub(left, right));
  const limitValue = b.constant(limit);
  b.hint('TestLessThan', { lhs: difference, rhs: limitValue }, { dst: isNotNegative });
  b.jumpIf('NoOverflow', isNotNegative);
  const fixed = b.temp(b.add(difference, b.constant(U128_BOUND)));
  b.write(rangeCheck, fixed);
  const wrapped = limit === U128_BOUND ? fixed : b.add(difference, limitValue);
  b.jump('Overflow');
  b.label('NoOverflow');
  b.write(rangeCheck, difference);
  const results = ends({ rangeCheck, a: left, b: right, difference, wrapped });
  const single = (v: Var) => [v];
  return {
    ends: [fallthrough(...results.exact.map(single)), goto('Overflow', ...results.wrapped.map(single))],
    rangeCheck: [start, rangeCheck],
  };
}

/** `(RangeCheck, a, b) → (RangeCheck, result)` twice. */
function checkedSignature(
  types: LibfuncContext['types'],
  param: TypeId,
  result: TypeId,
  isWrappedStored: boolean,
) {
  const rangeCheck = types.find('RangeCheck');
  const pointer = output(rangeCheck, deferred);
  return branching(
    [rangeCheck, param, param],
    [
      [pointer, output(result, temp(0))],
      [pointer, output(result, isWrappedStored ? temp(0) : deferred)],
    ],
  );
}

const difference =
  (resultName: string): IntegerLibfunc =>
  (context, { type, range }) => {
    const limit = rangeSize(range);
    const signature = checkedSignature(
      context.types,
      type,
      context.types.find(resultName),
      limit === U128_BOUND,
    );
    return built(signature, sizesOf(context), (b, input) =>
      smallDifference(b, input, limit, ({ rangeCheck, difference: exact, wrapped }) => ({
        exact: [rangeCheck, exact],
        wrapped: [rangeCheck, wrapped],
      })),
    );
  };

const unsignedAdd: IntegerLibfunc = (context, { type, range }) => {
  const limit = range.upper;
  return built(checkedSignature(context.types, type, type, true), sizesOf(context), (b, input) => {
    const rangeCheck = input.buffer(0, 0);
    const left = input.deref(1);
    const right = input.deref(2);
    const start = b.copy(rangeCheck);
    const isSmall = b.temp();
    if (limit === U128_BOUND) {
      const sum = b.temp(b.add(left, right));
      const bound = b.constant(limit);
      b.hint('TestLessThan', { lhs: sum, rhs: bound }, { dst: isSmall });
      b.jumpIf('NoOverflow', isSmall);
      const wrapped = b.temp(b.sub(sum, bound));
      b.write(rangeCheck, wrapped);
      b.jump('Overflow');
      b.label('NoOverflow');
      b.write(rangeCheck, sum);
      return {
        ends: [fallthrough([rangeCheck], [sum]), goto('Overflow', [rangeCheck], [wrapped])],
        rangeCheck: [start, rangeCheck],
      };
    }
    const sum = b.add(left, right);
    const bound = b.constant(limit);
    b.hint('TestLessThan', { lhs: sum, rhs: bound }, { dst: isSmall });
    b.jumpIf('NoOverflow', isSmall);
    const stored = b.temp(sum);
    const wrapped = b.temp(b.sub(stored, bound));
    b.write(rangeCheck, wrapped);
    b.jump('Overflow');
    b.label('NoOverflow');
    const shifted = b.temp();
    const exact = b.temp(sum);
    b.assert(shifted, b.add(exact, b.constant(U128_BOUND - limit)));
    b.write(rangeCheck, shifted);
    return {
      ends: [fallthrough([rangeCheck], [exact]), goto('Overflow', [rangeCheck], [wrapped])],
      rangeCheck: [start, rangeCheck],
    };
  });
};

const divmod: IntegerLibfunc = (context, { type, range }) => {
  const { types } = context;
  const rangeCheck = types.find('RangeCheck');
  const signature = straight(
    [rangeCheck, type, nonZeroOf(types, type)],
    [output(rangeCheck, deferred), output(type, temp(0)), output(type, temp(1))],
    'other',
  );
  return built(signature, sizesOf(context), (b, input) => divRem(b, input, range, { ...range, lower: 1n }));
};

/** Largest r with r² ≤ value: r below 2^125 and 0 ≤ value − r² ≤ 2r. */
const squareRoot =
  (resultName: string): IntegerLibfunc =>
  (context, { type }) => {
    const { types } = context;
    const rangeCheckType = types.find('RangeCheck');
    const signature = straight(
      [rangeCheckType, type],
      [output(rangeCheckType, deferred), output(types.find(resultName), temp(0))],
      'other',
    );
    return built(signature, sizesOf(context), (b, input) => {
      const rangeCheck = input.buffer(0, 3);
      const value = input.deref(1);
      const start = b.copy(rangeCheck);
      const [shifted, square, rest, twice, slack, root] = b.temps(6) as [Var, Var, Var, Var, Var, Var];
      b.hint('SquareRoot', { value }, { dst: root });
      b.assert(shifted, b.add(root, b.constant(U128_MAX - ((1n << 125n) - 1n))));
      b.write(rangeCheck, root, shifted);
      b.assert(square, b.mul(root, root));
      b.assert(rest, b.sub(value, square));
      b.write(rangeCheck, rest);
      b.assert(twice, b.add(root, root));
      b.assert(slack, b.sub(twice, rest));
      b.write(rangeCheck, slack);
      return { ends: [fallthrough([rangeCheck], [root])], rangeCheck: [start, rangeCheck] };
    });
  };

const bitwise: IntegerLibfunc = (context, { type }) => {
  const builtin = context.types.find('Bitwise');
  const result = output(type, deferred);
  const signature = straight([builtin, type, type], [output(builtin, deferred), result, result, result]);
  const write = (b: CasmBuilder, input: CallInput): BuiltCode => {
    const left = input.deref(1);
    const right = input.deref(2);
    const pointer = input.buffer(0, 4);
    b.write(pointer, left, right);
    const results = [b.next(pointer), b.next(pointer), b.next(pointer)];
    return { ends: [fallthrough([pointer], ...results.map((v) => [v]))] };
  };
  return built(signature, sizesOf(context), write, preCost({ bitwise: 1 }));
};

/** `a ± b` of signed integers; goes to the second branch below the range and to the third above, wrapped. */
const signedOperation =
  (op: 'add' | 'sub'): IntegerLibfunc =>
  (context, { type, range }) => {
    const rangeCheckType = context.types.find('RangeCheck');
    const pointer = output(rangeCheckType, deferred);
    const wrapped = [pointer, output(type, deferred)];
    const signature = branching(
      [rangeCheckType, type, type],
      [[pointer, output(type, derefs)], wrapped, wrapped],
    );
    return built(signature, sizesOf(context), (b, input) => {
      const rangeCheck = input.buffer(0, 1);
      const left = input.deref(1);
      const right = input.deref(2);
      const start = b.copy(rangeCheck);
      const value = b.temp(op === 'add' ? b.add(left, right) : b.sub(left, right));
      const size = b.constant(rangeSize(range));
      const fromLower = b.add(value, b.constant(-range.lower));
      const isInRange = b.temp();
      b.hint('TestLessThan', { lhs: fromLower, rhs: size }, { dst: isInRange });
      b.jumpIf('InRange', isInRange);
      const isAbove = b.temp();
      b.hint('TestLessThan', { lhs: value, rhs: b.constant(U128_BOUND) }, { dst: isAbove });
      b.jumpIf('IsAbove', isAbove);
      b.write(rangeCheck, b.temp(b.add(value, b.constant(U128_BOUND - range.lower))));
      const fromBelow = b.add(value, size);
      b.jump('Below');
      b.label('IsAbove');
      b.write(rangeCheck, b.temp(b.sub(value, b.constant(range.upper))));
      const fromAbove = b.sub(value, size);
      b.jump('Above');
      b.label('InRange');
      b.write(rangeCheck, b.temp(fromLower));
      if (rangeSize(range) < U128_BOUND)
        b.write(rangeCheck, b.temp(b.add(value, b.constant(U128_BOUND - range.upper))));
      return {
        ends: [
          fallthrough([rangeCheck], [value]),
          goto('Below', [rangeCheck], [fromBelow]),
          goto('Above', [rangeCheck], [fromAbove]),
        ],
        rangeCheck: [start, rangeCheck],
      };
    });
  };

const zero: IntegerLibfunc = (context, { type }) => isZero(context, type);

/** Suffixes of the libfuncs each integer type has; the names of its wide product and square root differ. */
function libfuncsOf(name: string): Record<string, IntegerLibfunc> {
  const bits = Number(name.slice(1));
  const common = { eq: equal, to_felt252: toFelt };
  const wider = `${name[0]}${2 * bits}`;
  if (name[0] === 'i')
    return {
      ...common,
      try_from_felt252: fromFelt,
      overflowing_add_impl: signedOperation('add'),
      overflowing_sub_impl: signedOperation('sub'),
      diff: difference(`u${bits}`),
      ...(bits < 128 ? { wide_mul: wideMul(wider) } : {}),
    };
  return {
    ...common,
    is_zero: zero,
    overflowing_add: unsignedAdd,
    overflowing_sub: difference(name),
    safe_divmod: divmod,
    sqrt: squareRoot(bits === 8 ? 'u8' : `u${bits / 2}`),
    ...(bits < 128 ? { try_from_felt252: fromFelt, wide_mul: wideMul(wider), bitwise } : {}),
  };
}

function definition(name: string, libfunc: IntegerLibfunc): LibfuncDefinition {
  return (context, args) => {
    noArgs(args);
    return libfunc(context, { name, type: context.types.find(name), range: INTEGER_RANGES[name]! });
  };
}

const integerConst =
  (name: string): LibfuncDefinition =>
  ({ types }, args) => {
    const value = singleValue(args);
    const { lower, upper } = INTEGER_RANGES[name]!;
    requireArgument(lower <= value && value < upper);
    return constant(types.find(name), value);
  };

function allIntegers(): Record<string, LibfuncDefinition> {
  const table: Record<string, LibfuncDefinition> = {};
  for (const name of Object.keys(INTEGER_RANGES)) {
    table[`${name}_const`] = integerConst(name);
    for (const [suffix, libfunc] of Object.entries(libfuncsOf(name)))
      table[`${name}_${suffix}`] = definition(name, libfunc);
  }
  return table;
}

/** Libfuncs of u8…u128 and i8…i128, one generator per suffix. `bitwise` is that of u128. */
export const integerLibfuncs: LibfuncTable = { ...allIntegers(), bitwise: definition('u128', bitwise) };

import type { CasmBuilder, Var } from '../../casm/casmBuilder.ts';
import {
  built,
  type CallInput,
  deferred,
  derefs,
  fallthrough,
  type LibfuncDefinition,
  type LibfuncTable,
  output,
  reinterpret,
  type StackEffect,
  straight,
  temp,
} from '../libfunc.ts';
import { U128_BOUND } from '../range.ts';
import { noArgs, requireArgument, singleValue } from '../typeContext.ts';
import { arrayOf, bool, boundedInt, nonZeroOf } from './commonTypes.ts';
import { constant, isZero } from './felt252.ts';
import { unsignedFromFelt } from './rangeReduction.ts';

/** A boolean computed from stored booleans: selectors 0 and 1 are felts. */
function boolean(
  operandCount: 1 | 2,
  stack: StackEffect,
  write: (b: CasmBuilder, x: Var, y: () => Var) => Var,
): LibfuncDefinition {
  return ({ types }, args) => {
    noArgs(args);
    const type = bool(types);
    const params = Array.from({ length: operandCount }, () => type);
    return built(
      straight(params, [output(type, deferred)], stack),
      (id) => types.size(id),
      (b, input: CallInput) => ({
        ends: [fallthrough([write(b, input.deref(0), () => input.deref(1))])],
      }),
    );
  };
}

/** Booleans. */
const booleans: LibfuncTable = {
  bool_and_impl: boolean(2, 'newVars', (b, x, y) => b.mul(x, y())),
  bool_not_impl: boolean(1, 'other', (b, x) => b.sub(b.temp(b.constant(1)), x)),
  bool_xor_impl: boolean(2, 'other', (b, x, y) => {
    const difference = b.temp(b.sub(x, y()));
    return b.mul(difference, difference);
  }),
  bool_or_impl: boolean(2, 'other', (b, x, y) => {
    const right = y();
    const sum = b.temp(b.add(x, right));
    return b.sub(sum, b.temp(b.mul(x, right)));
  }),
  bool_to_felt252: ({ types }, args) => {
    noArgs(args);
    return reinterpret(bool(types), types.find('felt252'));
  },
};

/** Strings of 31 bytes as felts below 2^248. */
const bytes31: LibfuncTable = {
  bytes31_const: ({ types }, args) => {
    const value = singleValue(args);
    requireArgument(value >= 0n && value < 1n << 248n);
    return constant(types.find('bytes31'), value);
  },
  bytes31_to_felt252: ({ types }, args) => {
    noArgs(args);
    return reinterpret(types.find('bytes31'), types.find('felt252'));
  },
  bytes31_try_from_felt252: (context, args) => {
    noArgs(args);
    return unsignedFromFelt(context, context.types.find('bytes31'), 248n);
  },
};

/** Largest element of the field M31. */
const M31_MAX = (1n << 31n) - 2n;
/** Coefficients of a QM31 lie this far apart in its felt. */
const COEFFICIENT_BITS = 36n;

function qm31Operation(op: 'add' | 'sub' | 'mul' | 'div', field: 'm31' | 'qm31'): LibfuncDefinition {
  return ({ types }, args) => {
    noArgs(args);
    const type = field === 'qm31' ? types.find('qm31') : boundedInt(types, 0n, M31_MAX);
    const right = op === 'div' ? nonZeroOf(types, type) : type;
    return built(
      straight([type, right], [output(type, temp(0))]),
      (id) => types.size(id),
      (b, input) => {
        const value = b[op](input.deref(0), input.derefOrConst(1));
        const result = b.temp();
        b.assert(result, value, 'qm31');
        return { ends: [fallthrough([result])] };
      },
    );
  };
}

/** The secure field of Stwo; not allowed in classes. */
const qm31: LibfuncTable = {
  ...Object.fromEntries(
    (['add', 'sub', 'mul', 'div'] as const).flatMap((op) =>
      (['m31', 'qm31'] as const).map((field) => [`${field}_${op}`, qm31Operation(op, field)] as const),
    ),
  ),
  qm31_const: ({ types }, args) => {
    requireArgument(args.length === 4);
    const value = args.reduceRight((sum, arg) => {
      requireArgument(arg.kind === 'value' && arg.value >= 0n && arg.value <= M31_MAX);
      return (sum << COEFFICIENT_BITS) + arg.value;
    }, 0n);
    return constant(types.find('qm31'), value);
  },
  qm31_is_zero: (context, args) => {
    noArgs(args);
    return isZero(context, context.types.find('qm31'));
  },
  qm31_from_m31: ({ types }, args) => {
    noArgs(args);
    return reinterpret(boundedInt(types, 0n, M31_MAX), types.find('qm31'));
  },
  qm31_pack: ({ types }, args) => {
    noArgs(args);
    const m31 = boundedInt(types, 0n, M31_MAX);
    const signature = straight([m31, m31, m31, m31], [output(types.find('qm31'), deferred)], 'other');
    return built(
      signature,
      (id) => types.size(id),
      (b, input) => {
        const shift = b.constant(1n << COEFFICIENT_BITS);
        let packed = input.deref(3);
        for (const i of [2, 1, 0]) packed = b.temp(b.add(b.temp(b.mul(packed, shift)), input.deref(i)));
        return { ends: [fallthrough([packed])] };
      },
    );
  },
  qm31_unpack: ({ types }, args) => {
    noArgs(args);
    const rangeCheckType = types.find('RangeCheck');
    const m31 = output(boundedInt(types, 0n, M31_MAX), derefs);
    const signature = straight(
      [rangeCheckType, types.find('qm31')],
      [output(rangeCheckType, deferred), m31, m31, m31, m31],
      'other',
    );
    return built(
      signature,
      (id) => types.size(id),
      (b, input) => {
        const rangeCheck = input.buffer(0, 5);
        const value = input.deref(1);
        const start = b.copy(rangeCheck);
        const shift = b.constant(1n << COEFFICIENT_BITS);
        const split = (whole: Var): [Var, Var] => {
          const remainder = b.temp();
          const quotient = b.temp();
          b.hint('DivMod', { lhs: whole, rhs: shift }, { quotient, remainder });
          return [remainder, quotient];
        };
        const [w0, upper0] = split(value);
        const [w1, upper1] = split(upper0);
        const [w2, w3] = split(upper1);
        const join = (whole: Var, upper: Var, low: Var) =>
          b.assert(whole, b.add(b.temp(b.mul(upper, shift)), low));
        join(upper1, w3, w2);
        join(upper0, upper1, w1);
        join(value, upper0, w0);
        b.write(rangeCheck, w0, w1, w2, w3);
        // All coefficients below 2^36, by one check of their sum.
        const sum01 = b.temp(b.add(w0, w1));
        const sum23 = b.temp(b.add(w2, w3));
        const sum = b.temp(b.add(sum01, sum23));
        b.write(rangeCheck, b.temp(b.add(sum, b.constant(U128_BOUND - (1n << COEFFICIENT_BITS)))));
        return { ends: [fallthrough([rangeCheck], [w0], [w1], [w2], [w3])], rangeCheck: [start, rangeCheck] };
      },
    );
  },
};

/** Debugging; not allowed in classes. */
const debugging: LibfuncTable = {
  print: ({ types }, args) => {
    noArgs(args);
    return built(
      straight([arrayOf(types, types.find('felt252'))], []),
      (id) => types.size(id),
      (b, input) => {
        b.hint('DebugPrint', { start: input.buffer(0, 0, 0), end: input.buffer(0, 0, 1) });
        b.addAp(0);
        return { ends: [fallthrough()] };
      },
    );
  },
  trace: ({ types }, args) => {
    const flag = singleValue(args);
    return built(
      straight([], [], 'other'),
      (id) => types.size(id),
      (b) => {
        b.hint('AddTrace', { flag: b.constant(flag) });
        b.addAp(0);
        return { ends: [fallthrough()] };
      },
    );
  },
  unsafe_panic: ({ types }, args) => {
    noArgs(args);
    return built(
      { params: [], branches: [], fallthrough: undefined },
      (id) => types.size(id),
      (b) => {
        b.fail();
        return { ends: [] };
      },
    );
  },
};

/** Booleans, bytes31, QM31 and debugging. */
export const scalarLibfuncs: LibfuncTable = { ...booleans, ...bytes31, ...qm31, ...debugging };

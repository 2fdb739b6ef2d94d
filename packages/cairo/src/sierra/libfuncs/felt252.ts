import type { CasmBuilder, Var } from '../../casm/casmBuilder.ts';
import { type CellOperator, immediate } from '../../casm/cellExpression.ts';
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
  type LibfuncDefinition,
  type LibfuncTable,
  output,
  relabel,
  sameAs,
  straight,
  temp,
} from '../libfunc.ts';
import type { TypeId } from '../program.ts';
import { noArgs, requireArgument, singleValue } from '../typeContext.ts';
import { nonZeroOf } from './commonTypes.ts';

/** Division costs more than its step, as it is heavier to execute. */
const DIVISION_EXTRA_GAS = 400;

/** A value that is a constant of the program. */
export function constant(type: TypeId, value: bigint): ConcreteLibfunc {
  return relabel(straight([], [output(type, deferred)]), () => [[immediate(value)]]);
}

/** Falls through for zero, otherwise continues with the same cell as a NonZero. */
export function isZero(context: LibfuncContext, type: TypeId): ConcreteLibfunc {
  return jumpNotZero(context, type, nonZeroOf(context.types, type));
}

/** Falls through for zero, otherwise continues with the same cell as `result`. */
export function jumpNotZero({ types }: LibfuncContext, type: TypeId, result: TypeId): ConcreteLibfunc {
  const signature = branching([type], [[], [output(result, sameAs(0))]], 'newVars');
  return built(
    signature,
    (id) => types.size(id),
    (b, input) => {
      const value = input.deref(0);
      b.jumpIf('notZero', value);
      return { ends: [fallthrough(), goto('notZero', [value])] };
    },
  );
}

/** `a op b` of two felts of any numeric types, `b` possibly constant; only a quotient is stored. */
export function arithmetic(
  { types }: LibfuncContext,
  op: CellOperator,
  [lhs, rhs, result]: [TypeId, TypeId, TypeId],
): ConcreteLibfunc {
  const signature = straight([lhs, rhs], [output(result, op === '/' ? temp(0) : deferred)]);
  return built(
    signature,
    (id) => types.size(id),
    (b, input) => applyOperator(b, op, input.deref(0), input.derefOrConst(1)),
  );
}

function applyOperator(b: CasmBuilder, op: CellOperator, left: Var, right: Var): BuiltCode {
  switch (op) {
    case '+':
      return { ends: [fallthrough([b.add(left, right)])] };
    case '-':
      return { ends: [fallthrough([b.sub(left, right)])] };
    case '*':
      return { ends: [fallthrough([b.mul(left, right)])] };
    case '/':
      return { ends: [fallthrough([b.temp(b.div(left, right))])], extraGas: [DIVISION_EXTRA_GAS] };
  }
}

function withVariable(op: CellOperator): LibfuncDefinition {
  return (context, args) => {
    noArgs(args);
    const felt = context.types.find('felt252');
    return arithmetic(context, op, [felt, op === '/' ? nonZeroOf(context.types, felt) : felt, felt]);
  };
}

function withConstant(op: CellOperator): LibfuncDefinition {
  return ({ types }, args) => {
    const value = singleValue(args);
    requireArgument(op !== '/' || value !== 0n);
    const felt = types.find('felt252');
    const signature = straight([felt], [output(felt, op === '/' ? temp(0) : deferred)]);
    return built(
      signature,
      (id) => types.size(id),
      (b: CasmBuilder, input: CallInput) => applyOperator(b, op, input.deref(0), b.constant(value)),
    );
  };
}

/** Arithmetic of field elements. */
export const felt252Libfuncs: LibfuncTable = {
  felt252_const: ({ types }, args) => constant(types.find('felt252'), singleValue(args)),
  felt252_is_zero: (context, args) => {
    noArgs(args);
    return isZero(context, context.types.find('felt252'));
  },
  felt252_add: withVariable('+'),
  felt252_sub: withVariable('-'),
  felt252_mul: withVariable('*'),
  felt252_div: withVariable('/'),
  felt252_add_const: withConstant('+'),
  felt252_sub_const: withConstant('-'),
  felt252_mul_const: withConstant('*'),
  felt252_div_const: withConstant('/'),
};

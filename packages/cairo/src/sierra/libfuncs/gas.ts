import type { CasmBuilder, Var } from '../../casm/casmBuilder.ts';
import { callInstruction, pushSum } from '../../casm/casmInstruction.ts';
import { addConstant, apCell } from '../../casm/cellExpression.ts';
import { COST_SEGMENT_OFFSET, costComputationSteps, PRE_COST_TOKENS, type PreCost } from '../costToken.ts';
import { refuse } from '../errors.ts';
import {
  type BuiltCode,
  branching,
  built,
  type Call,
  type CallInput,
  type ConcreteLibfunc,
  deferred,
  emit,
  fallthrough,
  goto,
  type LibfuncContext,
  type LibfuncDefinition,
  type LibfuncTable,
  output,
  relabel,
  requireDeref,
  sameAs,
  straight,
  temp,
} from '../libfunc.ts';
import { U128_BOUND } from '../range.ts';
import { noArgs } from '../typeContext.ts';
import { smallDifference } from './integers.ts';

/** Largest gas amount of one statement. */
const MAX_GAS = 0x7fff_ffff;

function requireGasVariables({ hasGasVariables, gas }: Call): void {
  if (!hasGasVariables) throw refuse('INVALID_GAS', 'no gas was computed for the statement');
  if (gas > MAX_GAS) throw refuse('INVALID_GAS', `${gas} gas units at once`);
}

const usesBuiltins = (tokens: PreCost) => tokens.some((count) => count > 0);

/**
 * Code that fetches the pointer to the builtin-cost segment: it lies behind the program after one more `ret`,
 * which the call runs to learn its own address.
 */
function costTablePointer(b: CasmBuilder): { pointer: Var; before: NonNullable<BuiltCode['before']> } {
  b.skipAp(3);
  const before = {
    instructions: [callInstruction(), pushSum(1, 1)],
    relocations: [
      { instruction: 0, target: { kind: 'endOfProgram' as const } },
      { instruction: 1, target: { kind: 'endOfProgram' as const } },
    ],
    stepCount: 3,
  };
  return { pointer: b.var({ kind: 'doubleDeref', cell: apCell(2), offset: 0 }), before };
}

/** The gas of the statement: a constant, plus the prices of the builtins it uses. */
function totalGas(b: CasmBuilder, { tokens, gas }: Call, costTable: Var): Var {
  let total = b.constant(gas);
  PRE_COST_TOKENS.forEach((token, i) => {
    const count = tokens[i]!;
    if (count === 0) return;
    const price = b.temp(b.at(costTable, COST_SEGMENT_OFFSET[token]));
    const cost = count === 1 ? price : b.temp(b.mul(price, b.constant(count)));
    total = b.temp(b.add(cost, total));
  });
  return total;
}

/** Withdraws when enough gas is left, otherwise goes to the second branch; the amount includes builtin prices. */
function withdrawWithTable(
  b: CasmBuilder,
  call: Call,
  [rangeCheck, counter, costTable]: [Var, Var, Var],
): BuiltCode {
  const total = totalGas(b, call, costTable);
  const start = b.copy(rangeCheck);
  const hasEnough = b.temp();
  b.hint('TestLessThanOrEqual', { lhs: total, rhs: counter }, { dst: hasEnough });
  b.jumpIf('HasEnough', hasEnough);
  const missing = b.temp(b.sub(counter, total));
  b.write(rangeCheck, b.temp(b.add(missing, b.constant(U128_BOUND))));
  b.jump('OutOfGas');
  b.label('HasEnough');
  const rest = b.temp(b.sub(counter, total));
  b.write(rangeCheck, rest);
  return withdrawal(call, [start, rangeCheck], counter, rest);
}

function withdrawConstant(b: CasmBuilder, call: Call, [rangeCheck, counter]: [Var, Var]): BuiltCode {
  const start = b.copy(rangeCheck);
  const hasEnough = b.temp();
  const amount = b.constant(call.gas);
  b.hint('TestLessThanOrEqual', { lhs: amount, rhs: counter }, { dst: hasEnough });
  b.jumpIf('HasEnough', hasEnough);
  b.write(rangeCheck, b.temp(b.add(counter, b.constant(U128_BOUND - BigInt(call.gas)))));
  b.jump('OutOfGas');
  b.label('HasEnough');
  const rest = b.temp(b.sub(counter, amount));
  b.write(rangeCheck, rest);
  return withdrawal(call, [start, rangeCheck], counter, rest);
}

function withdrawal({ gas }: Call, pointers: [Var, Var], counter: Var, rest: Var): BuiltCode {
  const [, rangeCheck] = pointers;
  return {
    ends: [fallthrough([rangeCheck], [rest]), goto('OutOfGas', [rangeCheck], [counter])],
    rangeCheck: pointers,
    extraGas: [-gas, 0],
  };
}

function withdraw(hasCostTable: boolean): LibfuncDefinition {
  return ({ types }, args): ConcreteLibfunc => {
    noArgs(args);
    const rangeCheckType = types.find('RangeCheck');
    const counterType = types.find('GasBuiltin');
    const pointer = output(rangeCheckType, deferred);
    const signature = branching(
      [rangeCheckType, counterType, ...(hasCostTable ? [types.find('BuiltinCosts')] : [])],
      [
        [pointer, output(counterType, temp(0))],
        [pointer, output(counterType, sameAs(1))],
      ],
    );
    const write = (b: CasmBuilder, input: CallInput, call: Call): BuiltCode => {
      const rangeCheck = input.buffer(0, 1);
      const counter = input.deref(1);
      const table = hasCostTable ? input.deref(2) : undefined;
      requireGasVariables(call);
      if (table !== undefined) return withdrawWithTable(b, call, [rangeCheck, counter, table]);
      if (!usesBuiltins(call.tokens)) return withdrawConstant(b, call, [rangeCheck, counter]);
      const { pointer: fetched, before } = costTablePointer(b);
      return { ...withdrawWithTable(b, call, [rangeCheck, counter, b.temp(fetched)]), before };
    };
    return {
      ...signature,
      costs: () => [true, false].map((success) => ({ kind: 'withdrawGas', success, hasCostTable })),
      apChanges: (tokens) => {
        const steps = costComputationSteps(hasCostTable, tokens);
        return [2 + steps, hasCostTable || steps > 0 ? 3 + steps : 2];
      },
      generate: (call) => emit(signature, write, call),
    };
  };
}

/** Gives unused gas back to the counter, or tells how much there would be. */
function unspent(kind: 'redeposit' | 'tell'): LibfuncDefinition {
  return ({ types }, args): ConcreteLibfunc => {
    noArgs(args);
    const counterType = types.find('GasBuiltin');
    const signature = straight(
      [counterType],
      kind === 'redeposit'
        ? [output(counterType, deferred)]
        : [output(counterType, sameAs(0)), output(types.find('u128'), deferred)],
      'other',
    );
    const write = (b: CasmBuilder, input: CallInput, call: Call): BuiltCode => {
      const counter = input.deref(0);
      const { pointer, before } = costTablePointer(b);
      const updated = b.add(counter, totalGas(b, call, b.temp(pointer)));
      return {
        ends: [kind === 'redeposit' ? fallthrough([updated]) : fallthrough([counter], [updated])],
        before,
      };
    };
    return {
      ...signature,
      costs: () => [{ kind: kind === 'redeposit' ? 'redepositGas' : 'unspentGas' }],
      apChanges: (tokens) => [costComputationSteps(false, tokens)],
      generate: (call) => {
        requireGasVariables(call);
        if (usesBuiltins(call.tokens)) return emit(signature, write, call);
        const counter = requireDeref(call.args[0]![0]!);
        const updated = addConstant(counter.cell, call.gas);
        const outputs = kind === 'redeposit' ? [[updated]] : [[counter], [updated]];
        return { instructions: [], relocations: [], outputs: [outputs] };
      },
    };
  };
}

/** Gas of the running call. */
export const gasLibfuncs: LibfuncTable = {
  withdraw_gas: withdraw(false),
  withdraw_gas_all: withdraw(true),
  redeposit_gas: unspent('redeposit'),
  get_unspent_gas: unspent('tell'),
  get_available_gas: ({ types }, args) => {
    noArgs(args);
    const counter = types.find('GasBuiltin');
    const outputs = [output(counter, sameAs(0)), output(types.find('u128'), sameAs(0))];
    return relabel(straight([counter], outputs), ([cells]) => [cells!, cells!]);
  },
  get_builtin_costs: ({ types }, args) => {
    noArgs(args);
    return built(
      straight([], [output(types.find('BuiltinCosts'), deferred)], 'other'),
      (id) => types.size(id),
      (b) => {
        const { pointer, before } = costTablePointer(b);
        return { ends: [fallthrough([pointer])], before };
      },
    );
  },
  gas_reserve_create: ({ types }: LibfuncContext, args) => {
    noArgs(args);
    const rangeCheckType = types.find('RangeCheck');
    const counter = types.find('GasBuiltin');
    const pointer = output(rangeCheckType, deferred);
    const signature = branching(
      [rangeCheckType, counter, types.find('u128')],
      [
        [pointer, output(counter, temp(0)), output(types.find('GasReserve'), sameAs(2))],
        [pointer, output(counter, sameAs(1))],
      ],
    );
    return built(
      signature,
      (id) => types.size(id),
      (b, input) =>
        smallDifference(b, input, U128_BOUND, ({ rangeCheck, a, b: amount, difference }) => ({
          exact: [rangeCheck, difference, amount],
          wrapped: [rangeCheck, a],
        })),
    );
  },
  gas_reserve_utilize: ({ types }, args) => {
    noArgs(args);
    const counter = types.find('GasBuiltin');
    const signature = straight([counter, types.find('GasReserve')], [output(counter, deferred)]);
    return built(
      signature,
      (id) => types.size(id),
      (b, input) => ({
        ends: [fallthrough([b.add(input.deref(0), input.deref(1))])],
      }),
    );
  },
};

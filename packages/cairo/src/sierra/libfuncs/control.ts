import { type CasmInstruction, callInstruction, instruction } from '../../casm/casmInstruction.ts';
import { apCell, deref } from '../../casm/cellExpression.ts';
import { type BranchCost, regularCost, STEP_COST } from '../costToken.ts';
import { refuse } from '../errors.ts';
import {
  type ApChange,
  type Call,
  type ConcreteLibfunc,
  type Emission,
  type LibfuncContext,
  type LibfuncDefinition,
  type LibfuncTable,
  type Output,
  output,
  relabel,
  type StackEffect,
  sameAs,
  straight,
  temp,
  zeroSized,
} from '../libfunc.ts';
import { functionArg, type GenericArg, type TypeId } from '../program.ts';
import { noArgs, requireArgument, singleType } from '../typeContext.ts';

/** A libfunc without parameters, results and code. */
function marker(apChange: ApChange, stack: StackEffect): LibfuncDefinition {
  return (_context, args) => {
    noArgs(args);
    return { ...relabel(straight([], [], stack), () => []), apChanges: () => [apChange] };
  };
}

const branchAlign: LibfuncDefinition = (_context, args) => {
  noArgs(args);
  return {
    ...straight([], [], 'branchAlign'),
    costs: () => [{ kind: 'branchAlign' }],
    apChanges: () => ['branchAlign'],
    generate: ({ alignment }) => ({
      instructions: alignment > 0 ? [instruction({ kind: 'addAp', amount: alignment })] : [],
      relocations: [],
      outputs: [[]],
    }),
  };
};

const jump: LibfuncDefinition = (_context, args) => {
  noArgs(args);
  return {
    ...straight([], []),
    fallthrough: undefined,
    costs: () => [regularCost(STEP_COST)],
    apChanges: () => [0],
    generate: ({ targets }) => ({
      instructions: [instruction({ kind: 'jump', target: 0 })],
      relocations: [{ instruction: 0, target: { kind: 'statement', index: targets[0]! } }],
      outputs: [[]],
    }),
  };
};

/**
 * Cells that must lie at the top of the stack, the last one just below ap: the arguments of calls and the
 * results of functions.
 */
export function isOnStack(args: Call['args']): boolean {
  let expected = -1;
  for (let i = args.length - 1; i >= 0; i--) {
    const cells = args[i]!;
    for (let j = cells.length - 1; j >= 0; j--) {
      const value = cells[j]!;
      if (value.kind !== 'deref' || value.cell.register !== 'AP' || value.cell.offset !== expected)
        return false;
      expected--;
    }
  }
  return true;
}

/** A libfunc that runs the function `id`. */
function callLibfunc(
  { types, fn }: LibfuncContext,
  id: number,
  extraParams: readonly TypeId[],
  costs: readonly BranchCost[],
): ConcreteLibfunc {
  const { paramTypes, returnTypes, entryPoint } = fn(id);
  let index = 0;
  const outputs = returnTypes.map(
    (type): Output => output(type, types.info(type).zeroSized ? zeroSized : temp(index++)),
  );
  return {
    ...straight([...paramTypes, ...extraParams], outputs, 'other'),
    costs: () => costs,
    apChanges: () => [{ functionCall: id }],
    generate: ({ args }): Emission => {
      if (!isOnStack(args)) throw refuse('INVALID_STATEMENT', 'the arguments of a call are not on the stack');
      const sizes = returnTypes.map((type) => types.size(type));
      let offset = -sizes.reduce((sum, size) => sum + size, 0);
      const results = sizes.map((size) => Array.from({ length: size }, () => deref(apCell(offset++))));
      const instructions: CasmInstruction[] = [callInstruction()];
      return {
        instructions,
        relocations: [{ instruction: 0, target: { kind: 'statement', index: entryPoint } }],
        outputs: [results],
      };
    },
  };
}

function singleFunction(args: readonly GenericArg[]): number {
  const [arg] = args;
  requireArgument(args.length === 1 && arg?.kind === 'function');
  return arg.id;
}

/** The function behind a `Coupon` type and the type. */
function couponFunction(
  { types }: LibfuncContext,
  args: readonly GenericArg[],
): { coupon: TypeId; id: number } {
  const coupon = singleType(args);
  const info = types.info(coupon);
  requireArgument(info.name === 'Coupon');
  return { coupon, id: singleFunction(info.args) };
}

function couponCost(context: LibfuncContext, id: number, refund: boolean): BranchCost[] {
  return [{ kind: 'function', gas: 0, entryPoint: context.fn(id).entryPoint, refund }];
}

/** Control flow: jumps, calls, coupons, alignment, tracking of ap, copies and drops. */
export const controlLibfuncs: LibfuncTable = {
  branch_align: branchAlign,
  revoke_ap_tracking: marker('unknown', 'other'),
  enable_ap_tracking: marker('enableTracking', 'newVars'),
  disable_ap_tracking: marker('disableTracking', 'newVars'),
  jump,
  function_call: (context, args) => {
    const id = singleFunction(args);
    const { entryPoint } = context.fn(id);
    return callLibfunc(
      context,
      id,
      [],
      [{ kind: 'function', gas: 2 * STEP_COST, entryPoint, refund: false }],
    );
  },
  coupon_call: (context, args) => {
    const id = singleFunction(args);
    const coupon = context.types.find('Coupon', [functionArg(id)]);
    return callLibfunc(context, id, [coupon], [regularCost(2 * STEP_COST)]);
  },
  coupon_buy: (context, args) => {
    const { coupon, id } = couponFunction(context, args);
    const costs = couponCost(context, id, false);
    return { ...relabel(straight([], [output(coupon, zeroSized)]), () => [[]]), costs: () => costs };
  },
  coupon_refund: (context, args) => {
    const { coupon, id } = couponFunction(context, args);
    const costs = couponCost(context, id, true);
    return { ...relabel(straight([coupon], []), () => []), costs: () => costs };
  },
  drop: ({ types }, args) => {
    const type = singleType(args);
    requireArgument(types.info(type).droppable);
    return relabel(straight([type], []), () => []);
  },
  dup: ({ types }, args) => {
    const type = singleType(args);
    requireArgument(types.info(type).duplicatable);
    const copy = output(type, sameAs(0));
    return relabel(straight([type], [copy, copy]), ([cells]) => [cells!, cells!]);
  },
};

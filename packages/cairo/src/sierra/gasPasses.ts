import type { Amounts, GasPass } from './computeGas.ts';
import {
  type BranchCost,
  costComputationSteps,
  HOLE_COST,
  NO_PRE_COST,
  PRE_COST_TOKENS,
  type PreCost,
  STEP_COST,
  withdrawGasCost,
} from './costToken.ts';
import { refuse } from './errors.ts';
import { checkedGas } from './gasInfo.ts';

/** The pass over uses of builtins. */
export const PRE_COST_PASS: GasPass = {
  size: PRE_COST_TOKENS.length,
  cost(_statement, cost, functionCost) {
    if (cost.kind === 'regular') return cost.pre;
    if (cost.kind === 'function')
      return cost.refund ? functionCost.map((amount) => 0 - amount) : functionCost;
    return NO_PRE_COST;
  },
  withdrawalCost: () => NO_PRE_COST,
};

/** Gas of the code of a branch_align. */
export function alignmentGas(alignment: number): number {
  return alignment === 0 ? 0 : STEP_COST + HOLE_COST * alignment;
}

/** Uses of builtins at a statement whose code computes their price. */
function usesAt(preCosts: readonly (PreCost | undefined)[], statement: number): PreCost {
  const uses = preCosts[statement];
  if (uses === undefined)
    throw refuse('INVALID_GAS', `statement ${statement}: no uses of builtins were computed`);
  return uses;
}

/** Gas of the code of a branch itself, without functions it calls. */
export function ownGas(
  statement: number,
  cost: BranchCost,
  preCosts: readonly (PreCost | undefined)[],
  alignments: readonly number[],
): number {
  switch (cost.kind) {
    case 'regular':
    case 'function':
      return cost.gas;
    case 'branchAlign':
      return alignmentGas(alignments[statement]!);
    case 'withdrawGas':
      return withdrawGasCost(cost.success, cost.hasCostTable, usesAt(preCosts, statement));
    case 'redepositGas':
    case 'unspentGas':
      return costComputationSteps(false, usesAt(preCosts, statement)) * STEP_COST;
  }
}

/** The pass over constant gas, after uses of builtins and alignments are known. */
export function constGasPass(
  preCosts: readonly (PreCost | undefined)[],
  alignments: readonly number[],
): GasPass {
  const own = (statement: number, cost: BranchCost) => ownGas(statement, cost, preCosts, alignments);
  return {
    size: 1,
    cost(statement, cost, [functionCost]): Amounts {
      const gas = own(statement, cost);
      if (cost.kind !== 'function') return [gas];
      const total = checkedGas(functionCost! + gas);
      return [cost.refund ? 0 - total : total];
    },
    withdrawalCost: (statement, cost) => [own(statement, cost)],
  };
}

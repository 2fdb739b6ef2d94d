/** Builtins that are paid at run time through the builtin-cost segment, in the order gas is computed. */
export const PRE_COST_TOKENS = [
  'pedersen',
  'poseidon',
  'bitwise',
  'ecOp',
  'addMod',
  'mulMod',
  'blake',
] as const;

export type PreCostToken = (typeof PRE_COST_TOKENS)[number];

/** Position of each builtin in the builtin-cost segment. */
export const COST_SEGMENT_OFFSET: Readonly<Record<PreCostToken, number>> = {
  pedersen: 0,
  bitwise: 1,
  ecOp: 2,
  poseidon: 3,
  addMod: 4,
  mulMod: 5,
  blake: 6,
};

/** Uses of each builtin, in the order of {@link PRE_COST_TOKENS}. */
export type PreCost = readonly number[];

export const NO_PRE_COST: PreCost = PRE_COST_TOKENS.map(() => 0);

/** Uses of single builtins. */
export function preCost(uses: Partial<Record<PreCostToken, number>>): PreCost {
  return PRE_COST_TOKENS.map((token) => uses[token] ?? 0);
}

/** Gas units of one step, memory hole, range check and 96-bit range check. */
export const STEP_COST = 100;
export const HOLE_COST = 10;
export const RANGE_CHECK_COST = 70;
export const RANGE_CHECK96_COST = 56;

/** What one branch of an invocation costs; gas in units where a step is 100. */
export type BranchCost =
  | { readonly kind: 'regular'; readonly gas: number; readonly pre: PreCost }
  /** The cost of a function, paid by its caller or paid back. */
  | { readonly kind: 'function'; readonly gas: number; readonly entryPoint: number; readonly refund: boolean }
  | { readonly kind: 'branchAlign' }
  | { readonly kind: 'withdrawGas'; readonly success: boolean; readonly hasCostTable: boolean }
  | { readonly kind: 'redepositGas' }
  | { readonly kind: 'unspentGas' };

/** A constant cost without builtins. */
export function regularCost(gas: number, pre: PreCost = NO_PRE_COST): BranchCost {
  return { kind: 'regular', gas, pre };
}

/** Steps that compute what the used builtins cost: 4 more when the table's address must be fetched. */
export function costComputationSteps(hasCostTable: boolean, uses: PreCost): number {
  const steps = uses.reduce((sum, count) => sum + (count === 0 ? 0 : count === 1 ? 2 : 3), 0);
  return steps > 0 && !hasCostTable ? steps + 4 : steps;
}

/** Gas of the code of a withdrawal itself. */
export function withdrawGasCost(success: boolean, hasCostTable: boolean, uses: PreCost): number {
  const computation = costComputationSteps(hasCostTable, uses);
  const failureSteps = success ? 0 : hasCostTable || computation > 0 ? 2 : 1;
  return (3 + computation + failureSteps) * STEP_COST + RANGE_CHECK_COST;
}

import type { BranchCost } from '../costToken.ts';
import { refuse } from '../errors.ts';
import { branchTarget, type SierraProgram } from '../program.ts';
import { reverseTopologicalOrder } from '../topologicalOrder.ts';
import {
  addExpressions,
  constantExpression,
  type LinearExpression,
  subtractExpressions,
  VariableTable,
  variableExpression,
} from './linearExpression.ts';
import { solveEquations } from './solveEquations.ts';

/** Costs of one kind of gas. */
export interface GasEquations {
  /** Gas a branch needs in itself, without functions it calls and variables. */
  own(statement: number, cost: BranchCost): number;
  /** Sign of the statement's variable in the cost of a branch: it withdraws (−1), burns or gives back (1). */
  variableSign(cost: BranchCost): -1 | 0 | 1;
}

/** Values of one kind of gas. */
export interface GasSolution {
  readonly functionCosts: readonly number[];
  /** Variables of the statements that have one. */
  readonly variables: readonly (number | undefined)[];
}

/**
 * One kind of gas as a solution of the equations that all ways from a statement cost the same (Sierra below 1.4).
 * Least first are withdrawals with a cost table and functions without a fixed cost, then plain withdrawals, then
 * what branches burn.
 *
 * @param fixed cost of functions by entry point
 * @throws CairnError `INVALID_GAS` @see cairo-lang-sierra-gas, generate_equations
 */
export function solveGas(
  program: SierraProgram,
  costs: readonly (readonly BranchCost[])[],
  kind: GasEquations,
  fixed: ReadonlyMap<number, number>,
): GasSolution {
  const { statements, functions } = program;
  const table = new VariableTable();
  const futures: (LinearExpression | undefined)[] = new Array(statements.length);
  const equations: LinearExpression[] = [];
  const future = (index: number): LinearExpression =>
    (futures[index] ??= variableExpression(table.id(`future ${index}`)));
  const arrive = (index: number, cost: LinearExpression): void => {
    const known = futures[index];
    if (known === undefined) {
      futures[index] = cost;
      return;
    }
    const equation = subtractExpressions(known, cost);
    if (equation.constant !== 0 || equation.variables.length > 0) equations.push(equation);
  };
  const targetsOf = (index: number): number[] => {
    const statement = statements[index]!;
    return statement.kind === 'return' ? [] : statement.branches.map((branch) => branchTarget(index, branch));
  };
  const entryPoints = functions.map(({ entryPoint }) => entryPoint);
  for (const entryPoint of entryPoints) future(entryPoint);
  const order = reverseTopologicalOrder(statements.length, entryPoints, (index) =>
    targetsOf(index).reverse(),
  );
  const signs = new Map<number, BranchCost>();
  for (const index of order) {
    const targets = targetsOf(index);
    if (targets.length === 0 && statements[index]!.kind === 'return') arrive(index, constantExpression(0));
    targets.forEach((target, i) => {
      const cost = costs[index]![i]!;
      let total = constantExpression(kind.own(index, cost));
      if (cost.kind === 'function' && !cost.refund) total = addExpressions(total, future(cost.entryPoint));
      const sign = kind.variableSign(cost);
      if (sign !== 0) {
        signs.set(index, cost);
        total = addExpressions(total, variableExpression(table.id(`variable ${index}`)), sign);
      }
      arrive(index, addExpressions(total, future(target)));
    });
  }
  for (const [entryPoint, gas] of fixed)
    equations.push(
      addExpressions(variableExpression(table.id(`future ${entryPoint}`)), constantExpression(-gas)),
    );

  const used = new Set(equations.flatMap(({ variables }) => variables));
  const layers: number[][] = [[], [], []];
  const place = (layer: number, key: string): void => {
    const id = table.find(key);
    if (id !== undefined && used.has(id)) layers[layer]!.push(id);
  };
  for (const [index, cost] of signs) {
    if (cost.kind === 'branchAlign') place(2, `variable ${index}`);
    else if (cost.kind === 'withdrawGas') place(cost.hasCostTable ? 0 : 1, `variable ${index}`);
  }
  for (const entryPoint of new Set(entryPoints)) if (!fixed.has(entryPoint)) place(0, `future ${entryPoint}`);
  const solution = solveEquations(equations, layers);
  if (solution === undefined)
    throw refuse('INVALID_GAS', 'the costs of the ways through the program cannot be made equal');
  const value = (key: string): number | undefined => {
    const id = table.find(key);
    return id === undefined ? undefined : solution.get(id);
  };
  return {
    functionCosts: entryPoints.map((entryPoint) => value(`future ${entryPoint}`) ?? 0),
    variables: statements.map((_, index) => value(`variable ${index}`)),
  };
}

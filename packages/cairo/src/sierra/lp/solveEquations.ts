import { leastVertex } from './dualSimplex.ts';
import type { LinearExpression } from './linearExpression.ts';

/** Non-negative integer values of the variables of some equations. */
export type Solution = ReadonlyMap<number, number>;

/**
 * Non-negative values that make all equations 0: among them those with the least sum over `layers[0]`, among
 * these with the least sum over `layers[1]`, and so on. Undefined when there are none.
 *
 * @see cairo-lang-eq-solver
 */
export function solveEquations(
  equations: readonly LinearExpression[],
  layers: readonly (readonly number[])[],
): Solution | undefined {
  const solution = new Map<number, number>();
  let rest = equations;
  for (const [i, layer] of layers.entries()) {
    const isLast = i === layers.length - 1;
    // Nothing would be decided.
    if (layer.length === 0 && !isLast) continue;
    const found = solveLayer(rest, layer);
    if (found === undefined) return undefined;
    for (const variable of isLast ? found.keys() : layer) solution.set(variable, found.get(variable)!);
    if (!isLast) rest = rest.map((equation) => fixVariables(equation, solution));
  }
  return solution;
}

/** Puts known values in. */
function fixVariables(
  { constant, variables, coefficients }: LinearExpression,
  known: Solution,
): LinearExpression {
  let sum = constant;
  const kept = { variables: [] as number[], coefficients: [] as number[] };
  variables.forEach((variable, i) => {
    const value = known.get(variable);
    if (value !== undefined) {
      sum += coefficients[i]! * value;
      return;
    }
    kept.variables.push(variable);
    kept.coefficients.push(coefficients[i]!);
  });
  return { constant: sum, ...kept };
}

/** Least sum over `targets`. */
function solveLayer(
  equations: readonly LinearExpression[],
  targets: readonly number[],
): Solution | undefined {
  // Columns are numbered as the equations name their variables.
  const columns = new Map<number, number>();
  for (const { variables } of equations)
    for (const variable of variables) if (!columns.has(variable)) columns.set(variable, columns.size);
  const cost: number[] = new Array(columns.size).fill(0);
  for (const target of targets) cost[columns.get(target)!] = 1;
  const vertex = leastVertex({
    rows: equations.map(({ variables, coefficients }) => {
      const entries = variables
        .map((variable, i) => ({ column: columns.get(variable)!, value: coefficients[i]! }))
        .sort((a, b) => a.column - b.column);
      return { positions: entries.map(({ column }) => column), values: entries.map(({ value }) => value) };
    }),
    right: equations.map(({ constant }) => -constant),
    cost,
  });
  return vertex && new Map([...columns].map(([variable, column]) => [variable, Math.round(vertex[column]!)]));
}

import type { LinearExpression } from './linearExpression.ts';
import { solveStandardProgram } from './simplex.ts';

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
    if (layer.length === 0 && !isLast) continue;
    const found = solveLayer(rest, layer);
    if (found === undefined) return undefined;
    for (const variable of isLast ? found.keys() : layer) solution.set(variable, found.get(variable)!);
    if (!isLast) rest = fixVariables(rest, solution);
  }
  return solution;
}

/** Puts known values in; equations that become constant were solved. */
function fixVariables(equations: readonly LinearExpression[], known: Solution): LinearExpression[] {
  return equations.flatMap(({ constant, terms }) => {
    let sum = constant;
    const rest = new Map<number, number>();
    for (const [variable, coefficient] of terms) {
      const value = known.get(variable);
      if (value === undefined) rest.set(variable, coefficient);
      else sum += coefficient * value;
    }
    return rest.size === 0 && sum === 0 ? [] : [{ constant: sum, terms: rest }];
  });
}

/** Least sum over `targets`. */
function solveLayer(
  equations: readonly LinearExpression[],
  targets: readonly number[],
): Solution | undefined {
  const classes = new VariableClasses();
  let pending = equations;
  // Equations in one variable fix it, equations x = y + c join two; both may make others simpler.
  for (;;) {
    const kept: LinearExpression[] = [];
    for (const equation of pending) {
      const reduced = classes.reduce(equation);
      const outcome = classes.absorb(reduced);
      if (outcome === 'contradiction') return undefined;
      if (outcome === 'kept') kept.push(reduced);
    }
    const isDone = kept.length === pending.length;
    pending = kept;
    if (isDone) break;
  }
  const weights = new Map<number, number>();
  for (const target of targets) {
    const { root } = classes.find(target);
    weights.set(root, (weights.get(root) ?? 0) + 1);
  }
  const free = new Map<number, number>();
  for (const component of components(pending)) {
    const values = solveComponent(component, weights);
    if (values === undefined) return undefined;
    for (const [variable, value] of values) free.set(variable, value);
  }
  const solution = new Map<number, number>();
  for (const { terms } of equations)
    for (const variable of terms.keys()) solution.set(variable, classes.value(variable, free));
  return solution;
}

/** Variables that differ by constants: each is its class's root plus an offset ≥ 0. */
class VariableClasses {
  readonly #parents = new Map<number, { parent: number; offset: number }>();
  /** Values of roots that are known. */
  readonly #fixed = new Map<number, number>();

  find(variable: number): { root: number; offset: number } {
    let root = variable;
    let offset = 0;
    for (let link = this.#parents.get(root); link !== undefined; link = this.#parents.get(root)) {
      root = link.parent;
      offset += link.offset;
    }
    return { root, offset };
  }

  value(variable: number, free: ReadonlyMap<number, number>): number {
    const { root, offset } = this.find(variable);
    return offset + (this.#fixed.get(root) ?? free.get(root) ?? 0);
  }

  /** The equation over roots. */
  reduce({ constant, terms }: LinearExpression): LinearExpression {
    let sum = constant;
    const reduced = new Map<number, number>();
    for (const [variable, coefficient] of terms) {
      const { root, offset } = this.find(variable);
      sum += coefficient * offset;
      const value = this.#fixed.get(root);
      if (value !== undefined) {
        sum += coefficient * value;
        continue;
      }
      const total = (reduced.get(root) ?? 0) + coefficient;
      if (total === 0) reduced.delete(root);
      else reduced.set(root, total);
    }
    return { constant: sum, terms: reduced };
  }

  /** Takes an equation of at most two variables into the classes, when it has the form for it. */
  absorb({ constant, terms }: LinearExpression): 'absorbed' | 'kept' | 'contradiction' {
    if (terms.size === 0) return constant === 0 ? 'absorbed' : 'contradiction';
    const [[x, a], second] = [...terms] as [[number, number], [number, number] | undefined];
    if (terms.size === 1) {
      const value = -constant / a;
      if (value < 0 || !Number.isInteger(value)) return 'contradiction';
      this.#fixed.set(x, value);
      return 'absorbed';
    }
    if (terms.size > 2) {
      // Nothing but zeros makes a sum of non-negative variables zero.
      const coefficients = [...terms.values()];
      if (constant !== 0 || !(coefficients.every((c) => c > 0) || coefficients.every((c) => c < 0)))
        return 'kept';
      for (const variable of terms.keys()) this.#fixed.set(variable, 0);
      return 'absorbed';
    }
    const [y, b] = second!;
    if (a !== -b) return 'kept';
    // a·x − a·y + constant = 0, so x = y + difference.
    const difference = -constant / a;
    if (!Number.isInteger(difference)) return 'kept';
    if (difference >= 0) this.#parents.set(x, { parent: y, offset: difference });
    else this.#parents.set(y, { parent: x, offset: -difference });
    return 'absorbed';
  }
}

/** Groups of equations that share no variables. */
function components(equations: readonly LinearExpression[]): LinearExpression[][] {
  const groupOf = new Map<number, number>();
  const parents: number[] = [];
  const find = (group: number): number => {
    while (parents[group] !== group) group = parents[group] = parents[parents[group]!]!;
    return group;
  };
  equations.forEach(({ terms }, i) => {
    parents.push(i);
    for (const variable of terms.keys()) {
      const other = groupOf.get(variable);
      if (other === undefined) groupOf.set(variable, i);
      else parents[find(other)] = find(i);
    }
  });
  const groups = new Map<number, LinearExpression[]>();
  equations.forEach((equation, i) => {
    const group = find(i);
    const list = groups.get(group);
    if (list) list.push(equation);
    else groups.set(group, [equation]);
  });
  return [...groups.values()];
}

function solveComponent(
  equations: readonly LinearExpression[],
  weights: ReadonlyMap<number, number>,
): Map<number, number> | undefined {
  const columns = new Map<number, number>();
  const rows = equations.map(({ terms }) =>
    [...terms].map(([variable, value]) => {
      let column = columns.get(variable);
      if (column === undefined) {
        column = columns.size;
        columns.set(variable, column);
      }
      return { column, value };
    }),
  );
  const variables = [...columns.keys()];
  const values = solveStandardProgram({
    rows,
    right: equations.map(({ constant }) => -constant),
    cost: variables.map((variable) => weights.get(variable) ?? 0),
  });
  return values && new Map(variables.map((variable, column) => [variable, Math.round(values[column]!)]));
}

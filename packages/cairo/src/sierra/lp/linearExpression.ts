/**
 * Sum of a constant and multiples of variables, which are small integers. The order of the terms is meaningful: it
 * numbers the columns of the linear program, and so decides between solutions of equal cost.
 */
export interface LinearExpression {
  readonly constant: number;
  /** Without repetition. */
  readonly variables: readonly number[];
  /** One for each variable, none of them 0. */
  readonly coefficients: readonly number[];
}

export function constantExpression(constant: number): LinearExpression {
  return { constant, variables: [], coefficients: [] };
}

export function variableExpression(variable: number): LinearExpression {
  return { constant: 0, variables: [variable], coefficients: [1] };
}

/**
 * `a + factor · b`: the terms of `a`, then the new ones of `b`. The last term takes the place of one that vanishes.
 */
export function addExpressions(a: LinearExpression, b: LinearExpression, factor = 1): LinearExpression {
  const constant = a.constant + factor * b.constant;
  if (b.variables.length === 0) return { ...a, constant };
  if (a.variables.length === 0 && factor === 1) return { ...b, constant };
  const variables = [...a.variables];
  const coefficients = [...a.coefficients];
  const places = new Map(variables.map((variable, place) => [variable, place]));
  b.variables.forEach((variable, i) => {
    const added = factor * b.coefficients[i]!;
    const place = places.get(variable);
    if (place === undefined) {
      variables.push(variable);
      coefficients.push(added);
      return;
    }
    const sum = coefficients[place]! + added;
    if (sum !== 0) {
      coefficients[place] = sum;
      return;
    }
    const lastVariable = variables.pop()!;
    const lastCoefficient = coefficients.pop()!;
    if (place === variables.length) return;
    variables[place] = lastVariable;
    coefficients[place] = lastCoefficient;
    places.set(lastVariable, place);
  });
  return { constant, variables, coefficients };
}

export function subtractExpressions(a: LinearExpression, b: LinearExpression): LinearExpression {
  return addExpressions(a, b, -1);
}

/** Numbers keys of any spelling as variables, in the order they are first used. */
export class VariableTable {
  readonly #ids = new Map<string, number>();

  id(key: string): number {
    let id = this.#ids.get(key);
    if (id === undefined) {
      id = this.#ids.size;
      this.#ids.set(key, id);
    }
    return id;
  }

  /** The id of `key` if it was ever used. */
  find(key: string): number | undefined {
    return this.#ids.get(key);
  }
}

/** Sum of a constant and multiples of variables; variables are small integers. */
export interface LinearExpression {
  readonly constant: number;
  /** Coefficients, none of them 0. */
  readonly terms: ReadonlyMap<number, number>;
}

const NO_TERMS: ReadonlyMap<number, number> = new Map();

export function constantExpression(constant: number): LinearExpression {
  return { constant, terms: NO_TERMS };
}

export function variableExpression(variable: number): LinearExpression {
  return { constant: 0, terms: new Map([[variable, 1]]) };
}

/** `a + factor · b`. Terms are shared with `a` when `b` has none. */
export function addExpressions(a: LinearExpression, b: LinearExpression, factor = 1): LinearExpression {
  const constant = a.constant + factor * b.constant;
  if (b.terms.size === 0) return { constant, terms: a.terms };
  const terms = new Map(a.terms);
  for (const [variable, coefficient] of b.terms) {
    const sum = (terms.get(variable) ?? 0) + factor * coefficient;
    if (sum === 0) terms.delete(variable);
    else terms.set(variable, sum);
  }
  return { constant, terms };
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

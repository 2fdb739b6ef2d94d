import type { ApChangeInfo } from '../computeApChanges.ts';
import { refuse } from '../errors.ts';
import type { ApChange } from '../libfunc.ts';
import { branchTarget, type SierraProgram } from '../program.ts';
import {
  addExpressions,
  constantExpression,
  type LinearExpression,
  subtractExpressions,
  VariableTable,
  variableExpression,
} from './linearExpression.ts';
import { solveEquations } from './solveEquations.ts';

/** What is known when control reaches a statement. */
interface Reached {
  /** Where ap is counted from: a function (its negated number minus one) or a statement. */
  readonly base: number;
  /** Change of ap since the base; undefined when unknown. */
  readonly past: LinearExpression | undefined;
  readonly localCells: number;
}

/**
 * Changes of ap of functions and alignments as the least non-negative solution of the equations that all ways to a
 * statement agree (Sierra below 1.4).
 *
 * @throws CairnError `INVALID_AP_CHANGE` @see cairo-lang-sierra-ap-change, generate_equations
 */
export function solveApChanges(
  program: SierraProgram,
  changes: readonly (readonly ApChange[])[],
): ApChangeInfo {
  const { statements, functions } = program;
  const table = new VariableTable();
  const ofFunction = (fn: number) => variableExpression(table.id(`function ${fn}`));
  const reached: (Reached | undefined)[] = new Array(statements.length);
  const equations: LinearExpression[] = [];
  const arrive = (index: number, arriving: Reached): void => {
    const known = reached[index];
    if (known === undefined) {
      reached[index] = arriving;
      return;
    }
    if (known.localCells !== arriving.localCells) throw fault(index, 'ways to it differ in locals');
    if (known.past === undefined || arriving.past === undefined) return;
    if (known.base !== arriving.base) throw fault(index, 'ways to it count ap from different places');
    equations.push(subtractExpressions(known.past, arriving.past));
  };
  functions.forEach(({ entryPoint }, fn) => {
    arrive(entryPoint, { base: -1 - fn, past: constantExpression(0), localCells: 0 });
  });
  statements.forEach((statement, index) => {
    const here = reached[index];
    if (here === undefined) throw fault(index, 'no earlier statement leads to it');
    if (statement.kind === 'return') {
      if (here.base < 0) arrive(index, { ...here, past: ofFunction(-1 - here.base) });
      return;
    }
    statement.branches.forEach((branch, i) => {
      const change = changes[index]![i]!;
      const target = branchTarget(index, branch);
      const localCells =
        here.localCells + (typeof change === 'object' && 'allocLocal' in change ? change.allocLocal : 0);
      if (change === 'enableTracking') {
        arrive(target, { base: target, past: constantExpression(0), localCells });
        return;
      }
      const added = expressionOf(
        change,
        here,
        () => variableExpression(table.id(`align ${index}`)),
        ofFunction,
      );
      const past = here.past && added && addExpressions(here.past, added);
      arrive(target, { base: here.base, past, localCells });
    });
  });

  const used = new Set(equations.flatMap(({ variables }) => variables));
  const solution = solveEquations(equations, [[...used]]);
  if (solution === undefined) throw refuse('INVALID_AP_CHANGE', 'changes of ap cannot be made equal');
  const value = (key: string): number | undefined => {
    const id = table.find(key);
    return id === undefined ? undefined : solution.get(id);
  };
  return {
    functions: functions.map((_, fn) => value(`function ${fn}`)),
    alignments: statements.map((_, index) => value(`align ${index}`) ?? 0),
  };
}

function expressionOf(
  change: ApChange,
  { localCells }: Reached,
  alignment: () => LinearExpression,
  ofFunction: (fn: number) => LinearExpression,
): LinearExpression | undefined {
  if (typeof change === 'number') return constantExpression(change);
  if (typeof change === 'object')
    return 'allocLocal' in change
      ? constantExpression(0)
      : addExpressions(ofFunction(change.functionCall), constantExpression(2));
  switch (change) {
    case 'unknown':
    case 'disableTracking':
      return undefined;
    case 'branchAlign':
      return alignment();
    case 'finalizeLocals':
      return constantExpression(localCells);
    case 'enableTracking':
      return constantExpression(0);
  }
}

function fault(statement: number, what: string): Error {
  return refuse('INVALID_AP_CHANGE', `statement ${statement}: ${what}`, { statement });
}

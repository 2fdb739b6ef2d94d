import { refuse } from './errors.ts';
import type { ApChange } from './libfunc.ts';
import { branchTarget, type SierraProgram } from './program.ts';
import { indices, reverseTopologicalOrder } from './topologicalOrder.ts';

/** What is known of changes of ap. */
export interface ApChangeInfo {
  /** Total change of ap by each function; undefined when it varies. */
  readonly functions: readonly (number | undefined)[];
  /** Cells by which each branch_align moves ap. */
  readonly alignments: readonly number[];
}

interface Tracking {
  /** The function when ap is counted from its start, undefined when from a statement that enabled tracking. */
  readonly fn: number | undefined;
  readonly apChange: number;
}

/**
 * Changes of ap of functions and of the alignments that make all ways through a function equal. Linear in the
 * program: an alignment is placed at the first branch that needs it.
 *
 * @param changes per statement and branch
 * @throws CairnError `INVALID_AP_CHANGE` @see cairo-lang-sierra-ap-change, compute
 */
export function computeApChanges(
  program: SierraProgram,
  changes: readonly (readonly ApChange[])[],
): ApChangeInfo {
  const { statements, functions } = program;
  const count = statements.length;
  const targets = statements.map((statement, index) =>
    statement.kind === 'return' ? [] : statement.branches.map((branch) => branchTarget(index, branch)),
  );
  const entryOf = (fn: number): number => functions[fn]!.entryPoint;
  const localCells: number[] = new Array(count).fill(0);

  /** Change of ap by a branch; undefined when not known. */
  const known = (
    index: number,
    change: ApChange,
    ofFunction: (fn: number) => number | undefined,
  ): number | undefined => {
    if (typeof change === 'number') return change;
    if (typeof change === 'object') {
      if ('allocLocal' in change) return 0;
      const called = ofFunction(change.functionCall);
      return called === undefined ? undefined : called + 2;
    }
    switch (change) {
      case 'unknown':
      case 'disableTracking':
        return undefined;
      case 'finalizeLocals':
        return localCells[index]!;
      case 'branchAlign':
      case 'enableTracking':
        return 0;
    }
  };

  const order = reverseTopologicalOrder(count, indices(count), (index) =>
    targets[index]!.flatMap((target, i) => {
      const change = changes[index]![i]!;
      return typeof change === 'object' && 'functionCall' in change
        ? [target, entryOf(change.functionCall)]
        : [target];
    }),
  );
  for (let i = order.length - 1; i >= 0; i--) {
    const index = order[i]!;
    targets[index]!.forEach((target, branch) => {
      const change = changes[index]![branch]!;
      if (change === 'unknown' || change === 'finalizeLocals') return;
      const added = typeof change === 'object' && 'allocLocal' in change ? change.allocLocal : 0;
      localCells[target] = localCells[index]! + added;
    });
  }
  const toReturn: (number | undefined)[] = new Array(count);
  for (const index of order) {
    let longest = 0;
    const isKnown = targets[index]!.every((target, branch) => {
      const rest = toReturn[target];
      const change = known(index, changes[index]![branch]!, (fn) => toReturn[entryOf(fn)]);
      if (rest === undefined || change === undefined) return false;
      longest = Math.max(longest, rest + change);
      return true;
    });
    if (isKnown) toReturn[index] = longest;
  }
  const functionChanges = functions.map(({ entryPoint }) => toReturn[entryPoint]);
  const ofFunction = (fn: number) => functionChanges[fn];

  const trackedOrder = reverseTopologicalOrder(count, indices(count), (index) =>
    targets[index]!.filter((_, branch) => {
      const change = changes[index]![branch]!;
      if (typeof change === 'object' && 'functionCall' in change)
        return ofFunction(change.functionCall) !== undefined;
      return change !== 'unknown';
    }),
  );
  const tracking: (Tracking | undefined)[] = new Array(count);
  functions.forEach(({ entryPoint }, fn) => {
    tracking[entryPoint] = { fn, apChange: 0 };
  });
  for (let i = trackedOrder.length - 1; i >= 0; i--) {
    const index = trackedOrder[i]!;
    targets[index]!.forEach((target, branch) => {
      const change = changes[index]![branch]!;
      if (change === 'enableTracking') {
        tracking[target] = { fn: undefined, apChange: 0 };
        return;
      }
      const base = tracking[index];
      if (base === undefined) return;
      const added = known(index, change, ofFunction);
      if (added === undefined) return;
      const reached = base.apChange + added;
      const other = tracking[target];
      tracking[target] =
        other === undefined
          ? { fn: base.fn, apChange: reached }
          : { fn: other.fn, apChange: Math.max(other.apChange, reached) };
    });
  }

  const alignments: number[] = new Array(count).fill(0);
  /** Change of ap from the base of tracking to a statement, once alignments are placed. */
  const effective: (number | undefined)[] = new Array(count);
  const notNegative = (value: number, index: number): number => {
    if (value < 0)
      throw refuse('INVALID_AP_CHANGE', `statement ${index}: ap would have to move back`, {
        statement: index,
      });
    return value;
  };
  for (const index of trackedOrder) {
    const base = tracking[index];
    if (base === undefined) continue;
    if (statements[index]!.kind === 'return') {
      if (base.fn !== undefined) effective[index] = functionChanges[base.fn];
      continue;
    }
    let source: number | undefined;
    const ways: [target: number, change: number][] = [];
    targets[index]!.forEach((target, branch) => {
      const change = changes[index]![branch]!;
      if (change === 'enableTracking') return;
      const added = known(index, change, ofFunction);
      if (added === undefined) {
        source = base.apChange;
        return;
      }
      const reached = effective[target];
      if (reached === undefined) return;
      const way = notNegative(reached - added, index);
      ways.push([target, way]);
      source = source === undefined ? way : Math.min(source, way);
    });
    if (source === undefined) continue;
    effective[index] = source;
    for (const [target, way] of ways)
      if (way !== source) alignments[target] = notNegative(way - source, target);
  }
  return { functions: functionChanges, alignments };
}

import { computeGas } from '../computeGas.ts';
import { type BranchCost, NO_PRE_COST, PRE_COST_TOKENS, type PreCost } from '../costToken.ts';
import { refuse } from '../errors.ts';
import { ownGas, PRE_COST_PASS } from '../gasPasses.ts';
import { checkMetadata, type Metadata, statementCosts } from '../metadata.ts';
import type { ProgramRegistry } from '../programRegistry.ts';
import { solveApChanges } from './apChangeEquations.ts';
import { type GasSolution, solveGas } from './gasEquations.ts';

/**
 * Gas and ap changes by solving equations: how classes of Sierra below 1.4 are compiled. `fixedGas` is the cost of
 * functions by entry point. Uses of builtins must come out as by the linear algorithm.
 */
export function solveMetadata(registry: ProgramRegistry, fixedGas: ReadonlyMap<number, number>): Metadata {
  const { program, libfuncs } = registry;
  const costs = statementCosts(registry);
  const linear = computeGas(program, costs, PRE_COST_PASS, new Map());
  const noBuiltins = new Map([...fixedGas.keys()].map((entryPoint) => [entryPoint, 0]));
  const pre = PRE_COST_TOKENS.map((_, token) =>
    solveGas(
      program,
      costs,
      {
        own: (_statement, cost) => (cost.kind === 'regular' ? cost.pre[token]! : 0),
        variableSign: (cost) => {
          if (cost.kind === 'branchAlign' || cost.kind === 'redepositGas') return 1;
          // Plain withdrawals do not pay for builtins here.
          return cost.kind === 'withdrawGas' && cost.hasCostTable && cost.success ? -1 : 0;
        },
      },
      noBuiltins,
    ),
  );
  const preCosts = program.statements.map((_, index) => usesAt(pre, costs[index]!, index));
  comparePreCosts(registry, linear, pre, preCosts);
  const apChanges = solveApChanges(
    program,
    program.statements.map((statement, index) =>
      statement.kind === 'return'
        ? []
        : libfuncs[statement.libfunc]!.apChanges(preCosts[index] ?? NO_PRE_COST),
    ),
  );
  const post = solveGas(
    program,
    costs,
    {
      own: (statement, cost) =>
        cost.kind === 'function' && cost.refund ? 0 : ownGas(statement, cost, preCosts, apChanges.alignments),
      variableSign: (cost) => {
        if (cost.kind === 'branchAlign' || cost.kind === 'redepositGas') return 1;
        return cost.kind === 'withdrawGas' && cost.success ? -1 : 0;
      },
    },
    fixedGas,
  );
  const isRefund = (index: number) => costs[index]!.some((cost) => cost.kind === 'function' && cost.refund);
  const metadata: Metadata = {
    apChanges,
    gas: {
      functionCosts: program.functions.map((_, fn) => [
        ...pre.map(({ functionCosts }) => functionCosts[fn]!),
        post.functionCosts[fn]!,
      ]),
      preCosts,
      gas: post.variables.map((gas, index) => gas ?? (isRefund(index) ? 0 : undefined)),
    },
  };
  checkMetadata(registry, costs, metadata);
  return metadata;
}

/** Uses of all builtins at a statement; undefined unless every one was computed. */
function usesAt(
  pre: readonly GasSolution[],
  costs: readonly BranchCost[],
  index: number,
): PreCost | undefined {
  const paysNoBuiltins = costs.some(
    (cost) =>
      (cost.kind === 'withdrawGas' && !cost.hasCostTable) || (cost.kind === 'function' && cost.refund),
  );
  if (paysNoBuiltins) return NO_PRE_COST;
  const uses = pre.map(({ variables }) => variables[index]);
  return uses.every((count) => count !== undefined) ? (uses as number[]) : undefined;
}

/** Refuses a program whose uses of builtins depend on the algorithm; what branches burn may differ. */
function comparePreCosts(
  { program, libfuncs }: ProgramRegistry,
  linear: ReturnType<typeof computeGas>,
  pre: readonly GasSolution[],
  preCosts: readonly (PreCost | undefined)[],
): void {
  const isSame = (a: readonly number[], b: readonly number[]) =>
    a.every((amount, token) => amount === b[token]);
  program.functions.forEach((_, fn) => {
    const solved = pre.map(({ functionCosts }) => functionCosts[fn]!);
    if (!isSame(solved, linear.functionCosts[fn]!))
      throw refuse('INVALID_GAS', `function ${fn}: uses of builtins are not unique`, { function: fn });
  });
  program.statements.forEach((statement, index) => {
    const isAlign =
      statement.kind === 'invocation' && libfuncs[statement.libfunc]!.branches[0]?.stack === 'branchAlign';
    if (!isAlign && !isSame(preCosts[index] ?? NO_PRE_COST, linear.variables[index] ?? NO_PRE_COST))
      throw refuse('INVALID_GAS', `statement ${index}: uses of builtins are not unique`, {
        statement: index,
      });
  });
}

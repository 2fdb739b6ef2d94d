import { type ApChangeInfo, computeApChanges } from './computeApChanges.ts';
import { computeGas } from './computeGas.ts';
import type { BranchCost } from './costToken.ts';
import { NO_PRE_COST } from './costToken.ts';
import { require } from './errors.ts';
import type { GasInfo } from './gasInfo.ts';
import { constGasPass, PRE_COST_PASS } from './gasPasses.ts';
import type { ProgramRegistry } from './programRegistry.ts';

/** What the passes before code generation computed. */
export interface Metadata {
  readonly gas: GasInfo;
  readonly apChanges: ApChangeInfo;
}

/** Costs of the branches of each statement; empty for returns. */
export function statementCosts({ program, libfuncs }: ProgramRegistry): (readonly BranchCost[])[] {
  const costs = libfuncs.map((): readonly BranchCost[] | undefined => undefined);
  return program.statements.map((statement) => {
    if (statement.kind === 'return') return [];
    return (costs[statement.libfunc] ??= libfuncs[statement.libfunc]!.costs());
  });
}

/** Gas and ap changes by the linear algorithms (Sierra from 1.4). `fixedGas` is the cost of functions by entry point. */
export function computeMetadata(registry: ProgramRegistry, fixedGas: ReadonlyMap<number, number>): Metadata {
  const { program, libfuncs } = registry;
  const costs = statementCosts(registry);
  const pre = computeGas(program, costs, PRE_COST_PASS, new Map());
  const apChanges = computeApChanges(
    program,
    program.statements.map((statement, index) =>
      statement.kind === 'return'
        ? []
        : libfuncs[statement.libfunc]!.apChanges(pre.variables[index] ?? NO_PRE_COST),
    ),
  );
  const fixed = new Map([...fixedGas].map(([entryPoint, gas]) => [entryPoint, [gas]]));
  const post = computeGas(program, costs, constGasPass(pre.variables, apChanges.alignments), fixed);
  const gas = {
    functionCosts: pre.functionCosts.map((amounts, fn) => [...amounts, post.functionCosts[fn]![0]!]),
    preCosts: pre.variables,
    gas: post.variables.map((amounts) => amounts?.[0]),
  };
  const metadata = { gas, apChanges };
  checkMetadata(registry, costs, metadata);
  return metadata;
}

/** Variables may only sit at statements that use them, and none is negative. */
export function checkMetadata(
  { program, libfuncs }: ProgramRegistry,
  costs: readonly (readonly BranchCost[])[],
  { gas, apChanges }: Metadata,
): void {
  for (const amounts of gas.functionCosts)
    require(amounts.every((amount) => amount >= 0), 'INVALID_GAS', 'a function costs negative gas');
  program.statements.forEach((statement, index) => {
    const isAlign =
      statement.kind === 'invocation' && libfuncs[statement.libfunc]!.branches[0]?.stack === 'branchAlign';
    if (apChanges.alignments[index] !== 0)
      require(isAlign, 'INVALID_AP_CHANGE', `statement ${index}: only a branch_align can align`);
    const amounts = [
      ...(gas.preCosts[index] ?? []),
      ...(gas.gas[index] === undefined ? [] : [gas.gas[index]]),
    ];
    if (amounts.length === 0) return;
    require(amounts.every((amount) => amount >= 0), 'INVALID_GAS', `statement ${index}: negative gas`);
    const takesGas = costs[index]!.some(
      (cost) => cost.kind !== 'regular' && (cost.kind !== 'function' || cost.refund),
    );
    require(takesGas, 'INVALID_GAS', `statement ${index}: cannot carry gas`);
  });
}

import type { BranchCost } from './costToken.ts';
import { refuse } from './errors.ts';
import { checkedGas, sameAmounts } from './gasInfo.ts';
import { branchTarget, type SierraProgram } from './program.ts';
import { indices, reverseTopologicalOrder } from './topologicalOrder.ts';

/** One amount per kind of gas that a pass computes. */
export type Amounts = readonly number[];

/** What differs between the pass over builtins and the pass over constant gas. */
export interface GasPass {
  readonly size: number;
  /** Gas a branch needs in itself; `functionCost` is the cost of the called function. */
  cost(statement: number, cost: BranchCost, functionCost: Amounts): Amounts;
  /** What a successful withdrawal costs beyond the amount it adds. */
  withdrawalCost(statement: number, cost: BranchCost): Amounts;
}

/** Result of a gas pass. */
export interface GasResult {
  readonly functionCosts: readonly Amounts[];
  readonly variables: readonly (Amounts | undefined)[];
}

/**
 * How much gas each statement needs until the next withdrawal or return, and so how much every withdrawal,
 * redeposit and alignment of branches moves. Linear in the program: costs flow backwards, then excess gas (of
 * functions with a fixed cost, and of cheaper branches) flows forwards and is spent as early as possible.
 *
 * @param fixed cost of functions by entry point, which must be enough
 * @throws CairnError `INVALID_GAS` @see cairo-lang-sierra-gas, compute_costs
 */
export function computeGas(
  program: SierraProgram,
  costs: readonly (readonly BranchCost[])[],
  pass: GasPass,
  fixed: ReadonlyMap<number, Amounts>,
): GasResult {
  return new GasComputation(program, costs, pass, fixed).run();
}

class GasComputation {
  readonly #program: SierraProgram;
  readonly #costs: readonly (readonly BranchCost[])[];
  readonly #pass: GasPass;
  readonly #fixed: ReadonlyMap<number, Amounts>;
  readonly #zero: Amounts;
  readonly #targets: readonly (readonly number[])[];
  #needs: Amounts[];
  #targetNeeds: Amounts[] | undefined;

  constructor(
    program: SierraProgram,
    costs: readonly (readonly BranchCost[])[],
    pass: GasPass,
    fixed: ReadonlyMap<number, Amounts>,
  ) {
    this.#program = program;
    this.#costs = costs;
    this.#pass = pass;
    this.#fixed = fixed;
    this.#zero = indices(pass.size).map(() => 0);
    this.#targets = program.statements.map((statement, index) =>
      statement.kind === 'return' ? [] : statement.branches.map((branch) => branchTarget(index, branch)),
    );
    this.#needs = program.statements.map(() => this.#zero);
  }

  run(): GasResult {
    const count = this.#targets.length;
    const order = reverseTopologicalOrder(
      count,
      indices(count),
      (index) => this.#dependencies(index),
      (index) => {
        throw refuse('INVALID_GAS', `statement ${index}: a loop without withdraw_gas`, { statement: index });
      },
    );
    this.#computeNeeds(order);
    this.#targetNeeds = this.#spreadExcess();
    this.#computeNeeds(order);
    for (const [index, amounts] of this.#fixed)
      if (!sameAmounts(this.#needs[index]!, amounts))
        throw refuse('INVALID_GAS', `the function at statement ${index} does not fit its fixed cost`, {
          statement: index,
        });
    const variables: (Amounts | undefined)[] = new Array(count);
    for (let index = 0; index < count; index++) this.#collectVariables(index, variables);
    return {
      functionCosts: this.#program.functions.map(({ entryPoint }) => this.#wallet(entryPoint)),
      variables,
    };
  }

  /** Statements whose need decides the need of `index`. */
  #dependencies(index: number): number[] {
    const costs = this.#costs[index]!;
    const found: number[] = [];
    this.#targets[index]!.forEach((target, i) => {
      const cost = costs[i]!;
      if (cost.kind === 'function') found.push(cost.entryPoint);
      if (cost.kind !== 'withdrawGas' || !cost.success) found.push(target);
    });
    return found;
  }

  #computeNeeds(order: readonly number[]): void {
    for (const index of order) {
      const targets = this.#targets[index]!;
      let need: Amounts | undefined;
      for (let i = 0; i < targets.length; i++) {
        const required = positive(this.#requirement(index, i));
        need = need === undefined ? required : larger(need, required);
      }
      need ??= this.#zero;
      const target = this.#targetNeeds?.[index];
      const mayTakeMore = targets.length > 1 || this.#costs[index]![0]?.kind === 'redepositGas';
      this.#needs[index] = target !== undefined && mayTakeMore ? larger(need, target) : need;
    }
  }

  /** Gas at `index` when it has a fixed cost, otherwise what it needs. */
  #wallet(index: number): Amounts {
    return this.#fixed.get(index) ?? this.#needs[index]!;
  }

  /** Gas a statement must have for its branch `i`. */
  #requirement(index: number, i: number): Amounts {
    const cost = this.#costs[index]![i]!;
    if (cost.kind === 'withdrawGas' && cost.success) return this.#pass.withdrawalCost(index, cost);
    const functionCost = cost.kind === 'function' ? this.#wallet(cost.entryPoint) : this.#zero;
    return sum(this.#pass.cost(index, cost, functionCost), this.#wallet(this.#targets[index]![i]!));
  }

  /** Gas a withdrawal adds; negative when there is more than enough. */
  #withdrawal(index: number, cost: BranchCost, wallet: Amounts, after: Amounts): Amounts {
    return difference(sum(after, this.#pass.withdrawalCost(index, cost)), wallet);
  }

  /** Needs plus the gas that is there beyond them on every way to a statement. */
  #spreadExcess(): Amounts[] {
    const count = this.#targets.length;
    const order = reverseTopologicalOrder(count, indices(count), (index) => this.#targets[index]!);
    const excess: (Amounts | undefined)[] = new Array(count);
    const isFinal = new Uint8Array(count);
    for (let i = order.length - 1; i >= 0; i--) this.#passOnExcess(order[i]!, excess, isFinal);
    return this.#needs.map((need, index) => sum(need, excess[index] ?? this.#zero));
  }

  #passOnExcess(index: number, excess: (Amounts | undefined)[], isFinal: Uint8Array): void {
    const need = this.#needs[index]!;
    const fixed = this.#fixed.get(index);
    if (fixed !== undefined) excess[index] = positive(difference(fixed, need));
    isFinal[index] = 1;
    const current = excess[index] ?? this.#zero;
    const targets = this.#targets[index]!;
    const costs = this.#costs[index]!;
    for (let i = 0; i < targets.length; i++) {
      const target = targets[i]!;
      if (isFinal[target]) return;
      const cost = costs[i]!;
      let passed = current;
      if (targets.length > 1 && cost.kind === 'withdrawGas' && cost.success) {
        const planned = this.#withdrawal(index, cost, need, this.#wallet(target));
        passed = positive(difference(passed, planned));
      } else if (targets.length > 1 || (cost.kind === 'function' && cost.refund)) {
        passed = sum(passed, positive(difference(need, this.#requirement(index, i))));
      } else if (cost.kind === 'redepositGas') {
        passed = this.#zero;
      }
      const known = excess[target];
      excess[target] = known === undefined ? passed : smaller(known, passed);
    }
  }

  #collectVariables(index: number, variables: (Amounts | undefined)[]): void {
    const set = (at: number, amounts: Amounts): void => {
      if (variables[at] !== undefined)
        throw refuse('INVALID_GAS', `statement ${at}: gas is accounted twice`, { statement: at });
      variables[at] = amounts;
    };
    const wallet = this.#wallet(index);
    const targets = this.#targets[index]!;
    const costs = this.#costs[index]!;
    targets.forEach((target, i) => {
      const cost = costs[i]!;
      if (cost.kind === 'withdrawGas' && cost.success) {
        const withdrawal = this.#withdrawal(index, cost, wallet, this.#wallet(target));
        set(index, positive(withdrawal));
        set(target, positive(difference(this.#zero, withdrawal)));
      } else if (cost.kind === 'redepositGas' || (cost.kind === 'function' && cost.refund)) {
        set(index, difference(wallet, this.#requirement(index, i)));
      } else if (cost.kind === 'unspentGas') {
        set(index, wallet);
      } else if (targets.length > 1) {
        set(target, difference(wallet, this.#requirement(index, i)));
      }
    });
  }
}

function zip(a: Amounts, b: Amounts, combine: (x: number, y: number) => number): Amounts {
  const result: number[] = [];
  for (let i = 0; i < a.length; i++) result.push(combine(a[i]!, b[i]!));
  return result;
}

const sum = (a: Amounts, b: Amounts): Amounts => zip(a, b, (x, y) => checkedGas(x + y));
const difference = (a: Amounts, b: Amounts): Amounts => zip(a, b, (x, y) => checkedGas(x - y));
const larger = (a: Amounts, b: Amounts): Amounts => zip(a, b, Math.max);
const smaller = (a: Amounts, b: Amounts): Amounts => zip(a, b, Math.min);
const positive = (a: Amounts): Amounts => (a.every((x) => x >= 0) ? a : a.map((x) => Math.max(x, 0)));

import { PRE_COST_TOKENS, type PreCost } from './costToken.ts';
import { refuse } from './errors.ts';

/** Amounts of gas: uses of each builtin in the order of PRE_COST_TOKENS, then units of constant gas. */
export type Wallet = readonly number[];

export const CONST_GAS = PRE_COST_TOKENS.length;
export const EMPTY_WALLET: Wallet = [...PRE_COST_TOKENS.map(() => 0), 0];

/** What the gas passes computed. */
export interface GasInfo {
  /** Gas of each function, paid by its callers. */
  readonly functionCosts: readonly Wallet[];
  /** Uses of builtins that a statement withdraws, gives back or burns; undefined where none was computed. */
  readonly preCosts: readonly (PreCost | undefined)[];
  /** The same for constant gas. */
  readonly gas: readonly (number | undefined)[];
}

const INT32_MAX = 0x7fff_ffff;

/** Gas is counted in 32 signed bits; what does not fit is refused. */
export function checkedGas(value: number): number {
  if (value > INT32_MAX || value < -INT32_MAX - 1) throw refuse('INVALID_GAS', 'gas beyond 32 bits');
  return value;
}

export function sameAmounts(a: readonly number[], b: readonly number[]): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

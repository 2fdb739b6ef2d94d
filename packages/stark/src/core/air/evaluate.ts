import { addM31, type M31, mulM31, subM31 } from '../field/m31.ts';
import { add, liftM31, mul, neg, ONE, type QM31, sub, ZERO } from '../field/qm31.ts';
import type { Node, Table } from './ir.ts';

/** A field that expression graphs can be evaluated in. */
export interface FieldOperations<T> {
  readonly add: (a: T, b: T) => T;
  readonly sub: (a: T, b: T) => T;
  readonly mul: (a: T, b: T) => T;
  readonly fromBase: (a: M31) => T;
}

/** The base field. */
export const BASE_FIELD: FieldOperations<M31> = { add: addM31, sub: subM31, mul: mulM31, fromBase: (a) => a };
/** QM31. */
export const SECURE_FIELD: FieldOperations<QM31> = { add, sub, mul, fromBase: liftM31 };

/** The leaves of an expression graph at one place: a row, a point of the domain, or the out-of-domain point. */
export interface Leaves<T> {
  readonly column: (column: number, next: boolean) => T;
  readonly publicValues: readonly M31[];
  readonly isFirst: T;
  readonly isLast: T;
}

/** The values of all nodes of a table's graph, in order. */
export function evaluateNodes<T>(nodes: readonly Node[], field: FieldOperations<T>, leaves: Leaves<T>): T[] {
  const values: T[] = [];
  for (const node of nodes) {
    switch (node.op) {
      case 'const':
        values.push(field.fromBase(node.value));
        break;
      case 'column':
        values.push(leaves.column(node.column, node.next));
        break;
      case 'public':
        values.push(field.fromBase(leaves.publicValues[node.index]!));
        break;
      case 'selector':
        values.push(node.row === 'first' ? leaves.isFirst : leaves.isLast);
        break;
      default:
        values.push(field[node.op](values[node.a]!, values[node.b]!));
    }
  }
  return values;
}

/** The challenges of the look-up argument: a tuple t on bus b stands for b + t₀α + t₁α² + … - z. */
export interface LookupChallenges {
  readonly z: QM31;
  /** α⁰, α¹, … as many as the longest tuple has fields, and one more. */
  readonly alphaPowers: readonly QM31[];
}

/** The denominator of a tuple's fraction. */
export function tupleDenominator(busId: M31, tuple: readonly QM31[], challenges: LookupChallenges): QM31 {
  let sum = sub(liftM31(busId), challenges.z);
  tuple.forEach((value, i) => {
    sum = add(sum, mul(value, challenges.alphaPowers[i + 1]!));
  });
  return sum;
}

/** The running-sum columns of a table at one place. */
export interface LookupLeaves {
  readonly challenges: LookupChallenges;
  readonly busIds: readonly M31[];
  /** One value per batch. The last batch's column sums up over the rows, the others hold their row's fractions. */
  readonly sums: readonly QM31[];
  /** The last batch's column in the next row. */
  readonly nextSum: QM31;
  /** The table's claimed sum divided by its number of rows. */
  readonly meanSum: QM31;
}

/** Numerator and denominator of Σ ±m/d over the entries of a batch: uses count positive, yields negative. */
export function batchFraction(
  table: Table,
  batch: readonly number[],
  nodeValues: readonly QM31[],
  lookup: Pick<LookupLeaves, 'challenges' | 'busIds'>,
): { numerator: QM31; denominator: QM31 } {
  let numerator = ZERO;
  let denominator = ONE;
  for (const index of batch) {
    const entry = table.entries[index]!;
    const d = tupleDenominator(
      lookup.busIds[entry.bus]!,
      entry.tuple.map((node) => nodeValues[node]!),
      lookup.challenges,
    );
    const value = nodeValues[entry.multiplicity]!;
    const m = entry.kind === 'use' ? value : neg(value);
    numerator = add(mul(numerator, d), mul(m, denominator));
    denominator = mul(denominator, d);
  }
  return { numerator, denominator };
}

/** The values of all constraints of a table, in the order of the composition: those written, then one per batch. */
export function constraintValues(
  table: Table,
  nodeValues: readonly QM31[],
  lookup: LookupLeaves | undefined,
): QM31[] {
  const values = table.constraints.map(({ node }) => nodeValues[node]!);
  if (lookup === undefined) return values;
  let earlierSums = ZERO;
  table.batches.forEach((batch, k) => {
    const { numerator, denominator } = batchFraction(table, batch, nodeValues, lookup);
    const own = lookup.sums[k]!;
    const isLast = k === table.batches.length - 1;
    const fraction = isLast ? sub(add(sub(lookup.nextSum, own), lookup.meanSum), earlierSums) : own;
    earlierSums = add(earlierSums, own);
    values.push(sub(mul(fraction, denominator), numerator));
  });
  return values;
}

import type { Air, Table } from '../core/air/ir.ts';

// The slow, literal interpreter: BigInt arithmetic, the expression tree walked down from each constraint by
// itself, look-up sums straight from their definition Σ ±m/(b + Σ α^i t_i - z). Shares no code with core/.

const P = 2n ** 31n - 1n;
const mod = (a: bigint) => ((a % P) + P) % P;

export type LiteralQM31 = readonly [bigint, bigint, bigint, bigint];

export const literal = {
  of: (words: readonly number[]): LiteralQM31 => [
    BigInt(words[0]!),
    BigInt(words[1]!),
    BigInt(words[2]!),
    BigInt(words[3]!),
  ],
  base: (a: bigint): LiteralQM31 => [mod(a), 0n, 0n, 0n],
  add: (a: LiteralQM31, b: LiteralQM31): LiteralQM31 => [
    mod(a[0] + b[0]),
    mod(a[1] + b[1]),
    mod(a[2] + b[2]),
    mod(a[3] + b[3]),
  ],
  sub: (a: LiteralQM31, b: LiteralQM31): LiteralQM31 => [
    mod(a[0] - b[0]),
    mod(a[1] - b[1]),
    mod(a[2] - b[2]),
    mod(a[3] - b[3]),
  ],
  /** Schoolbook product in the basis 1, i, u, iu with i² = -1, u² = 2 + i. */
  mul: (a: LiteralQM31, b: LiteralQM31): LiteralQM31 => {
    const c = (x: readonly [bigint, bigint], y: readonly [bigint, bigint]) =>
      [x[0] * y[0] - x[1] * y[1], x[0] * y[1] + x[1] * y[0]] as const;
    const low = c([a[0], a[1]], [b[0], b[1]]);
    const high = c(c([a[2], a[3]], [b[2], b[3]]), [2n, 1n]);
    const [p, q] = [c([a[0], a[1]], [b[2], b[3]]), c([a[2], a[3]], [b[0], b[1]])];
    return [mod(low[0] + high[0]), mod(low[1] + high[1]), mod(p[0] + q[0]), mod(p[1] + q[1])];
  },
};

/** What a table's constraints are evaluated on. */
export interface LiteralPlace {
  readonly column: (column: number, next: boolean) => LiteralQM31;
  readonly publicValues: readonly number[];
  readonly isFirst: LiteralQM31;
  readonly isLast: LiteralQM31;
  readonly z: LiteralQM31;
  readonly alpha: LiteralQM31;
  readonly sums: readonly LiteralQM31[];
  readonly nextSum: LiteralQM31;
  readonly meanSum: LiteralQM31;
}

function evaluate(
  table: Table,
  index: number,
  place: LiteralPlace,
  known = new Map<number, LiteralQM31>(),
): LiteralQM31 {
  const earlier = known.get(index);
  if (earlier !== undefined) return earlier;
  const value = evaluateNode(table, index, place, known);
  known.set(index, value);
  return value;
}

function evaluateNode(
  table: Table,
  index: number,
  place: LiteralPlace,
  known: Map<number, LiteralQM31>,
): LiteralQM31 {
  const node = table.nodes[index]!;
  switch (node.op) {
    case 'const':
      return literal.base(BigInt(node.value));
    case 'public':
      return literal.base(BigInt(place.publicValues[node.index]!));
    case 'selector':
      return node.row === 'first' ? place.isFirst : place.isLast;
    case 'column':
      return place.column(node.column, node.next);
    default:
      return literal[node.op](evaluate(table, node.a, place, known), evaluate(table, node.b, place, known));
  }
}

/** Values of all constraints of a table, in the order of the composition. */
export function literalConstraints(air: Air, table: Table, place: LiteralPlace): LiteralQM31[] {
  const values = table.constraints.map(({ node }) => evaluate(table, node, place));
  table.batches.forEach((batch, k) => {
    const terms = batch.map((e) => {
      const entry = table.entries[e]!;
      let d = literal.sub(literal.base(BigInt(air.buses[entry.bus]!.id)), place.z);
      let power = literal.base(1n);
      for (const node of entry.tuple) {
        power = literal.mul(power, place.alpha);
        d = literal.add(d, literal.mul(power, evaluate(table, node, place)));
      }
      const m = evaluate(table, entry.multiplicity, place);
      return { d, m: entry.kind === 'use' ? m : literal.sub(literal.base(0n), m) };
    });
    let sum = place.sums[k]!;
    if (k === table.batches.length - 1) {
      sum = literal.add(literal.sub(place.nextSum, sum), place.meanSum);
      for (const earlier of place.sums.slice(0, k)) sum = literal.sub(sum, earlier);
    }
    let value = terms.reduce((product, { d }) => literal.mul(product, d), sum);
    for (const [i, { m }] of terms.entries()) {
      const others = terms.filter((_, j) => j !== i);
      value = literal.sub(
        value,
        others.reduce((product, { d }) => literal.mul(product, d), m),
      );
    }
    values.push(value);
  });
  return values;
}

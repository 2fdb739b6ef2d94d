import { BASE_FIELD } from '../core/air/evaluate.ts';
import type { Air, Table } from '../core/air/ir.ts';
import { leavesOf } from '../core/air/leavesOf.ts';
import { addM31, invM31, type M31, mulM31, negM31, subM31 } from '../core/field/m31.ts';
import { ColumnEvaluator } from '../prover/evaluateColumns.ts';
import type { Trace } from '../prover/trace.ts';

/** What a search for another witness of a row found. */
export type SecondWitness =
  /** There is none: every choice of values was looked at. */
  | { readonly kind: 'unique' }
  /** These cells may have other values. */
  | { readonly kind: 'another'; readonly cells: Readonly<Record<string, { from: M31; to: M31 }>> }
  /** Nothing leaves a column few enough values to try them all. */
  | { readonly kind: 'open'; readonly column: string }
  /** Too many choices; nothing is known. */
  | { readonly kind: 'unfinished' };

const MAX_STEPS = 5_000_000;
/** Roots of a polynomial of degree 3 and above are looked for up to here. */
const MAX_SMALL_ROOT = 15;

/** An expression with what it reads of its own row, ready to be evaluated again and again. */
interface Term {
  readonly node: number;
  readonly order: readonly number[];
  readonly unknowns: readonly number[];
  readonly degree: number;
}

/** A look-up in a table that is the same for every witness. */
interface FixedLookup {
  readonly fields: readonly Term[];
  readonly unknowns: readonly number[];
  readonly rows: readonly (readonly M31[])[];
}

/** The roots of a polynomial (coefficients from the lowest); undefined when it is 0 or has roots that are not found. */
function rootsOf(coefficients: readonly M31[]): M31[] | undefined {
  let rest = [...coefficients];
  const roots = new Set<M31>();
  const trim = () => {
    while (rest.length > 0 && rest.at(-1) === 0) rest.pop();
  };
  for (trim(); rest.length > 2; trim()) {
    const valueAt = (x: M31) => rest.reduceRight((sum, c) => addM31(mulM31(sum, x), c), 0);
    let root = 0;
    while (root <= MAX_SMALL_ROOT && valueAt(root) !== 0) root++;
    if (root > MAX_SMALL_ROOT) return undefined;
    roots.add(root);
    // Division by x - root.
    let carry = 0;
    const quotient = rest.map(() => 0);
    for (let i = rest.length - 1; i > 0; i--) {
      carry = addM31(rest[i]!, mulM31(carry, root));
      quotient[i - 1] = carry;
    }
    rest = quotient;
  }
  if (rest.length === 0) return undefined;
  if (rest.length === 2) roots.add(mulM31(negM31(rest[0]!), invM31(rest[1]!)));
  return [...roots];
}

/** Coefficients of the polynomial with these values at 0, 1, 2 … by Newton's divided differences. */
function interpolate(values: readonly M31[]): M31[] {
  const differences = [...values];
  for (let level = 1; level < values.length; level++) {
    for (let i = values.length - 1; i >= level; i--) {
      differences[i] = mulM31(subM31(differences[i]!, differences[i - 1]!), invM31(level));
    }
  }
  let coefficients: M31[] = [];
  for (let i = values.length - 1; i >= 0; i--) {
    // coefficients·(x - i) + differences[i]
    const shifted = [0, ...coefficients];
    coefficients.forEach((c, k) => {
      shifted[k] = subM31(shifted[k]!, mulM31(c, i));
    });
    shifted[0] = addM31(shifted[0]!, differences[i]!);
    coefficients = shifted;
  }
  return coefficients;
}

/** A row whose cells are partly known. */
class RowSearch {
  readonly #table: Table;
  readonly #cells: M31[];
  readonly #leaves: { publicValues: readonly M31[]; next: readonly M31[]; first: M31; last: M31 };
  readonly #values: M31[] = [];
  #steps = 0;

  constructor(table: Table, trace: Trace[number], row: number, publicValues: readonly M31[]) {
    const height = 2 ** trace.logHeight;
    this.#table = table;
    this.#cells = trace.columns.map((values) => values[row]!);
    this.#leaves = {
      publicValues,
      next: trace.columns.map((values) => values[(row + 1) % height]!),
      first: row === 0 ? 1 : 0,
      last: row === height - 1 ? 1 : 0,
    };
  }

  term(node: number, unknown: ReadonlySet<number>): Term {
    const order = new Set<number>();
    const own = new Set<number>();
    const visit = (index: number) => {
      if (order.has(index)) return;
      const at = this.#table.nodes[index]!;
      if (at.op === 'column' && !at.next && unknown.has(at.column)) own.add(at.column);
      if ('a' in at) {
        visit(at.a);
        visit(at.b);
      }
      order.add(index);
    };
    visit(node);
    return { node, order: [...order], unknowns: [...own], degree: this.#table.degrees[node]! };
  }

  #evaluate({ order, node }: Term): M31 {
    const { nodes } = this.#table;
    const values = this.#values;
    for (const index of order) {
      const at = nodes[index]!;
      switch (at.op) {
        case 'const':
          values[index] = at.value;
          break;
        case 'public':
          values[index] = this.#leaves.publicValues[at.index]!;
          break;
        case 'selector':
          values[index] = at.row === 'first' ? this.#leaves.first : this.#leaves.last;
          break;
        case 'column':
          values[index] = (at.next ? this.#leaves.next : this.#cells)[at.column]!;
          break;
        default:
          values[index] = BASE_FIELD[at.op](values[at.a]!, values[at.b]!);
      }
    }
    return values[node]!;
  }

  /** Values of a column that make a term what it should be; undefined when they are too many or not found. */
  #solve(term: Term, column: number, wanted: M31): M31[] | undefined {
    const values = Array.from({ length: term.degree + 1 }, (_, x) => {
      this.#cells[column] = x;
      return subM31(this.#evaluate(term), wanted);
    });
    return rootsOf(interpolate(values));
  }

  /** Values of a column with which a look-up may still succeed. */
  #lookUp(lookup: FixedLookup, column: number, unassigned: ReadonlySet<number>): M31[] {
    const found = new Set<M31>();
    const known = lookup.fields.map((field) =>
      field.unknowns.some((c) => unassigned.has(c)) ? undefined : this.#evaluate(field),
    );
    const fields = lookup.fields.flatMap((field, i) =>
      field.unknowns.filter((c) => unassigned.has(c)).join() === `${column}` ? [i] : [],
    );
    for (const row of lookup.rows) {
      if (known.some((value, i) => value !== undefined && value !== row[i])) continue;
      const choices = fields.map((i) => this.#solve(lookup.fields[i]!, column, row[i]!) ?? []);
      for (const value of choices[0] ?? []) if (choices.every((own) => own.includes(value))) found.add(value);
    }
    return [...found];
  }

  /**
   * All choices of values for the plan's columns, depth first, up to the first that differs from `honest`. True when one
   * was found (the cells then hold it), undefined when it takes too long.
   */
  search(plan: readonly PlannedColumn[], honest: readonly M31[], depth = 0): boolean | undefined {
    if (depth === plan.length) return plan.some(({ column }) => this.#cells[column] !== honest[column]);
    const { column, source, checks, unassigned } = plan[depth]!;
    const candidates =
      'rows' in source ? this.#lookUp(source, column, unassigned) : this.#solve(source, column, 0);
    if (candidates === undefined) return undefined;
    for (const value of candidates) {
      if (++this.#steps > MAX_STEPS) return undefined;
      this.#cells[column] = value;
      const fits = checks.every((check) =>
        'rows' in check ? this.#isIn(check) : this.#evaluate(check) === 0,
      );
      if (!fits) continue;
      const found = this.search(plan, honest, depth + 1);
      if (found !== false) return found;
    }
    return false;
  }

  #isIn(lookup: FixedLookup): boolean {
    const tuple = lookup.fields.map((field) => this.#evaluate(field));
    return lookup.rows.some((row) => row.every((value, i) => value === tuple[i]));
  }

  get cells(): readonly M31[] {
    return this.#cells;
  }
}

interface PlannedColumn {
  readonly column: number;
  /** What leaves the column few values. */
  readonly source: Term | FixedLookup;
  /** What has no unknown left once the column has a value. */
  readonly checks: readonly (Term | FixedLookup)[];
  /** Columns without a value before this step. */
  readonly unassigned: ReadonlySet<number>;
}

/** The rows of a bus that the AIR fixes: all its yields are counted rows of fixed columns. */
function fixedRows(air: Air, trace: Trace, bus: number, publicValues: readonly M31[]): M31[][] | undefined {
  const rows: M31[][] = [];
  for (const [t, table] of air.tables.entries()) {
    for (const entry of table.entries) {
      if (entry.bus !== bus || entry.kind !== 'yield') continue;
      const { columns } = leavesOf(table, entry.tuple);
      if ([...columns].some((c) => table.columns[c]!.source.kind !== 'fixed')) return undefined;
      const evaluator = new ColumnEvaluator(table, trace[t]!.logHeight, trace[t]!.columns, publicValues);
      const fields = entry.tuple.map((node) => evaluator.values(node));
      for (let row = 0; row < 2 ** trace[t]!.logHeight; row++)
        rows.push(fields.map((values) => values[row]!));
    }
  }
  return rows.length > 0 && !air.publicEntries.some((entry) => entry.bus === bus && entry.kind === 'yield')
    ? rows
    : undefined;
}

/**
 * T3: looks for other values of a row's columns, all but those in `inputs`, that fulfil the row's constraints and its
 * look-ups in fixed tables (buses between rows bind inputs and outputs, and are left out). Goes through *all* choices: where
 * it says `unique`, the inputs determine the row.
 */
export function secondWitness(
  air: Air,
  trace: Trace,
  publicValues: readonly M31[],
  at: { readonly table: string; readonly row: number; readonly inputs: (column: string) => boolean },
): SecondWitness {
  const t = air.tables.findIndex(({ name }) => name === at.table);
  const table = air.tables[t]!;
  const search = new RowSearch(table, trace[t]!, at.row, publicValues);
  const honest = [...search.cells];
  const isInput = (c: number) => {
    const { source, name } = table.columns[c]!;
    return ['fixed', 'enabler', 'multiplicity'].includes(source.kind) || at.inputs(name);
  };
  const unknown = new Set([...table.columns.keys()].filter((c) => !isInput(c)));
  const constraints = table.constraints.map(({ node }) => search.term(node, unknown));
  const lookups = table.entries.flatMap((entry): FixedLookup[] => {
    const rows = entry.kind === 'use' ? fixedRows(air, trace, entry.bus, publicValues) : undefined;
    const fields = entry.tuple.map((node) => search.term(node, unknown));
    return rows === undefined
      ? []
      : [{ rows, fields, unknowns: [...new Set(fields.flatMap((f) => f.unknowns))] }];
  });
  const conditions = [...constraints, ...lookups];
  const unassigned = new Set(unknown);
  const open = (condition: Term | FixedLookup) => condition.unknowns.filter((c) => unassigned.has(c));
  const plan: PlannedColumn[] = [];
  while (unassigned.size > 0) {
    // A column that others determine comes first, then the next one that has few values by itself or by a look-up.
    const single = conditions.find(
      (condition) => open(condition).length === 1 && condition.unknowns.length > 1,
    );
    let column = single === undefined ? [...unassigned][0]! : open(single)[0]!;
    let source =
      single ??
      conditions.find(({ unknowns }) => unknowns.join() === `${column}`) ??
      lookups.find(({ fields }) => fields.some((field) => open(field).join() === `${column}`));
    if (source === undefined) {
      // A column that another will determine once it has a value of its own.
      source = lookups.find(({ fields }) => fields.some((field) => open(field).length === 1));
      const field = source?.fields.find((own) => open(own).length === 1);
      if (source === undefined || field === undefined)
        return { kind: 'open', column: table.columns[column]!.name };
      column = open(field)[0]!;
    }
    const before = new Set(unassigned);
    unassigned.delete(column);
    const checks = conditions.filter(
      (condition) =>
        condition.unknowns.includes(column) && open(condition).length === 0 && condition !== source,
    );
    plan.push({ column, source, checks, unassigned: before });
  }
  const found = search.search(plan, honest);
  if (found === undefined) return { kind: 'unfinished' };
  if (!found) return { kind: 'unique' };
  const cells: Record<string, { from: M31; to: M31 }> = {};
  for (const c of unknown) {
    if (search.cells[c] !== honest[c])
      cells[table.columns[c]!.name] = { from: honest[c]!, to: search.cells[c]! };
  }
  return { kind: 'another', cells };
}

import { CairnError } from '@cairn/primitives';
import type { StarkErrorCode } from '../../errors.ts';
import { isM31, type M31, P } from '../field/m31.ts';
import { anyM31, type BusHandle, bit, type ColumnType } from './columnType.ts';
import { ColumnExpr, Expr, Graph, type Operand, vanishesOnlyAtZero } from './expr.ts';
import {
  type Air,
  type Bus,
  type BusEntry,
  type Column,
  type ColumnSource,
  type Constraint,
  MAX_LOG_HEIGHT,
  MIN_LOG_HEIGHT,
  maxDegree,
  type Padding,
  type PublicBusEntry,
  type Table,
} from './ir.ts';
import { planBatches } from './planBatches.ts';

function refuse(message: string): never {
  throw new CairnError<StarkErrorCode>('INVALID_AIR', message);
}

/** A cell of the public statement, to be used in the expressions of any table and in public bus entries. */
export interface PublicCell {
  readonly publicCell: number;
}

/** What a table declares up front. */
export interface TableOptions {
  /** log2 of the number of rows: fixed, or the least and the greatest. */
  readonly logHeight: number | { readonly min: number; readonly max: number };
  /** Mandatory: what rows beyond the data are (see `Padding` of the IR). `enabler` makes the column. */
  readonly padding: 'none' | 'enabler' | 'computed';
}

/** The text of one table. Every method that declares something takes its name first. */
export class TableBuilder {
  readonly #name: string;
  readonly #graph: Graph;
  readonly #columns: Omit<Column, 'hasNext'>[] = [];
  readonly #constraints: Constraint[] = [];
  readonly #entries: BusEntry[] = [];
  readonly #names = new Set<string>();
  readonly #publicCellCount: () => number;
  readonly #enabler: ColumnExpr | undefined;
  readonly #padding: Padding;
  readonly #logHeight: { readonly min: number; readonly max: number };

  constructor(name: string, options: TableOptions, publicCellCount: () => number) {
    this.#name = name;
    this.#graph = new Graph(name);
    this.#publicCellCount = publicCellCount;
    const { logHeight } = options;
    this.#logHeight = typeof logHeight === 'number' ? { min: logHeight, max: logHeight } : logHeight;
    const { min, max } = this.#logHeight;
    if (
      !(
        Number.isInteger(min) &&
        Number.isInteger(max) &&
        MIN_LOG_HEIGHT <= min &&
        min <= max &&
        max <= MAX_LOG_HEIGHT
      )
    ) {
      refuse(
        `height of table ${name}: got 2^${min} to 2^${max}, expected 2^${MIN_LOG_HEIGHT} to 2^${MAX_LOG_HEIGHT}`,
      );
    }
    if (options.padding === 'enabler') {
      this.#enabler = this.#column('enabler', bit, { kind: 'enabler' });
      this.#padding = { kind: 'enabler', column: this.#enabler.column };
      this.assertZero(
        'enabler never rises',
        this.#enabler.next.mul(this.constant(1).sub(this.#enabler)).mul(this.constant(1).sub(this.isLast)),
      );
    } else {
      this.#padding = { kind: options.padding };
    }
  }

  #claimName(name: string): void {
    if (name === '' || this.#names.has(name))
      refuse(`name in table ${this.#name}: got "${name}" twice or empty`);
    this.#names.add(name);
  }

  #column(name: string, type: ColumnType, source: ColumnSource): ColumnExpr {
    this.#claimName(name);
    const column = this.#columns.length;
    this.#columns.push({ name, type: type.name, min: type.min, max: type.max, source });
    const node = this.#graph.intern({ op: 'column', column, next: false });
    const expression = new ColumnExpr(this.#graph, node, column, type.min, type.max);
    if (source.kind === 'fixed') return expression; // checked when the fixed columns are filled
    const { enforcement } = type;
    const isWhole = type.min <= 0n && type.max >= BigInt(P - 1);
    const isBit = type.min === 0n && type.max === 1n;
    if ((enforcement.kind === 'none' && !isWhole) || (enforcement.kind === 'boolean' && !isBit)) {
      refuse(
        `type ${type.name} of ${this.#name}.${name}: got [${type.min}, ${type.max}], which nothing enforces (see checkedElsewhere)`,
      );
    }
    if (enforcement.kind === 'boolean') {
      this.assertZero(`${name} is a bit`, expression.mul(expression.sub(1)));
    } else if (enforcement.kind === 'lookup') {
      this.#entry(`${name} is ${type.name}`, enforcement.bus, 'use', [expression], this.constant(1));
    }
    return expression;
  }

  /** A column that the AIR fixes; value(row, logHeight) must lie in the type. Part of the verifying key. */
  fixed(name: string, type: ColumnType, value: (row: number, logHeight: number) => M31): ColumnExpr {
    return this.#column(name, type, { kind: 'fixed', value });
  }

  /** A column whose values the caller gives; `reason` says why they need not be determined by others. */
  free(name: string, type: ColumnType, options: { reason: string; padding?: M31 }): ColumnExpr {
    if (options.reason === '') refuse(`free column ${this.#name}.${name} gives no reason`);
    return this.#column(name, type, { kind: 'free', reason: options.reason, padding: options.padding ?? 0 });
  }

  /** A column computed from earlier columns of the row by a function. Constraints must say what it has to be. */
  deduced(
    name: string,
    type: ColumnType,
    inputs: readonly ColumnExpr[],
    compute: (values: readonly M31[]) => M31,
  ): ColumnExpr {
    for (const input of inputs) this.#graph.expression(input);
    return this.#column(name, type, {
      kind: 'deduced',
      inputs: inputs.map((input) => input.column),
      compute,
    });
  }

  /** Columns computed from earlier columns of the row by one function, which gives their values in order. */
  deducedTogether(
    columns: readonly { readonly name: string; readonly type: ColumnType }[],
    inputs: readonly ColumnExpr[],
    compute: (values: readonly M31[]) => readonly M31[],
  ): ColumnExpr[] {
    for (const input of inputs) this.#graph.expression(input);
    const read = inputs.map((input) => input.column);
    return columns.map(({ name, type }, index) =>
      this.#column(name, type, {
        kind: 'deducedTogether',
        inputs: read,
        compute,
        index,
        count: columns.length,
      }),
    );
  }

  /** A column equal to an expression of this row, with the constraint that says so. */
  assigned(name: string, type: ColumnType, value: Expr): ColumnExpr {
    const node = this.#graph.expression(value).node;
    const column = this.#column(name, type, { kind: 'assigned', node });
    this.assertZero(`${name} as assigned`, column.sub(value));
    return column;
  }

  /** A column that counts how often the row is used; the witness counts, the buses check. */
  multiplicity(name: string): ColumnExpr {
    return this.#column(name, anyM31, { kind: 'multiplicity' });
  }

  /** The enabler of a table padded by one: 1 in rows of data. */
  get enabler(): ColumnExpr {
    return (
      this.#enabler ?? refuse(`table ${this.#name} has no enabler: its padding is ${this.#padding.kind}`)
    );
  }

  /** 1 in the first row, 0 elsewhere. */
  get isFirst(): Expr {
    return new Expr(this.#graph, this.#graph.intern({ op: 'selector', row: 'first' }), 1, 0n, 1n);
  }

  /** 1 in the last row, 0 elsewhere. */
  get isLast(): Expr {
    return new Expr(this.#graph, this.#graph.intern({ op: 'selector', row: 'last' }), 1, 0n, 1n);
  }

  /** A constant. */
  constant(value: number): Expr {
    return this.#graph.constant(value);
  }

  /** A public cell as an expression of this table. */
  publicValue(cell: PublicCell): Expr {
    if (cell.publicCell >= this.#publicCellCount())
      refuse(`table ${this.#name} reads an unknown public cell`);
    return new Expr(
      this.#graph,
      this.#graph.intern({ op: 'public', index: cell.publicCell }),
      0,
      0n,
      BigInt(P - 1),
    );
  }

  /** The expression must be 0 modulo p in every row. */
  assertZero(name: string, expression: Expr): void {
    this.#claimName(name);
    this.#constraints.push({ name, node: this.#graph.expression(expression).node });
  }

  /**
   * left = right over the integers, in every row.
   * @throws CairnError `INTEGER_IDENTITY_WRAPS` when the types let the two differ by p or more.
   */
  intEq(name: string, left: Expr, right: Operand): void {
    const difference = left.sub(right);
    if (!vanishesOnlyAtZero(difference.min, difference.max)) {
      throw new CairnError<StarkErrorCode>(
        'INTEGER_IDENTITY_WRAPS',
        `${this.#name}.${name}: the sides differ by ${difference.min} to ${difference.max}, expected less than p = ${P} either way`,
        {
          details: { table: this.#name, constraint: name },
          fix: 'Split the identity or narrow the column types.',
        },
      );
    }
    this.assertZero(name, difference);
  }

  #entry(
    name: string,
    bus: BusHandle,
    kind: 'use' | 'yield',
    tuple: readonly Operand[],
    multiplicity: Expr,
  ): void {
    if (tuple.length !== bus.fields.length) {
      refuse(
        `${this.#name}.${name}: got ${tuple.length} values for bus ${bus.name}(${bus.fields.join(', ')})`,
      );
    }
    this.#entries.push({
      name,
      bus: bus.index,
      kind,
      tuple: tuple.map((value) => this.#graph.expression(value).node),
      multiplicity: this.#graph.expression(multiplicity).node,
    });
  }

  #defaultMultiplicity(name: string, given: Expr | undefined): Expr {
    if (given !== undefined) return given;
    if (this.#enabler !== undefined) return this.#enabler;
    if (this.#padding.kind === 'none') return this.constant(1);
    return refuse(
      `${this.#name}.${name}: padding rows are ordinary rows here, so the multiplicity must be given`,
    );
  }

  /**
   * Every row uses a tuple, `multiplicity` times: 0 or 1 by type (by default the enabler, or 1 without padding).
   * @throws CairnError `INVALID_AIR` for a multiplicity that is not provably 0 or 1: uses must be countable below p.
   */
  use(name: string, bus: BusHandle, tuple: readonly Operand[], multiplicity?: Expr): void {
    this.#claimName(name);
    const m = this.#defaultMultiplicity(name, multiplicity);
    if (m.min < 0n || m.max > 1n) {
      refuse(`${this.#name}.${name}: a use counts 0 or 1 times, got a multiplicity in [${m.min}, ${m.max}]`);
    }
    this.#entry(name, bus, 'use', tuple, m);
  }

  /** Every row yields a tuple, `multiplicity` times: any count. */
  yield(name: string, bus: BusHandle, tuple: readonly Operand[], multiplicity?: Expr): void {
    this.#claimName(name);
    this.#entry(name, bus, 'yield', tuple, this.#defaultMultiplicity(name, multiplicity));
  }

  /** A link of a round chain: the row uses the state `from` and yields the state `to`. */
  chain(
    name: string,
    bus: BusHandle,
    from: readonly Operand[],
    to: readonly Operand[],
    multiplicity?: Expr,
  ): void {
    this.use(`${name} takes`, bus, from, multiplicity);
    this.yield(`${name} gives`, bus, to, multiplicity);
  }

  /** The finished table. @throws CairnError `DEGREE_TOO_HIGH`. */
  build(logComposition: number): Table {
    const graph = this.#graph;
    const limit = maxDegree(logComposition);
    for (const { name, node } of this.#constraints) {
      const degree = graph.degrees[node]!;
      if (degree > limit) {
        throw new CairnError<StarkErrorCode>(
          'DEGREE_TOO_HIGH',
          `${this.#name}.${name}: got degree ${degree}, expected at most ${limit}`,
          { details: { table: this.#name, constraint: name, degree } },
        );
      }
    }
    return {
      name: this.#name,
      minLogHeight: this.#logHeight.min,
      maxLogHeight: this.#logHeight.max,
      padding: this.#padding,
      columns: this.#columns.map((column, i) => ({ ...column, hasNext: graph.nextColumns.has(i) })),
      nodes: graph.nodes,
      degrees: graph.degrees,
      constraints: this.#constraints,
      entries: this.#entries,
      batches: planBatches(this.#name, this.#entries, graph.degrees, limit),
    };
  }
}

/** The text of an AIR: public cells, buses, range types, tables. */
export class AirBuilder {
  readonly #publicCells: string[] = [];
  readonly #buses: Bus[] = [];
  readonly #tables: { readonly name: string; readonly builder: TableBuilder }[] = [];
  readonly #publicEntries: PublicBusEntry[] = [];

  /** A cell of the statement: an element of the field that prover and verifier know. */
  publicCell(name: string): PublicCell {
    if (this.#publicCells.includes(name)) refuse(`public cell ${name} declared twice`);
    this.#publicCells.push(name);
    return { publicCell: this.#publicCells.length - 1 };
  }

  /** A bus with the names of its fields. Its number becomes the first element of every tuple on it. */
  bus(name: string, fields: readonly string[]): BusHandle {
    if (this.#buses.some((bus) => bus.name === name)) refuse(`bus ${name} declared twice`);
    if (fields.length === 0) refuse(`bus ${name} has no fields`);
    const index = this.#buses.length;
    this.#buses.push({ name, id: index + 1, fields });
    return { index, name, fields };
  }

  /** Declares a table. */
  table(name: string, options: TableOptions, text: (t: TableBuilder) => void): void {
    if (this.#tables.some((table) => table.name === name)) refuse(`table ${name} declared twice`);
    const builder = new TableBuilder(name, options, () => this.#publicCells.length);
    this.#tables.push({ name, builder });
    text(builder);
  }

  /** The type of integers below 2^bits, with the table of 2^bits rows (at least 16, the last repeated) that checks it. */
  rangeType(name: string, bits: number): ColumnType {
    const bus = this.bus(`${name} range`, ['value']);
    const max = 2 ** bits - 1;
    const type: ColumnType = { name, min: 0n, max: BigInt(max), enforcement: { kind: 'lookup', bus } };
    this.table(`${name} range`, { logHeight: Math.max(bits, MIN_LOG_HEIGHT), padding: 'none' }, (t) => {
      const value = t.fixed('value', type, (row) => Math.min(row, max));
      t.yield('range', bus, [value], t.multiplicity('uses'));
    });
    return type;
  }

  #publicEntry(
    kind: 'use' | 'yield',
    name: string,
    bus: BusHandle,
    tuple: readonly (PublicCell | number)[],
  ): void {
    if (tuple.length !== bus.fields.length) refuse(`${name}: got ${tuple.length} values for bus ${bus.name}`);
    this.#publicEntries.push({
      name,
      bus: bus.index,
      kind,
      tuple: tuple.map((value) => {
        if (typeof value !== 'number') return value;
        return isM31(value)
          ? { constant: value }
          : refuse(`${name}: got ${value}, expected an element of [0, p)`);
      }),
    });
  }

  /** The statement uses a tuple once. */
  publicUse(name: string, bus: BusHandle, tuple: readonly (PublicCell | number)[]): void {
    this.#publicEntry('use', name, bus, tuple);
  }

  /** The statement yields a tuple once. */
  publicYield(name: string, bus: BusHandle, tuple: readonly (PublicCell | number)[]): void {
    this.#publicEntry('yield', name, bus, tuple);
  }

  /** The finished AIR. */
  build(name: string, logComposition: number): Air {
    if (this.#tables.length === 0) refuse(`AIR ${name} has no table`);
    return {
      name,
      publicCells: this.#publicCells,
      buses: this.#buses,
      tables: this.#tables.map(({ builder }) => builder.build(logComposition)),
      publicEntries: this.#publicEntries,
      logComposition,
    };
  }
}

/**
 * Writes an AIR: `text` declares tables and buses on the builder. `maxDegree` is 3 (the default) or 5 and bounds every
 * constraint; a proof needs a blow-up of at least maxDegree - 1.
 * @throws CairnError `INVALID_AIR`, `DEGREE_TOO_HIGH`, `INTEGER_IDENTITY_WRAPS`.
 */
export function defineAir(
  name: string,
  text: (a: AirBuilder) => void,
  options: { maxDegree?: 3 | 5 } = {},
): Air {
  const builder = new AirBuilder();
  text(builder);
  return builder.build(name, (options.maxDegree ?? 3) === 3 ? 1 : 2);
}

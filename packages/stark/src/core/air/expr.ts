import { CairnError } from '@cairn/primitives';
import type { StarkErrorCode } from '../../errors.ts';
import { addM31, type M31, m31, mulM31, P, subM31 } from '../field/m31.ts';
import type { Node } from './ir.ts';

/** What may stand for an expression: an expression, or an integer. */
export type Operand = Expr | number;

const PRIME = BigInt(P);

/**
 * A polynomial in the cells of two consecutive rows. Carries its degree and the interval that its value has over the
 * integers, when each column is read as an integer of its type.
 */
export class Expr {
  readonly graph: Graph;
  /** Index of the node in the table's graph. */
  readonly node: number;
  readonly degree: number;
  readonly min: bigint;
  readonly max: bigint;

  constructor(graph: Graph, node: number, degree: number, min: bigint, max: bigint) {
    this.graph = graph;
    this.node = node;
    this.degree = degree;
    this.min = min;
    this.max = max;
  }

  /** this + other. */
  add(other: Operand): Expr {
    const b = this.graph.expression(other);
    return this.graph.combine(
      'add',
      this,
      b,
      Math.max(this.degree, b.degree),
      this.min + b.min,
      this.max + b.max,
    );
  }

  /** this - other. */
  sub(other: Operand): Expr {
    const b = this.graph.expression(other);
    return this.graph.combine(
      'sub',
      this,
      b,
      Math.max(this.degree, b.degree),
      this.min - b.max,
      this.max - b.min,
    );
  }

  /** this · other. */
  mul(other: Operand): Expr {
    const b = this.graph.expression(other);
    const ends = [this.min * b.min, this.min * b.max, this.max * b.min, this.max * b.max];
    const min = ends.reduce((x, y) => (y < x ? y : x));
    const max = ends.reduce((x, y) => (y > x ? y : x));
    return this.graph.combine('mul', this, b, this.degree + b.degree, min, max);
  }
}

/** A column as an expression; `next` is the same column in the next row. */
export class ColumnExpr extends Expr {
  readonly column: number;

  constructor(graph: Graph, node: number, column: number, min: bigint, max: bigint) {
    super(graph, node, 1, min, max);
    this.column = column;
  }

  /** The cell of the next row; in the last row, of the first. */
  get next(): Expr {
    this.graph.nextColumns.add(this.column);
    return new Expr(
      this.graph,
      this.graph.intern({ op: 'column', column: this.column, next: true }),
      1,
      this.min,
      this.max,
    );
  }
}

/** The expression graph of one table, in which equal nodes are one. */
export class Graph {
  readonly table: string;
  readonly nodes: Node[] = [];
  readonly degrees: number[] = [];
  readonly nextColumns = new Set<number>();
  readonly #known = new Map<string, number>();

  constructor(table: string) {
    this.table = table;
  }

  /** The index of a node, new or known. */
  intern(node: Node): number {
    const key = JSON.stringify(node);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    this.nodes.push(node);
    this.degrees.push(this.#degreeOf(node));
    this.#known.set(key, this.nodes.length - 1);
    return this.nodes.length - 1;
  }

  #degreeOf(node: Node): number {
    switch (node.op) {
      case 'const':
      case 'public':
        return 0;
      case 'column':
      case 'selector':
        return 1;
      case 'mul':
        return this.degrees[node.a]! + this.degrees[node.b]!;
      default:
        return Math.max(this.degrees[node.a]!, this.degrees[node.b]!);
    }
  }

  /** A constant. @throws CairnError `INVALID_AIR` for what is no integer within (-p, p). */
  constant(value: number): Expr {
    if (!Number.isInteger(value) || Math.abs(value) >= P) {
      throw new CairnError<StarkErrorCode>(
        'INVALID_AIR',
        `constant in table ${this.table}: got ${value}, expected an integer within (-p, p)`,
      );
    }
    return new Expr(this, this.intern({ op: 'const', value: m31(value) }), 0, BigInt(value), BigInt(value));
  }

  /** The operand as an expression of this graph. @throws CairnError `INVALID_AIR` for one of another table. */
  expression(operand: Operand): Expr {
    if (typeof operand === 'number') return this.constant(operand);
    if (operand.graph !== this) {
      throw new CairnError<StarkErrorCode>(
        'INVALID_AIR',
        `expression of table ${operand.graph.table} used in table ${this.table}`,
      );
    }
    return operand;
  }

  /** An operation on two expressions, simplified where one or both are constants. */
  combine(op: 'add' | 'sub' | 'mul', a: Expr, b: Expr, degree: number, min: bigint, max: bigint): Expr {
    const x = this.nodes[a.node]!;
    const y = this.nodes[b.node]!;
    const withNode = (node: number, d: number) => new Expr(this, node, d, min, max);
    if (x.op === 'const' && y.op === 'const') {
      const value = (op === 'add' ? addM31 : op === 'sub' ? subM31 : mulM31)(x.value, y.value);
      return withNode(this.intern({ op: 'const', value }), 0);
    }
    const isConstant = (node: Node, value: M31) => node.op === 'const' && node.value === value;
    if (op !== 'mul' && isConstant(y, 0)) return withNode(a.node, a.degree);
    if (op === 'add' && isConstant(x, 0)) return withNode(b.node, b.degree);
    if (op === 'mul') {
      if (isConstant(x, 0) || isConstant(y, 0)) return withNode(this.intern({ op: 'const', value: 0 }), 0);
      if (isConstant(y, 1)) return withNode(a.node, a.degree);
      if (isConstant(x, 1)) return withNode(b.node, b.degree);
    }
    const swap = op !== 'sub' && a.node > b.node;
    return withNode(this.intern({ op, a: swap ? b.node : a.node, b: swap ? a.node : b.node }), degree);
  }
}

/** True when an integer in [min, max] that is 0 modulo p must be 0. */
export function vanishesOnlyAtZero(min: bigint, max: bigint): boolean {
  return min > -PRIME && max < PRIME;
}

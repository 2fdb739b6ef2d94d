import type { Table } from '../core/air/ir.ts';
import { addM31, type M31, mulM31, subM31 } from '../core/field/m31.ts';

/** Evaluates nodes of a table in all rows at once; nodes once evaluated are kept. */
export class ColumnEvaluator {
  readonly #table: Table;
  readonly #height: number;
  readonly #columns: readonly Uint32Array[];
  readonly #publicValues: readonly M31[];
  readonly #known = new Map<number, Uint32Array>();

  /** @param columns values by index of the column, in row order; those not needed may be missing. */
  constructor(
    table: Table,
    logHeight: number,
    columns: readonly Uint32Array[],
    publicValues: readonly M31[],
  ) {
    this.#table = table;
    this.#height = 2 ** logHeight;
    this.#columns = columns;
    this.#publicValues = publicValues;
  }

  /** The values of a node, one per row. */
  values(index: number): Uint32Array {
    const known = this.#known.get(index);
    if (known !== undefined) return known;
    const values = this.#evaluate(index);
    this.#known.set(index, values);
    return values;
  }

  #evaluate(index: number): Uint32Array {
    const height = this.#height;
    const node = this.#table.nodes[index]!;
    switch (node.op) {
      case 'const':
        return new Uint32Array(height).fill(node.value);
      case 'public':
        return new Uint32Array(height).fill(this.#publicValues[node.index]!);
      case 'selector': {
        const values = new Uint32Array(height);
        values[node.row === 'first' ? 0 : height - 1] = 1;
        return values;
      }
      case 'column': {
        const values = this.#columns[node.column]!;
        if (!node.next) return values;
        const next = new Uint32Array(height);
        next.set(values.subarray(1));
        next[height - 1] = values[0]!;
        return next;
      }
      default: {
        const [a, b] = [this.values(node.a), this.values(node.b)];
        const values = new Uint32Array(height);
        const operate = node.op === 'add' ? addM31 : node.op === 'sub' ? subM31 : mulM31;
        for (let row = 0; row < height; row++) values[row] = operate(a[row]!, b[row]!);
        return values;
      }
    }
  }
}

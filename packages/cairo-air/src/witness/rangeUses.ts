import type { RangeSizes } from '../air/rangeTables.ts';
import { inverseOf, TableColumns } from './tableColumns.ts';

/** Writes an integer below 2^20 into its column or columns, and counts its check. */
export type TwentyBitWriter = (row: number, value: number) => void;

/** Counts the uses of the range tables: the witness side of `RangeChecks`. */
export class RangeUses {
  readonly sizes: RangeSizes;
  readonly #nine: Uint32Array;
  readonly #large: Uint32Array;

  constructor(sizes: RangeSizes) {
    this.sizes = sizes;
    this.#nine = new Uint32Array(sizes === 'narrow' ? 2 ** 9 : 2 ** 18);
    this.#large = new Uint32Array(sizes === 'narrow' ? 2 ** 10 : sizes === 'medium' ? 0 : 2 ** 20);
  }

  /** Counts the checks of `nineBits` for `columns`, in every row: the same columns in the same order. */
  nineBits(columns: readonly ArrayLike<number>[]): void {
    const uses = this.#nine;
    if (this.sizes === 'narrow') {
      for (const values of columns)
        for (let row = 0; row < values.length; row++) uses[values[row]!] = uses[values[row]!]! + 1;
      return;
    }
    for (let i = 0; i < columns.length; i += 2) {
      const low = columns[i]!;
      const high = columns[i + 1];
      for (let row = 0; row < low.length; row++) {
        const at = low[row]! + 512 * (high?.[row] ?? 0);
        uses[at] = uses[at]! + 1;
      }
    }
  }

  /** A writer for the integer that `twentyBits` declared under this name. Every row must be written. */
  twentyBits(table: TableColumns, name: string): TwentyBitWriter {
    const uses = this.#large;
    if (this.sizes === 'wide') {
      const column = table.column(name);
      return (row, value) => {
        column[row] = value;
        uses[value] = uses[value]! + 1;
      };
    }
    if (this.sizes === 'medium') {
      const pairs = this.#nine;
      const [low, middle, top] = ['low', 'middle', 'top'].map((part) => table.column(`${name} ${part}`));
      return (row, value) => {
        const pair = value & 0x3ffff;
        low![row] = pair & 511;
        middle![row] = pair >>> 9;
        top![row] = value >>> 18;
        pairs[pair] = pairs[pair]! + 1;
      };
    }
    const [low, high] = [table.column(`${name} low`), table.column(`${name} high`)];
    return (row, value) => {
      const [l, h] = [value & 1023, value >>> 10];
      low[row] = l;
      high[row] = h;
      uses[l] = uses[l]! + 1;
      uses[h] = uses[h]! + 1;
    };
  }

  /** The range tables. */
  tables(): Record<string, TableColumns> {
    const counting = (uses: Uint32Array): TableColumns => {
      const table = new TableColumns(Math.log2(uses.length));
      table.column('uses').set(uses);
      const value = table.column('value');
      for (let row = 0; row < value.length; row++) value[row] = row;
      return table;
    };
    if (this.sizes === 'narrow')
      return { 'nine bits': counting(this.#nine), 'ten bits': counting(this.#large) };
    const pairs = new TableColumns(18);
    const [low, high, inverse, turns] = ['low', 'high', 'inverse', 'turns'].map((name) =>
      pairs.column(name),
    ) as [Uint32Array, Uint32Array, Uint32Array, Uint32Array];
    for (let row = 0; row < pairs.height; row++) {
      low[row] = row & 511;
      high[row] = row >>> 9;
      turns[row] = low[row] === 511 ? 1 : 0;
      inverse[row] = inverseOfDistance(low[row]!);
    }
    pairs.column('uses').set(this.#nine);
    if (this.sizes === 'medium') return { 'pairs of nine bits': pairs };
    return { 'pairs of nine bits': pairs, 'twenty bits': counting(this.#large) };
  }
}

const DISTANCE_INVERSES = new Map<number, number>();

/** 1/(low - 511), or 0 at 511. */
function inverseOfDistance(low: number): number {
  let inverse = DISTANCE_INVERSES.get(low);
  if (inverse === undefined) {
    inverse = low === 511 ? 0 : 2 ** 31 - 1 - inverseOf(511 - low);
    DISTANCE_INVERSES.set(low, inverse);
  }
  return inverse;
}

import { type Felt, feltMod, PRIME } from '@cairn/primitives';
import { P } from '@cairn/stark';
import type { Attack } from '@cairn/stark/soundness';
import { FIRST_BIG_ID, LIMB_COUNT, upTo } from '../air/valueForm.ts';
import type { CairoWitness } from '../proveCairo.ts';
import { feltLimbs } from '../statement/feltLimbs.ts';
import { publicValues } from '../statement/statementEntries.ts';
import { element, inverseOf } from '../witness/tableColumns.ts';

/** A copy of an honest trace to be changed cell by cell; multiplicities are counted anew by who scores it. */
export class ForgedTrace {
  readonly #witness: CairoWitness;
  readonly #columns: Uint32Array[][];
  readonly #values: number[];

  constructor(witness: CairoWitness) {
    this.#witness = witness;
    this.#columns = witness.trace.map(({ columns }) => [...columns]);
    this.#values = [...publicValues(witness.layout, witness.statement, witness.ids)];
  }

  #at(table: string, column: string): [t: number, c: number] {
    const { tables } = this.#witness.layout.air;
    const t = tables.findIndex(({ name }) => name === table);
    const c = tables[t]!.columns.findIndex(({ name }) => name === column);
    if (c < 0) throw new Error(`no column ${table}.${column}`);
    return [t, c];
  }

  height(table: string): number {
    return 2 ** this.#witness.trace[this.#at(table, this.columnNames(table)[0]!)[0]]!.logHeight;
  }

  columnNames(table: string): string[] {
    return this.#witness.layout.air.tables
      .find(({ name }) => name === table)!
      .columns.map(({ name }) => name);
  }

  get(table: string, column: string, row: number): number {
    const [t, c] = this.#at(table, column);
    return this.#columns[t]![c]![row]!;
  }

  /** Sets a cell; values in (-p, p) are taken modulo p. */
  set(table: string, column: string, row: number, value: number): this {
    const [t, c] = this.#at(table, column);
    const original = this.#witness.trace[t]!.columns[c]!;
    if (this.#columns[t]![c] === original) this.#columns[t]![c] = original.slice();
    this.#columns[t]![c]![row] = element(value) % P;
    return this;
  }

  /** Row of the first cell of a column with this value, from a row on. */
  find(table: string, column: string, value: number, from = 0): number {
    const [t, c] = this.#at(table, column);
    return this.#columns[t]![c]!.indexOf(value, from);
  }

  /** Puts limbs, any limbs, into the last unused row of the big values; the id. */
  addBig(limbs: readonly number[], flags: { top?: number; full?: number } = {}, back = 1): number {
    const row = this.height('big values') - back;
    limbs.forEach((limb, i) => {
      this.set('big values', `limb${i}`, row, limb);
    });
    const top = flags.top ?? (limbs[27] === 256 ? 1 : 0);
    this.set('big values', 'top', row, top);
    this.set('big values', 'full', row, flags.full ?? (top === 1 && limbs[21] === 136 ? 1 : 0));
    const total = limbs.reduce((x, y) => x + y, 0);
    this.set('big values', 'inverse', row, total === 0 ? 0 : inverseOf(((total % P) + P) % P));
    return FIRST_BIG_ID + row;
  }

  /** A felt in the table of big values; small ones too. */
  addFelt(value: Felt, back = 1): number {
    return this.addBig(feltLimbs(value), {}, back);
  }

  /** A number below 2^27 in the last unused row of the small values; the id. */
  addSmall(value: number): number {
    const row = this.height('small values') - 1;
    const limbs = feltLimbs(BigInt(value));
    for (const i of upTo(8)) this.set('small values', `limb${i}`, row, limbs[i]!);
    this.set('small values', 'inverse', row, inverseOf(limbs.reduce((x, y) => x + y)));
    return row;
  }

  /** The felt under an id. */
  felt(id: number): Felt {
    const isBig = id >= FIRST_BIG_ID;
    const table = isBig ? 'big values' : 'small values';
    const row = isBig ? id - FIRST_BIG_ID : id;
    return upTo(isBig ? LIMB_COUNT : 8).reduce(
      (sum, i) => sum + (BigInt(this.get(table, `limb${i}`, row)) << BigInt(9 * i)),
      0n,
    );
  }

  /** Puts an id under an address. */
  putMemory(address: number, id: number): this {
    return this.set('memory', `id${address % 4}`, Math.floor(address / 4), id);
  }

  /** Changes a public value. */
  setPublic(index: number, value: number): this {
    this.#values[index] = value;
    return this;
  }

  attack(name: string): Attack {
    return {
      name,
      trace: this.#witness.trace.map((table, t) => ({ ...table, columns: this.#columns[t]! })),
      publicValues: this.#values,
    };
  }
}

/** 1/(32 + 512 + 2·512^7) modulo P: what folding multiplies with, undone. */
export function unfold(value: Felt): Felt {
  const factor = 32n + 512n + 2n * 512n ** 7n;
  let [result, base, exponent] = [1n, factor, PRIME - 2n];
  for (; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = feltMod(result * base);
    base = feltMod(base * base);
  }
  return feltMod(value * result);
}

import { CairnError } from '@cairn/primitives';
import { type Air, MIN_LOG_HEIGHT } from '@cairn/stark';
import type { TableTrace } from '@cairn/stark/prover';
import type { CairoAirErrorCode } from '../errors.ts';

/** p of M31. */
const M31_PRIME = 2 ** 31 - 1;

/** log2 of the least height that holds so many rows. */
export function logHeightFor(rowCount: number): number {
  return Math.max(MIN_LOG_HEIGHT, Math.ceil(Math.log2(Math.max(1, rowCount))));
}

/** An integer of (-p, p) as an element of the field. */
export function element(value: number): number {
  return value < 0 ? value + M31_PRIME : value;
}

const INVERSES = [0, 1];

/** 1/value in the field for value in [0, p). */
export function inverseOf(value: number): number {
  if (value < 2 ** 16) {
    for (let n = INVERSES.length; n <= value; n++) {
      // 1/n = -(p div n) / (p mod n)
      const rest = Number(
        (BigInt(Math.floor(M31_PRIME / n)) * BigInt(INVERSES[M31_PRIME % n]!)) % BigInt(M31_PRIME),
      );
      INVERSES.push(M31_PRIME - rest);
    }
    return INVERSES[value]!;
  }
  let [a, b, x, y] = [value, M31_PRIME, 1, 0];
  while (a !== 0) {
    const q = Math.floor(b / a);
    [a, b, x, y] = [b - q * a, a, y - q * x, x];
  }
  return element(y);
}

/** Columns of a table being filled, by name. */
export class TableColumns {
  readonly logHeight: number;
  readonly height: number;
  readonly #columns = new Map<string, Uint32Array>();

  constructor(logHeight: number) {
    this.logHeight = logHeight;
    this.height = 2 ** logHeight;
  }

  /** The cells of a column. */
  column(name: string): Uint32Array {
    let values = this.#columns.get(name);
    if (values === undefined) {
      values = new Uint32Array(this.height);
      this.#columns.set(name, values);
    }
    return values;
  }

  /** The cells of columns `prefix0`, `prefix1` … */
  columns(prefix: string, count: number): Uint32Array[] {
    return Array.from({ length: count }, (_, i) => this.column(`${prefix}${i}`));
  }

  /** The trace of the table: exactly its columns, in order. */
  trace(table: Air['tables'][number]): TableTrace {
    const { name, minLogHeight, maxLogHeight } = table;
    if (this.logHeight < minLogHeight || this.logHeight > maxLogHeight) {
      throw new CairnError<CairoAirErrorCode>(
        'UNPROVABLE_RUN',
        `table ${name}: got 2^${this.logHeight} rows, expected 2^${minLogHeight} to 2^${maxLogHeight}`,
      );
    }
    for (const given of this.#columns.keys()) {
      if (!table.columns.some((column) => column.name === given))
        throw new CairnError('INTERNAL', `table ${name} has no column ${given}`);
    }
    return {
      logHeight: this.logHeight,
      columns: table.columns.map((column) => {
        const values = this.#columns.get(column.name);
        if (values === undefined) throw new CairnError('INTERNAL', `no values for ${name}.${column.name}`);
        return values;
      }),
    };
  }
}

import { type AirBuilder, anyM31, type BusHandle, bit, type Expr } from '@cairn/stark';
import { TableColumns } from '../witness/tableColumns.ts';
import type { RangeSizes } from './rangeTables.ts';
import { upTo } from './valueForm.ts';

/** Widths of the pieces that a limb of nine bits is xored in; the first is the table's. */
export function xorPieces(sizes: RangeSizes): readonly number[] {
  return sizes === 'narrow' ? [5, 4] : [9];
}

/** All triples (x, y, x ^ y) of a piece's width: the row number's bits are those of x and of y. */
export function declareXor(a: AirBuilder, name: string, width: number): BusHandle {
  const bus = a.bus(name, ['x', 'y', 'x ^ y']);
  a.table(name, { logHeight: 2 * width, padding: 'none' }, (t) => {
    const row = t.free('row', anyM31, { reason: 'counts from 0: constraints say so' });
    t.assertZero('first row is 0', t.isFirst.mul(row));
    t.assertZero('rows count up', t.constant(1).sub(t.isLast).mul(row.next.sub(row).sub(1)));
    const bits = (name: string): Expr[] =>
      upTo(width).map((i) => t.free(`${name}${i}`, bit, { reason: 'bits of the row number' }));
    const [x, y] = [bits('x'), bits('y')];
    const number = (list: readonly Expr[]) => list.map((b, i) => b.mul(2 ** i)).reduce((p, q) => p.add(q));
    t.assertZero(
      'bits of the row',
      number(x)
        .add(number(y).mul(2 ** width))
        .sub(row),
    );
    const z = number(x.map((b, i) => b.add(y[i]!).sub(b.mul(y[i]!).mul(2))));
    t.yield('xor', bus, [number(x), number(y), z], t.multiplicity('uses'));
  });
  return bus;
}

/** Counts uses of the table of xors: its witness side. */
export class XorUses {
  readonly #width: number;
  readonly #uses: Uint32Array;

  constructor(width: number) {
    this.#width = width;
    this.#uses = new Uint32Array(2 ** (2 * this.#width));
  }

  /** Counts a look-up of x ^ y. */
  use(x: number, y: number): void {
    const at = x + y * 2 ** this.#width;
    this.#uses[at] = this.#uses[at]! + 1;
  }

  /** The filled table. */
  table(): TableColumns {
    const table = new TableColumns(2 * this.#width);
    table.column('uses').set(this.#uses);
    const row = table.column('row');
    const bits = [...table.columns('x', this.#width), ...table.columns('y', this.#width)];
    for (let r = 0; r < table.height; r++) {
      row[r] = r;
      for (let i = 0; i < bits.length; i++) bits[i]![r] = (r >>> i) & 1;
    }
    return table;
  }
}

import { type AirBuilder, anyM31, type BusHandle, bit, type Expr } from '@cairn/stark';
import { TableColumns } from '../../witness/tableColumns.ts';
import { upTo } from '../valueForm.ts';

/** Xors of bytes, with the result in the parts that a rotation needs. */
export interface ByteXors {
  /** (x, y, x ^ y). */
  readonly whole: BusHandle;
  /** (x, y, lower and upper four bits of x ^ y). */
  readonly nibbles: BusHandle;
  /** (x, y, lower seven bits and highest bit of x ^ y). */
  readonly topBit: BusHandle;
}

/** Kinds of look-ups, by the form of the result. */
const FORMS = ['whole', 'nibbles', 'top bit'] as const;
const BITS = 8;
const NAME = 'byte xors';

/** All pairs of bytes with their xor: the row number's bits are those of x and of y. */
export function declareByteXors(a: AirBuilder): ByteXors {
  const whole = a.bus('byte xor', ['x', 'y', 'x ^ y']);
  const nibbles = a.bus('byte xor as nibbles', ['x', 'y', 'low', 'high']);
  const topBit = a.bus('byte xor with top bit', ['x', 'y', 'low', 'top']);
  a.table(NAME, { logHeight: 2 * BITS, padding: 'none' }, (t) => {
    const row = t.free('row', anyM31, { reason: 'counts from 0: constraints say so' });
    t.assertZero('first row is 0', t.isFirst.mul(row));
    t.assertZero('rows count up', t.constant(1).sub(t.isLast).mul(row.next.sub(row).sub(1)));
    const bits = (name: string): Expr[] =>
      upTo(BITS).map((i) => t.free(`${name}${i}`, bit, { reason: 'bits of the row number' }));
    const [x, y] = [bits('x'), bits('y')];
    const number = (list: readonly Expr[]) => list.map((b, i) => b.mul(2 ** i)).reduce((p, q) => p.add(q));
    t.assertZero(
      'bits of the row',
      number(x)
        .add(number(y).mul(2 ** BITS))
        .sub(row),
    );
    const z = x.map((b, i) => b.add(y[i]!).sub(b.mul(y[i]!).mul(2)));
    const inputs = [number(x), number(y)];
    const uses = FORMS.map((form) => t.multiplicity(`${form} uses`));
    t.yield('whole', whole, [...inputs, number(z)], uses[0]);
    t.yield('nibbles', nibbles, [...inputs, number(z.slice(0, 4)), number(z.slice(4))], uses[1]);
    t.yield('top bit', topBit, [...inputs, number(z.slice(0, 7)), z[7]!], uses[2]);
  });
  return { whole, nibbles, topBit };
}

/** Counts look-ups of xors of bytes. */
export class ByteXorUses {
  readonly #uses = FORMS.map(() => new Uint32Array(2 ** (2 * BITS)));

  /** Counts x ^ y in a form, for each of the four bytes of two words. */
  words(form: (typeof FORMS)[number], x: number, y: number): void {
    for (let shift = 0; shift < 32; shift += BITS) this.bytes(form, (x >>> shift) & 255, (y >>> shift) & 255);
  }

  /** Counts x ^ y of two bytes. */
  bytes(form: (typeof FORMS)[number], x: number, y: number): void {
    const uses = this.#uses[FORMS.indexOf(form)]!;
    uses[x + 256 * y]!++;
  }

  /** The filled table, under its name. */
  tables(): Record<string, TableColumns> {
    const table = new TableColumns(2 * BITS);
    FORMS.forEach((form, k) => {
      table.column(`${form} uses`).set(this.#uses[k]!);
    });
    const row = table.column('row');
    const bits = [...table.columns('x', BITS), ...table.columns('y', BITS)];
    for (let r = 0; r < table.height; r++) {
      row[r] = r;
      for (let i = 0; i < bits.length; i++) bits[i]![r] = (r >>> i) & 1;
    }
    return { [NAME]: table };
  }
}

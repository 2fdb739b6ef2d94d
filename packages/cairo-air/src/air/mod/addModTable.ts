import { bit, type Expr } from '@cairn/stark';
import { element, TableColumns } from '../../witness/tableColumns.ts';
import type { BuiltinTable } from '../builtinTable.ts';
import { rangeFrom, upTo } from '../valueForm.ts';
import { declareInstance, emptyInstance, fillInstances, MOD_CELLS, MOD_WORDS } from './modInstance.ts';

/** Bits of the four groups of a word. */
const GROUP_BITS = [27, 27, 27, 15];
const POSITIONS = MOD_WORDS * GROUP_BITS.length;

/** Group g of a word: three limbs, of the last group two. */
function groupsOf<T>(word: readonly T[], f: { add: (x: T, y: T) => T; scale: (x: T, k: number) => T }): T[] {
  return GROUP_BITS.map((_, g) =>
    word
      .slice(3 * g, 3 * g + 3)
      .map((limb, k) => f.scale(limb, 512 ** k))
      .reduce(f.add),
  );
}

/** Instances of the add_mod builtin: a + b = c or c + p, of 384 bits. */
export const addModTable: BuiltinTable = {
  name: 'add_mod',
  cellsPerInstance: MOD_CELLS,
  rowsPerInstance: 1,
  paddingInstance: emptyInstance,
  declare(builder, { buses, ranges, start }) {
    builder.table('add_mod', { logHeight: { min: 4, max: 20 }, padding: 'none' }, (t) => {
      const numbers = declareInstance(t, buses, ranges, start);
      const groups = (words: readonly Expr[][]) =>
        words.flatMap((word) => groupsOf(word, { add: (x, y) => x.add(y), scale: (x, k) => x.mul(k) }));
      const [p, a, b, c] = [groups(numbers.p), groups(numbers.a), groups(numbers.b), groups(numbers.c)];
      const wraps = t.free('wraps', bit, { reason: 'the reference lets c be reduced or not' });
      let carryIn: Expr = t.constant(0);
      for (const i of upTo(POSITIONS)) {
        const total = a[i]!.add(b[i]!).sub(c[i]!).sub(wraps.mul(p[i]!)).add(carryIn);
        if (i === POSITIONS - 1) {
          t.intEq(`group ${i}`, total, 0);
          break;
        }
        const carry = t.free(`carry${i}`, rangeFrom('carry', -2, 1, 'constraint of its own'), {
          reason: 'bound by the groups below',
        });
        t.assertZero(`carry${i} is -2 to 1`, carry.mul(carry.sub(1)).mul(carry.add(1).mul(carry.add(2))));
        t.intEq(`group ${i}`, total, carry.mul(2 ** GROUP_BITS[i % GROUP_BITS.length]!));
        carryIn = carry;
      }
    });
  },
  fill(witness, start, logHeight) {
    const table = new TableColumns(logHeight);
    const rows = fillInstances(witness, table, start);
    const wraps = table.column('wraps');
    const carries = table.columns('carry', POSITIONS - 1);
    rows.forEach((numbers, row) => {
      const groups = (words: readonly number[][]) =>
        words.flatMap((word) => groupsOf(word, { add: (x, y) => x + y, scale: (x, k) => x * k }));
      const [p, a, b, c] = [groups(numbers.p), groups(numbers.a), groups(numbers.b), groups(numbers.c)];
      const isSum = upTo(POSITIONS).reduce(
        (rest, i) => (Number.isNaN(rest) ? rest : carryOf(a[i]! + b[i]! - c[i]! + rest, i)),
        0,
      );
      const wrap = isSum === 0 ? 0 : 1;
      wraps[row] = wrap;
      let carry = 0;
      for (let i = 0; i < POSITIONS - 1; i++) {
        carry = Math.floor((a[i]! + b[i]! - c[i]! - wrap * p[i]! + carry) / 2 ** GROUP_BITS[i % 4]!);
        carries[i]![row] = element(carry);
      }
    });
    witness.tables.add_mod = table;
  },
};

/** The carry of an identity that leaves no rest; NaN where it leaves one, at the last group the rest itself. */
function carryOf(total: number, i: number): number {
  if (i === POSITIONS - 1) return total;
  const radix = 2 ** GROUP_BITS[i % GROUP_BITS.length]!;
  return total % radix === 0 ? total / radix : Number.NaN;
}

import { anyM31, type ColumnExpr, type Expr, type PublicCell, type TableBuilder } from '@cairn/stark';
import type { TableColumns } from '../../witness/tableColumns.ts';
import { element } from '../../witness/tableColumns.ts';
import type { Witness } from '../../witness/witness.ts';
import type { CairoBuses } from '../buses.ts';
import type { RangeChecks } from '../rangeTables.ts';
import { declareSegmentAddress } from '../segmentAddress.ts';
import { bitsFrom, LIMB_COUNT, upTo } from '../valueForm.ts';

/** Cells of an instance: four words of the modulus, pointers to values and offsets, number of operations left. */
export const MOD_CELLS = 7;
/** Words of a number, 96 bits each. */
export const MOD_WORDS = 4;
/** Limbs of nine bits of a word; the last has six. */
export const WORD_LIMBS = 11;
/** A limb whose eightfold is below 2^9 has six bits. */
const SIX_BITS_SCALE = 8;
const OPERANDS = ['a', 'b', 'c'] as const;
const POINTERS = ['values', 'offsets', 'count'] as const;

/** Numbers of an instance: words as limbs. */
export type ModNumbers<T> = Record<'p' | 'a' | 'b' | 'c', T[][]>;

/**
 * The columns that add_mod and mul_mod share: the instance's cells, the offsets of a, b and c, and all words, each below
 * 2^96. While operations are left the next instance has the same modulus and values, and the offsets behind these.
 */
export function declareInstance(
  t: TableBuilder,
  buses: CairoBuses,
  ranges: RangeChecks,
  start: PublicCell,
): ModNumbers<Expr> {
  const one = t.constant(1);
  const address = declareSegmentAddress(t, start, MOD_CELLS);
  const free = (name: string, reason = 'bound by memory') => t.free(name, anyM31, { reason });
  const pointer = (name: string, cell: Expr): ColumnExpr => {
    const id = free(`id ${name}`);
    const value = free(name, 'bound by its look-up');
    t.use(`cell of ${name}`, buses.memory, [cell, id], one);
    t.use(`value of ${name}`, buses.signed, [id, value], one);
    return value;
  };
  const checked: Expr[] = [];
  const ids: ColumnExpr[] = [];
  const number = (name: string, first: Expr): Expr[][] =>
    upTo(MOD_WORDS).map((w) => {
      const id = free(`id ${name}${w}`);
      if (name === 'p') ids.push(id);
      const limbs = upTo(WORD_LIMBS).map((i) =>
        t.free(`${name}${w} ${i}`, bitsFrom(i === WORD_LIMBS - 1 ? 6 : 9, 'canonical value, look-up'), {
          reason: 'bound by the value',
        }),
      );
      const zeros = upTo(LIMB_COUNT - WORD_LIMBS).map(() => 0);
      t.use(`cell of ${name}${w}`, buses.memory, [first.add(w), id], one);
      t.use(`value of ${name}${w}`, buses.limbs, [id, ...limbs, ...zeros], one);
      checked.push(limbs.at(-1)!.mul(SIX_BITS_SCALE));
      return limbs;
    });
  const p = number('p', address);
  const [values, offsets, count] = POINTERS.map((name, k) => pointer(name, address.add(MOD_WORDS + k))) as [
    ColumnExpr,
    ColumnExpr,
    ColumnExpr,
  ];
  const goesOn = one.sub(t.isLast).mul(count.sub(1));
  t.assertZero('counts down', goesOn.mul(count.next.sub(count).add(1)));
  t.assertZero('keeps the values', goesOn.mul(values.next.sub(values)));
  t.assertZero('next offsets', goesOn.mul(offsets.next.sub(offsets).sub(OPERANDS.length)));
  for (const [w, id] of ids.entries()) t.assertZero(`keeps word ${w}`, goesOn.mul(id.next.sub(id)));
  const [a, b, c] = OPERANDS.map((name, k) =>
    number(name, values.add(pointer(`offset of ${name}`, offsets.add(k)))),
  ) as [Expr[][], Expr[][], Expr[][]];
  ranges.nineBits(t, 'upper limbs', checked);
  return { p, a, b, c };
}

/** Fills the columns of {@link declareInstance}; gives the numbers of each row. */
export function fillInstances(
  { memory, values, ranges }: Witness,
  table: TableColumns,
  start: number,
): ModNumbers<number>[] {
  const checked: Uint32Array[] = [];
  const checkedOf = (index: number): Uint32Array => {
    checked[index] ??= new Uint32Array(table.height);
    return checked[index];
  };
  const rows: ModNumbers<number>[] = [];
  for (let row = 0; row < table.height; row++) {
    const first = start + row * MOD_CELLS;
    table.column('address')[row] = first;
    const pointer = (name: string, cell: number): number => {
      const id = memory.read(cell);
      const value = values.signed(id);
      values.use('signed', id);
      table.column(`id ${name}`)[row] = id;
      table.column(name)[row] = element(value);
      return value;
    };
    let index = 0;
    const number = (name: string, at: number): number[][] =>
      upTo(MOD_WORDS).map((w) => {
        const id = memory.read(at + w);
        values.use('limbs', id);
        table.column(`id ${name}${w}`)[row] = id;
        const limbs = upTo(WORD_LIMBS).map((i) => values.limb(id, i));
        limbs.forEach((limb, i) => {
          table.column(`${name}${w} ${i}`)[row] = limb;
        });
        checkedOf(index++)[row] = limbs.at(-1)! * SIX_BITS_SCALE;
        return limbs;
      });
    const p = number('p', first);
    const [at, offsets] = POINTERS.map((name, k) => pointer(name, first + MOD_WORDS + k)) as [
      number,
      number,
      number,
    ];
    const [a, b, c] = OPERANDS.map((name, k) =>
      number(name, at + pointer(`offset of ${name}`, offsets + k)),
    ) as [number[][], number[][], number[][]];
    rows.push({ p, a, b, c });
  }
  ranges.nineBits(checked);
  return rows;
}

/** An instance with no operation to it: 0 and 0 modulo 0, read behind the end of memory. */
export const emptyInstance = (zeroCells: number): bigint[] => [
  0n,
  0n,
  0n,
  0n,
  BigInt(zeroCells),
  BigInt(zeroCells),
  1n,
];

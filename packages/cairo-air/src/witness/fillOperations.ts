import { CARRY_BIAS, CARRY_COUNT, foldNumbers, THIRD } from '../air/productIdentity.ts';
import { FACTOR_LIMBS, SMALL_CARRIES, THREE_BITS_SCALE } from '../air/smallProductTable.ts';
import {
  FIRST_BIG_ID,
  GROUP_COUNT,
  LIMB_COUNT,
  PRIME_GROUPS,
  PRIME_LIMBS,
  SMALL_LIMB_COUNT,
  upTo,
} from '../air/valueForm.ts';
import type { TwentyBitWriter } from './rangeUses.ts';
import { element, logHeightFor, TableColumns } from './tableColumns.ts';
import type { Operation, Witness } from './witness.ts';

const GROUP_SIZE = 2 ** 27;

/** Names of the columns of ids. */
function fillIds(table: TableColumns, operations: readonly Operation[]): void {
  const ids = ['id a', 'id b', 'id c'].map((name) => table.column(name));
  const uses = table.column('uses');
  operations.forEach((operation, row) => {
    for (let k = 0; k < 3; k++) ids[k]![row] = operation[k]!;
    uses[row] = 1;
  });
}

/** Fills the table of sums; rows beyond them are 0 + 0 = 0. */
export function fillSums({ sums, values, tables }: Witness): void {
  const table = new TableColumns(logHeightFor(sums.length));
  fillIds(table, sums);
  const [a, b] = [table.columns('a', GROUP_COUNT), table.columns('b', GROUP_COUNT)];
  const carries = table.columns('carry', GROUP_COUNT - 1);
  const wraps = table.column('wraps');
  for (let row = 0; row < table.height; row++) {
    const [x, y, z] = sums[row] ?? [0, 0, 0];
    for (const id of [x, y, z]) values.use('groups', id);
    // a + b - c is 0 or P as an integer: its top group is about 0 or about 256.
    const top = GROUP_COUNT - 1;
    const wrap = values.group(x, top) + values.group(y, top) - values.group(z, top) > 128 ? 1 : 0;
    wraps[row] = wrap;
    let carry = 0;
    for (let g = 0; g < GROUP_COUNT; g++) {
      a[g]![row] = values.group(x, g);
      b[g]![row] = values.group(y, g);
      if (g === GROUP_COUNT - 1) break;
      const total = a[g]![row]! + b[g]![row]! + carry - wrap * PRIME_GROUPS[g]!;
      carry = Math.floor(total / GROUP_SIZE);
      carries[g]![row] = element(carry);
    }
  }
  tables.sums = table;
}

/** Writers for the quotient and the carries of an identity that `declareZeroModuloPrime` declared. */
export function zeroModuloPrimeWriter(
  witness: Witness,
  table: TableColumns,
  prefix = '',
  carries: 'usual' | 'threefold' = 'usual',
): (row: number, coefficients: Float64Array) => void {
  const { ranges } = witness;
  const quotientWriter = ranges.twentyBits(table, `${prefix}quotient`);
  const carryWriters: TwentyBitWriter[] = [];
  for (let i = 0; i < CARRY_COUNT; i++) carryWriters.push(ranges.twentyBits(table, `${prefix}carry${i}`));
  const thirds = carries === 'threefold' ? table.columns(`${prefix}third`, CARRY_COUNT) : undefined;
  const folded = new Float64Array(LIMB_COUNT);
  return (row, coefficients) => {
    foldNumbers(coefficients, folded);
    // The quotient is an integer of at most 20 bits: the upper limbs decide it.
    let approximate = 0;
    for (let i = LIMB_COUNT - 1; i >= LIMB_COUNT - 6; i--)
      approximate += folded[i]! * 2 ** (9 * (i - (LIMB_COUNT - 1)) - 8);
    const quotient = Math.round(approximate);
    quotientWriter(row, quotient + CARRY_BIAS);
    let carry = 0;
    for (let i = 0; i < CARRY_COUNT; i++) {
      carry = (carry + folded[i]! - quotient * PRIME_LIMBS[i]!) / 512;
      let low = carry + CARRY_BIAS;
      if (thirds !== undefined) {
        const third = Math.floor(low / THIRD) + 1;
        thirds[i]![row] = third;
        low -= (third - 1) * THIRD;
      }
      carryWriters[i]!(row, low);
    }
  };
}

/** Σ a_i·b_j into `product`, which has one entry for each i + j. */
export function multiplyInto(product: Float64Array, a: ArrayLike<number>, b: ArrayLike<number>): void {
  for (let i = 0; i < a.length; i++) {
    const x = a[i]!;
    if (x === 0) continue;
    for (let j = 0; j < b.length; j++) product[i + j] = product[i + j]! + x * b[j]!;
  }
}

/** Fills the tables of products, small ones and others; rows beyond them are 0·0 = 0. */
export function fillProducts(witness: Witness): void {
  const { values } = witness;
  const isFactor = (id: number) => {
    if (id >= FIRST_BIG_ID) return false;
    for (let k = FACTOR_LIMBS; k < SMALL_LIMB_COUNT; k++) if (values.limb(id, k) !== 0) return false;
    return true;
  };
  const small: Operation[] = [];
  const others: Operation[] = [];
  for (const operation of witness.products)
    (isFactor(operation[0]) && isFactor(operation[1]) && operation[2] < FIRST_BIG_ID ? small : others).push(
      operation,
    );
  fillSmallProducts(witness, small);
  fillFullProducts(witness, others);
}

function fillSmallProducts({ values, ranges, tables }: Witness, products: readonly Operation[]): void {
  const table = new TableColumns(logHeightFor(products.length));
  fillIds(table, products);
  const columns = ['a', 'b', 'c'].map((name, k) =>
    table.columns(name, k < 2 ? FACTOR_LIMBS : SMALL_LIMB_COUNT),
  );
  const lows = upTo(SMALL_CARRIES).map((i) => table.column(`carry${i} low`));
  const highs = upTo(SMALL_CARRIES).map((i) => table.column(`carry${i} high`));
  for (let row = 0; row < table.height; row++) {
    const operation = products[row] ?? [0, 0, 0];
    for (let k = 0; k < 3; k++) {
      values.use('limbs', operation[k]!);
      columns[k]!.forEach((column, i) => {
        column[row] = values.limb(operation[k]!, i);
      });
    }
    const product = new Float64Array(SMALL_LIMB_COUNT);
    for (let i = 0; i < FACTOR_LIMBS; i++)
      for (let j = 0; j < FACTOR_LIMBS; j++)
        product[i + j] = product[i + j]! + columns[0]![i]![row]! * columns[1]![j]![row]!;
    let carry = 0;
    for (let i = 0; i < SMALL_CARRIES; i++) {
      carry += product[2 * i]! + 512 * product[2 * i + 1]!;
      carry = Math.floor((carry - columns[2]![2 * i]![row]! - 512 * columns[2]![2 * i + 1]![row]!) / 2 ** 18);
      lows[i]![row] = carry & 511;
      highs[i]![row] = carry >>> 9;
    }
  }
  ranges.nineBits(
    upTo(SMALL_CARRIES).flatMap((i) => [
      lows[i]!,
      highs[i]!,
      highs[i]!.map((value) => value * THREE_BITS_SCALE),
    ]),
  );
  tables['small products'] = table;
}

function fillFullProducts(witness: Witness, products: readonly Operation[]): void {
  const { values, tables } = witness;
  const table = new TableColumns(logHeightFor(products.length));
  fillIds(table, products);
  const columns = ['a', 'b', 'c'].map((name) => table.columns(name, LIMB_COUNT));
  const write = zeroModuloPrimeWriter(witness, table);
  const limbs = [0, 1, 2].map(() => new Float64Array(LIMB_COUNT));
  for (let row = 0; row < table.height; row++) {
    const operation = products[row] ?? [0, 0, 0];
    for (let k = 0; k < 3; k++) {
      values.use('limbs', operation[k]!);
      for (let i = 0; i < LIMB_COUNT; i++) {
        const limb = values.limb(operation[k]!, i);
        limbs[k]![i] = limb;
        columns[k]![i]![row] = limb;
      }
    }
    const product = new Float64Array(2 * LIMB_COUNT - 1);
    multiplyInto(product, limbs[0]!, limbs[1]!);
    for (let i = 0; i < LIMB_COUNT; i++) product[i] = product[i]! - limbs[2]![i]!;
    write(row, product);
  }
  tables.products = table;
}

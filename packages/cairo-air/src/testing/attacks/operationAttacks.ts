import { type Felt, feltMod, PRIME } from '@cairn/primitives';
import type { Attack } from '@cairn/stark/soundness';
import { CARRY_BIAS, CARRY_COUNT, foldNumbers } from '../../air/productIdentity.ts';
import { GROUP_COUNT, LIMB_COUNT, PRIME_LIMBS, upTo } from '../../air/valueForm.ts';
import { feltLimbs } from '../../statement/feltLimbs.ts';
import { type ForgedTrace, unfold } from '../forgedTrace.ts';
import { forge, inverse } from './coreWitness.ts';
import { twentyBits } from './rangeCheckAttacks.ts';

/** Sums and products that are wrong by just what one limb's identity leaves out. */
export function operationAttacks(): Attack[] {
  const attacks: Attack[] = [];
  const pattern = (group: bigint) =>
    upTo(GROUP_COUNT - 1).reduce((x, g) => x + (group << BigInt(27 * g)), 0n);
  const [a, b] = [pattern(2n ** 26n + 12345n), pattern(2n ** 20n + 67n)];
  const sum = (
    name: string,
    show: readonly [Felt, Felt],
    ids: readonly [Felt, Felt, Felt],
    carry?: number,
  ) => {
    const forged = forge();
    const row = forged.height('sums') - 1;
    ['a', 'b', 'c'].forEach((operand, k) => {
      forged.set('sums', `id ${operand}`, row, forged.addFelt(ids[k]!, k + 1));
    });
    for (const g of upTo(GROUP_COUNT)) {
      const group = (value: Felt) => Number((value >> BigInt(27 * g)) & (2n ** 27n - 1n));
      forged.set('sums', `a${g}`, row, group(show[0])).set('sums', `b${g}`, row, group(show[1]));
    }
    if (carry !== undefined) forged.set('sums', `carry${carry}`, row, 16);
    attacks.push(forged.attack(`sum ${name}`));
  };
  sum('with another a', [a + 1n, b], [a, b, a + b + 1n]);
  sum('with another b', [a, b + 1n], [a, b, a + b + 1n]);
  sum('with another c', [a, b], [a, b, a + b + 1n]);
  for (const i of upTo(GROUP_COUNT - 1)) {
    const c = a + b - (1n << BigInt(27 * i)) + 16n * (1n << BigInt(27 * (i + 1)));
    sum(`with a carry of 16 from group ${i}`, [a, b], [a, b, c], i);
  }
  ['a', 'b', 'c'].forEach((name, k) => {
    const forged = forge();
    const row = forged.height('products') - 1;
    fillProduct(forged, row, a, b, feltMod(a * b));
    forged.set('products', `id ${name}`, row, forged.addFelt(5n + BigInt(k), 4));
    attacks.push(forged.attack(`a product with another ${name}`));
  });
  for (const name of ['quotient', ...upTo(CARRY_COUNT).map((i) => `carry${i}`)])
    twentyBits(attacks, 'products', name);
  for (const limb of upTo(LIMB_COUNT)) {
    const forged = forge();
    const row = forged.height('products') - 1;
    // a·b - c, folded, is -512^limb modulo P: every identity but one can hold.
    const c = feltMod(a * b + unfold(512n ** BigInt(limb)));
    fillProduct(forged, row, a, b, c, limb);
    attacks.push(forged.attack(`a product that is wrong in limb ${limb}`));
  }
  return attacks;
}

/** Products of small values that are wrong in one place. */
export function smallProductAttacks(): Attack[] {
  const table = 'small products';
  const last = forge().height(table) - 1;
  // Factors whose product's limbs and carries have room on both sides.
  const [a, b] = [0xf3a7c59e1n, 0xe9b5d7a83n];
  const full = 2n ** 36n - 1n;
  const attacks: Attack[] = [];
  const attack = (
    name: string,
    ids: readonly [Felt, Felt, Felt] = [a, b, a * b],
    show: readonly [Felt, Felt, Felt] = ids,
    change: (forged: ForgedTrace) => void = () => {},
  ) => {
    const forged = forge();
    ['a', 'b', 'c'].forEach((operand, k) => {
      forged.set(table, `id ${operand}`, last, forged.addFelt(ids[k]!, k + 1));
      for (const i of upTo(k < 2 ? 4 : 8)) forged.set(table, `${operand}${i}`, last, feltLimbs(show[k]!)[i]!);
    });
    let rest = 0n;
    const [x, y] = [feltLimbs(show[0]), feltLimbs(show[1])];
    for (const i of upTo(3)) {
      for (const k of [0, 1])
        for (const j of upTo(4)) rest += BigInt(x[j]! * (y[2 * i + k - j] ?? 0)) << BigInt(9 * k);
      rest >>= 18n;
      forged
        .set(table, `carry${i} low`, last, Number(rest & 511n))
        .set(table, `carry${i} high`, last, Number(rest >> 9n));
    }
    change(forged);
    attacks.push(forged.attack(`small product ${name}`));
  };
  attack('with another a', [a + 1n, b, a * b], [a, b, a * b]);
  attack('with another b', [a, b + 1n, a * b], [a, b, a * b]);
  attack('with another c', [a, b, a * b + 1n], [a, b, a * b]);
  const shift = (limb: number) => 1n << BigInt(9 * limb);
  for (const i of upTo(4)) attack(`wrong in limb ${2 * i}`, [a, b, a * b + shift(2 * i)]);
  for (const i of upTo(3)) {
    const move = (low: number, high: number) => (forged: ForgedTrace) => {
      forged.set(table, `carry${i} low`, last, forged.get(table, `carry${i} low`, last) + low);
      forged.set(table, `carry${i} high`, last, forged.get(table, `carry${i} high`, last) + high);
    };
    attack(`with low carry ${i} of more`, [full, full, full * full], undefined, move(512, -1));
    attack(`with carry ${i} in eighths`, undefined, undefined, move(-64, inverse(8)));
    // 2^18·2^13 = 1: a carry of 2^13 more hides in the limb.
    attack(
      `with high carry ${i} of more`,
      [a, b, a * b - shift(2 * i) + 16n * shift(2 * i + 3)],
      undefined,
      move(0, 16),
    );
  }
  return attacks;
}

/** Fills a row of products; the identity of one limb may be off by one. */
function fillProduct(forged: ForgedTrace, row: number, a: Felt, b: Felt, c: Felt, limb?: number): void {
  const values = [a, b, c].map(feltLimbs) as [number[], number[], number[]];
  ['a', 'b', 'c'].forEach((name, k) => {
    forged.set('products', `id ${name}`, row, forged.addBig(values[k]!, {}, k + 1));
    values[k]!.forEach((value, i) => {
      forged.set('products', `${name}${i}`, row, value);
    });
  });
  const product = new Float64Array(2 * LIMB_COUNT - 1);
  values[0].forEach((x, i) => {
    values[1].forEach((y, j) => {
      product[i + j] = product[i + j]! + x * y;
    });
  });
  values[2].forEach((z, i) => {
    product[i] = product[i]! - z;
  });
  const folded = new Float64Array(LIMB_COUNT);
  foldNumbers(product, folded);
  if (limb !== undefined) folded[limb] = folded[limb]! + 1;
  const total = folded.reduce((sum, value, i) => sum + BigInt(value) * 512n ** BigInt(i), 0n);
  const quotient = Number(total / PRIME);
  const put = (name: string, value: number) => {
    const biased = value + CARRY_BIAS;
    forged
      .set('products', `${name} low`, row, biased & 1023)
      .set('products', `${name} high`, row, biased >> 10);
  };
  put('quotient', quotient);
  let carry = 0;
  for (let i = 0; i < CARRY_COUNT; i++) {
    carry = (carry + folded[i]! - quotient * PRIME_LIMBS[i]!) / 512;
    put(`carry${i}`, carry);
  }
}

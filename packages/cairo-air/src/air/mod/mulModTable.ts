import type { Expr } from '@cairn/stark';
import { TableColumns } from '../../witness/tableColumns.ts';
import type { BuiltinTable } from '../builtinTable.ts';
import { CARRY_BIAS, multiplyLimbs } from '../productIdentity.ts';
import { bitsFrom, upTo } from '../valueForm.ts';
import {
  declareInstance,
  emptyInstance,
  fillInstances,
  MOD_CELLS,
  MOD_WORDS,
  WORD_LIMBS,
} from './modInstance.ts';

/** Coefficients of the product of two words. */
const STRIDE = 2 * WORD_LIMBS - 1;
/** Pairs of words are summed by the place of their product, 96 bits apart. */
const LEVELS = 2 * MOD_WORDS - 1;
/** Limbs of what a level passes on to the next, as a non-negative number; the bias is 256·512^11. */
const EXCESS_LIMBS = WORD_LIMBS + 1;
const EXCESS_BIAS = 256;
/** 2^96 = 64·512^10. */
const WORD_SHIFT = { limbs: 10, factor: 64 };

/** Positions of a level's identity. */
const positionsOf = (level: number) => (level < LEVELS - 1 ? STRIDE + 1 : STRIDE);

/**
 * Instances of the mul_mod builtin: a·b = c + k·p for a k of 384 bits. The words' products, as polynomials in 512, are summed by
 * level; each level plus the excess of the one below is 2^96 times its own excess, the last level's is 0.
 */
export const mulModTable: BuiltinTable = {
  name: 'mul_mod',
  cellsPerInstance: MOD_CELLS,
  rowsPerInstance: 1,
  paddingInstance: emptyInstance,
  declare(builder, { buses, ranges, start }) {
    builder.table('mul_mod', { logHeight: { min: 4, max: 20 }, padding: 'none' }, (t) => {
      const { p, a, b, c } = declareInstance(t, buses, ranges, start);
      const zero: Expr = t.constant(0);
      const limbs = (name: string, count: number, reason: string) => {
        const columns = upTo(count).map(
          (i): Expr => t.free(`${name} ${i}`, bitsFrom(9, 'look-up of its own'), { reason }),
        );
        ranges.nineBits(t, `${name} limbs`, columns);
        return columns;
      };
      const k = upTo(MOD_WORDS).map((w) => limbs(`k${w}`, WORD_LIMBS, 'the quotient, if there is one'));
      // Words apart by so much that their products do not overlap.
      const spread = (words: readonly Expr[][]) =>
        words.flatMap((word) => upTo(STRIDE).map((i) => word[i] ?? zero)).slice(0, MOD_WORDS * STRIDE);
      const ab = multiplyLimbs(spread(a), spread(b));
      const kp = multiplyLimbs(spread(k), spread(p));
      let below: Expr[] = [];
      for (const level of upTo(LEVELS)) {
        const isLast = level === LEVELS - 1;
        const excess = isLast
          ? []
          : limbs(`excess${level}`, EXCESS_LIMBS, 'bound by the identity').map((limb, i) =>
              i === EXCESS_LIMBS - 1 ? limb.sub(EXCESS_BIAS) : limb,
            );
        let carryIn: Expr = zero;
        for (const i of upTo(positionsOf(level))) {
          let total = carryIn;
          if (i < STRIDE) total = total.add(ab[level * STRIDE + i]!).sub(kp[level * STRIDE + i]!);
          if (level < MOD_WORDS && i < WORD_LIMBS) total = total.sub(c[level]![i]!);
          if (below[i] !== undefined) total = total.add(below[i]!);
          const shifted = excess[i - WORD_SHIFT.limbs];
          if (shifted !== undefined) total = total.sub(shifted.mul(WORD_SHIFT.factor));
          if (i === positionsOf(level) - 1) {
            t.intEq(`level ${level}, limb ${i}`, total, 0);
            break;
          }
          carryIn = ranges.twentyBits(t, `carry${level} ${i}`, 'bound by the limbs below').sub(CARRY_BIAS);
          t.intEq(`level ${level}, limb ${i}`, total, carryIn.mul(512));
        }
        below = excess;
      }
    });
  },
  fill(witness, start, logHeight) {
    const { ranges } = witness;
    const table = new TableColumns(logHeight);
    const rows = fillInstances(witness, table, start);
    const k = upTo(MOD_WORDS).map((w) => upTo(WORD_LIMBS).map((i) => table.column(`k${w} ${i}`)));
    const excesses = upTo(LEVELS - 1).map((level) =>
      upTo(EXCESS_LIMBS).map((i) => table.column(`excess${level} ${i}`)),
    );
    const carries = upTo(LEVELS).map((level) =>
      upTo(positionsOf(level) - 1).map((i) => ranges.twentyBits(table, `carry${level} ${i}`)),
    );
    rows.forEach(({ p, a, b, c }, row) => {
      const [modulus, product, rest] = [numberOf(p), numberOf(a) * numberOf(b), numberOf(c)];
      const quotient = modulus === 0n || product < rest ? 0n : (product - rest) / modulus;
      const quotientWords = upTo(MOD_WORDS).map((w) =>
        limbsOf((quotient >> BigInt(96 * w)) & (2n ** 96n - 1n), WORD_LIMBS),
      );
      quotientWords.forEach((word, w) => {
        word.forEach((limb, i) => {
          k[w]![i]![row] = limb;
        });
      });
      let below: number[] = [];
      let excess = 0n;
      for (let level = 0; level < LEVELS; level++) {
        const totals = new Array<number>(positionsOf(level)).fill(0);
        const addAt = (i: number, value: number) => {
          totals[i] = totals[i]! + value;
        };
        for (let i = Math.max(0, level - MOD_WORDS + 1); i <= Math.min(level, MOD_WORDS - 1); i++) {
          const j = level - i;
          for (let x = 0; x < WORD_LIMBS; x++)
            for (let y = 0; y < WORD_LIMBS; y++)
              addAt(x + y, a[i]![x]! * b[j]![y]! - quotientWords[i]![x]! * p[j]![y]!);
        }
        if (level < MOD_WORDS)
          c[level]!.forEach((limb, i) => {
            addAt(i, -limb);
          });
        below.forEach((limb, i) => {
          addAt(i, limb);
        });
        const value = totals.reduce((sum, total, i) => sum + (BigInt(total) << BigInt(9 * i)), 0n);
        below = [];
        if (level < LEVELS - 1) {
          excess = value >> 96n;
          below = limbsOf(excess + (256n << 99n), EXCESS_LIMBS);
          below.forEach((limb, i) => {
            excesses[level]![i]![row] = limb;
          });
          below[EXCESS_LIMBS - 1]! -= EXCESS_BIAS;
          below.forEach((limb, i) => {
            addAt(i + WORD_SHIFT.limbs, -WORD_SHIFT.factor * limb);
          });
        }
        let carry = 0;
        carries[level]!.forEach((write, i) => {
          carry = (carry + totals[i]!) / 512;
          write(row, carry + CARRY_BIAS);
        });
      }
    });
    for (const word of k) ranges.nineBits(word);
    for (const excess of excesses) ranges.nineBits(excess);
    witness.tables.mul_mod = table;
  },
};

/** A number of so many limbs of nine bits. */
const limbsOf = (value: bigint, count: number): number[] =>
  upTo(count).map((i) => Number((value >> BigInt(9 * i)) & 511n));

const numberOf = (words: readonly number[][]): bigint =>
  words.reduce(
    (sum, limbs, w) =>
      sum +
      limbs.reduce((word, limb, i) => word + (BigInt(limb) << BigInt(9 * i)), 0n) * 2n ** BigInt(96 * w),
    0n,
  );

import {
  type AirBuilder,
  anyM31,
  type BusHandle,
  type Expr,
  type Operand,
  type TableBuilder,
} from '@cairn/stark';
import { bitsFrom } from './valueForm.ts';

/**
 * Sizes of the range tables. `narrow`: 9 and 10 bits at a time, so that short runs have short proofs. `medium`: a table of all
 * pairs of 9-bit limbs (2^18 rows), which halves the look-ups. `wide`: besides one of 20 bits (2^20 rows), which saves columns
 * in proofs that are long anyway.
 */
export type RangeSizes = 'narrow' | 'medium' | 'wide';

/** Names of {@link RangeSizes}. */
export const RANGE_SIZES: readonly RangeSizes[] = ['narrow', 'medium', 'wide'];

/** Range checks that tables ask for; what they cost depends on the sizes of the range tables. */
export interface RangeChecks {
  readonly sizes: RangeSizes;
  /** Each of the values is below 2^9, in every row. */
  nineBits(t: TableBuilder, name: string, values: readonly Operand[]): void;
  /** An integer below 2^20, in one or two columns of this name. */
  twentyBits(t: TableBuilder, name: string, reason: string): Expr;
}

/** A table whose row number is its value, yielded as often as used. */
function declareCounting(a: AirBuilder, name: string, bus: BusHandle, bits: number): void {
  a.table(name, { logHeight: bits, padding: 'none' }, (t) => {
    const value = t.free('value', anyM31, { reason: 'counts from 0: constraints say so' });
    t.assertZero('first is 0', t.isFirst.mul(value));
    t.assertZero('counts up', t.constant(1).sub(t.isLast).mul(value.next.sub(value).sub(1)));
    t.yield('range', bus, [value], t.multiplicity('uses'));
  });
}

/** All pairs of integers below 2^9, one per row. */
function declarePairs(a: AirBuilder, name: string, bus: BusHandle): void {
  a.table(name, { logHeight: 18, padding: 'none' }, (t) => {
    const low = t.free('low', anyM31, { reason: 'counts modulo 512: constraints say so' });
    const high = t.free('high', anyM31, { reason: 'counts the turns of low: constraints say so' });
    const inverse = t.free('inverse', anyM31, { reason: 'shows that low is not 511 where it does not turn' });
    const notFull = low.sub(511).mul(inverse);
    const turns = t.free('turns', bitsFrom(1, 'equal to 1 - [low is not 511]'), {
      reason: 'bound by the constraints',
    });
    t.assertZero('first low is 0', t.isFirst.mul(low));
    t.assertZero('first high is 0', t.isFirst.mul(high));
    t.assertZero('turns only at 511', turns.mul(low.sub(511)));
    t.assertZero('turns always at 511', notFull.add(turns).sub(1));
    const more = t.constant(1).sub(t.isLast);
    t.assertZero('low counts up or turns', more.mul(low.next.sub(low.add(1).mul(t.constant(1).sub(turns)))));
    t.assertZero('high counts turns', more.mul(high.next.sub(high).sub(turns)));
    t.yield('pair', bus, [low, high], t.multiplicity('uses'));
  });
}

/** Declares the range tables and gives the checks. */
export function declareRanges(a: AirBuilder, sizes: RangeSizes): RangeChecks {
  if (sizes === 'narrow') {
    const nine = a.bus('nine bits', ['value']);
    const ten = a.bus('ten bits', ['value']);
    declareCounting(a, 'nine bits', nine, 9);
    declareCounting(a, 'ten bits', ten, 10);
    return {
      sizes,
      nineBits: (t, name, values) => {
        for (const [i, value] of values.entries()) t.use(`${name} ${i}`, nine, [value], t.constant(1));
      },
      twentyBits: (t, name, reason) => {
        const type = bitsFrom(10, 'look-up of its own');
        const low = t.free(`${name} low`, type, { reason });
        const high = t.free(`${name} high`, type, { reason });
        t.use(`${name} low in range`, ten, [low], t.constant(1));
        t.use(`${name} high in range`, ten, [high], t.constant(1));
        return low.add(high.mul(1024));
      },
    };
  }
  const pair = a.bus('pairs of nine bits', ['low', 'high']);
  declarePairs(a, 'pairs of nine bits', pair);
  const nineBits: RangeChecks['nineBits'] = (t, name, values) => {
    for (let i = 0; i < values.length; i += 2)
      t.use(`${name} ${i}`, pair, [values[i]!, values[i + 1] ?? 0], t.constant(1));
  };
  if (sizes === 'medium')
    return {
      sizes,
      nineBits,
      twentyBits: (t, name, reason) => {
        const nine = bitsFrom(9, 'look-up of its own');
        const low = t.free(`${name} low`, nine, { reason });
        const middle = t.free(`${name} middle`, nine, { reason });
        const top = t.free(`${name} top`, bitsFrom(2, 'constraint of its own'), { reason });
        t.use(`${name} in range`, pair, [low, middle], t.constant(1));
        t.assertZero(`${name} top is 0 to 3`, top.mul(top.sub(1)).mul(top.sub(2).mul(top.sub(3))));
        return low.add(middle.mul(2 ** 9)).add(top.mul(2 ** 18));
      },
    };
  const twenty = a.bus('twenty bits', ['value']);
  declareCounting(a, 'twenty bits', twenty, 20);
  return {
    sizes,
    nineBits,
    twentyBits: (t, name, reason) => {
      const column = t.free(name, bitsFrom(20, 'look-up of its own'), { reason });
      t.use(`${name} in range`, twenty, [column], t.constant(1));
      return column;
    },
  };
}

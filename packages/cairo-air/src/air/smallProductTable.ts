import { type AirBuilder, anyM31, type Expr } from '@cairn/stark';
import type { CairoBuses } from './buses.ts';
import { PRODUCT } from './productTable.ts';
import type { RangeChecks } from './rangeTables.ts';
import { bitsFrom, LIMB_COUNT, SMALL_LIMB_COUNT, upTo } from './valueForm.ts';

/** Limbs of a small factor: 36 bits. */
export const FACTOR_LIMBS = 4;
/** Carries of the identity, one for two limbs of the product but the last two. */
export const SMALL_CARRIES = 3;
/** A carry has 9 lower bits and 3 upper ones, whose product with this is below 2^9. */
export const THREE_BITS_SCALE = 64;

/** Products of values below 2^36, which are integers below 2^72. */
export function declareSmallProducts(a: AirBuilder, buses: CairoBuses, ranges: RangeChecks): void {
  a.table('small products', { logHeight: { min: 4, max: 22 }, padding: 'none' }, (t) => {
    const id = (name: string) =>
      t.free(`id ${name}`, anyM31, { reason: 'which values are multiplied is for those who ask' });
    const ids = [id('a'), id('b'), id('c')] as const;
    const value = (name: string, of: Expr, count: number) => {
      const limbs = upTo(count).map((i) =>
        t.free(`${name}${i}`, bitsFrom(9, 'canonical value'), { reason: 'bound by the value' }),
      );
      const zeros = upTo(LIMB_COUNT - count).map(() => 0);
      t.use(`value of ${name}`, buses.limbs, [of, ...limbs, ...zeros], t.constant(1));
      return limbs;
    };
    const [x, y, z] = [
      value('a', ids[0], FACTOR_LIMBS),
      value('b', ids[1], FACTOR_LIMBS),
      value('c', ids[2], SMALL_LIMB_COUNT),
    ];
    const checked: Expr[] = [];
    let carryIn: Expr = t.constant(0);
    for (const i of upTo(SMALL_CARRIES + 1)) {
      let total = carryIn;
      for (const k of [0, 1])
        for (const j of upTo(FACTOR_LIMBS)) {
          const other = y[2 * i + k - j];
          if (other !== undefined) total = total.add(x[j]!.mul(other).mul(512 ** k));
        }
      total = total.sub(z[2 * i]!).sub(z[2 * i + 1]!.mul(512));
      if (i === SMALL_CARRIES) {
        t.intEq(`limbs ${2 * i} and ${2 * i + 1}`, total, 0);
        break;
      }
      const low = t.free(`carry${i} low`, bitsFrom(9, 'look-up of its own'), {
        reason: 'bound by the limbs below',
      });
      const high = t.free(`carry${i} high`, bitsFrom(3, 'look-ups of its own'), {
        reason: 'bound by the limbs below',
      });
      checked.push(low, high, high.mul(THREE_BITS_SCALE));
      carryIn = low.add(high.mul(512));
      t.intEq(`limbs ${2 * i} and ${2 * i + 1}`, total, carryIn.mul(2 ** 18));
    }
    ranges.nineBits(t, 'carries', checked);
    t.yield('product', buses.operation, [PRODUCT, ...ids], t.multiplicity('uses'));
  });
}

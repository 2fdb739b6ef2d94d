import { type AirBuilder, anyM31, type Expr } from '@cairn/stark';
import type { CairoBuses } from './buses.ts';
import { declareZeroModuloPrime, multiplyLimbs } from './productIdentity.ts';
import type { RangeChecks } from './rangeTables.ts';
import { bitsFrom, LIMB_COUNT, upTo } from './valueForm.ts';

/** Kind of a product on the bus of operations. */
export const PRODUCT = 1;

/** Products of values modulo P: a·b - c is 0 modulo P. */
export function declareProducts(a: AirBuilder, buses: CairoBuses, ranges: RangeChecks): void {
  a.table('products', { logHeight: { min: 4, max: 22 }, padding: 'none' }, (t) => {
    const id = (name: string) =>
      t.free(`id ${name}`, anyM31, { reason: 'which values are multiplied is for those who ask' });
    const value = (name: string, of: Expr) => {
      const limbs = upTo(LIMB_COUNT).map((i) =>
        t.free(`${name}${i}`, bitsFrom(9, 'canonical value'), { reason: 'bound by the value' }),
      );
      t.use(`value of ${name}`, buses.limbs, [of, ...limbs], t.constant(1));
      return limbs;
    };
    const ids = [id('a'), id('b'), id('c')] as const;
    const [x, y, z] = [value('a', ids[0]), value('b', ids[1]), value('c', ids[2])];
    const product = multiplyLimbs(x, y).map((coefficient, i) =>
      i < LIMB_COUNT ? coefficient.sub(z[i]!) : coefficient,
    );
    declareZeroModuloPrime(t, ranges, product);
    t.yield('product', buses.operation, [PRODUCT, ...ids], t.multiplicity('uses'));
  });
}

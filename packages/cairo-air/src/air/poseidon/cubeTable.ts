import type { AirBuilder, BusHandle, Expr } from '@cairn/stark';
import { declareZeroModuloPrime, multiplyLimbs } from '../productIdentity.ts';
import type { RangeChecks } from '../rangeTables.ts';
import { bitsFrom, LIMB_COUNT, PAIR_COUNT, pairsOf, upTo } from '../valueForm.ts';

/** Names of the columns of a cube's steps. */
export const CUBE_VALUES = ['root', 'square', 'cube'] as const;

/**
 * Cubes modulo P: root·root = square and square·root = cube. All three are below 2^252, not necessarily below P. Yields (root,
 * cube) as pairs of limbs.
 */
export function declareCubes(a: AirBuilder, ranges: RangeChecks): BusHandle {
  const cubes = a.bus('cube', [
    ...upTo(PAIR_COUNT).map((i) => `root${i}`),
    ...upTo(PAIR_COUNT).map((i) => `cube${i}`),
  ]);
  a.table('cubes', { logHeight: { min: 4, max: 22 }, padding: 'none' }, (t) => {
    const value = (name: string): Expr[] => {
      const limbs = upTo(LIMB_COUNT).map((i) =>
        t.free(`${name}${i}`, bitsFrom(9, 'look-up of its own'), { reason: 'bound by the identities' }),
      );
      ranges.nineBits(t, `${name} limbs`, limbs);
      return limbs;
    };
    const [root, square, cube] = [value('root'), value('square'), value('cube')];
    const difference = (product: Expr[], result: Expr[]) =>
      product.map((coefficient, i) => (i < LIMB_COUNT ? coefficient.sub(result[i]!) : coefficient));
    declareZeroModuloPrime(t, ranges, difference(multiplyLimbs(root, root), square), 'square ');
    declareZeroModuloPrime(t, ranges, difference(multiplyLimbs(square, root), cube), 'cube ');
    t.yield('cube', cubes, [...pairsOf(root), ...pairsOf(cube)], t.multiplicity('uses'));
  });
  return cubes;
}

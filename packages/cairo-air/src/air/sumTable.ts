import { type AirBuilder, anyM31, bit, type Expr } from '@cairn/stark';
import type { CairoBuses } from './buses.ts';
import { bitsFrom, GROUP_COUNT, PRIME_GROUPS, rangeFrom, upTo } from './valueForm.ts';

/** Kind of a sum on the bus of operations. */
export const SUM = 0;

/** Sums of values modulo P: a + b = c + k·P, group by group with carries of -1, 0 or 1; c has no columns of its own. */
export function declareSums(a: AirBuilder, buses: CairoBuses): void {
  a.table('sums', { logHeight: { min: 4, max: 22 }, padding: 'none' }, (t) => {
    const id = (name: string) =>
      t.free(`id ${name}`, anyM31, { reason: 'which values are added is for those who ask' });
    const [idA, idB, idC] = [id('a'), id('b'), id('c')];
    const group = bitsFrom(27, 'canonical value');
    const groups = (name: string) =>
      upTo(GROUP_COUNT).map((i) =>
        t.free(`${name}${i}`, i === GROUP_COUNT - 1 ? bitsFrom(9, 'canonical value') : group, {
          reason: 'bound by the value',
        }),
      );
    const [x, y] = [groups('a'), groups('b')];
    const wraps = t.free('wraps', bit, { reason: 'bound: c is below P' });
    const carries = upTo(GROUP_COUNT - 1).map((i) => {
      const carry = t.free(`carry${i}`, rangeFrom('carry', -1, 1, 'constraint of its own'), {
        reason: 'bound: groups of c are in range',
      });
      t.assertZero(`carry${i} is -1, 0 or 1`, carry.mul(carry.sub(1)).mul(carry.add(1)));
      return carry;
    });
    const z = upTo(GROUP_COUNT).map((i): Expr => {
      let value = x[i]!.add(y[i]!).sub(wraps.mul(PRIME_GROUPS[i]!));
      if (i > 0) value = value.add(carries[i - 1]!);
      return i < GROUP_COUNT - 1 ? value.sub(carries[i]!.mul(2 ** 27)) : value;
    });
    t.use('value of a', buses.groups, [idA, ...x], t.constant(1));
    t.use('value of b', buses.groups, [idB, ...y], t.constant(1));
    t.use('value of c', buses.groups, [idC, ...z], t.constant(1));
    t.yield('sum', buses.operation, [SUM, idA, idB, idC], t.multiplicity('uses'));
  });
}

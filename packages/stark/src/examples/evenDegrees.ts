import { anyM31 } from '../core/air/columnType.ts';
import { defineAir } from '../core/air/defineAir.ts';
import type { Air } from '../core/air/ir.ts';

/**
 * Constraints of even degree, and of every degree up to the bound: products of an even number of columns are where the
 * polynomials of a circle domain exceed the space of the circle transform by one dimension. Two tables of different heights.
 */
export function evenDegreesAir(degrees: readonly number[], maxDegree: 3 | 5): Air {
  return defineAir(
    `degrees ${degrees.join()}`,
    (a) => {
      for (const name of ['tall', 'short']) {
        a.table(name, { logHeight: { min: 4, max: 22 }, padding: 'computed' }, (t) => {
          const x = t.free('x', anyM31, { reason: 'any number has its powers' });
          for (const degree of degrees) {
            let power = x.mul(1);
            for (let i = 1; i < degree; i++) power = power.mul(x);
            t.assigned(`power ${degree}`, anyM31, power);
          }
        });
      }
    },
    { maxDegree },
  );
}

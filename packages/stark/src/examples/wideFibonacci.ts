import { anyM31 } from '../core/air/columnType.ts';
import { defineAir } from '../core/air/defineAir.ts';
import type { Air } from '../core/air/ir.ts';
import { addM31, type M31, mulM31 } from '../core/field/m31.ts';

/**
 * Every row is a Fibonacci-like sequence of its own, a_(i+2) = a_i² + a_(i+1)², over `width` columns. The sum of the first
 * row's last cell is public.
 */
export function wideFibonacciAir(width: number): Air {
  return defineAir(`wide fibonacci ${width}`, (a) => {
    const result = a.publicCell('last cell of the first row');
    a.table('sequence', { logHeight: { min: 4, max: 24 }, padding: 'computed' }, (t) => {
      const cells = [0, 1].map((i) =>
        t.free(`a${i}`, anyM31, { reason: 'the start of each sequence is free' }),
      );
      while (cells.length < width) {
        const [x, y] = [cells[cells.length - 2]!, cells[cells.length - 1]!];
        const value = t.deduced(`a${cells.length}`, anyM31, [x, y], ([p, q]) =>
          addM31(mulM31(p!, p!), mulM31(q!, q!)),
        );
        t.assertZero(`step ${cells.length}`, value.sub(x.mul(x).add(y.mul(y))));
        cells.push(value);
      }
      t.assertZero('public result', t.isFirst.mul(cells[width - 1]!.sub(t.publicValue(result))));
    });
  });
}

/** The public value of a trace that starts with these two cells. */
export function wideFibonacciResult(width: number, first: M31, second: M31): M31 {
  let [x, y] = [first, second];
  for (let i = 2; i < width; i++) [x, y] = [y, addM31(mulM31(x, x), mulM31(y, y))];
  return y;
}

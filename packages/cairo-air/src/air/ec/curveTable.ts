import { feltAdd, feltMul, STARK_CURVE } from '@cairn/primitives';
import { type AirBuilder, anyM31, type BusHandle } from '@cairn/stark';
import { feltLimbs } from '../../statement/feltLimbs.ts';
import { logHeightFor, TableColumns } from '../../witness/tableColumns.ts';
import type { Witness } from '../../witness/witness.ts';
import type { CairoBuses } from '../buses.ts';
import { PRODUCT } from '../productTable.ts';
import { SUM } from '../sumTable.ts';

const COLUMNS = ['x', 'y', 'y2', 'x2', 'x3', 'x3 + x', 'beta'] as const;

/** Points that lie on the Stark curve: y² = x³ + x + β, by operations on values. */
export function declareCurve(a: AirBuilder, buses: CairoBuses): BusHandle {
  const onCurve = a.bus('on curve', ['x', 'y']);
  a.table('curve', { logHeight: { min: 4, max: 20 }, padding: 'none' }, (t) => {
    const [x, y, y2, x2, x3, sum, beta] = COLUMNS.map((name) =>
      t.free(`id ${name}`, anyM31, { reason: 'bound by the operations, or for those who ask' }),
    );
    const one = t.constant(1);
    t.use('y times y', buses.operation, [PRODUCT, y!, y!, y2!], one);
    t.use('x times x', buses.operation, [PRODUCT, x!, x!, x2!], one);
    t.use('x² times x', buses.operation, [PRODUCT, x2!, x!, x3!], one);
    t.use('x³ plus x', buses.operation, [SUM, x3!, x!, sum!], one);
    t.use('plus beta', buses.operation, [SUM, sum!, beta!, y2!], one);
    t.use('beta', buses.limbs, [beta!, ...feltLimbs(STARK_CURVE.beta)], one);
    t.yield('point', onCurve, [x!, y!], t.multiplicity('uses'));
  });
  return onCurve;
}

/** Fills the table for points given by ids of x and y. */
export function fillCurve(
  { values, sums, products, tables }: Witness,
  points: readonly (readonly [x: number, y: number])[],
): void {
  const table = new TableColumns(logHeightFor(points.length));
  const columns = COLUMNS.map((name) => table.column(`id ${name}`));
  const uses = table.column('uses');
  const { generator, beta } = STARK_CURVE;
  const betaId = values.idOfFelt(beta);
  for (let row = 0; row < table.height; row++) {
    const [x, y] = points[row] ?? [values.idOfFelt(generator.x), values.idOfFelt(generator.y)];
    uses[row] = row < points.length ? 1 : 0;
    const product = (a: number, b: number) => {
      const c = values.idOfFelt(feltMul(values.felt(a), values.felt(b)));
      products.push([a, b, c]);
      return c;
    };
    const sum = (a: number, b: number) => {
      const c = values.idOfFelt(feltAdd(values.felt(a), values.felt(b)));
      sums.push([a, b, c]);
      return c;
    };
    const y2 = product(y, y);
    const x2 = product(x, x);
    const x3 = product(x2, x);
    const x3PlusX = sum(x3, x);
    sum(x3PlusX, betaId);
    values.use('limbs', betaId);
    [x, y, y2, x2, x3, x3PlusX, betaId].forEach((id, k) => {
      columns[k]![row] = id;
    });
  }
  tables.curve = table;
}

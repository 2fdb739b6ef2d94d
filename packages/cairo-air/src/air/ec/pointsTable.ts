import { type AirBuilder, anyM31, type BusHandle, type M31 } from '@cairn/stark';
import { splitFelt } from '../../witness/splitFelt.ts';
import { TableColumns } from '../../witness/tableColumns.ts';
import { bitsFrom, LIMB_COUNT, upTo } from '../valueForm.ts';
import { pedersenTable } from './pedersenPoints.ts';

const NAME = 'pedersen points';
const LOG_HEIGHT = 15;
const LIMBS = 2 * LIMB_COUNT;

let limbColumns: Uint32Array[] | undefined;

/** The limbs of x and y of all points by column; rows beyond the points repeat the last. */
function columns(): Uint32Array[] {
  if (limbColumns !== undefined) return limbColumns;
  const { points } = pedersenTable();
  const made = upTo(LIMBS).map(() => new Uint32Array(2 ** LOG_HEIGHT));
  const limbs = new Uint16Array(LIMBS);
  for (let row = 0; row < 2 ** LOG_HEIGHT; row++) {
    const { x, y } = points[Math.min(row, points.length - 1)]!;
    splitFelt(x, limbs, 0, LIMB_COUNT);
    splitFelt(y, limbs, LIMB_COUNT, LIMB_COUNT);
    for (let i = 0; i < LIMBS; i++) made[i]![row] = limbs[i]!;
  }
  limbColumns = made;
  return made;
}

/** The fixed table of the points of the Pedersen hash, by `window·512 + digit`. */
export function declarePoints(a: AirBuilder): BusHandle {
  const points = a.bus('pedersen point', ['index', ...upTo(LIMBS).map((i) => `limb${i}`)]);
  const limb = bitsFrom(9, 'fixed');
  a.table(NAME, { logHeight: LOG_HEIGHT, padding: 'none' }, (t) => {
    const index = t.fixed('index', anyM31, (row): M31 => row);
    const limbs = upTo(LIMBS).map((i) => t.fixed(`limb${i}`, limb, (row): M31 => columns()[i]![row]!));
    t.yield('point', points, [index, ...limbs], t.multiplicity('uses'));
  });
  return points;
}

/** The filled table. */
export function fillPoints(uses: Uint32Array): Record<string, TableColumns> {
  const table = new TableColumns(LOG_HEIGHT);
  const index = table.column('index');
  for (let row = 0; row < table.height; row++) index[row] = row;
  columns().forEach((values, i) => {
    table.column(`limb${i}`).set(values);
  });
  table.column('uses').set(uses);
  return { [NAME]: table };
}

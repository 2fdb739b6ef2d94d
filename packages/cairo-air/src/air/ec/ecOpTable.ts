import { ecOp, STARK_CURVE } from '@cairn/primitives';
import { anyM31 } from '@cairn/stark';
import { requestChain } from '../../witness/fillChains.ts';
import { TableColumns } from '../../witness/tableColumns.ts';
import type { BuiltinTable } from '../builtinTable.ts';
import { declareSegmentAddress } from '../segmentAddress.ts';
import { INPUT_COUNT } from './chainTable.ts';
import { double } from './pedersenPoints.ts';

const CELLS = ['p x', 'p y', 'q x', 'q y', 'm', 'r x', 'r y'] as const;
const { generator } = STARK_CURVE;
const twice = double(generator);

/** Instances [p, q, m, p + m·q] of the ec_op builtin; p and q are shown to lie on the Stark curve. */
export const ecOpTable: BuiltinTable = {
  name: 'ec_op',
  cellsPerInstance: CELLS.length,
  rowsPerInstance: 1,
  paddingInstance: () => [
    generator.x,
    generator.y,
    twice.x,
    twice.y,
    0n,
    ...(({ x, y }) => [x, y])(ecOp(generator, twice, 0n) ?? generator),
  ],
  declare(a, { buses, chains, start }) {
    a.table('ec_op', { logHeight: { min: 4, max: 18 }, padding: 'none' }, (t) => {
      const address = declareSegmentAddress(t, start, CELLS.length);
      const ids = CELLS.map((name) => t.free(`id ${name}`, anyM31, { reason: 'bound by memory' }));
      ids.forEach((id, i) => {
        t.use(`cell of ${CELLS[i]}`, buses.memory, [address.add(i), id], t.constant(1));
      });
      t.use('p is on the curve', chains!.onCurve, ids.slice(0, 2), t.constant(1));
      t.use('q is on the curve', chains!.onCurve, ids.slice(2, 4), t.constant(1));
      t.use('ec_op', chains!.ecOp, ids, t.constant(1));
    });
  },
  fill({ memory, chains, tables }, start, logHeight) {
    const table = new TableColumns(logHeight);
    const addresses = table.column('address');
    const columns = CELLS.map((name) => table.column(`id ${name}`));
    for (let row = 0; row < table.height; row++) {
      const first = start + row * CELLS.length;
      addresses[row] = first;
      const ids = CELLS.map((_, i) => memory.read(first + i));
      ids.forEach((id, i) => {
        columns[i]![row] = id;
      });
      chains.points.push([ids[0]!, ids[1]!], [ids[2]!, ids[3]!]);
      requestChain(chains.ecOps, ids.slice(0, INPUT_COUNT), ids.slice(INPUT_COUNT));
    }
    tables.ec_op = table;
  },
};

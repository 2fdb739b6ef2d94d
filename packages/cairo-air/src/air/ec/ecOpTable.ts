import { ecOp, STARK_CURVE } from '@cairn/primitives';
import { requestChain } from '../../witness/fillChains.ts';
import { TableColumns } from '../../witness/tableColumns.ts';
import type { BuiltinTable } from '../builtinTable.ts';
import { declareInstanceCells, fillInstanceCells } from '../instanceCells.ts';
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
      const ids = declareInstanceCells(t, buses, start, CELLS);
      t.use('p is on the curve', chains!.onCurve, ids.slice(0, 2), t.constant(1));
      t.use('q is on the curve', chains!.onCurve, ids.slice(2, 4), t.constant(1));
      t.use('ec_op', chains!.ecOp, ids, t.constant(1));
    });
  },
  fill({ memory, chains, tables }, start, logHeight) {
    const table = new TableColumns(logHeight);
    fillInstanceCells(table, memory, start, CELLS, (ids) => {
      chains.points.push([ids[0]!, ids[1]!], [ids[2]!, ids[3]!]);
      requestChain(chains.ecOps, ids.slice(0, INPUT_COUNT), ids.slice(INPUT_COUNT));
    });
    tables.ec_op = table;
  },
};

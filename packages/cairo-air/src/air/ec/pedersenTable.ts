import { pedersen } from '@cairn/primitives';
import { requestChain } from '../../witness/fillChains.ts';
import { TableColumns } from '../../witness/tableColumns.ts';
import type { BuiltinTable } from '../builtinTable.ts';
import { declareInstanceCells, fillInstanceCells } from '../instanceCells.ts';

const CELLS = ['a', 'b', 'hash'] as const;

/** Instances [a, b, pedersen(a, b)] of the pedersen builtin. */
export const pedersenBuiltinTable: BuiltinTable = {
  name: 'pedersen',
  cellsPerInstance: CELLS.length,
  rowsPerInstance: 1,
  paddingInstance: () => [0n, 0n, pedersen(0n, 0n)],
  declare(a, { buses, chains, start }) {
    a.table('pedersen', { logHeight: { min: 4, max: 20 }, padding: 'none' }, (t) => {
      const ids = declareInstanceCells(t, buses, start, CELLS);
      t.use('hash', chains!.pedersen, ids, t.constant(1));
    });
  },
  fill({ memory, chains, tables }, start, logHeight) {
    const table = new TableColumns(logHeight);
    fillInstanceCells(table, memory, start, CELLS, (ids) => {
      requestChain(chains.hashes, ids.slice(0, 2), ids.slice(2));
    });
    tables.pedersen = table;
  },
};

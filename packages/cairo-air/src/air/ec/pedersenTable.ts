import { pedersen } from '@cairn/primitives';
import { anyM31 } from '@cairn/stark';
import { requestChain } from '../../witness/fillChains.ts';
import { TableColumns } from '../../witness/tableColumns.ts';
import type { BuiltinTable } from '../builtinTable.ts';
import { declareSegmentAddress } from '../segmentAddress.ts';

const CELLS = ['a', 'b', 'hash'] as const;

/** Instances [a, b, pedersen(a, b)] of the pedersen builtin. */
export const pedersenBuiltinTable: BuiltinTable = {
  name: 'pedersen',
  cellsPerInstance: CELLS.length,
  rowsPerInstance: 1,
  paddingInstance: () => [0n, 0n, pedersen(0n, 0n)],
  declare(a, { buses, chains, start }) {
    a.table('pedersen', { logHeight: { min: 4, max: 20 }, padding: 'none' }, (t) => {
      const address = declareSegmentAddress(t, start, CELLS.length);
      const ids = CELLS.map((name) => t.free(`id ${name}`, anyM31, { reason: 'bound by memory' }));
      ids.forEach((id, i) => {
        t.use(`cell of ${CELLS[i]}`, buses.memory, [address.add(i), id], t.constant(1));
      });
      t.use('hash', chains!.pedersen, ids, t.constant(1));
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
      requestChain(chains.hashes, ids.slice(0, 2), ids.slice(2));
    }
    tables.pedersen = table;
  },
};

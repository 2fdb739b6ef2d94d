import { anyM31, type Expr } from '@cairn/stark';
import { TableColumns } from '../witness/tableColumns.ts';
import type { BuiltinTable } from './builtinTable.ts';
import { declareSegmentAddress } from './segmentAddress.ts';
import { bitsFrom, LIMB_COUNT, upTo } from './valueForm.ts';
import { xorPieces } from './xorTable.ts';

const CELLS = ['x', 'y', 'and', 'xor', 'or'] as const;
/** 1/2 in M31. */
const HALF = 2 ** 30;

/**
 * Instances [x, y, x & y, x ^ y, x | y] of the bitwise builtin, x and y below 2^251. The xor is looked up limb by limb; the
 * others follow: x + y = (x ^ y) + 2·(x & y), and half of x + y + (x ^ y) is x | y.
 */
export const bitwiseTable: BuiltinTable = {
  name: 'bitwise',
  cellsPerInstance: CELLS.length,
  rowsPerInstance: 1,
  paddingInstance: () => [0n, 0n, 0n, 0n, 0n],
  declare(a, { buses, ranges, xor, start }) {
    const pieces = xorPieces(ranges.sizes);
    a.table('bitwise', { logHeight: { min: 4, max: 22 }, padding: 'none' }, (t) => {
      const address = declareSegmentAddress(t, start, CELLS.length);
      const ids = CELLS.map((name) => t.free(`id ${name}`, anyM31, { reason: 'bound by memory' }));
      const partsOf = (name: string, reason: string) =>
        upTo(LIMB_COUNT).map((i) =>
          pieces.map((bits, k) => t.free(`${name}${i} ${k}`, bitsFrom(bits, 'xor look-up'), { reason })),
        );
      const x = partsOf('x', 'bound by the value');
      const y = partsOf('y', 'bound by the value');
      const z = partsOf('xor', 'bound by the look-up');
      const limb = (parts: readonly Expr[]) =>
        parts.map((part, k) => part.mul(k === 0 ? 1 : 2 ** pieces[0]!)).reduce((p, q) => p.add(q));
      const [xs, ys, zs] = [x.map(limb), y.map(limb), z.map(limb)];
      const half = (of: (i: number) => Expr) => upTo(LIMB_COUNT).map((i) => of(i).mul(HALF));
      const values: Record<(typeof CELLS)[number], Expr[]> = {
        x: xs,
        y: ys,
        and: half((i) => xs[i]!.add(ys[i]!).sub(zs[i]!)),
        xor: zs,
        or: half((i) => xs[i]!.add(ys[i]!).add(zs[i]!)),
      };
      CELLS.forEach((name, k) => {
        t.use(`cell of ${name}`, buses.memory, [address.add(k), ids[k]!], t.constant(1));
        t.use(`value of ${name}`, buses.limbs, [ids[k]!, ...values[name]], t.constant(1));
      });
      for (const i of upTo(LIMB_COUNT)) {
        for (const k of pieces.keys())
          t.use(`xor ${i} ${k}`, xor!, [x[i]![k]!, y[i]![k]!, z[i]![k]!], t.constant(1));
      }
      ranges.nineBits(t, 'inputs below 2^251', [xs.at(-1)!.mul(2), ys.at(-1)!.mul(2)]);
    });
  },
  fill({ memory, values, ranges, xors, tables }, start, logHeight) {
    const table = new TableColumns(logHeight);
    const pieces = xorPieces(ranges.sizes);
    const addresses = table.column('address');
    const ids = CELLS.map((name) => table.column(`id ${name}`));
    const columns = (['x', 'y', 'xor'] as const).map((name) =>
      upTo(LIMB_COUNT).map((i) => pieces.map((_, k) => table.column(`${name}${i} ${k}`))),
    );
    const doubledTops = [new Uint32Array(table.height), new Uint32Array(table.height)];
    for (let row = 0; row < table.height; row++) {
      const first = start + row * CELLS.length;
      addresses[row] = first;
      const id = CELLS.map((_, k) => memory.read(first + k));
      id.forEach((value, k) => {
        ids[k]![row] = value;
        values.use('limbs', value);
      });
      for (let i = 0; i < LIMB_COUNT; i++) {
        const [x, y] = [values.limb(id[0]!, i), values.limb(id[1]!, i)];
        let shift = 0;
        for (let k = 0; k < pieces.length; k++) {
          const mask = 2 ** pieces[k]! - 1;
          const [p, q] = [(x >>> shift) & mask, (y >>> shift) & mask];
          columns[0]![i]![k]![row] = p;
          columns[1]![i]![k]![row] = q;
          columns[2]![i]![k]![row] = p ^ q;
          xors.use(p, q);
          shift += pieces[k]!;
        }
      }
      for (const k of [0, 1]) doubledTops[k]![row] = 2 * values.limb(id[k]!, LIMB_COUNT - 1);
    }
    ranges.nineBits(doubledTops);
    tables.bitwise = table;
  },
};

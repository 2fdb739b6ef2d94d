import { type AirBuilder, anyM31, type BusHandle } from '@cairn/stark';
import { logHeightFor, TableColumns } from '../../witness/tableColumns.ts';
import type { Witness } from '../../witness/witness.ts';
import type { CairoBuses } from '../buses.ts';
import type { RangeChecks } from '../rangeTables.ts';
import { bitsFrom, GROUP_COUNT, upTo } from '../valueForm.ts';

/** Parts of a word of 32 bits and their widths: the lower half of 16 bits, then the upper, across the groups of 27 bits. */
const PARTS = [
  { name: 'low0', bits: 9 },
  { name: 'low1', bits: 7 },
  { name: 'high0', bits: 9 },
  { name: 'high1', bits: 2 },
  { name: 'high2', bits: 5 },
] as const;

/** Values below 2^32 as two halves of 16 bits. */
export function declareWords(a: AirBuilder, buses: CairoBuses, ranges: RangeChecks): BusHandle {
  const words = a.bus('word', ['id', 'low', 'high']);
  a.table('words', { logHeight: { min: 4, max: 22 }, padding: 'none' }, (t) => {
    const id = t.free('id', anyM31, { reason: 'which values are words is for those who ask' });
    const parts = PARTS.map(({ name, bits }) =>
      t.free(name, bitsFrom(bits, 'look-ups of its own'), { reason: 'bound by the value' }),
    );
    const checked = PARTS.flatMap(({ bits }, i) =>
      bits === 9 ? [parts[i]!] : [parts[i]!, parts[i]!.mul(2 ** (9 - bits))],
    );
    ranges.nineBits(t, 'parts', checked);
    const low = parts[0]!.add(parts[1]!.mul(2 ** 9));
    const upper = parts[2]!.add(parts[3]!.mul(2 ** 9));
    const zeros = upTo(GROUP_COUNT - 2).map(() => 0);
    t.use('value', buses.groups, [id, low.add(upper.mul(2 ** 16)), parts[4]!, ...zeros], t.constant(1));
    t.yield('word', words, [id, low, upper.add(parts[4]!.mul(2 ** 11))], t.multiplicity('uses'));
  });
  return words;
}

/** Fills the table; `uses` counts by id. */
export function fillWords({ values, ranges, tables }: Witness, uses: ReadonlyMap<number, number>): void {
  const table = new TableColumns(logHeightFor(uses.size));
  const [ids, useColumn] = [table.column('id'), table.column('uses')];
  const parts = PARTS.map(({ name }) => table.column(name));
  const entries = [...uses];
  for (let row = 0; row < table.height; row++) {
    const [id, count] = entries[row] ?? [0, 0];
    ids[row] = id;
    useColumn[row] = count;
    values.use('groups', id);
    const [g0, g1] = [values.group(id, 0), values.group(id, 1)];
    [g0 & 511, (g0 >>> 9) & 127, (g0 >>> 16) & 511, g0 >>> 25, g1].forEach((value, i) => {
      parts[i]![row] = value;
    });
  }
  ranges.nineBits(
    PARTS.flatMap(({ bits }, i) =>
      bits === 9 ? [parts[i]!] : [parts[i]!, parts[i]!.map((value) => value * 2 ** (9 - bits))],
    ),
  );
  tables.words = table;
}

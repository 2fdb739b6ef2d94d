import type { AirBuilder, BusHandle } from '@cairn/stark';
import { bitsFrom, upTo } from '../valueForm.ts';
import { halvesOf } from './mixingTable.ts';

/** Columns of a row: bytes of the old state's word, of the two lanes, of the first xor and of the new word. */
export const FINISH_COLUMNS = ['h', 'v', 't', 'w', 'out'] as const;

/** New words of the state, h ^ v ^ w, one per row. */
export function declareFinish(a: AirBuilder, xor: BusHandle): BusHandle {
  const finish = a.bus(
    'finish',
    ['h', 'v', 'w', 'out'].flatMap((name) => [`${name} low`, `${name} high`]),
  );
  a.table('blake finish', { logHeight: { min: 4, max: 20 }, padding: 'none' }, (t) => {
    const [h, v, first, w, out] = FINISH_COLUMNS.map((name) =>
      upTo(4).map((i) =>
        t.free(`${name}${i}`, bitsFrom(8, 'xor look-up'), {
          reason: 'bound by the xors, or for those who ask',
        }),
      ),
    );
    for (const i of upTo(4)) {
      t.use(`first xor of byte ${i}`, xor, [h![i]!, v![i]!, first![i]!], t.constant(1));
      t.use(`second xor of byte ${i}`, xor, [first![i]!, w![i]!, out![i]!], t.constant(1));
    }
    t.yield(
      'finished',
      finish,
      [...halvesOf(h!), ...halvesOf(v!), ...halvesOf(w!), ...halvesOf(out!)],
      t.multiplicity('uses'),
    );
  });
  return finish;
}

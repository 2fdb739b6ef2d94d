import { BLAKE2S_IV } from '@cairn/primitives';
import { type AirBuilder, anyM31, type BusHandle, bit, type ColumnExpr, type Expr } from '@cairn/stark';
import type { CairoBuses } from '../buses.ts';
import { bitsFrom, upTo } from '../valueForm.ts';
import { declareByteXors } from './byteXorTable.ts';
import { declareFinish } from './finishTable.ts';
import { declareMixing, halvesOf } from './mixingTable.ts';
import { declareRounds, WORDS } from './roundsTable.ts';

/** Words of the state. */
export const STATE_WORDS = 8;

/**
 * Compressions that Blake2s instructions ask for, one per row: the byte counter behind dst, eight words behind the pointer in
 * op0, sixteen behind that in op1, and the new eight words behind the pointer at ap. Yields (final, dst, op0, op1, ap).
 */
export function declareBlake(
  a: AirBuilder,
  { core, words }: { core: CairoBuses; words: BusHandle },
): BusHandle {
  const blake = a.bus('blake', ['final', 'dst', 'op0', 'op1', 'ap']);
  const xors = declareByteXors(a);
  const mixing = declareMixing(a, xors);
  const rounds = declareRounds(a, mixing);
  const finish = declareFinish(a, xors.whole);
  a.table('blake', { logHeight: { min: 4, max: 18 }, padding: 'none' }, (t) => {
    const key = t.free('key', anyM31, { reason: 'counts from 0: constraints say so' });
    t.assertZero('first key is 0', t.isFirst.mul(key));
    t.assertZero('keys count up', t.constant(1).sub(t.isLast).mul(key.next.sub(key).sub(1)));
    const active = t.free('active', bit, { reason: 'rows may be empty: nobody asks for them' });
    const isFinal = t.free('final', bit, { reason: 'bound by who asks' });
    const free = (name: string) => t.free(name, anyM31, { reason: 'bound by who asks, or by memory' });
    const [idDst, idOp0, idOp1, ap] = [free('id dst'), free('id op0'), free('id op1'), free('ap')];
    const idOut = free('id out pointer');
    const [statePointer, messagePointer, outPointer] = ['state', 'message', 'out'].map((name) =>
      free(`${name} pointer`),
    ) as unknown as [ColumnExpr, ColumnExpr, ColumnExpr];
    const halves = (name: string, count: number) =>
      upTo(2 * count).map((i) =>
        t.free(`${name}${i}`, bitsFrom(16, 'bus'), { reason: 'bound by its word, or by the rounds' }),
      );
    const pair = (list: readonly Expr[], i: number): [Expr, Expr] => [list[2 * i]!, list[2 * i + 1]!];
    const [h, m, v, out] = [
      halves('h', STATE_WORDS),
      halves('m', WORDS),
      halves('v', WORDS),
      halves('out', STATE_WORDS),
    ];
    const bytes = (name: string) =>
      upTo(4).map((i) =>
        t.free(`${name}${i}`, bitsFrom(8, 'xor look-up'), { reason: 'bound by the counter' }),
      );
    const [counter, mixedCounter] = [bytes('counter'), bytes('mixed counter')];

    t.use('value of op0', core.signed, [idOp0, statePointer], active);
    t.use('value of op1', core.signed, [idOp1, messagePointer], active);
    t.use('cell at ap', core.memory, [ap, idOut], active);
    t.use('value at ap', core.signed, [idOut, outPointer], active);
    t.use('counter', words, [idDst, ...halvesOf(counter)], active);
    const read = (name: string, pointer: Expr, list: readonly Expr[], count: number) => {
      for (const i of upTo(count)) {
        const id = free(`id ${name}${i}`);
        t.use(`cell of ${name}${i}`, core.memory, [pointer.add(i), id], active);
        t.use(`word of ${name}${i}`, words, [id, ...pair(list, i)], active);
      }
    };
    read('h', statePointer, h, STATE_WORDS);
    read('m', messagePointer, m, WORDS);
    read('out', outPointer, out, STATE_WORDS);
    const iv = (i: number): [number, number] => [BLAKE2S_IV[i]! & 0xffff, BLAKE2S_IV[i]! >>> 16];
    for (const i of upTo(4)) {
      const constant = (BLAKE2S_IV[4]! >>> (8 * i)) & 255;
      t.use(`counter xor byte ${i}`, xors.whole, [counter[i]!, constant, mixedCounter[i]!], active);
    }
    // The last block turns the 14th word over.
    const turned = iv(6).map((value) => isFinal.mul(65535 - 2 * value).add(value));
    t.yield(
      'start',
      rounds.start,
      [key, ...h, ...upTo(4).flatMap(iv), ...halvesOf(mixedCounter), ...iv(5), ...turned, ...iv(7), ...m],
      active,
    );
    t.use('end', rounds.end, [key, ...v], active);
    for (const i of upTo(STATE_WORDS))
      t.use(
        `new word ${i}`,
        finish,
        [...pair(h, i), ...pair(v, i), ...pair(v, i + 8), ...pair(out, i)],
        active,
      );
    t.yield('compressed', blake, [isFinal, idDst, idOp0, idOp1, ap], active);
  });
  return blake;
}

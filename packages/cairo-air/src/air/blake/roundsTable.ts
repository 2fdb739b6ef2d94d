import { BLAKE2S_SIGMA } from '@cairn/primitives';
import { type AirBuilder, anyM31, type BusHandle, bit, type Expr } from '@cairn/stark';
import { bitsFrom, upTo } from '../valueForm.ts';

/** Rounds of Blake2s. */
export const ROUNDS = 10;
/** Words of the working vector, and of the message. */
export const WORDS = 16;
/** Lanes of the second half of a round: a, b, c, d of the j-th call. */
export const diagonal = (j: number): readonly [number, number, number, number] => [
  j,
  4 + ((j + 1) % 4),
  8 + ((j + 2) % 4),
  12 + ((j + 3) % 4),
];
/** Lanes of the first half. */
export const column = (j: number): readonly [number, number, number, number] => [j, 4 + j, 8 + j, 12 + j];

const halfNames = (name: string) => upTo(2 * WORDS).map((i) => `${name}${i}`);

/** Buses between compressions and their rounds. */
export interface RoundBuses {
  /** (key, working vector, message) before the first round. */
  readonly start: BusHandle;
  /** (key, working vector) after the last. */
  readonly end: BusHandle;
}

/**
 * Rounds of compressions, eleven rows each: ten rounds, and the vector after them. Flag r says that the row is round r; the
 * flags move on from row to row, so every compression that begins ends.
 */
export function declareRounds(a: AirBuilder, mixing: BusHandle): RoundBuses {
  const start = a.bus('rounds start', ['key', ...halfNames('v'), ...halfNames('m')]);
  const end = a.bus('rounds end', ['key', ...halfNames('v')]);
  a.table('blake rounds', { logHeight: { min: 4, max: 20 }, padding: 'none' }, (t) => {
    const more = t.constant(1).sub(t.isLast);
    const half = bitsFrom(16, 'bus');
    const words = (name: string) =>
      halfNames(name).map((n) =>
        t.free(n, half, { reason: 'bound by the mixing function, or the compression' }),
      );
    const flags = upTo(ROUNDS + 1).map((r) => t.free(`round${r}`, bit, { reason: 'flags move on' }));
    const active = t.free('active', bit, { reason: 'sum of the flags of rounds' });
    const key = t.free('key', anyM31, { reason: 'bound by the compression' });
    const [v, middle, m] = [words('v'), words('w'), words('m')];
    const rounds = flags.slice(0, ROUNDS).reduce((x: Expr, y) => x.add(y), t.constant(0));
    t.assertZero('active in rounds', rounds.sub(active));
    t.assertZero('rounds or end', active.mul(flags[ROUNDS]!));
    for (const r of upTo(ROUNDS)) {
      t.assertZero(`after round ${r} the next`, more.mul(flags[r + 1]!.next.sub(flags[r]!)));
      t.assertZero(`round ${r} is not cut off`, t.isLast.mul(flags[r]!));
      t.assertZero(`round ${r + 1} is not first`, t.isFirst.mul(flags[r + 1]!));
    }
    t.assertZero('key stays', active.mul(key.next.sub(key)));
    for (const [i, word] of m.entries())
      t.assertZero(`message half ${i} stays`, active.mul(word.next.sub(word)));
    /** The message word at a place of the schedule. */
    const message = (place: number): Expr[] =>
      [0, 1].map((k) =>
        upTo(ROUNDS)
          .map((r) => flags[r]!.mul(m[2 * BLAKE2S_SIGMA[r]![place]! + k]!))
          .reduce((x: Expr, y) => x.add(y)),
      );
    const lanes = (vector: readonly Expr[], [i, j, k, l]: readonly number[]) =>
      [i!, j!, k!, l!].flatMap((lane) => [vector[2 * lane]!, vector[2 * lane + 1]!]);
    const after = v.map((word) => word.next);
    for (const j of upTo(4)) {
      t.use(
        `column ${j}`,
        mixing,
        [...lanes(v, column(j)), ...message(2 * j), ...message(2 * j + 1), ...lanes(middle, column(j))],
        active,
      );
      t.use(
        `diagonal ${j}`,
        mixing,
        [
          ...lanes(middle, diagonal(j)),
          ...message(8 + 2 * j),
          ...message(9 + 2 * j),
          ...lanes(after, diagonal(j)),
        ],
        active,
      );
    }
    t.use('start', start, [key, ...v, ...m], flags[0]!);
    t.yield('end', end, [key, ...v], flags[ROUNDS]!);
  });
  return { start, end };
}

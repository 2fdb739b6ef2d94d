import { expect, it } from 'vitest';
import { P } from '../../core/field/m31.ts';
import { add, type QM31, scale, ZERO } from '../../core/field/qm31.ts';
import { Arena } from './arena.ts';
import { allocatePlanes } from './kernelContext.ts';
import { InlinePool } from './pool.ts';
import { kernelsModule } from './wasmBackend.ts';

it('joins columns, also where all words are as large as they may be', async () => {
  const arena = new Arena(2 ** 24);
  const pool = new InlinePool();
  await pool.setUp({ memory: arena.memory, modules: [kernelsModule()] });
  let state = 1;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state % P;
  };
  // Kernels hold 0 as 0 or as p.
  for (const [value, word] of [
    [() => P, () => P - 1],
    [() => P - 1, () => P - 1],
    [random, random],
    [() => (random() % 2 === 0 ? P : 0), random],
    [() => 2 ** 30, () => 2 ** 30],
    [() => 2 ** 30 + 1, () => P - 2],
  ] as const) {
    for (const count of [4, 8, 400]) {
      const columns = Array.from({ length: count }, () => Array.from({ length: 8 }, value));
      const coefficients = columns.map((): QM31 => [word(), word(), word(), word()]);
      const planes = allocatePlanes(arena, 8);
      await pool.run([
        {
          name: 'combineColumns',
          args: [
            arena.place(columns.map((values) => arena.place(values))),
            arena.place(coefficients.flat()),
            count,
            0,
            32,
            arena.place(planes),
          ],
        },
      ]);
      for (let row = 0; row < 8; row++) {
        const got = planes.map((plane) => arena.words(plane, 8)[row]!);
        for (const w of got) expect(w).toBeLessThanOrEqual(P);
        const expected = columns.reduce(
          (sum, values, i) => add(sum, scale(coefficients[i]!, values[row]! % P)),
          ZERO,
        );
        expect(got.map((w) => w % P)).toEqual([...expected]);
      }
    }
  }
});

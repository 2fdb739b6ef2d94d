import { describe, expect, it } from 'vitest';
import { P } from '../../core/field/m31.ts';
import { DIGEST_BYTES, type HashName, hashSuite } from '../../core/hash/hashSuite.ts';
import { Arena } from './arena.ts';
import { InlinePool } from './pool.ts';
import { kernelsModule } from './wasmBackend.ts';
import { keccakStages, stridedMode, TreeHasher } from './wasmTree.ts';

let state = 5;
const random = (below: number) => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state % below;
};

/** Place of leaf r in a column lifted by so many doublings: neighbours of one parity share. */
const lifted = (r: number, mode: number) => (mode === 0 ? r : ((r >> (mode + 1)) << 1) | (r & 1));

describe('leaves on the kernels', () => {
  it('absorb what short columns have once, and give the digests of all their words', async () => {
    const arena = new Arena(2 ** 26);
    const pool = new InlinePool();
    await pool.setUp({ memory: arena.memory, modules: [kernelsModule()] });
    for (const name of ['keccak256', 'keccak192', 'blake2s'] as HashName[]) {
      const hasher = new TreeHasher(name, arena, pool);
      for (const count of [4, 8, 64, 512, 4096]) {
        for (const modes of [
          [0],
          Array.from({ length: 33 }, () => 0),
          Array.from({ length: 34 }, () => 0),
          // Ends with a block: what is left is padding.
          Array.from({ length: 67 }, (_, c) => Math.max(0, 8 - Math.floor(c / 9))),
          // Tall columns last, as in Cairo's tables.
          Array.from({ length: 200 }, (_, c) => Math.max(0, 9 - Math.floor(c / 18))),
          // Tall columns first: nothing is shared.
          Array.from({ length: 101 }, (_, c) => Math.min(9, Math.floor(c / 11))),
          Array.from({ length: 120 }, () => random(8)),
          [stridedMode(0), stridedMode(2), stridedMode(1)],
        ]) {
          const fitting = modes.map((mode) => (mode < 32 ? Math.min(mode, Math.log2(count) - 1) : mode));
          const mark = arena.mark();
          const columns = fitting.map((mode) => {
            const values = Uint32Array.from({ length: count << Math.max(0, mode - 32) }, () => random(P));
            return { mode, values, address: arena.place(values) };
          });
          const target = arena.allocate(DIGEST_BYTES * count);
          await hasher.leaves(arena, columns, count, target);
          for (const leaf of new Set([
            0,
            1,
            2,
            3,
            count / 2,
            count - 2,
            count - 1,
            random(count),
            random(count),
          ])) {
            const words = columns.map(({ mode, values }) =>
              mode < 32 ? values[lifted(leaf, mode)]! : values[leaf << (mode - 32)]!,
            );
            const { digestBytes } = hashSuite(name);
            expect(arena.bytes(target + DIGEST_BYTES * leaf, digestBytes)).toEqual(
              hashSuite(name).leaf(words),
            );
          }
          arena.release(mark);
        }
      }
    }
  });

  it('are hashed in stages of columns that fewer and fewer share', () => {
    const columns = (modes: number[]) => modes.map((mode) => ({ address: 0, mode }));
    const times = (count: number, mode: number) => Array.from({ length: count }, () => mode);
    expect(keccakStages(columns(times(10, 3)))).toEqual([[10, 0]]);
    expect(keccakStages(columns([...times(40, 9), ...times(30, 2), ...times(33, 0)]))).toEqual([
      [33, 6],
      [67, 2],
      [103, 0],
    ]);
    expect(keccakStages(columns([...times(33, 0), ...times(90, 9)]))).toEqual([[123, 0]]);
    expect(keccakStages(columns(times(33, 4)))).toEqual([
      [33, 4],
      [33, 0],
    ]);
  });
});

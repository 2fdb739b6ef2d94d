import { describe, expect, it } from 'vitest';
import { MODULES, type ModuleName } from './air/layout.ts';
import { POSEIDON_ROWS, SLOTS } from './air/poseidon/poseidonSchedule.ts';
import { layoutCosts } from './layoutCosts.ts';

const width = (name: string, modules: readonly ModuleName[] = MODULES): number =>
  layoutCosts({ modules, ranges: 'wide' }).find((table) => table.name === name)!.width;
const columns = (modules: readonly ModuleName[], ranges: 'narrow' | 'wide') =>
  layoutCosts({ modules, ranges }).reduce((sum, table) => sum + table.width, 0);

describe('costs', () => {
  it('of layouts in columns', () => {
    const all = MODULES.map((module) => [module]);
    expect([[], ...all, MODULES].map((modules) => columns(modules, 'wide'))).toMatchInlineSnapshot(`
      [
        432,
        586,
        901,
        1048,
        951,
        1432,
        3190,
      ]
    `);
    expect([[], ...all, MODULES].map((modules) => columns(modules, 'narrow'))).toMatchInlineSnapshot(`
      [
        518,
        776,
        1167,
        1374,
        1041,
        1880,
        4166,
      ]
    `);
  });
  it('of the core in cells per row', () => {
    const core = layoutCosts({ modules: [], ranges: 'wide' });
    expect(Object.fromEntries(core.map(({ name, width: cells }) => [name, cells]))).toMatchInlineSnapshot(`
      {
        "big values": 55,
        "cpu": 45,
        "instructions": 37,
        "memory": 13,
        "pairs of nine bits": 9,
        "products": 148,
        "range_check": 11,
        "range_check96": 11,
        "small products": 38,
        "small values": 21,
        "sums": 38,
        "twenty bits": 6,
      }
    `);
  });
  it('of a Poseidon permutation stay below 34,000 cells', () => {
    const rounds = POSEIDON_ROWS - 2;
    const cells = POSEIDON_ROWS * width('poseidon') + SLOTS * rounds * width('cubes');
    expect(cells).toBeLessThan(34_000);
    expect(cells).toMatchInlineSnapshot(`32488`);
  });
  it('of a Pedersen hash stay below 34,000 cells', () => {
    const cells = 57 * width('point chains') + 2 * width('digits') + width('pedersen');
    expect(cells).toBeLessThan(34_000);
    expect(cells).toMatchInlineSnapshot(`25668`);
  });
  it('of an ec_op stay below 300,000 cells', () => {
    // Every bit of m doubles; half of the bits add.
    const rows = (bits: number) => 252 + bits + 1;
    const points = 2 * (width('curve') + 3 * width('products') + 2 * width('sums'));
    const cells = (bits: number) =>
      rows(bits) * width('point chains') + width('digits') + points + width('ec_op');
    expect(cells(252)).toBeLessThan(300_000);
    expect(cells(126)).toMatchInlineSnapshot(`170946`);
  });
  it('of a Blake2s compression', () => {
    const cells =
      80 * width('blake mixing') + 11 * width('blake rounds') + 8 * width('blake finish') + width('blake');
    expect(cells).toMatchInlineSnapshot(`7914`);
  });
});

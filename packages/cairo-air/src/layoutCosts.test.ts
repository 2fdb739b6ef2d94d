import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MODULES, type ModuleName } from './air/layout.ts';
import type { RangeSizes } from './air/rangeTables.ts';
import { layoutCosts, operationCells } from './layoutCosts.ts';

const columns = (modules: readonly ModuleName[], ranges: RangeSizes) =>
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
  it('of builtins stay below their goals but for Blake2s', () => {
    const layout = { modules: MODULES, ranges: 'wide' } as const;
    const cells = operationCells(layout);
    expect(cells.poseidon).toBeLessThan(34_000);
    expect(cells.pedersen).toBeLessThan(34_000);
    expect(cells.ecOp).toBeLessThan(300_000);
    expect(cells).toMatchInlineSnapshot(`
      {
        "blake": 7914,
        "ecOp": 227394,
        "pedersen": 25668,
        "poseidon": 32488,
      }
    `);
    // Half of the bits set.
    expect(operationCells(layout, 126).ecOp).toBe(170_946);
  });
  it('stand in docs/air.md', () => {
    const text = readFileSync(new URL('../../../docs/air.md', import.meta.url), 'utf8');
    const written = /<!-- costs: .* -->\n(.*)<!-- end -->/s.exec(text)?.[1];
    expect(written).toBe(costTables());
  });
});

function markdownTable(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

/** The tables of the document. */
function costTables(): string {
  const all = layoutCosts({ modules: MODULES, ranges: 'wide' });
  const layouts = [[], ...MODULES.map((module) => [module]), MODULES].map((modules) => [
    modules.length === MODULES.length ? 'all' : ['core', ...modules].join('+'),
    ...(['narrow', 'medium', 'wide'] as const).map((ranges) => columns(modules, ranges)),
  ]);
  const { poseidon, pedersen, ecOp, blake } = operationCells({ modules: MODULES, ranges: 'wide' });
  const tables = [
    markdownTable(['layout', 'narrow', 'medium', 'wide'], layouts),
    markdownTable(
      ['table, all modules, wide', 'columns', 'look-ups', 'constraints', 'degree', 'log2 of rows'],
      all.map(({ name, width, lookups, constraints, degree, logHeight: [min, max] }) => [
        name,
        width,
        lookups,
        constraints,
        degree,
        min === max ? min : `${min} to ${max}`,
      ]),
    ),
    markdownTable(
      ['operation', 'cells'],
      [
        ['Poseidon permutation', poseidon],
        ['Pedersen hash', pedersen],
        ['ec_op, all bits set', ecOp],
        ['Blake2s compression', blake],
      ],
    ),
  ];
  return `\n${tables.join('\n')}\n`;
}

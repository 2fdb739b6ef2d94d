import { describe, expect, it } from 'vitest';
import { faultsOf, forgedWitness, honestWitness, type Lies } from './testing/forgery.ts';
import { modMain, runMain } from './testing/programs.ts';
import type { FlatRun } from './witness/flattenRun.ts';

const MOD = { modules: ['mod'], ranges: 'medium' } as const;
const words = (value: bigint) => [0, 1, 2, 3].map((w) => (value >> BigInt(96 * w)) & (2n ** 96n - 1n));
type Name = 'add_mod' | 'mul_mod';

const run = (name: Name, p: bigint, a: bigint, b: bigint, c: bigint, count = 2) =>
  runMain(['output', name], modMain([a, b, c].flatMap(words), words(p), count));

const P = 2n ** 381n - 12345n;
const MAX = 2n ** 384n - 1n;

describe('modular builtins', () => {
  it.each([
    [P, 5n, 7n],
    [P, P - 1n, P - 1n],
    [P, 2n ** 380n + 17n, 3n ** 200n],
    [MAX, MAX - 1n, MAX - 2n],
    [2n, 1n, 1n],
    [2n ** 96n, 2n ** 95n + 3n, 2n ** 95n + 5n],
  ])('hold modulo %x', (p, a, b) => {
    for (const [name, c] of [
      ['add_mod', (a + b) % p],
      ['mul_mod', (a * b) % p],
    ] as const) {
      const witness = honestWitness(run(name, p, a, b, c), MOD);
      expect(faultsOf(witness), name).toEqual([]);
    }
  });
  it('hold for numbers that are not reduced', () => {
    for (const [name, c] of [
      ['add_mod', 11n + 12n],
      ['mul_mod', 11n * 12n - 7n * 3n],
    ] as const)
      expect(faultsOf(honestWitness(run(name, 7n, 11n, 12n, c), MOD)), name).toEqual([]);
  });
  const at = (flat: FlatRun, name: 'output' | Name) => flat.builtins.get(name)!.start;
  const put =
    (address: (flat: FlatRun) => number, value: bigint): Lies['memory'] =>
    (flat) => {
      flat.memory.ids[address(flat)] = flat.memory.values.idOfFelt(value);
    };
  const forgeries: [string, Name, Lies][] = [
    ['a wrong sum', 'add_mod', { memory: put((flat) => at(flat, 'output') + 8, 1n) }],
    ['a wrong product', 'mul_mod', { memory: put((flat) => at(flat, 'output') + 8, 1n) }],
    ['another modulus', 'mul_mod', { memory: put((flat) => at(flat, 'mul_mod'), 1n) }],
    ['a word of more than 96 bits', 'mul_mod', { memory: put((flat) => at(flat, 'output') + 3, 2n ** 96n) }],
    ['a count that does not go down', 'add_mod', { memory: put((flat) => at(flat, 'add_mod') + 13, 2n) }],
    ['other offsets', 'add_mod', { memory: put((flat) => at(flat, 'add_mod') + 12, 5n) }],
    [
      'a quotient beyond its range',
      'mul_mod',
      {
        cells: (cell) => {
          cell('mul_mod', 'k0 0')[0] = cell('mul_mod', 'k0 0')[0]! + 512;
        },
      },
    ],
    [
      'a sum that wraps twice',
      'add_mod',
      {
        cells: (cell) => {
          cell('add_mod', 'wraps')[0] = 2;
        },
      },
    ],
  ];
  it.each(forgeries)('refuse %s', (_name, name, lies) => {
    const c = name === 'add_mod' ? 12n : 35n;
    const forged = forgedWitness(run(name, P, 5n, 7n, c), { layout: MOD, ...lies });
    expect(faultsOf(forged)).not.toEqual([]);
  });
});

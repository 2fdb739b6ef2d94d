import { describe, expect, it } from 'vitest';
import { faultsOf, forgedWitness, honestWitness } from './testing/forgery.ts';
import { MOD_FORGERIES, modRun as run } from './testing/modForgeries.ts';

const MOD = { modules: ['mod'], ranges: 'medium' } as const;
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
  it.each(MOD_FORGERIES)('refuse %s', (_name, forgedRun, lies) => {
    expect(faultsOf(forgedWitness(forgedRun(), { layout: MOD, ...lies }))).not.toEqual([]);
  });
});

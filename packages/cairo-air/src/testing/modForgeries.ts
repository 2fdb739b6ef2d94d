import type { ProofRun } from '@cairn/cairo';
import { type Lies, putIn } from './forgery.ts';
import { modMain, runMain } from './programs.ts';

export type ModBuiltin = 'add_mod' | 'mul_mod';

const words = (value: bigint) => [0, 1, 2, 3].map((w) => (value >> BigInt(96 * w)) & (2n ** 96n - 1n));

/** A run that uses the builtin with c for a and b modulo p, as often as said. */
export const modRun = (
  builtin: ModBuiltin,
  p: bigint,
  a: bigint,
  b: bigint,
  c: bigint,
  count = 2,
): ProofRun => runMain(['output', builtin], modMain([a, b, c].flatMap(words), words(p), count));

const MODULUS = 2n ** 381n - 12345n;

const LIES: readonly (readonly [name: string, builtin: ModBuiltin, lies: Lies])[] = [
  ['a wrong sum', 'add_mod', { memory: putIn('output', 8, 1n) }],
  ['a wrong product', 'mul_mod', { memory: putIn('output', 8, 1n) }],
  ['another modulus', 'mul_mod', { memory: putIn('mul_mod', 0, 1n) }],
  ['a word of more than 96 bits', 'mul_mod', { memory: putIn('output', 3, 2n ** 96n) }],
  ['a count that does not go down', 'add_mod', { memory: putIn('add_mod', 13, 2n) }],
  ['other offsets', 'add_mod', { memory: putIn('add_mod', 12, 5n) }],
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

/** Runs of the modular builtins with lies in them. */
export const MOD_FORGERIES: readonly (readonly [name: string, run: () => ProofRun, lies: Lies])[] = LIES.map(
  ([name, builtin, lies]) => [
    name,
    () => modRun(builtin, MODULUS, 5n, 7n, builtin === 'add_mod' ? 12n : 35n),
    lies,
  ],
);

import type { ProofRun } from '@cairn/cairo';
import { ecAdd, pedersen, STARK_CURVE } from '@cairn/primitives';
import { type Lies, putIn } from './forgery.ts';
import { callBuiltin, runMain } from './programs.ts';

const { generator } = STARK_CURVE;
const twice = ecAdd(generator, generator)!;

/** A run that hashes a and b. */
export const hash = (a: bigint, b: bigint): ProofRun =>
  runMain(['output', 'pedersen'], callBuiltin([a, b], 3, 2));
/** A run that computes G + m·2G. */
export const ecOpRun = (m: bigint): ProofRun =>
  runMain(['output', 'ec_op'], callBuiltin([generator.x, generator.y, twice.x, twice.y, m], 7, 5));

/** Runs of the builtins on the curve with lies in them. */
export const CURVE_FORGERIES: readonly (readonly [name: string, run: () => ProofRun, lies: Lies])[] = [
  ['a wrong hash', () => hash(3n, 4n), { memory: putIn('pedersen', 2, 5n) }],
  ['the hash of other inputs', () => hash(3n, 4n), { memory: putIn('pedersen', 2, pedersen(4n, 3n)) }],
  ['a wrong sum of points', () => ecOpRun(5n), { memory: putIn('ec_op', 5, 5n) }],
  [
    // (1, 1) is on y² = x³ + x - 1; -(1, 1) shares its x.
    'a point off the curve',
    () => ecOpRun(0n),
    { memory: putIn('ec_op', 7, 1n, 1n, twice.x, twice.y, 0n, 1n, 1n) },
  ],
  [
    'a point added to itself',
    () => ecOpRun(1n),
    {
      cells: (cell) => {
        const row = cell('point chains', 'adds').indexOf(1);
        for (const axis of ['x', 'y'])
          for (let i = 0; i < 28; i++)
            cell('point chains', `term ${axis} ${i}`)[row] = cell('point chains', `sum ${axis} ${i}`)[row]!;
      },
    },
  ],
  [
    'an addition left out',
    () => ecOpRun(1n),
    {
      cells: (cell) => {
        const row = cell('point chains', 'added').indexOf(1);
        cell('point chains', 'added')[row] = 0;
      },
    },
  ],
  [
    'a chain that ends early',
    () => hash(3n, 4n),
    {
      cells: (cell) => {
        cell('point chains', 'adds')[30] = 0;
        cell('point chains', 'ends')[30] = 1;
      },
    },
  ],
  [
    'another point of the table',
    () => hash(3n, 4n),
    {
      cells: (cell) => {
        cell('point chains', 'digit')[3] = 7;
      },
    },
  ],
];

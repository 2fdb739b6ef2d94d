import { push, RET } from '@cairn/cairo/testing';
import { PRIME } from '@cairn/primitives';
import { P } from '@cairn/stark';
import { feltLimbs } from '../statement/feltLimbs.ts';
import type { FlatRun } from '../witness/flattenRun.ts';
import type { Lies } from './forgery.ts';
import { callBuiltin, combine, fibonacciMain, runMain } from './programs.ts';

function inverse(value: number): number {
  let [result, base, exponent] = [1n, BigInt(value), BigInt(P - 2)];
  for (; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * base) % BigInt(P);
    base = (base * base) % BigInt(P);
  }
  return Number(result);
}

/** A run that writes the 22nd Fibonacci number. */
export const fibonacci = () => runMain(['output'], fibonacciMain(20));
const rangeChecked = () => runMain(['output', 'range_check'], callBuiltin([77n], 1, 0));
const bitwise = () => runMain(['output', 'bitwise'], callBuiltin([12n, 10n], 5, 3));
const poseidon = () => runMain(['output', 'poseidon'], callBuiltin([1n, 2n, 3n], 6, 4));
const products = () =>
  runMain([], [...push(2n ** 200n), ...push(2n ** 100n), ...combine('mul', -2, -1), RET]);
const sums = () => runMain([], [...push(PRIME - 5n), ...push(2n ** 250n), ...combine('add', -2, -1), RET]);

const segmentStart = (run: FlatRun, name: 'output' | 'range_check' | 'bitwise' | 'poseidon') =>
  run.builtins.get(name)!.start;

/** Puts another value under an address, as if the run had had it. */
const put = (address: (run: FlatRun) => number, value: bigint) => (run: FlatRun) => {
  run.memory.ids[address(run)] = run.memory.values.idOfFelt(value);
};

/** Runs of the core, bitwise and Poseidon with lies in them. */
export const CORE_FORGERIES: readonly (readonly [
  name: string,
  run: () => ReturnType<typeof runMain>,
  lies: Lies,
])[] = [
  ['a wrong value in memory', fibonacci, { memory: put((run) => run.initialAp + 6, 5n) }],
  [
    'two values under one address',
    fibonacci,
    {
      cells: (cell) => {
        // The second row of memory speaks of the addresses of the first.
        cell('memory', 'row')[1] = 0;
      },
    },
  ],
  [
    'a false output',
    fibonacci,
    { statement: (s) => ({ ...s, output: s.output.map((value) => value + 1n) }) },
  ],
  [
    'a false output in memory too',
    fibonacci,
    {
      memory: put((run) => segmentStart(run, 'output'), 5n),
      statement: (s) => ({ ...s, output: [5n] }),
    },
  ],
  [
    'a swapped program',
    fibonacci,
    { statement: (s) => ({ ...s, program: s.program.with(11, s.program[11]! + 1n) }) },
  ],
  [
    'another stop pointer',
    rangeChecked,
    {
      statement: (s) => ({
        ...s,
        builtins: s.builtins.map((b) => (b.name === 'range_check' ? { ...b, stop: b.stop + 1 } : b)),
      }),
    },
  ],
  [
    'a cell beyond its range check',
    rangeChecked,
    { memory: put((run) => segmentStart(run, 'range_check') + 3, 2n ** 128n) },
  ],
  [
    'a negative cell under its range check',
    rangeChecked,
    { memory: put((run) => segmentStart(run, 'range_check') + 3, PRIME - 1n) },
  ],
  ['a wrong and', bitwise, { memory: put((run) => segmentStart(run, 'bitwise') + 7, 1n) }],
  ['a wrong xor', bitwise, { memory: put((run) => segmentStart(run, 'bitwise') + 8, 1n) }],
  [
    'bitwise of more than 251 bits',
    bitwise,
    {
      memory: (run) => {
        const start = segmentStart(run, 'bitwise') + 5;
        for (const [i, value] of [2n ** 251n, 0n, 0n, 2n ** 251n, 2n ** 251n].entries())
          put(() => start + i, value)(run);
      },
    },
  ],
  ['a wrong hash', poseidon, { memory: put((run) => segmentStart(run, 'poseidon') + 4, 5n) }],
  [
    'a hash round switched off',
    poseidon,
    {
      cells: (cell) => {
        cell('poseidon', 'partial')[10] = 0;
        cell('poseidon', 'output')[10] = 1;
      },
    },
  ],
  [
    'a constant row that is none',
    poseidon,
    {
      cells: (cell) => {
        cell('poseidon schedule', 'is row')[40] = 1;
        cell('poseidon schedule', 'uses')[40] = 1;
      },
    },
  ],
  ['a wrong product', products, { memory: put((run) => run.finalAp - 1, 5n) }],
  ['a product off by P', products, { cells: (cell) => cell('products', 'quotient low').fill(1, 0, 1) }],
  ['a wrong sum', sums, { memory: put((run) => run.finalAp - 1, 5n) }],
  [
    'a negative multiplicity',
    fibonacci,
    {
      cells: (cell) => {
        const uses = cell('memory', 'uses1');
        uses[3] = P - 1;
      },
    },
  ],
  [
    'P for 0',
    fibonacci,
    {
      cells: (cell) => {
        feltLimbs(PRIME).forEach((limb, i) => {
          cell('big values', `limb${i}`)[15] = limb;
        });
        cell('big values', 'top')[15] = 1;
        cell('big values', 'full')[15] = 1;
        cell('big values', 'inverse')[15] = inverse(feltLimbs(PRIME).reduce((x, y) => x + y));
      },
    },
  ],
  [
    'a second value 0',
    fibonacci,
    {
      cells: (cell) => {
        const last = cell('small values', 'row').length - 1;
        cell('small values', 'limb0')[last] = 0;
        cell('small values', 'inverse')[last] = 0;
      },
    },
  ],
  [
    'a jump that is not taken',
    fibonacci,
    {
      cells: (cell) => {
        const row = cell('cpu', 'jnz').indexOf(1);
        cell('cpu', 'taken')[row] = 0;
        cell('cpu', 'reads res')[row] = 0;
      },
    },
  ],
  [
    'a flag that is no bit',
    fibonacci,
    {
      cells: (cell) => {
        cell('instructions', 'ap one')[2] = 2;
        cell('instructions', 'call')[2] = P - 1;
      },
    },
  ],
  [
    'a run that begins elsewhere',
    fibonacci,
    {
      cells: (cell) => {
        cell('cpu', 'fp')[0] = cell('cpu', 'fp')[0]! + 1;
      },
    },
  ],
];

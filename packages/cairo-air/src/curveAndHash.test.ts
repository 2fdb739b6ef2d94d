import { blake2sCompress, ecAdd, ecMul, ecOp, PRIME, pedersen, STARK_CURVE } from '@cairn/primitives';
import { describe, expect, it } from 'vitest';
import { pedersenTable } from './air/ec/pedersenPoints.ts';
import { scheduleConstants } from './air/poseidon/poseidonSchedule.ts';
import { faultsOf, forgedWitness, honestWitness, type Lies, verdictOn } from './testing/forgery.ts';
import { blakeMain, callBuiltin, runMain } from './testing/programs.ts';
import type { FlatRun } from './witness/flattenRun.ts';

const EC = { modules: ['ec'], ranges: 'narrow' } as const;
const { generator } = STARK_CURVE;
const twice = ecAdd(generator, generator)!;

const hash = (a: bigint, b: bigint) => runMain(['output', 'pedersen'], callBuiltin([a, b], 3, 2));
const ecOpRun = (m: bigint) =>
  runMain(['output', 'ec_op'], callBuiltin([generator.x, generator.y, twice.x, twice.y, m], 7, 5));
const startOf = (run: FlatRun, name: 'pedersen' | 'ec_op' | 'output') => run.builtins.get(name)!.start;

/** Puts values under addresses, as if the run had had them. */
const put =
  (address: (run: FlatRun) => number, ...values: bigint[]): Lies['memory'] =>
  (run) => {
    values.forEach((value, i) => {
      run.memory.ids[address(run) + i] = run.memory.values.idOfFelt(value);
    });
  };

describe('chains of points', () => {
  it.each([
    [0n, 0n],
    [PRIME - 1n, PRIME - 1n],
    [1n, 2n ** 248n],
    [2n ** 248n, 7n << 248n],
    [511n << 243n, (2n ** 5n - 1n) << 243n],
  ])('hash %x and %x', (a, b) => {
    const witness = honestWitness(hash(a % PRIME, b), EC);
    expect(faultsOf(witness)).toEqual([]);
    expect(witness.statement.output).toEqual([pedersen(a % PRIME, b)]);
  });
  it.each([0n, 1n, 2n ** 9n, 2n ** 251n, PRIME - 1n, STARK_CURVE.order - 1n])('multiply by %x', (m) => {
    const witness = honestWitness(ecOpRun(m), EC);
    expect(faultsOf(witness)).toEqual([]);
    expect(witness.statement.output).toEqual([ecOp(generator, twice, m)!.x]);
  });
  it('have table points that are multiples of the first ones', () => {
    const { points } = pedersenTable();
    for (const window of [0, 13, 26, 30, 54])
      for (const digit of [1, 100, 511])
        expect(points[512 * window + digit]).toEqual(ecMul(BigInt(digit + 1), points[512 * window]!));
  });
  const forgeries: [string, () => ReturnType<typeof runMain>, Lies][] = [
    ['a wrong hash', () => hash(3n, 4n), { memory: put((run) => startOf(run, 'pedersen') + 2, 5n) }],
    [
      'the hash of other inputs',
      () => hash(3n, 4n),
      { memory: put((run) => startOf(run, 'pedersen') + 2, pedersen(4n, 3n)) },
    ],
    ['a wrong sum of points', () => ecOpRun(5n), { memory: put((run) => startOf(run, 'ec_op') + 5, 5n) }],
    [
      // (1, 1) is on y² = x³ + x - 1; -(1, 1) shares its x.
      'a point off the curve',
      () => ecOpRun(0n),
      { memory: put((run) => startOf(run, 'ec_op') + 7, 1n, 1n, twice.x, twice.y, 0n, 1n, 1n) },
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
  it.each(forgeries)('refuse %s', (_name, run, lies) => {
    expect(faultsOf(forgedWitness(run(), { layout: EC, ...lies }))).not.toEqual([]);
  });
});

describe('Hades', () => {
  it('lacks the same constants for every input', () => {
    expect(scheduleConstants([1n, PRIME - 1n, 2n ** 200n])).toEqual(scheduleConstants());
  });
});

describe('Blake2s', () => {
  const state = Array.from({ length: 8 }, (_, i) => Math.imul(0x9e3779b9, i + 1) >>> 0);
  const message = Array.from({ length: 16 }, (_, i) => Math.imul(0xdeadbeef, i + 3) >>> 0);
  const run = () => runMain(['output'], blakeMain(state, message, 0xfedcba98));

  it('is proven', async () => {
    const witness = honestWitness(run());
    expect(witness.layout.layout).toEqual({ modules: ['blake'], ranges: 'narrow' });
    expect(faultsOf(witness)).toEqual([]);
    const compressed = (isFinal: boolean) =>
      [...blake2sCompress(Uint32Array.from(state), Uint32Array.from(message), 0xfedcba98, isFinal)].map(
        BigInt,
      );
    expect(witness.statement.output.slice(24)).toEqual([...compressed(false), ...compressed(true)]);
    expect((await verdictOn(witness)).ok).toBe(true);
  });
  const forgeries: [string, Lies][] = [
    ['a wrong word', { memory: put((flat) => startOf(flat, 'output') + 24, 5n) }],
    ['a word of more than 32 bits', { memory: put((flat) => startOf(flat, 'output') + 3, 2n ** 32n) }],
    [
      'a last block that is none',
      {
        cells: (cell) => {
          cell('cpu', 'finalize')[cell('cpu', 'finalize').indexOf(1)] = 0;
        },
      },
    ],
    [
      'a round left out',
      {
        cells: (cell) => {
          cell('blake rounds', 'round3')[3] = 0;
          cell('blake rounds', 'round4')[3] = 1;
        },
      },
    ],
    [
      'a compression switched off',
      {
        cells: (cell) => {
          cell('blake', 'active')[0] = 0;
        },
      },
    ],
    [
      'a carry of another size',
      {
        cells: (cell) => {
          cell('blake mixing', 'a1 1')[5] = cell('blake mixing', 'a1 1')[5]! ^ 1;
        },
      },
    ],
  ];
  it.each(forgeries)('refuses %s', async (_name, lies) => {
    const witness = forgedWitness(run(), lies);
    expect(faultsOf(witness)).not.toEqual([]);
    expect((await verdictOn(witness)).ok).toBe(false);
  });
});

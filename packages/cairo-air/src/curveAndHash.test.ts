import { blake2sCompress, ecAdd, ecMul, ecOp, PRIME, pedersen, STARK_CURVE } from '@cairn/primitives';
import { describe, expect, it } from 'vitest';
import { pedersenTable } from './air/ec/pedersenPoints.ts';
import { scheduleConstants } from './air/poseidon/poseidonSchedule.ts';
import { CURVE_FORGERIES, ecOpRun, hash } from './testing/curveForgeries.ts';
import { faultsOf, forgedWitness, honestWitness, type Lies, putIn, verdictOn } from './testing/forgery.ts';
import { blakeMain, runMain } from './testing/programs.ts';

const EC = { modules: ['ec'], ranges: 'narrow' } as const;
const { generator } = STARK_CURVE;
const twice = ecAdd(generator, generator)!;

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
  it.each(CURVE_FORGERIES)('refuse %s', (_name, run, lies) => {
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
    ['a wrong word', { memory: putIn('output', 24, 5n) }],
    ['a word of more than 32 bits', { memory: putIn('output', 3, 2n ** 32n) }],
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

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ecAdd, ecMul } from './curve.ts';
import { feltInv, feltMod, feltMul, feltSqrt, PRIME } from './felt.ts';
import { pedersenBatch, poseidonBatch } from './hashPairs.ts';
import { pedersen } from './pedersen.ts';
import { poseidon } from './poseidon.ts';
import { STARK_CURVE } from './starkCurve.ts';

// Rare carries show only in many runs; kernels that compute the same in different ways check each other here.
const RUN_COUNT = 100_000;

/** Distinct felts without structure, from the powers of a generator times a seed. */
function* felts(): Generator<bigint> {
  const [seed] = fc.sample(fc.bigInt({ min: 1n, max: PRIME - 1n }), 1);
  for (let x = seed!; ; x = feltMul(x, 3n)) yield x;
}

test('batched and single hashes agree', () => {
  const stream = felts();
  const next = () => stream.next().value as bigint;
  for (let done = 0; done < RUN_COUNT; done += 500) {
    const pairs = Array.from({ length: 500 }, () => [next(), next()] as const);
    expect(pedersenBatch(pairs)).toEqual(pairs.map(([a, b]) => pedersen(a, b)));
    expect(poseidonBatch(pairs)).toEqual(pairs.map(([a, b]) => poseidon(a, b)));
  }
});

test('inverses and square roots', () => {
  const stream = felts();
  for (let i = 0; i < RUN_COUNT; i++) {
    const a = stream.next().value as bigint;
    expect(feltMul(a, feltInv(a))).toBe(1n);
    const root = feltSqrt(feltMul(a, a))!;
    expect(root === a || root === PRIME - a).toBe(true);
  }
});

test('multiples of the generator by its table and of other points by doubling', () => {
  const { generator, order } = STARK_CURVE;
  const stream = felts();
  for (let i = 0; i < RUN_COUNT / 10; i++) {
    const [k, l] = [stream.next().value as bigint, stream.next().value as bigint];
    const kG = ecMul(k, generator);
    expect(ecMul(l, kG)).toEqual(ecMul((k * l) % order, generator));
    expect(ecAdd(kG, ecMul(feltMod(-k), generator))).toEqual(ecMul(PRIME, generator));
  }
});

import { noResources, type VmResources, versionedConstants } from '@cairn/protocol';
import { describe, expect, it } from 'vitest';
import { sierraGas, stepGas } from './vmGas.ts';

const constants = versionedConstants('0.14.2');
const work = (
  stepCount: number,
  builtins: VmResources['builtins'] = {},
  memoryHoleCount = 0,
): VmResources => ({
  stepCount,
  memoryHoleCount,
  builtins,
});

/** A step costs 0.0025 L1 gas, and a unit of L1 gas 40,000 L2 gas. */
const UNIT = 40_000n;

describe('gas of VM work charged by steps', () => {
  it.each([
    ['nothing', work(0), 0n],
    ['one step, a unit', work(1), UNIT],
    ['400 steps, still one', work(400), UNIT],
    ['401 steps', work(401), 2n * UNIT],
    ['memory holes count as steps', work(400, {}, 1), 2n * UNIT],
    ['a use of the segment arena counts as 10 steps', work(391, { segment_arena: 1 }), 2n * UNIT],
    ['the dearest resource alone: builtins', work(400, { pedersen: 100 }), 8n * UNIT],
    ['the dearest resource alone: steps', work(40_000, { pedersen: 100, range_check: 1000 }), 100n * UNIT],
    ['each builtin is rounded up on its own', work(0, { range_check: 26 }), 2n * UNIT],
    ['a blake is a unit', work(0, { blake: 3 }), 3n * UNIT],
    ['output is free', work(0, { output: 1000 }), 0n],
  ])('%s', (_, resources, expected) => {
    expect(stepGas(resources, constants)).toBe(expected);
  });

  it('adds reverted steps to the steps', () => {
    expect(stepGas(work(300), constants, 101)).toBe(2n * UNIT);
    expect(stepGas(noResources(), constants, 400)).toBe(UNIT);
  });
});

it('Sierra gas of VM work is the sum of every resource at its price', () => {
  expect(sierraGas(work(903, { range_check: 18 }), constants)).toBe(91_560n);
  expect(sierraGas(work(1, { pedersen: 1, bitwise: 2, keccak: 1 }, 3), constants)).toBe(
    100n + 4_050n + 2n * 583n + 136_189n + 30n,
  );
});

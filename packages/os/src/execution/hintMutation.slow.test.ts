import { expect, it } from 'vitest';
import { runOs } from '../runOs.ts';
import { transferChain } from '../testing/attackChains.ts';
import { hintFelts, runMutated } from '../testing/mutateHints.ts';

/** Values of execution's hints in a block with a transfer that may be others, and why that does no harm. */
const FREE_VALUES: readonly string[] = [
  // Which of two equal numbers is taken.
  'cairn.execution.is_a_larger[0]: same output',
];

it('a value of a hint of execution is proven, or stands in the list of free values', () => {
  const chain = transferChain();
  const input = chain.osInput(chain.blocks.length - 1);
  const honest = runOs(input).outputWords;
  const accepted = hintFelts(input).flatMap(({ hint, place }, i) => {
    if (!hint.startsWith('cairn.execution.')) return [];
    const outcome = runMutated(input, i, (value) => value + 1n, honest);
    // After some changes honest hints cannot go on: attacks.slow.test.ts has the dishonest ones.
    return outcome === 'rejected' || outcome === 'stopped' ? [] : [`${hint}[${place}]: ${outcome}`];
  });
  expect(FREE_VALUES).toEqual(expect.arrayContaining(accepted));
});

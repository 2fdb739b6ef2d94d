import { PRIME } from '@cairn/primitives';
import { expect, it } from 'vitest';
import { emptyChain } from './testing/attackChains.ts';
import { FREE_VALUES, STOPPING_HINTS } from './testing/freeValues.ts';
import { survivors } from './testing/mutateHints.ts';

it('the list of free values is neither too short nor too long, whatever they are changed to', () => {
  const { accepted, stopping } = survivors(emptyChain().osInput(13), [
    (value) => (value + 1n) % PRIME,
    () => 0n,
    () => 1n,
    () => PRIME - 1n,
    () => 1n << 128n,
  ]);
  expect(accepted).toEqual(FREE_VALUES.map(({ value, outcome }) => `${value}: ${outcome}`).sort());
  expect(stopping).toEqual([...STOPPING_HINTS].sort());
});

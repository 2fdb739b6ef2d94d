import { PRIME } from '@cairn/primitives';
import { expect, it } from 'vitest';
import { emptyChain } from './testing/attackChains.ts';
import { FREE_VALUES, STOPPING_HINTS } from './testing/freeValues.ts';
import { survivors } from './testing/mutateHints.ts';

it('a value of a hint of an empty block is proven, or stands in the list of free values', () => {
  const { accepted, stopping } = survivors(emptyChain().osInput(13), [(value) => (value + 1n) % PRIME]);
  expect(FREE_VALUES.map(({ value, outcome }) => `${value}: ${outcome}`)).toEqual(
    expect.arrayContaining(accepted),
  );
  expect(STOPPING_HINTS).toEqual(expect.arrayContaining(stopping));
}, 300_000);

import { expect, it } from 'vitest';
import { doubleTransfer, emptyChain } from '../testing/attackChains.ts';
import { osBench } from './os.bench.ts';

it('an OS run reaches its goals for steps', () => {
  const results = osBench({
    emptyBlock: emptyChain().osInput(24),
    oneTransfer: doubleTransfer(1).osInput(1),
    tenTransfers: doubleTransfer(10).osInput(1),
  });
  const missed = results.filter(({ unit, isMet }) => unit === 'steps' && !isMet);
  expect(missed).toEqual([]);
});

import { expect, it } from 'vitest';
import { killAndRestart } from './killAndRestart.ts';

it('killed 4 times under load, the node loses nothing and its blocks replay', async () => {
  const report = await killAndRestart(4, Math.random);
  expect(report.lost).toEqual([]);
  expect(report.differentBlocks).toEqual([]);
  expect(report.acceptedCount).toBeGreaterThan(0);
});

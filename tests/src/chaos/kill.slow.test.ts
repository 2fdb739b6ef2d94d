import { expect, it } from 'vitest';
import { killAndRestart } from './killAndRestart.ts';

it('killed 200 times under load, the node loses nothing and its blocks replay', async () => {
  const report = await killAndRestart(200, Math.random);
  console.log(report);
  expect(report.lost).toEqual([]);
  expect(report.differentBlocks).toEqual([]);
});

import { expect, it } from 'vitest';
import { startAnvil } from '../../../packages/settlement/src/testing/anvil.ts';
import { testSequencer } from './testSequencer.ts';

it('blocks have the gas prices of an Ethereum node, and keep the last ones when it is gone', async () => {
  const anvil = await startAnvil();
  const { sequencer, errors } = testSequencer({ l1: { url: anvil.url, strkPerEth: 10_000n } });
  const pricesOfNext = () => sequencer.dev.createBlock().block.header.gasPrices;
  await expect.poll(() => pricesOfNext().l1Gas.priceInWei, { timeout: 5_000 }).toBe(2n * 10n ** 9n);
  const prices = pricesOfNext();
  // Anvil starts with a base fee of 1 gwei; the tip is another one.
  expect(prices.l1Gas).toEqual({ priceInWei: 2n * 10n ** 9n, priceInFri: 2n * 10n ** 13n });
  expect(prices.l1DataGas.priceInFri).toBe(prices.l1DataGas.priceInWei * 10_000n);
  await anvil.stop();
  expect(pricesOfNext()).toEqual(prices);
  expect(errors).toEqual([]);
  await sequencer.stop();

  const alone = testSequencer({ l1: { url: anvil.url, strkPerEth: 10_000n } });
  await expect.poll(() => alone.errors.length, { timeout: 5_000 }).toBe(1);
  expect(alone.errors[0]).toMatchObject({ code: 'L1_UNREACHABLE' });
  expect(alone.sequencer.dev.createBlock().block.header.gasPrices.l1Gas.priceInWei).toBe(10n ** 9n);
  await alone.sequencer.stop();
});

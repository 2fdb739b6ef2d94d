import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import { fetchL1Prices } from './l1GasPrices.ts';

let answer: unknown;
const server = createServer((_, response) => response.end(JSON.stringify(answer)));
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
afterAll(() => server.close());

const GWEI = 10n ** 9n;
const hex = (value: bigint) => `0x${value.toString(16)}`;
const history = (gas: bigint[], blob?: bigint[]) => ({
  result: { baseFeePerGas: gas.map(hex), ...(blob ? { baseFeePerBlobGas: blob.map(hex) } : {}) },
});
const wei = async () => {
  const { l1Gas, l1DataGas } = await fetchL1Prices(url, 5n);
  expect([l1Gas.priceInFri, l1DataGas.priceInFri]).toEqual([
    5n * l1Gas.priceInWei,
    5n * l1DataGas.priceInWei,
  ]);
  return [l1Gas.priceInWei, l1DataGas.priceInWei];
};

describe('gas prices of L1', () => {
  it('are means of the last blocks, with a tip, within bounds', async () => {
    answer = history([2n * GWEI, 4n * GWEI], [1000n, 3000n]);
    expect(await wei()).toEqual([4n * GWEI, 270n]);
    answer = history([10n ** 15n]);
    expect(await wei()).toEqual([200n * GWEI, 1n]);
    answer = history([0n], [10n ** 30n]);
    expect(await wei()).toEqual([GWEI, 10n ** 18n]);
  });

  it.each([
    { error: { message: 'no such method' } },
    {},
    { result: {} },
    { result: { baseFeePerGas: ['x'] } },
  ])('are not guessed from %o', async (bad) => {
    answer = bad;
    await expect(fetchL1Prices(url, 5n)).rejects.toMatchObject({ code: 'L1_UNREACHABLE' });
  });

  it('need a node', async () => {
    await expect(fetchL1Prices('http://127.0.0.1:9', 5n)).rejects.toThrow(
      /no gas prices from the Ethereum node/,
    );
  });
});

import { expect, it } from 'vitest';
import { addGas, costInWei, feeInFri, multiplyGas, NO_GAS } from './gasVector.ts';

const gas = { l1Gas: 2n, l1DataGas: 3n, l2Gas: 5n };
const prices = {
  l1Gas: { priceInWei: 7n, priceInFri: 70n },
  l1DataGas: { priceInWei: 11n, priceInFri: 110n },
  l2Gas: { priceInWei: 13n, priceInFri: 130n },
};

it('adds and multiplies by component', () => {
  expect(addGas()).toEqual(NO_GAS);
  expect(addGas(gas, gas, NO_GAS)).toEqual(multiplyGas(gas, 2n));
});

it('prices each component, L2 gas with the tip', () => {
  expect(feeInFri(gas, prices, 0n)).toBe(2n * 70n + 3n * 110n + 5n * 130n);
  expect(feeInFri(gas, prices, 9n)).toBe(2n * 70n + 3n * 110n + 5n * 139n);
  expect(costInWei(gas, prices)).toBe(2n * 7n + 3n * 11n + 5n * 13n);
});

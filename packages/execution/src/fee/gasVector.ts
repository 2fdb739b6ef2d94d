import type { GasPrices, GasVector } from '@cairn/protocol';

export const NO_GAS: GasVector = { l1Gas: 0n, l1DataGas: 0n, l2Gas: 0n };

export function addGas(...vectors: readonly GasVector[]): GasVector {
  return vectors.reduce(
    (sum, v) => ({
      l1Gas: sum.l1Gas + v.l1Gas,
      l1DataGas: sum.l1DataGas + v.l1DataGas,
      l2Gas: sum.l2Gas + v.l2Gas,
    }),
    NO_GAS,
  );
}

export function multiplyGas(gas: GasVector, factor: bigint): GasVector {
  return { l1Gas: gas.l1Gas * factor, l1DataGas: gas.l1DataGas * factor, l2Gas: gas.l2Gas * factor };
}

/** What gas costs in wei, in which L1 handlers are reckoned. */
export function costInWei(gas: GasVector, prices: GasPrices): bigint {
  return (
    gas.l1Gas * prices.l1Gas.priceInWei +
    gas.l1DataGas * prices.l1DataGas.priceInWei +
    gas.l2Gas * prices.l2Gas.priceInWei
  );
}

/** Fee in fri: each resource at the block's price, L2 gas at its price plus the tip. */
export function feeInFri(gas: GasVector, prices: GasPrices, tip: bigint): bigint {
  return (
    gas.l1Gas * prices.l1Gas.priceInFri +
    gas.l1DataGas * prices.l1DataGas.priceInFri +
    gas.l2Gas * (prices.l2Gas.priceInFri + tip)
  );
}

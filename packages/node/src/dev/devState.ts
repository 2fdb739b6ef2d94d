import type { ContractAddress } from '@cairn/primitives';
import type { GasPrice, GasPrices } from '@cairn/protocol';
import type { DevOverrides } from '../producer/blockProducer.ts';

/** What dev verbs have changed about the making of blocks. */
export class DevState implements DevOverrides {
  readonly #impersonated = new Set<ContractAddress>();
  #everyoneIsImpersonated = false;
  #prices: Partial<Record<keyof GasPrices, Partial<GasPrice>>> = {};

  isImpersonated(sender: ContractAddress): boolean {
    return this.#everyoneIsImpersonated || this.#impersonated.has(sender);
  }

  gasPrices(prices: GasPrices): GasPrices {
    const { l1Gas, l1DataGas, l2Gas } = this.#prices;
    return {
      l1Gas: { ...prices.l1Gas, ...l1Gas },
      l1DataGas: { ...prices.l1DataGas, ...l1DataGas },
      l2Gas: { ...prices.l2Gas, ...l2Gas },
    };
  }

  impersonate(account: ContractAddress): void {
    this.#impersonated.add(account);
  }

  stopImpersonating(account: ContractAddress): void {
    this.#impersonated.delete(account);
  }

  impersonateEveryone(enabled: boolean): void {
    this.#everyoneIsImpersonated = enabled;
  }

  /** Prices of all blocks to come; those left out stay as they were or follow the market. */
  setGasPrices(prices: Partial<Record<keyof GasPrices, Partial<GasPrice>>>): void {
    for (const [name, price] of Object.entries(prices) as [keyof GasPrices, Partial<GasPrice>][])
      this.#prices = { ...this.#prices, [name]: { ...this.#prices[name], ...price } };
  }

  reset(): void {
    this.#impersonated.clear();
    this.#everyoneIsImpersonated = false;
    this.#prices = {};
  }
}

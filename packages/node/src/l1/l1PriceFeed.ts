import { fetchL1Prices, type L1Prices } from './l1GasPrices.ts';

/** How often an Ethereum node is asked: once in its block time. */
const INTERVAL_MS = 12_000;

/** Follows the gas prices of an Ethereum node; while it does not answer, the last ones stay. */
export class L1PriceFeed {
  readonly #fetch: () => Promise<L1Prices>;
  readonly #onError: (error: unknown) => void;
  #timer: NodeJS.Timeout | undefined;
  #isFailing = false;
  #latest: L1Prices | undefined;

  constructor(url: string, strkPerEth: bigint, onError: (error: unknown) => void) {
    this.#fetch = () => fetchL1Prices(url, strkPerEth);
    this.#onError = onError;
  }

  /** Undefined before the first answer. */
  get latest(): L1Prices | undefined {
    return this.#latest;
  }

  start(): void {
    this.#timer = setInterval(() => void this.#ask(), INTERVAL_MS);
    this.#timer.unref();
    void this.#ask();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #ask(): Promise<void> {
    try {
      this.#latest = await this.#fetch();
      this.#isFailing = false;
    } catch (error) {
      // Told once, not every time.
      if (!this.#isFailing) this.#onError(error);
      this.#isFailing = true;
    }
  }
}

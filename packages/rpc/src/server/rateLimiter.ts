/** How much each client may ask for. */
export interface RateLimits {
  /** Units a client gets each second; 0 for no limit. A cheap read costs one. */
  readonly unitsPerSecond: number;
  /** Units a client may have saved. */
  readonly burstUnits: number;
}

/** A client's units. */
export interface TokenBucket {
  /** True when it cannot pay for anything now. */
  readonly isEmpty: boolean;
  /** Takes units when they are there; otherwise how long to wait for them, in milliseconds. */
  take(units: number): number;
}

/** The bucket of a client that may ask for as much as it likes. */
export const UNLIMITED: TokenBucket = { isEmpty: false, take: () => 0 };
/** Clients remembered; a full bucket need not be. */
const MAX_CLIENTS = 10_000;

/** Token buckets of all clients, by address. */
export class RateLimiter {
  readonly #limits: RateLimits;
  readonly #nowMs: () => number;
  readonly #buckets = new Map<string, Bucket>();

  constructor(limits: RateLimits, nowMs: () => number = () => performance.now()) {
    this.#limits = limits;
    this.#nowMs = nowMs;
  }

  /** The bucket of a client. */
  client(address: string): TokenBucket {
    if (this.#limits.unitsPerSecond === 0) return UNLIMITED;
    let bucket = this.#buckets.get(address);
    if (bucket === undefined) {
      if (this.#buckets.size >= MAX_CLIENTS) this.#forgetFull();
      bucket = new Bucket(this.#limits, this.#nowMs);
      this.#buckets.set(address, bucket);
    }
    return bucket;
  }

  /** Forgets clients that have all their units; when none has, the oldest. */
  #forgetFull(): void {
    for (const [address, bucket] of this.#buckets) if (bucket.isFull) this.#buckets.delete(address);
    if (this.#buckets.size >= MAX_CLIENTS) this.#buckets.delete(this.#buckets.keys().next().value!);
  }
}

class Bucket implements TokenBucket {
  readonly #limits: RateLimits;
  readonly #nowMs: () => number;
  #units: number;
  #filledAtMs: number;

  constructor(limits: RateLimits, nowMs: () => number) {
    this.#limits = limits;
    this.#nowMs = nowMs;
    this.#units = limits.burstUnits;
    this.#filledAtMs = nowMs();
  }

  get isEmpty(): boolean {
    this.#fill();
    return this.#units < 1;
  }

  get isFull(): boolean {
    this.#fill();
    return this.#units >= this.#limits.burstUnits;
  }

  take(units: number): number {
    this.#fill();
    // What costs more than a full bucket holds is let through by a full one.
    const needed = Math.min(units, this.#limits.burstUnits);
    if (this.#units < needed) return Math.ceil((1000 * (needed - this.#units)) / this.#limits.unitsPerSecond);
    this.#units -= units;
    return 0;
  }

  #fill(): void {
    const nowMs = this.#nowMs();
    const { unitsPerSecond, burstUnits } = this.#limits;
    const earned = ((nowMs - this.#filledAtMs) / 1000) * unitsPerSecond;
    this.#units = Math.min(burstUnits, this.#units + earned);
    this.#filledAtMs = nowMs;
  }
}

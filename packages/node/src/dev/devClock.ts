import type { Clock } from '../clock.ts';

/** A clock that dev verbs may move; it goes on from where it was put. */
export class DevClock implements Clock {
  readonly #base: Clock;
  #offsetMs = 0;

  constructor(base: Clock) {
    this.#base = base;
  }

  nowMs(): number {
    return this.#base.nowMs() + this.#offsetMs;
  }

  /** Makes it `timestamp` seconds since the epoch now. */
  set(timestamp: number): void {
    this.#offsetMs = timestamp * 1000 - this.#base.nowMs();
  }

  advance(seconds: number): void {
    this.#offsetMs += seconds * 1000;
  }

  reset(): void {
    this.#offsetMs = 0;
  }
}

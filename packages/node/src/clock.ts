/** The time, as seconds or milliseconds since the epoch; injected so that tests and dev verbs can move it. */
export interface Clock {
  nowMs(): number;
}

/** The machine's clock. */
export const SYSTEM_CLOCK: Clock = { nowMs: () => Date.now() };

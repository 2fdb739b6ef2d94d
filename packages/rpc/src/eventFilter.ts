import type { ContractAddress, Felt } from '@cairn/primitives';
import type { Event } from '@cairn/protocol';

/** Which events are wanted. */
export interface EventFilter {
  /** Empty: from any contract. */
  readonly addresses: readonly ContractAddress[];
  /** Per key position the accepted values; an empty list accepts any. */
  readonly keys: readonly (readonly Felt[])[];
}

/** A test for events; one with fewer keys than asked for passes only if the rest accept anything. */
export function eventMatcher({ addresses, keys }: EventFilter): (event: Event) => boolean {
  const from = new Set(addresses);
  const accepted = keys.map((values) => new Set(values));
  return (event) =>
    (from.size === 0 || from.has(event.fromAddress)) &&
    accepted.every((values, i) => values.size === 0 || (i < event.keys.length && values.has(event.keys[i]!)));
}

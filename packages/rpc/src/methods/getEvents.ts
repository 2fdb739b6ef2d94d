import { defineMethod, required } from '../method.ts';
import { formatEmittedEvent } from '../wire/emittedEvent.ts';
import { formatToken, readEventQuery } from '../wire/eventFilter.ts';

/** Finds events, page by page. */
export const getEvents = defineMethod({
  name: 'starknet_getEvents',
  cost: 20,
  parameters: { filter: required(readEventQuery) },
  errors: ['PAGE_SIZE_TOO_BIG', 'INVALID_CONTINUATION_TOKEN', 'BLOCK_NOT_FOUND', 'TOO_MANY_KEYS_IN_FILTER'],
  handler({ filter }, backend) {
    const { events, next } = backend.events(filter);
    return {
      events: events.map(formatEmittedEvent),
      ...(next ? { continuation_token: formatToken(next) } : {}),
    };
  },
});

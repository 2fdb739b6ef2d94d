import type { Felt } from '@cairn/primitives';
import { ExecutionFailure } from '../revertReason/executionFailure.ts';
import type { Syscall } from './syscall.ts';

/** Emits an event, within the limits on its size and on events per transaction. */
export const emitEvent: Syscall<{ keys: Felt[]; data: Felt[] }> = {
  name: 'EmitEvent',
  read: (reader) => ({ keys: reader.felts(), data: reader.felts() }),
  run: (event, { context, events }) => {
    const limits = context.transaction.constants;
    for (const [limit, what, actual, max] of [
      ['number of events', 'number events', context.eventCount + 1, limits.maxEventCountPerTransaction],
      ['keys length', 'keys length', event.keys.length, limits.maxEventKeyCount],
      ['data length', 'data length', event.data.length, limits.maxEventDataLength],
    ] as const) {
      if (actual > max)
        throw ExecutionFailure.fromText(
          `Exceeded the maximum ${limit}, ${what}: ${actual}, max ${what}: ${max}.`,
        );
    }
    events.push({ order: context.eventCount++, value: event });
    return [];
  },
};

/** Sends a message to a contract on L1. */
export const sendMessageToL1: Syscall<{ toAddress: Felt; payload: Felt[] }> = {
  name: 'SendMessageToL1',
  read: (reader) => ({ toAddress: reader.felt(), payload: reader.felts() }),
  linearFactor: ({ payload }) => payload.length,
  run: (message, { context, messages }) => {
    if (message.toAddress >= 1n << 160n)
      throw ExecutionFailure.fromText(`Out of range ${message.toAddress}.`);
    messages.push({ order: context.messageCount++, value: message });
    return [];
  },
};

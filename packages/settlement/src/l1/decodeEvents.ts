import { type Felt, PRIME } from '@cairn/primitives';
import { type Log, parseEventLogs } from 'viem';
import { CORE_ABI } from './core.ts';
import type { L1Event, L1Message, L1Place } from './l1Events.ts';

/** Events of a core contract that {@link decodeEvents} reads. */
export const WATCHED_EVENTS = CORE_ABI.filter(
  (entry) =>
    entry.type === 'event' &&
    [
      'LogStateUpdate',
      'LogMessageToL2',
      'ConsumedMessageToL2',
      'MessageToL2CancellationStarted',
      'MessageToL2Canceled',
    ].includes(entry.name),
);

/**
 * The events that a core contract's logs tell, in the order of the chain. Messages with words that are no felts are left out, as
 * no transaction of L2 can carry them; only their sender is hurt by that.
 * @param timestampOf unix seconds of the block with this hash.
 */
export function decodeEvents(logs: readonly Log[], timestampOf: (blockHash: string) => number): L1Event[] {
  return parseEventLogs({ abi: CORE_ABI, logs: [...logs], strict: true })
    .sort((a, b) => Number(a.blockNumber! - b.blockNumber!) || a.logIndex! - b.logIndex!)
    .flatMap((log): L1Event[] => {
      const place: L1Place = {
        blockNumber: log.blockNumber!,
        blockHash: log.blockHash!,
        transactionHash: log.transactionHash!,
        logIndex: log.logIndex!,
      };
      switch (log.eventName) {
        case 'LogStateUpdate':
          return [
            {
              place,
              kind: 'stateUpdated',
              globalRoot: log.args.globalRoot,
              blockNumber: Number(log.args.blockNumber),
              blockHash: log.args.blockHash,
            },
          ];
        case 'LogMessageToL2': {
          const timestamp = timestampOf(place.blockHash);
          return messageOf(log.args).map((message) => ({
            place,
            kind: 'messageSent',
            message,
            feeWei: log.args.fee,
            timestamp,
          }));
        }
        case 'MessageToL2CancellationStarted':
          return messageOf(log.args).map((message) => ({ place, kind: 'cancellationStarted', message }));
        case 'MessageToL2Canceled':
          return messageOf(log.args).map((message) => ({ place, kind: 'messageCanceled', message }));
        case 'ConsumedMessageToL2':
          return messageOf(log.args).map((message) => ({ place, kind: 'messageConsumed', message }));
        default:
          return [];
      }
    });
}

/** The message of an event, unless it has words that are no felts. */
function messageOf(args: {
  readonly fromAddress: string;
  readonly toAddress: bigint;
  readonly selector: bigint;
  readonly payload: readonly bigint[];
  readonly nonce: bigint;
}): L1Message[] {
  const { toAddress, selector, payload, nonce } = args;
  const isFelt = (word: bigint): word is Felt => word < PRIME;
  if (![toAddress, selector, nonce, ...payload].every(isFelt)) return [];
  return [{ fromAddress: BigInt(args.fromAddress), toAddress, selector, payload, nonce }];
}

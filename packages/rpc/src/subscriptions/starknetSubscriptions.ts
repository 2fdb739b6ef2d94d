import { subscribeEvents } from './events.ts';
import { subscribeNewHeads } from './newHeads.ts';
import { subscribeNewTransactionReceipts } from './newTransactionReceipts.ts';
import { subscribeNewTransactions } from './newTransactions.ts';
import type { Subscription } from './subscription.ts';
import { subscribeTransactionStatus } from './transactionStatus.ts';

/** Every subscription of the specification. @see starkware-libs/starknet-specs, api/starknet_ws_api.json */
export const STARKNET_SUBSCRIPTIONS: readonly Subscription[] = [
  subscribeNewHeads,
  subscribeEvents,
  subscribeTransactionStatus,
  subscribeNewTransactionReceipts,
  subscribeNewTransactions,
];

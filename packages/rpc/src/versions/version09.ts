import type { Method, Parameter } from '../method.ts';
import type { Subscription } from '../subscriptions/subscription.ts';

/** Version of the specification that `/rpc/v0_9` speaks. */
export const SPEC_VERSION_09 = '0.9.0';

/** Fields that 0.10 added to results. @see starknet-specs, release notes of 0.10.0 */
const ADDED_TO_HEADERS = [
  'event_commitment',
  'transaction_commitment',
  'receipt_commitment',
  'state_diff_commitment',
  'event_count',
  'transaction_count',
  'state_diff_length',
];
const ADDED_TO_STATE_DIFFS = ['migrated_compiled_classes'];
const ADDED_TO_EVENTS = ['transaction_index', 'event_index'];

/** Where they stand: methods and notifications whose results lose them. */
const ADDED: Readonly<Record<string, readonly string[]>> = {
  starknet_getBlockWithTxHashes: ADDED_TO_HEADERS,
  starknet_getBlockWithTxs: ADDED_TO_HEADERS,
  starknet_getBlockWithReceipts: ADDED_TO_HEADERS,
  starknet_getStateUpdate: ADDED_TO_STATE_DIFFS,
  starknet_simulateTransactions: ADDED_TO_STATE_DIFFS,
  starknet_traceTransaction: ADDED_TO_STATE_DIFFS,
  starknet_traceBlockTransactions: ADDED_TO_STATE_DIFFS,
  starknet_getEvents: ADDED_TO_EVENTS,
  starknet_subscriptionNewHeads: ADDED_TO_HEADERS,
  starknet_subscriptionEvents: ADDED_TO_EVENTS,
};

/** A method as 0.9 has it: without what 0.10 added, and with the tag `pending` of still older clients. */
export function methodOf09(method: Method): Method {
  if (method.name === 'starknet_specVersion') return { ...method, handler: () => SPEC_VERSION_09 };
  const added = ADDED[method.name] ?? [];
  return {
    ...method,
    parameters: mapValues(method.parameters, withPending),
    handler: async (params, backend) => without(await method.handler(params, backend), added),
  };
}

/** A subscription as 0.9 has it. */
export function subscriptionOf09(subscription: Subscription): Subscription {
  return {
    ...subscription,
    open(params, backend) {
      const start = subscription.open(params, backend);
      return (sink) =>
        start({
          notify: (name, result) => sink.notify(name, without(result, ADDED[name] ?? [])),
          drained: () => sink.drained(),
          failed: (error) => sink.failed(error),
        });
    },
  };
}

/** `pending` became `pre_confirmed` in 0.9. */
function withPending(parameter: Parameter, name: string): Parameter {
  if (name !== 'block_id' && name !== 'filter') return parameter;
  const mapped = (value: unknown): unknown => (value === 'pending' ? 'pre_confirmed' : value);
  return {
    ...parameter,
    parse(value, path) {
      if (name === 'block_id' || typeof value !== 'object' || value === null)
        return parameter.parse(mapped(value), path);
      const filter = value as Record<string, unknown>;
      const [from, to] = [mapped(filter.from_block), mapped(filter.to_block)];
      return parameter.parse({ ...filter, from_block: from, to_block: to }, path);
    },
  };
}

/** A JSON value without the fields, wherever they stand in it. */
function without(value: unknown, fields: readonly string[]): unknown {
  if (fields.length === 0 || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => without(item, fields));
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !fields.includes(name))
      .map(([name, item]) => [name, without(item, fields)]),
  );
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, map: (value: T, key: string) => U) {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]));
}

import type { Method } from '../method.ts';
import { SPEC_VERSION } from '../methods/specVersion.ts';
import { STARKNET_METHODS } from '../methods/starknetMethods.ts';
import { STARKNET_SUBSCRIPTIONS } from '../subscriptions/starknetSubscriptions.ts';
import type { Subscription } from '../subscriptions/subscription.ts';
import { methodOf09, SPEC_VERSION_09, subscriptionOf09 } from './version09.ts';

/** One version of the specification, at its paths. */
export interface RpcVersion {
  readonly specVersion: string;
  /** For HTTP and WebSocket. */
  readonly paths: readonly string[];
  /** For WebSocket only. */
  readonly socketPaths: readonly string[];
  readonly methods: readonly Method[];
  readonly subscriptions: readonly Subscription[];
}

/** The versions served: one set of handlers, the older version a view of it. */
export const RPC_VERSIONS: readonly RpcVersion[] = [
  {
    specVersion: SPEC_VERSION,
    paths: ['/', '/rpc', '/rpc/v0_10'],
    socketPaths: ['/ws'],
    methods: STARKNET_METHODS,
    subscriptions: STARKNET_SUBSCRIPTIONS,
  },
  {
    specVersion: SPEC_VERSION_09,
    paths: ['/rpc/v0_9'],
    socketPaths: [],
    methods: STARKNET_METHODS.map(methodOf09),
    subscriptions: STARKNET_SUBSCRIPTIONS.map(subscriptionOf09),
  },
];

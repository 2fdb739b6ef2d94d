import type { RateLimits } from './rateLimiter.ts';

/** Bounds on what one client may ask for at once. */
export interface RpcLimits {
  maxBodyByteCount: number;
  /** Calls in one batch. */
  maxBatchSize: number;
  /** Nesting of lists and objects in a request. */
  maxJsonDepth: number;
  /** For receiving a request, and again for answering it. */
  requestTimeoutMs: number;
  /** How long an idle connection stays open. */
  keepAliveTimeoutMs: number;
  /** What each client may ask for, by its address. */
  rate: RateLimits;
  /** WebSocket connections of all clients together. */
  maxSocketCount: number;
  /** Subscriptions of one connection. */
  maxSubscriptionCount: number;
  /** Requests of one connection that wait for their answer. */
  maxQueuedMessageCount: number;
  /** What a connection may leave unread before it is dropped. */
  maxBufferedByteCount: number;
  /** A connection that stays silent for this long after a ping is dropped. */
  heartbeatMs: number;
}

/** @see reference "protocol", section 5.9, for the size of the body */
export const DEFAULT_RPC_LIMITS: RpcLimits = {
  maxBodyByteCount: 5_000_000,
  maxBatchSize: 100,
  maxJsonDepth: 64,
  requestTimeoutMs: 60_000,
  keepAliveTimeoutMs: 30_000,
  rate: { unitsPerSecond: 0, burstUnits: 0 },
  maxSocketCount: 1_000,
  maxSubscriptionCount: 100,
  maxQueuedMessageCount: 1_000,
  maxBufferedByteCount: 32_000_000,
  heartbeatMs: 30_000,
};

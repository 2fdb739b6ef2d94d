import type { RpcBackend } from '../backend.ts';
import type { Parameter } from '../method.ts';
import type { SpecificationErrorName } from '../rpcErrors.ts';

/** Where a subscription's notifications go. */
export interface Sink {
  /** Sends `result` under the notification's name. */
  notify(name: string, result: unknown): void;
  /** Resolves when the client has room for more. */
  drained(): Promise<void>;
  /** Told of an error that is a bug of ours. */
  failed(error: unknown): void;
}

/** Begins to send; returns how to end it. */
export type StartSubscription = (sink: Sink) => () => void;

/** A subscription clients may open over WebSocket. */
export interface Subscription {
  /** With its prefix, e.g. `starknet_subscribeNewHeads`. */
  name: string;
  parameters: Readonly<Record<string, Parameter>>;
  errors: readonly SpecificationErrorName[];
  /** Checks the parameters, which arrive parsed; what it returns is called when the client has its answer. */
  open(params: never, backend: RpcBackend): StartSubscription;
}

type Values<P> = { [K in keyof P]: P[K] extends Parameter<infer T> ? T : never };

/** A subscription whose `open` is typed by its parameters. */
export function defineSubscription<P extends Readonly<Record<string, Parameter>>>(subscription: {
  name: string;
  parameters: P;
  errors: readonly SpecificationErrorName[];
  open(params: Values<P>, backend: RpcBackend): StartSubscription;
}): Subscription {
  return subscription;
}

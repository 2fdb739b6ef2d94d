import type { RpcBackend } from './backend.ts';
import type { SpecificationErrorName } from './rpcErrors.ts';

/**
 * Reads a JSON value as a `T`; `path` names the value in messages.
 * @throws CairnError `INVALID_PARAMS`
 */
export type Parser<T> = (value: unknown, path: string) => T;

/** One parameter of a method. */
export interface Parameter<T = unknown> {
  required: boolean;
  parse: Parser<T>;
  /** Stands for a parameter that is not required and absent (or null). */
  fallback?: T;
}

/** A JSON-RPC method. */
export interface Method {
  /** With its prefix, e.g. `starknet_chainId`. */
  name: string;
  /** By name, in the order of positional calls. */
  parameters: Readonly<Record<string, Parameter>>;
  /** Errors of the specification it may return; absent: all. */
  errors?: readonly SpecificationErrorName[];
  /** Units a call costs its client; 1 by default, about 0.1 ms of the server's time. */
  cost?: number;
  /** Answers a call with the JSON result. Parameters arrive parsed, under their names. */
  handler(params: never, backend: RpcBackend): unknown;
}

type Values<P> = { [K in keyof P]: P[K] extends Parameter<infer T> ? T : never };

/** A method whose handler is typed by its parameters. */
export function defineMethod<P extends Readonly<Record<string, Parameter>>>(method: {
  name: string;
  parameters: P;
  errors?: readonly SpecificationErrorName[];
  cost?: number;
  handler(params: Values<P>, backend: RpcBackend): unknown;
}): Method {
  return method;
}

/** A parameter that must be given. */
export function required<T>(parse: Parser<T>): Parameter<T> {
  return { required: true, parse };
}

/** A parameter that may be absent; it then is `fallback`. */
export function optional<T>(parse: Parser<T>, fallback: T): Parameter<T>;
export function optional<T>(parse: Parser<T>): Parameter<T | undefined>;
export function optional<T>(parse: Parser<T>, fallback?: T): Parameter<T | undefined> {
  return fallback === undefined ? { required: false, parse } : { required: false, parse, fallback };
}

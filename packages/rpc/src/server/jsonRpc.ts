import { CairnError } from '@cairn/primitives';
import type { RpcBackend } from '../backend.ts';
import type { RpcErrorCode } from '../errors.ts';
import type { Method } from '../method.ts';
import {
  isBug,
  JSON_RPC_ERRORS,
  type JsonRpcError,
  SPECIFICATION_ERRORS,
  toJsonRpcError,
} from '../rpcErrors.ts';
import { bindParameters } from './bindParameters.ts';
import { jsonDepth } from './jsonDepth.ts';
import type { RpcLimits } from './limits.ts';
import { parseJson } from './parseJson.ts';
import { type TokenBucket, UNLIMITED } from './rateLimiter.ts';

/** Told of every error that is a bug of ours, with the JSON-RPC method or HTTP request it came from. */
export type ErrorObserver = (error: unknown, origin: string) => void;

/** Told of every answered call of a known method: how long it took, and the code of its error, if it has one. */
export type CallObserver = (method: string, seconds: number, code: number | undefined) => void;

/**
 * Asked for what is not found here: the result of a call by another node that may have it, or undefined when it has
 * not. It never rejects.
 */
export type Elsewhere = (method: string, params: unknown) => Promise<unknown>;

type RequestId = string | number | null;

/** A call that has the form JSON-RPC asks for; without `id` it wants no answer. */
interface JsonRpcRequest {
  id?: RequestId;
  method: string;
  params: unknown;
}

/** Answers JSON-RPC texts, whatever brings them. */
export class JsonRpcDispatcher {
  readonly #methods: ReadonlyMap<string, Method>;
  readonly #backend: RpcBackend;
  readonly #limits: RpcLimits;
  readonly #onError: ErrorObserver;
  readonly #onCall: CallObserver;
  readonly #elsewhere: Elsewhere | undefined;

  /** @throws CairnError `DUPLICATE_METHOD` */
  constructor(
    methods: readonly Method[],
    backend: RpcBackend,
    limits: RpcLimits,
    onError: ErrorObserver,
    onCall: CallObserver = () => {},
    elsewhere?: Elsewhere,
  ) {
    const byName = new Map<string, Method>();
    for (const method of methods) {
      if (byName.has(method.name)) {
        throw new CairnError<RpcErrorCode>('DUPLICATE_METHOD', `two methods are called ${method.name}`);
      }
      byName.set(method.name, method);
    }
    this.#methods = byName;
    this.#backend = backend;
    this.#limits = limits;
    this.#onError = onError;
    this.#onCall = onCall;
    this.#elsewhere = elsewhere;
  }

  /** The answer to a single call or a batch as JSON text; undefined when none is wanted. Never throws. */
  async answer(text: string, client: TokenBucket = UNLIMITED): Promise<string | undefined> {
    const { maxJsonDepth, maxBatchSize } = this.#limits;
    if (jsonDepth(text) > maxJsonDepth) {
      client.take(1);
      return errorText(
        JSON_RPC_ERRORS.PARSE_ERROR,
        `nested too deep: expected at most ${maxJsonDepth} levels`,
      );
    }
    let payload: unknown;
    try {
      payload = parseJson(text);
    } catch (error) {
      client.take(1);
      return errorText(JSON_RPC_ERRORS.PARSE_ERROR, (error as SyntaxError).message);
    }
    if (!Array.isArray(payload)) return this.#answerOne(payload, client);
    if (payload.length === 0) return errorText(JSON_RPC_ERRORS.INVALID_REQUEST, 'the batch is empty');
    if (payload.length > maxBatchSize) {
      return errorText(
        JSON_RPC_ERRORS.INVALID_REQUEST,
        `batch too large: got ${payload.length} calls, expected at most ${maxBatchSize}`,
      );
    }
    const answers: string[] = [];
    // One after the other: a batch must not crowd out other clients.
    for (const request of payload) {
      const answer = await this.#answerOne(request, client);
      if (answer !== undefined) answers.push(answer);
    }
    return answers.length === 0 ? undefined : `[${answers.join(',')}]`;
  }

  async #answerOne(payload: unknown, client: TokenBucket): Promise<string | undefined> {
    const request = readRequest(payload);
    if (typeof request === 'string') {
      client.take(1);
      return errorText(JSON_RPC_ERRORS.INVALID_REQUEST, request, idOf(payload));
    }
    const outcome = await this.#call(request, client);
    if (request.id === undefined) return undefined;
    return `{"jsonrpc":"2.0","id":${JSON.stringify(request.id)},${outcome}}`;
  }

  /** The `result` or `error` member of the response, as JSON text. */
  async #call({ method: name, params }: JsonRpcRequest, client: TokenBucket): Promise<string> {
    const method = this.#methods.get(name);
    if (!method) {
      client.take(1);
      const shown = name.length > 80 ? `${name.slice(0, 80)}…` : name;
      return errorMember({ ...JSON_RPC_ERRORS.METHOD_NOT_FOUND, data: `unknown method: ${shown}` });
    }
    const started = performance.now();
    const outcome = await this.#callKnown(method, params, client);
    const isError = 'code' in outcome;
    this.#onCall(name, (performance.now() - started) / 1000, isError ? outcome.code : undefined);
    return isError ? errorMember(outcome) : `"result":${outcome.result}`;
  }

  /** The result as JSON text, or the error. */
  async #callKnown(
    method: Method,
    params: unknown,
    client: TokenBucket,
  ): Promise<{ result: string } | JsonRpcError> {
    const waitMs = client.take(method.cost ?? 1);
    if (waitMs > 0) {
      const data = `too many requests: try again in ${waitMs} ms`;
      return { ...JSON_RPC_ERRORS.LIMIT_EXCEEDED, data };
    }
    try {
      const bound = bindParameters(method, params);
      const result = await this.#inTime(() => method.handler(bound as never, this.#backend));
      return { result: JSON.stringify(result ?? null) };
    } catch (error) {
      if (error === TIMED_OUT) {
        const data = `no answer within ${this.#limits.requestTimeoutMs} ms`;
        return { ...JSON_RPC_ERRORS.INTERNAL_ERROR, data };
      }
      if (isBug(error)) this.#onError(error, method.name);
      const answer = toJsonRpcError(error, method.errors);
      const isAsked = method.name.startsWith('starknet_') && NOT_FOUND.has(answer.code);
      const other = isAsked ? await this.#elsewhere?.(method.name, params) : undefined;
      return other === undefined ? answer : { result: JSON.stringify(other) };
    }
  }

  async #inTime(run: () => unknown): Promise<unknown> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const timeout = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(TIMED_OUT), this.#limits.requestTimeoutMs);
    });
    try {
      return await Promise.race([run(), timeout]);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Errors of calls whose block or transaction another node may know. */
const NOT_FOUND: ReadonlySet<number> = new Set([
  SPECIFICATION_ERRORS.BLOCK_NOT_FOUND.code,
  SPECIFICATION_ERRORS.TXN_HASH_NOT_FOUND.code,
]);
const TIMED_OUT = Symbol('timed out');

function errorMember(error: JsonRpcError): string {
  return `"error":${JSON.stringify(error)}`;
}

/** The request, or what is wrong with it. */
function readRequest(payload: unknown): JsonRpcRequest | string {
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) {
    return 'a call must be an object';
  }
  const { jsonrpc, id, method, params } = payload as Record<string, unknown>;
  if (jsonrpc !== '2.0') return 'jsonrpc must be "2.0"';
  if (typeof method !== 'string') return 'method must be a string';
  if (id !== undefined && !isRequestId(id)) return 'id must be a string, a number or null';
  if (params !== undefined && typeof params !== 'object') return 'params must be a list or an object';
  return id === undefined ? { method, params } : { id, method, params };
}

function isRequestId(id: unknown): id is RequestId {
  return id === null || typeof id === 'string' || typeof id === 'number';
}

function idOf(payload: unknown): RequestId {
  const id = typeof payload === 'object' && payload !== null && 'id' in payload ? payload.id : null;
  return isRequestId(id) ? id : null;
}

/** A response that carries an error and belongs to no readable request. */
export function errorText(error: JsonRpcError, data?: string, id: RequestId = null): string {
  return JSON.stringify({ jsonrpc: '2.0', id, error: data === undefined ? error : { ...error, data } });
}

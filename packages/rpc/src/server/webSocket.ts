import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { CairnError } from '@cairn/primitives';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import type { RpcBackend } from '../backend.ts';
import type { RpcErrorCode } from '../errors.ts';
import { defineMethod, type Method, required } from '../method.ts';
import { SpecificationError } from '../rpcErrors.ts';
import type { Sink, StartSubscription, Subscription } from '../subscriptions/subscription.ts';
import { readString } from '../wire/read.ts';
import { type CallObserver, type ErrorObserver, JsonRpcDispatcher } from './jsonRpc.ts';
import type { RpcLimits } from './limits.ts';
import type { RateLimiter, TokenBucket } from './rateLimiter.ts';

/** Codes with which a connection is ended. @see RFC 6455, section 7.4.1 */
const GOING_AWAY = 1001;
const POLICY_VIOLATION = 1008;
const TRY_AGAIN_LATER = 1013;

/** How often a client that is slow is looked at. */
const DRAIN_POLL_MS = 20;

/** What connections of one version of the specification can do. */
export interface SocketService {
  readonly methods: readonly Method[];
  readonly subscriptions: readonly Subscription[];
}

/** What all connections share. */
export interface SocketOptions {
  readonly backend: RpcBackend;
  readonly limits: RpcLimits;
  readonly clients: RateLimiter;
  readonly onError: ErrorObserver;
  readonly onCall: CallObserver;
}

/** Serves JSON-RPC and subscriptions on WebSocket connections that a HTTP server hands over. */
export class SocketServer {
  readonly #options: SocketOptions;
  readonly #server: WebSocketServer;
  readonly #heartbeat: NodeJS.Timeout;
  readonly #connections = new Set<Connection>();

  constructor(options: SocketOptions) {
    this.#options = options;
    const { maxBodyByteCount, heartbeatMs } = options.limits;
    this.#server = new WebSocketServer({
      noServer: true,
      maxPayload: maxBodyByteCount,
      perMessageDeflate: false,
    });
    this.#heartbeat = setInterval(() => {
      for (const connection of this.#connections) connection.checkAlive();
    }, heartbeatMs);
    this.#heartbeat.unref();
  }

  /** Takes a connection over. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, service: SocketService): void {
    this.#server.handleUpgrade(request, socket, head, (webSocket) => {
      if (this.#connections.size >= this.#options.limits.maxSocketCount) {
        webSocket.on('error', () => {});
        webSocket.close(TRY_AGAIN_LATER, 'too many connections');
        return;
      }
      const client = this.#options.clients.client(request.socket.remoteAddress ?? '');
      const connection = new Connection(webSocket, service, client, this.#options);
      this.#connections.add(connection);
      webSocket.on('close', () => this.#connections.delete(connection));
    });
  }

  /** Ends all connections. */
  close(): void {
    clearInterval(this.#heartbeat);
    for (const connection of this.#connections) connection.end(GOING_AWAY, 'the server stops');
    this.#server.close();
  }
}

/**
 * How long notifications wait behind the answer that names their subscription: clients that read both at once would not
 * know it yet (starknet.js drops them).
 */
const FIRST_NOTIFICATION_MS = 20;

/** One client. */
class Connection {
  readonly #socket: WebSocket;
  readonly #client: TokenBucket;
  readonly #options: SocketOptions;
  readonly #dispatcher: JsonRpcDispatcher;
  readonly #subscriptions = new Map<string, () => void>();
  /** To be done when the answer that is being made is sent. */
  #afterAnswer: (() => void)[] = [];
  #queue: Promise<void> = Promise.resolve();
  #queuedCount = 0;
  #nextId = 0;
  #isAlive = true;

  constructor(socket: WebSocket, service: SocketService, client: TokenBucket, options: SocketOptions) {
    this.#socket = socket;
    this.#client = client;
    this.#options = options;
    const methods = [
      ...service.methods,
      ...service.subscriptions.map((subscription) => this.#subscribeMethod(subscription)),
      this.#unsubscribeMethod(),
    ];
    const { backend, limits, onError, onCall } = options;
    this.#dispatcher = new JsonRpcDispatcher(methods, backend, limits, onError, onCall);
    socket.on('message', (data) => this.#receive(data));
    socket.on('pong', () => {
      this.#isAlive = true;
    });
    socket.on('error', () => {}); // 'close' follows
    socket.on('close', () => {
      for (const stop of this.#subscriptions.values()) stop();
      this.#subscriptions.clear();
    });
  }

  /** Drops the client when it has not answered the last ping. */
  checkAlive(): void {
    if (this.#isAlive) this.#socket.ping();
    else this.#socket.terminate();
    this.#isAlive = false;
  }

  end(code: number, reason: string): void {
    this.#socket.close(code, reason);
    const timer = setTimeout(() => this.#socket.terminate(), 500);
    timer.unref();
  }

  /** Messages are answered one after the other. */
  #receive(data: RawData): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    if (++this.#queuedCount > this.#options.limits.maxQueuedMessageCount) {
      this.end(POLICY_VIOLATION, 'too many requests wait for their answers');
      return;
    }
    this.#queue = this.#queue.then(() => this.#answer(String(data)));
  }

  async #answer(text: string): Promise<void> {
    const answer = await this.#dispatcher.answer(text, this.#client);
    this.#queuedCount--;
    if (answer !== undefined) this.#send(answer);
    for (const start of this.#afterAnswer.splice(0)) start();
    await this.#drained();
  }

  #send(text: string): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    this.#socket.send(text);
    if (this.#socket.bufferedAmount > this.#options.limits.maxBufferedByteCount) this.#socket.terminate();
  }

  /** Resolves when most of what was sent has left, or the connection is gone. */
  async #drained(): Promise<void> {
    const enough = this.#options.limits.maxBufferedByteCount / 8;
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#socket.readyState === this.#socket.OPEN && this.#socket.bufferedAmount > enough)
      await new Promise((resolve) => setTimeout(resolve, DRAIN_POLL_MS));
  }

  #subscribeMethod(subscription: Subscription): Method {
    const { name, parameters, errors } = subscription;
    return {
      name,
      parameters,
      errors,
      handler: (params, backend) => {
        const { maxSubscriptionCount } = this.#options.limits;
        if (this.#subscriptions.size >= maxSubscriptionCount)
          throw new CairnError<RpcErrorCode>(
            'TOO_MANY_SUBSCRIPTIONS',
            `too many subscriptions of one connection: expected at most ${maxSubscriptionCount}`,
          );
        const start = subscription.open(params, backend);
        const id = String(this.#nextId++);
        this.#subscriptions.set(id, () => {});
        this.#afterAnswer.push(() => this.#start(id, name, start));
        return id;
      },
    };
  }

  #start(id: string, name: string, start: StartSubscription): void {
    if (!this.#subscriptions.has(id) || this.#socket.readyState !== this.#socket.OPEN) return;
    try {
      this.#subscriptions.set(id, start(this.#sink(id, name)));
    } catch (error) {
      this.#options.onError(error, name);
    }
  }

  #unsubscribeMethod(): Method {
    return defineMethod({
      name: 'starknet_unsubscribe',
      parameters: { subscription_id: required(readString) },
      errors: ['INVALID_SUBSCRIPTION_ID'],
      handler: ({ subscription_id: id }) => {
        const stop = this.#subscriptions.get(id);
        if (stop === undefined) throw new SpecificationError('INVALID_SUBSCRIPTION_ID');
        stop();
        return this.#subscriptions.delete(id);
      },
    });
  }

  #sink(id: string, name: string): Sink {
    let held: string[] | undefined = [];
    setTimeout(() => {
      for (const text of this.#subscriptions.has(id) ? held! : []) this.#send(text);
      held = undefined;
    }, FIRST_NOTIFICATION_MS).unref();
    return {
      notify: (method, result) => {
        const params = { subscription_id: id, result };
        const text = JSON.stringify({ jsonrpc: '2.0', method, params });
        if (held) held.push(text);
        else this.#send(text);
      },
      drained: () => this.#drained(),
      failed: (error) => this.#options.onError(error, name),
    };
  }
}

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as setTimeoutPromise } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { CairnError, decodeShortString, formatFelt } from '@cairn/primitives';
import type { RpcBackend } from '../backend.ts';
import type { RpcErrorCode } from '../errors.ts';
import { feederGateway } from '../feeder/feederGateway.ts';
import { gateway } from '../feeder/gateway.ts';
import type { Method } from '../method.ts';
import { SPEC_VERSION } from '../methods/specVersion.ts';
import { JSON_RPC_ERRORS } from '../rpcErrors.ts';
import { RPC_VERSIONS, type RpcVersion } from '../versions/version.ts';
import {
  type CallObserver,
  type Elsewhere,
  type ErrorObserver,
  errorText,
  JsonRpcDispatcher,
} from './jsonRpc.ts';
import { DEFAULT_RPC_LIMITS, type RpcLimits } from './limits.ts';
import { RateLimiter, type TokenBucket } from './rateLimiter.ts';
import { readBody } from './readBody.ts';
import { SocketServer } from './webSocket.ts';

/** Paths at which JSON-RPC is served. */
const RPC_PATHS: readonly string[] = RPC_VERSIONS.flatMap(({ paths }) => paths);
const SOCKET_PATHS: readonly string[] = RPC_VERSIONS.flatMap(({ socketPaths }) => socketPaths);

/** Paths of pages for people and probes. */
const PAGE_PATHS: readonly string[] = ['/', '/health', '/ready', '/is_alive'];
const JSON_TYPE = 'application/json';

/** Replies from this size on are packed for clients that take gzip. */
const GZIP_BYTE_COUNT = 1_024;

/** How much later a client without units is answered. */
const EMPTY_BUCKET_DELAY_MS = 10;

/** How long {@link RpcServer.close} waits for answers on their way. */
const CLOSE_GRACE_MS = 2_000;

/** A request to one of the {@link HttpRoute}s. */
export interface HttpRequest {
  method: string;
  /** Without the query. */
  path: string;
  query: URLSearchParams;
  /** Empty for methods without a body. */
  body: string;
}

/** What a route answers. */
export interface HttpReply {
  status: number;
  contentType: string;
  body: string | Uint8Array;
}

/** Something else to serve on the same port, at `path` and below. */
export interface HttpRoute {
  path: string;
  /** Units a request costs its client; 0 by default. */
  cost?: number;
  handle(request: HttpRequest): HttpReply | Promise<HttpReply>;
}

/** What the server serves, and where. */
export interface RpcServerOptions {
  backend: RpcBackend;
  host: string;
  /** 0 for any free port. */
  port: number;
  /** Methods beside those of the specification. */
  extraMethods?: readonly Method[];
  routes?: readonly HttpRoute[];
  limits?: Partial<RpcLimits>;
  /** What is not up yet, for /ready; nothing when everything is. */
  starting?: () => string | undefined;
  onError?: ErrorObserver;
  onCall?: CallObserver;
  /** Asked for blocks and transactions that the backend does not know, in the current version of the specification. */
  elsewhere?: Elsewhere;
}

/** A server that listens. */
export interface RpcServer {
  url: string;
  port: number;
  /** Stops listening, lets answers on their way finish for a moment, and drops the connections. */
  close(): Promise<void>;
}

/** Serves JSON-RPC over HTTP and WebSocket, and the gateways that other nodes use. @throws CairnError `PORT_IN_USE`, `DUPLICATE_METHOD` */
export async function startRpcServer(options: RpcServerOptions): Promise<RpcServer> {
  const limits = { ...DEFAULT_RPC_LIMITS, ...options.limits };
  const onError = harmless(options.onError);
  const { onCall = () => {} } = options;
  const services = RPC_VERSIONS.map((version): RpcService => {
    const methods = [...version.methods, ...(options.extraMethods ?? [])];
    const elsewhere = version.specVersion === SPEC_VERSION ? options.elsewhere : undefined;
    const dispatcher = new JsonRpcDispatcher(methods, options.backend, limits, onError, onCall, elsewhere);
    return { ...version, methods, dispatcher };
  });
  const clients = new RateLimiter(limits.rate);
  const routes = [
    feederGateway(options.backend, onError),
    gateway(options.backend, onError),
    ...(options.routes ?? []),
  ];
  const handler = new HttpHandler(services, { ...options, routes, limits, clients, onError });
  const server = createServer((request, response) => void handler.handle(request, response));
  const sockets = new SocketServer({ backend: options.backend, limits, clients, onError, onCall });
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => {}); // a client that hangs up now is no error of ours
    const { path } = pathOf(request);
    const service = services.find(({ paths, socketPaths }) => [...paths, ...socketPaths].includes(path));
    if (service === undefined) socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\n\r\n');
    else sockets.upgrade(request, socket, head, service);
  });
  server.requestTimeout = limits.requestTimeoutMs;
  server.headersTimeout = limits.requestTimeoutMs;
  server.keepAliveTimeout = limits.keepAliveTimeoutMs;
  const port = await listen(server, options.host, options.port);
  server.on('error', (error) => onError(error, 'listen'));
  const shownHost = options.host.includes(':') ? `[${options.host}]` : options.host;
  return { url: `http://${shownHost}:${port}`, port, close: () => close(server, sockets) };
}

/** The observer, unable to take the server down with an error of its own. */
function harmless(observer: ErrorObserver | undefined): ErrorObserver {
  return (error, origin) => {
    try {
      observer?.(error, origin);
    } catch {
      // There is nobody left to tell.
    }
  };
}

/** A version with what answers its calls. */
type RpcService = RpcVersion & { readonly dispatcher: JsonRpcDispatcher };

type HttpHandlerOptions = RpcServerOptions & {
  routes: readonly HttpRoute[];
  limits: RpcLimits;
  clients: RateLimiter;
  onError: ErrorObserver;
};

/** Finds out who answers a request, and sends the answer. */
class HttpHandler {
  readonly #services: readonly RpcService[];
  readonly #options: HttpHandlerOptions;

  constructor(services: readonly RpcService[], options: HttpHandlerOptions) {
    this.#services = services;
    this.#options = options;
  }

  /** Never throws: an error is answered, or nobody is left to hear of it. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // A client that hangs up in the middle of an answer is no error of ours.
    response.on('error', () => {});
    try {
      await this.#answer(request, response);
    } catch (error) {
      if (request.destroyed && !request.complete) return;
      this.#options.onError(error, `${request.method} ${request.url}`);
      if (!response.headersSent) send(response, 500, JSON_TYPE, errorText(JSON_RPC_ERRORS.INTERNAL_ERROR));
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { path, query } = pathOf(request);
    const method = request.method ?? 'GET';
    if (method === 'OPTIONS') return send(response, 204, '', '');
    const route = this.#options.routes.find((r) => path === r.path || path.startsWith(`${r.path}/`));
    if (route) {
      const waitMs = this.#client(request).take(route.cost ?? 0);
      if (waitMs > 0) {
        response.setHeader('retry-after', Math.ceil(waitMs / 1000));
        return send(response, 429, 'text/plain', `too many requests: wait ${waitMs} ms`);
      }
      const body = await this.#body(request, response);
      if (body === undefined) return;
      const reply = await route.handle({ method, path, query: new URLSearchParams(query), body });
      return sendReply(request, response, reply);
    }
    const service = this.#services.find(({ paths }) => paths.includes(path));
    if (service && method === 'POST') return this.#answerRpc(service, request, response);
    if (method === 'GET' || method === 'HEAD') {
      const missing = path === '/ready' ? this.#options.starting?.() : undefined;
      if (missing !== undefined) return send(response, 503, 'text/plain', `starting: ${missing}`);
      const text = this.#page(path);
      if (text) return send(response, 200, text.contentType, text.body);
    }
    if (service) {
      response.setHeader('allow', 'POST, OPTIONS');
      return send(response, 405, 'text/plain', `${method} is not served at ${path}: use POST`);
    }
    send(response, 404, 'text/plain', `nothing at ${path}; JSON-RPC is at ${RPC_PATHS.join(', ')}`);
  }

  async #answerRpc(
    { dispatcher, specVersion }: RpcService,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    response.setHeader('x-starknet-spec-version', specVersion);
    const body = await this.#body(request, response);
    if (body === undefined) return;
    const client = this.#client(request);
    const answer = await dispatcher.answer(body, client);
    // Who has used up its units waits, so that others do not.
    if (client.isEmpty) await setTimeoutPromise(EMPTY_BUCKET_DELAY_MS);
    if (answer === undefined) return send(response, 204, '', '');
    send(response, 200, JSON_TYPE, answer);
  }

  #client(request: IncomingMessage): TokenBucket {
    return this.#options.clients.client(request.socket.remoteAddress ?? '');
  }

  /** The body; undefined when it was too long, which is then answered already. */
  async #body(request: IncomingMessage, response: ServerResponse): Promise<string | undefined> {
    const { maxBodyByteCount } = this.#options.limits;
    const body = await readBody(request, maxBodyByteCount);
    if (body !== undefined) return body;
    const data = `request body too large: expected at most ${maxBodyByteCount} bytes`;
    // The client may still be sending: this connection is not used again.
    response.setHeader('connection', 'close');
    send(response, 413, JSON_TYPE, errorText(JSON_RPC_ERRORS.INVALID_REQUEST, data));
    return undefined;
  }

  /** What a browser or a probe gets. */
  #page(path: string): { contentType: string; body: string } | undefined {
    switch (path) {
      case '/':
        return { contentType: JSON_TYPE, body: JSON.stringify(this.#description()) };
      case '/is_alive':
        return { contentType: 'text/plain', body: 'Alive!!!' };
      case '/health':
      case '/ready':
        return { contentType: 'text/plain', body: 'OK' };
      default:
        return undefined;
    }
  }

  #description() {
    const { backend, routes } = this.#options;
    return {
      name: 'cairn',
      chain_id: decodeShortString(backend.chainId) ?? formatFelt(backend.chainId),
      block_number: backend.latestBlock().number,
      starknet_spec_version: SPEC_VERSION,
      rpc: RPC_PATHS,
      websocket: [...RPC_PATHS, ...SOCKET_PATHS],
      routes: [...PAGE_PATHS, ...routes.map((route) => route.path)],
    };
  }
}

/** Path, without a slash at its end, and query of a request. */
function pathOf(request: IncomingMessage): { path: string; query: string } {
  const [target = '/', query = ''] = (request.url ?? '/').split('?', 2);
  return { path: target.length > 1 && target.endsWith('/') ? target.slice(0, -1) : target, query };
}

/** Sends the reply of a route, packed where that is worth it. */
async function sendReply(
  request: IncomingMessage,
  response: ServerResponse,
  reply: HttpReply,
): Promise<void> {
  const { status, contentType, body } = reply;
  const takesGzip = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
  if (!takesGzip || body.length < GZIP_BYTE_COUNT) return send(response, status, contentType, body);
  const packed = await promisify(gzip)(body);
  response.setHeader('content-encoding', 'gzip');
  send(response, status, contentType, packed);
}

function send(
  response: ServerResponse,
  status: number,
  contentType: string,
  body: string | Uint8Array,
): void {
  response.statusCode = status;
  response.setHeader('access-control-allow-origin', '*');
  response.setHeader('access-control-allow-methods', 'GET, POST, OPTIONS');
  response.setHeader('access-control-allow-headers', '*');
  response.setHeader('access-control-max-age', '86400');
  if (!response.hasHeader('x-starknet-spec-version'))
    response.setHeader('x-starknet-spec-version', SPEC_VERSION);
  if (contentType) response.setHeader('content-type', contentType);
  response.end(body);
}

async function listen(server: Server, host: string, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, host, port)));
    server.listen(port, host, resolve);
  });
  server.removeAllListeners('error');
  return (server.address() as AddressInfo).port;
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  if (error.code !== 'EADDRINUSE') return error;
  return new CairnError<RpcErrorCode>(
    'PORT_IN_USE',
    `port ${port} of ${host} is taken: expected a free port`,
    {
      details: { host, port },
      cause: error,
      fix: `stop the program that listens on port ${port}, or choose another port (0 takes any free one)`,
    },
  );
}

async function close(server: Server, sockets: SocketServer): Promise<void> {
  sockets.close();
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS);
  await closed;
  clearTimeout(timer);
}

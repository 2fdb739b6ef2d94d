import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { CairnError } from '@cairn/primitives';
import type { NodeErrorCode } from '../errors.ts';

export interface SyncRpcWorkerData {
  port: MessagePort;
  /** Becomes 1 when an answer is on its way. */
  flag: Int32Array;
  url: string;
}

export interface SyncRpcRequest {
  id: number;
  method: string;
  params: unknown;
}

export type SyncRpcAnswer = { id: number } & ({ text: string } | { failure: string });

// The built file, from src/ (tests) and from dist/ alike: threads run JavaScript only.
const WORKER = new URL('../../dist/fork/rpcWorker.js', import.meta.url);

/**
 * JSON-RPC calls to another node that block the thread until they are answered: execution reads the state
 * synchronously, and what a fork reads may still be there.
 */
export class SyncRpc {
  readonly url: string;
  readonly #timeLimitMs: number;
  readonly #flag = new Int32Array(new SharedArrayBuffer(4));
  readonly #port: MessagePort;
  readonly #worker: Worker;
  #nextId = 1;

  constructor(url: string, timeLimitMs = 30_000) {
    this.url = url;
    this.#timeLimitMs = timeLimitMs;
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    const workerData: SyncRpcWorkerData = { port: port2, flag: this.#flag, url };
    this.#worker = new Worker(WORKER, { workerData, transferList: [port2] });
    this.#worker.unref();
    this.#port.unref();
  }

  /** @throws CairnError `FORK_ORIGIN_UNREACHABLE`, or `FORK_ORIGIN_REFUSED` when it answers with an error. */
  call(method: string, params: unknown): unknown {
    const id = this.#nextId++;
    const request: SyncRpcRequest = { id, method, params };
    this.#port.postMessage(request);
    const answer = this.#wait(id, method);
    if ('failure' in answer) throw this.#unreachable(`${method}: ${answer.failure}`);
    return resultOf(answer.text, method, this.url);
  }

  close(): Promise<number> {
    return this.#worker.terminate();
  }

  #wait(id: number, method: string): SyncRpcAnswer {
    const end = Date.now() + this.#timeLimitMs;
    for (;;) {
      // Answers to calls that were given up on are passed over.
      for (
        let message = receiveMessageOnPort(this.#port);
        message;
        message = receiveMessageOnPort(this.#port)
      ) {
        const answer = message.message as SyncRpcAnswer;
        if (answer.id === id) return answer;
      }
      const leftMs = end - Date.now();
      if (leftMs <= 0) throw this.#unreachable(`${method}: no answer within ${this.#timeLimitMs} ms`);
      Atomics.wait(this.#flag, 0, 0, leftMs);
      Atomics.store(this.#flag, 0, 0);
    }
  }

  #unreachable(what: string): CairnError {
    return new CairnError<NodeErrorCode>(
      'FORK_ORIGIN_UNREACHABLE',
      `the forked chain's node at ${this.url} does not answer: ${what}`,
    );
  }
}

/** The result in the text of a response. @throws CairnError `FORK_ORIGIN_REFUSED` */
export function resultOf(text: string, method: string, url: string): unknown {
  let answer: { result?: unknown; error?: { code?: number; message?: string } };
  try {
    answer = JSON.parse(text);
  } catch {
    answer = { error: { message: `no JSON: ${text.slice(0, 80)}` } };
  }
  if (answer.error === undefined && answer.result !== undefined) return answer.result;
  throw new CairnError<NodeErrorCode>(
    'FORK_ORIGIN_REFUSED',
    `${url} answers ${method} with an error: ${answer.error?.message ?? 'no result'}`,
    { details: { code: answer.error?.code } },
  );
}

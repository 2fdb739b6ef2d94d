// Runs in a worker thread of SyncRpc, which waits for the answer without letting its own thread do anything else.
import { workerData } from 'node:worker_threads';
import { postJsonRpc } from '@cairn/runtime';
import type { SyncRpcAnswer, SyncRpcRequest, SyncRpcWorkerData } from './syncRpc.ts';

const { port, flag, url } = workerData as SyncRpcWorkerData;

port.on('message', async ({ id, ...call }: SyncRpcRequest) => {
  const answer: SyncRpcAnswer = { id, ...(await ask(call)) };
  port.postMessage(answer);
  Atomics.store(flag, 0, 1);
  Atomics.notify(flag, 0);
});

async function ask({
  method,
  params,
}: Omit<SyncRpcRequest, 'id'>): Promise<{ text: string } | { failure: string }> {
  try {
    return { text: await postJsonRpc(url, method, params) };
  } catch (error) {
    const { message, cause } = error as Error;
    return { failure: cause instanceof Error ? `${message}: ${cause.message}` : message };
  }
}

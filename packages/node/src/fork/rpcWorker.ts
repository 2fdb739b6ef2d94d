// Runs in a worker thread of SyncRpc, which waits for the answer without letting its own thread do anything else.
import { workerData } from 'node:worker_threads';
import type { SyncRpcAnswer, SyncRpcRequest, SyncRpcWorkerData } from './syncRpc.ts';

const { port, flag, url } = workerData as SyncRpcWorkerData;

port.on('message', async ({ id, body }: SyncRpcRequest) => {
  const answer: SyncRpcAnswer = { id, ...(await ask(body)) };
  port.postMessage(answer);
  Atomics.store(flag, 0, 1);
  Atomics.notify(flag, 0);
});

async function ask(body: string): Promise<{ text: string } | { failure: string }> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    return { text: await response.text() };
  } catch (error) {
    const { message, cause } = error as Error;
    return { failure: cause instanceof Error ? `${message}: ${cause.message}` : message };
  }
}

import { parentPort } from 'node:worker_threads';
import { CairnError } from '@cairn/primitives';
import { failedAnswer, type TaskRequest } from './taskMessage.ts';

/**
 * The other side of a `TaskWorker`, to be called in the thread's module: answers each request with what `handle` returns,
 * or with what a promise of it comes to.
 * @throws CairnError `INTERNAL` outside a worker thread.
 */
export function serveTasks(handle: (request: never) => unknown): void {
  const port = parentPort;
  if (port === null) throw new CairnError('INTERNAL', 'this module runs in a worker thread only');
  port.on('message', async ({ id, request }: TaskRequest) => {
    try {
      port.postMessage({ id, result: await handle(request as never) });
    } catch (thrown) {
      port.postMessage(failedAnswer(id, thrown));
    }
  });
}

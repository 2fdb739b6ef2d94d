// The only folder of this package that may use Node: worker threads for the prover.
// biome-ignore lint/style/noRestrictedImports: see above
import { Worker } from 'node:worker_threads';
import { CairnError } from '@cairn/primitives';
import {
  type KernelCall,
  MAX_THREADS,
  type Pool,
  type ThreadSetup,
  workerProgram,
} from '../prover/wasm/pool.ts';

interface Answer {
  readonly results: (number | bigint | undefined)[];
  readonly first: number;
}

/** A pool of Node worker threads, which keep the process alive until `close`. @throws CairnError `INTERNAL` when a thread dies. */
export class NodePool implements Pool {
  readonly threadCount: number;
  readonly #workers: Worker[];

  constructor(threadCount: number) {
    this.threadCount = Math.max(1, Math.min(threadCount, MAX_THREADS));
    const port = "require('node:worker_threads').parentPort";
    const program = workerProgram(`((f) => ${port}.on("message", f))`, `${port}.postMessage`);
    this.#workers = Array.from({ length: this.threadCount }, () => new Worker(program, { eval: true }));
  }

  async setUp(setup: ThreadSetup): Promise<void> {
    await Promise.all(this.#workers.map((worker, thread) => this.#ask(worker, { setup, thread })));
  }

  #ask(worker: Worker, message: unknown): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const done = () => {
        worker.off('message', onMessage);
        worker.off('error', onError);
      };
      const onMessage = (answer: Answer) => {
        done();
        resolve(answer);
      };
      const onError = (cause: unknown) => {
        done();
        reject(new CairnError('INTERNAL', 'a prover thread failed', { cause }));
      };
      worker.on('message', onMessage);
      worker.on('error', onError);
      worker.postMessage(message);
    });
  }

  async run(calls: readonly KernelCall[]): Promise<(number | bigint | undefined)[]> {
    const results = new Array<number | bigint | undefined>(calls.length);
    // Each thread takes the next few calls when it is done: about eight rounds, so that none waits long for another.
    const portion = Math.max(1, Math.floor(calls.length / (8 * this.threadCount)));
    let next = 0;
    const work = async (worker: Worker): Promise<void> => {
      while (next < calls.length) {
        const first = next;
        next += portion;
        const answer = await this.#ask(worker, { calls: calls.slice(first, next), first });
        answer.results.forEach((result, i) => {
          results[first + i] = result;
        });
      }
    };
    await Promise.all(this.#workers.map(work));
    return results;
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}

import { Worker } from 'node:worker_threads';
import { CairnError } from '@cairn/primitives';
import type { RuntimeErrorCode } from '../errors.ts';
import type { TaskAnswer, TaskRequest } from './taskMessage.ts';

/** What a task may use. */
export interface TaskLimits {
  /** From its start in the thread to its answer. */
  readonly timeLimitMs: number;
  /** JavaScript heap of the thread. */
  readonly memoryLimitMb: number;
  /** Tasks that may wait. */
  readonly queueLimit: number;
}

interface Task {
  readonly request: unknown;
  readonly resolve: (result: never) => void;
  readonly reject: (error: CairnError) => void;
}

/**
 * A thread that does one task after the other within limits of time and memory; a task that breaks them fails alone, and
 * the next one gets a new thread. The thread starts with the first task and does not keep the process alive.
 */
export class TaskWorker {
  readonly #module: URL;
  readonly #limits: TaskLimits;
  readonly #waiting: Task[] = [];
  #worker: Worker | undefined;
  #running: { readonly id: number; readonly task: Task; readonly timer: NodeJS.Timeout } | undefined;
  #nextId = 0;
  #isClosed = false;

  /** `module` calls `serveTasks`. */
  constructor(module: URL, limits: TaskLimits) {
    this.#module = module;
    this.#limits = limits;
  }

  /**
   * Does a task; requests and results are copied between threads.
   * @throws CairnError with the code the task threw; `TASK_TIME_LIMIT`, `TASK_MEMORY_LIMIT`, `TASK_QUEUE_FULL`,
   * `TASK_CANCELLED` when the worker is closed.
   */
  run<R>(request: unknown): Promise<R> {
    if (this.#isClosed) return Promise.reject(cancelled());
    if (this.#waiting.length >= this.#limits.queueLimit)
      return Promise.reject(
        failure('TASK_QUEUE_FULL', `too many tasks wait: at most ${this.#limits.queueLimit}`),
      );
    return new Promise<R>((resolve, reject) => {
      this.#waiting.push({ request, resolve, reject });
      this.#startNext();
    });
  }

  /** Ends the thread; tasks that wait or run fail with `TASK_CANCELLED`. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const { reject } of this.#waiting.splice(0)) reject(cancelled());
    const worker = this.#worker;
    this.#fail(cancelled());
    await worker?.terminate();
  }

  #startNext(): void {
    if (this.#running !== undefined) return;
    const task = this.#waiting.shift();
    if (task === undefined) {
      this.#worker?.unref();
      return;
    }
    const id = this.#nextId++;
    const { timeLimitMs } = this.#limits;
    const timer = setTimeout(() => {
      this.#fail(failure('TASK_TIME_LIMIT', `the task took longer than ${timeLimitMs} ms`));
    }, timeLimitMs);
    this.#running = { id, task, timer };
    this.#worker ??= this.#startWorker();
    this.#worker.ref();
    this.#worker.postMessage({ id, request: task.request } satisfies TaskRequest);
  }

  #startWorker(): Worker {
    const { memoryLimitMb } = this.#limits;
    const worker = new Worker(this.#module, {
      execArgv: [], // not those of this process: a test runner's would resolve packages to their sources
      resourceLimits: { maxOldGenerationSizeMb: memoryLimitMb },
    });
    const isCurrent = () => this.#worker === worker;
    worker.on('message', (answer: TaskAnswer) => {
      if (isCurrent() && this.#running?.id === answer.id) this.#finish(answer);
    });
    worker.on('error', (cause: NodeJS.ErrnoException) => {
      if (!isCurrent()) return;
      this.#fail(
        cause.code === 'ERR_WORKER_OUT_OF_MEMORY'
          ? failure('TASK_MEMORY_LIMIT', `the task needed more than ${memoryLimitMb} MB`)
          : new CairnError('INTERNAL', `a worker thread failed: ${cause.message}`, { cause }),
      );
    });
    worker.on('exit', () => {
      if (isCurrent()) this.#fail(new CairnError('INTERNAL', 'a worker thread ended by itself'));
    });
    return worker;
  }

  #finish(answer: TaskAnswer): void {
    const { task, timer } = this.#running!;
    clearTimeout(timer);
    this.#running = undefined;
    if ('error' in answer) {
      const { code, message, details, fix } = answer.error;
      task.reject(new CairnError(code, message, { details, ...(fix === undefined ? {} : { fix }) }));
    } else task.resolve(answer.result as never);
    this.#startNext();
  }

  /** Gives up the thread and the task that runs in it. */
  #fail(error: CairnError): void {
    const worker = this.#worker;
    this.#worker = undefined;
    void worker?.terminate();
    const running = this.#running;
    this.#running = undefined;
    if (running !== undefined) {
      clearTimeout(running.timer);
      running.task.reject(error);
    }
    this.#startNext();
  }
}

function cancelled(): CairnError {
  return failure('TASK_CANCELLED', 'the worker was closed');
}

function failure(code: RuntimeErrorCode, message: string): CairnError {
  return new CairnError<RuntimeErrorCode>(code, message);
}

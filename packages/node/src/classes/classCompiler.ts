import { CairnError, type ClassHash } from '@cairn/primitives';
import type { SierraClass } from '@cairn/protocol';
import { type TaskLimits, TaskWorker } from '@cairn/runtime';
import type { NodeErrorCode } from '../errors.ts';
import type { CompiledClass } from './compileClass.ts';
import type { CompileTask } from './compileWorker.ts';

// The built file, from src/ (tests) and from dist/ alike: threads run JavaScript only.
const WORKER = new URL('../../dist/classes/compileWorker.js', import.meta.url);

/** A class of 64,000 words takes 1 s and 300 MB here. */
const DEFAULT_LIMITS: TaskLimits = { timeLimitMs: 20_000, memoryLimitMb: 1024, queueLimit: 100 };

/** Hashes and compiles classes in a thread of their own, so that no class can hold up the chain. */
export class ClassCompiler {
  readonly #worker: TaskWorker;

  constructor(limits: Partial<TaskLimits> = {}) {
    this.#worker = new TaskWorker(WORKER, { ...DEFAULT_LIMITS, ...limits });
  }

  /** @throws CairnError `COMPILATION_FAILED`, `TASK_QUEUE_FULL`, `TASK_CANCELLED`. */
  classHash(sierra: SierraClass): Promise<ClassHash> {
    return this.#run({ kind: 'hash', sierra });
  }

  /** Whatever the compiler refuses becomes `COMPILATION_FAILED`. @throws CairnError like {@link classHash}. */
  compile(sierra: SierraClass, maxBytecodeLength: number): Promise<CompiledClass> {
    return this.#run({ kind: 'compile', sierra, maxBytecodeLength });
  }

  async #run<R>(task: CompileTask): Promise<R> {
    try {
      return await this.#worker.run<R>(task);
    } catch (cause) {
      if (
        !(cause instanceof CairnError) ||
        ['INTERNAL', 'TASK_QUEUE_FULL', 'TASK_CANCELLED'].includes(cause.code)
      )
        throw cause;
      throw new CairnError<NodeErrorCode>('COMPILATION_FAILED', cause.message, { cause });
    }
  }

  close(): Promise<void> {
    return this.#worker.close();
  }
}

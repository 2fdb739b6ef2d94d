import type { Felt } from '@cairn/primitives';
import { TaskWorker } from '@cairn/runtime';
import type { ProvenBlob } from '@cairn/settlement';
import type { DataMode, OsRunResult, OsRunTask } from '../osProof/osRunWorker.ts';

// The built file, from src/ (tests) and from dist/ alike: threads run JavaScript only.
const WORKER = new URL('../../dist/osProof/osRunWorker.js', import.meta.url);
const LIMITS = { timeLimitMs: 600_000, memoryLimitMb: 4096, queueLimit: 16 };

/** A thread that runs the OS and checks proofs, so that the process goes on answering. */
export class OsThread {
  readonly #worker = new TaskWorker(WORKER, LIMITS);

  /** Starts it, so that the first task does not wait for that. */
  warmUp(): void {
    this.#worker.run({ kind: 'warm up' } satisfies OsRunTask).catch(() => {});
  }

  /** @throws CairnError `BLOCK_DIFFERS`, those of `runOs`, and those of `TaskWorker.run`. */
  run(input: string, data: DataMode): Promise<OsRunResult> {
    return this.#worker.run<OsRunResult>({ kind: 'run', input, data } satisfies OsRunTask);
  }

  /** The blobs of data with their proofs. PERF: eight seconds for each. @throws CairnError `WRONG_DATA`, and those of `TaskWorker.run`. */
  blobs(output: readonly Felt[], data: readonly Felt[]): Promise<ProvenBlob[]> {
    return this.#worker.run<ProvenBlob[]>({ kind: 'blobs', output, data } satisfies OsRunTask);
  }

  /** Why bytes are no proof of an OS run with this output; null when they are. @throws those of `TaskWorker.run`. */
  proofFault(proof: Uint8Array, output: readonly Felt[]): Promise<string | null> {
    return this.#worker.run<string | null>({ kind: 'verify', proof, output } satisfies OsRunTask);
  }

  close(): Promise<void> {
    return this.#worker.close();
  }
}

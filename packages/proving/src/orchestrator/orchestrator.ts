import { randomUUID } from 'node:crypto';
import { CairnError } from '@cairn/primitives';
import { coreState } from '@cairn/settlement';
import { describeError } from '../describeError.ts';
import type { ProvingErrorCode } from '../errors.ts';
import { JOB_POLICIES, type Job, type JobKind } from '../jobs/jobGraph.ts';
import type { JobStore } from '../jobs/jobStore.ts';
import type { DataAvailability } from '../rollup/rollupManifest.ts';
import { Batcher } from './batcher.ts';
import { type BatchParts, publishData, registerProof, runOsOverBatch, updateCoreState } from './batchJobs.ts';
import type { OsRunRecord, ProveRecord, PublishDataRecord } from './batchResults.ts';
import type { BatchLimits } from './nextBatch.ts';

/** Who wants to know how jobs go. */
export interface OrchestratorEvents {
  batched?(firstBlock: number, lastBlock: number): void;
  done?(job: Job, result: unknown): void;
  /** It is done again later, unless it is dead. */
  failed?(job: Job, error: { readonly code: string; readonly message: string }): void;
}

/** What an orchestrator is made of. */
export interface OrchestratorParts extends BatchParts {
  readonly jobs: JobStore;
  readonly limits: BatchLimits;
  /** The last block that L1 had at start. */
  readonly settledBlock: number;
  readonly events: OrchestratorEvents;
}

/** What is wrong around us and not with the job: it is tried until it is right. */
const ENVIRONMENTAL: ReadonlySet<string> = new Set([
  'L1_UNREACHABLE',
  'L1_OUT_OF_FUNDS',
  'TRANSACTION_UNDERPRICED',
  'TRANSACTION_NOT_MINED',
  'NONCE_TAKEN',
  'NODE_UNREACHABLE',
  'DISK_FULL',
  'STORAGE_UNAVAILABLE',
]);
/** What does not get better. */
const PERMANENT: ReadonlySet<string> = new Set<ProvingErrorCode | string>([
  'BLOCK_DIFFERS',
  'UNSUPPORTED_HEIGHT',
  'UNSUPPORTED',
]);

const TICK_MS = 200;
/** How often it looks whether L1 still has what was settled. */
const CORE_WATCH_MS = 2_000;
/** What an orchestrator does itself; proving is for provers. */
export const ORCHESTRATOR_KINDS = [
  'osRun',
  'publishData',
  'registerProof',
  'updateState',
] as const satisfies readonly JobKind[];

/** Jobs by the loop that does them: one that computes, one that sends, so that transactions have one order. */
function loops(data: DataAvailability): readonly (readonly JobKind[])[] {
  return data === 'pages'
    ? [['osRun'], ['publishData', 'registerProof', 'updateState']]
    : [
        ['osRun', 'publishData'],
        ['registerProof', 'updateState'],
      ];
}

/**
 * Takes blocks to L1: batches them, and does every job of a batch but the proving, which provers fetch (`ProverDesk`). All
 * it knows is in the database, on L1 and in the file store, so it may be killed at any moment.
 */
export class Orchestrator {
  readonly #parts: OrchestratorParts;
  readonly #batcher: Batcher;
  #isStopped = false;
  #loops: Promise<void>[] = [];

  constructor(parts: OrchestratorParts) {
    this.#parts = parts;
    this.#batcher = new Batcher(parts);
  }

  start(): void {
    this.#loops = [
      this.#every(() => this.#batcher.tick()),
      this.#watchCore(),
      ...loops(this.#parts.rollup.data).map((kinds) => this.#every(() => this.#next(kinds))),
    ];
  }

  /** Lets what runs come to an end. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await Promise.all(this.#loops);
  }

  /** Does a step again and again; when there was nothing to do, after a pause. */
  async #every(step: () => Promise<boolean>): Promise<void> {
    while (!this.#isStopped) {
      let wasBusy = false;
      try {
        wasBusy = await step();
      } catch {
        // The database or the node is away: both say so themselves when asked next.
      }
      if (!wasBusy) await new Promise((resolve) => setTimeout(resolve, TICK_MS));
    }
  }

  /** Settles again what L1 has taken back: a reorganisation, or a dev chain that lost its last seconds. */
  async #watchCore(): Promise<void> {
    const { jobs, l1, rollup } = this.#parts;
    let lookedMs = 0;
    await this.#every(async () => {
      if (Date.now() - lookedMs < CORE_WATCH_MS) return false;
      lookedMs = Date.now();
      // In this order: what is settled meanwhile is not lost.
      const settled = await jobs.settledBlock();
      const { blockNumber } = await coreState(l1, rollup.core);
      if (settled !== undefined && blockNumber < settled) await jobs.lostOnL1(blockNumber, Date.now());
      return false;
    });
  }

  async #next(kinds: readonly JobKind[]): Promise<boolean> {
    const { jobs, events } = this.#parts;
    const owner = randomUUID();
    const job = await jobs.claim(kinds, owner, Date.now());
    if (job === undefined) return false;
    const renewal = setInterval(() => {
      jobs.renew(job.id, owner, Date.now()).catch(() => {});
    }, JOB_POLICIES[job.kind].leaseMs / 3);
    try {
      const result = await this.#work(job);
      if (await jobs.complete(job.id, owner, result, Date.now())) events.done?.(job, result);
    } catch (cause) {
      const error = describeError(cause);
      const isEnvironmental = ENVIRONMENTAL.has(error.code);
      const isPermanent = PERMANENT.has(error.code);
      await jobs.fail(job.id, owner, { ...error, isEnvironmental, isPermanent }, Date.now());
      events.failed?.(job, error);
    } finally {
      clearInterval(renewal);
    }
    return true;
  }

  async #work(job: Job): Promise<unknown> {
    const { jobs } = this.#parts;
    if (job.kind === 'osRun') return runOsOverBatch(this.#parts, job);
    const run = (await jobs.resultOf(job.batchId, 'osRun')) as OsRunRecord;
    switch (job.kind) {
      case 'publishData':
        return publishData(this.#parts, run);
      case 'registerProof': {
        const proof = (await jobs.resultOf(job.batchId, 'prove')) as ProveRecord;
        return registerProof(this.#parts, run, proof);
      }
      case 'updateState': {
        const data = (await jobs.resultOf(job.batchId, 'publishData')) as PublishDataRecord;
        return updateCoreState(this.#parts, run, data);
      }
      case 'prove':
        throw new CairnError('INTERNAL', 'provers fetch what is to be proven');
    }
  }
}

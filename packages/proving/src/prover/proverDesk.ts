import { randomUUID } from 'node:crypto';
import { CairnError } from '@cairn/primitives';
import type { BlobStore } from '@cairn/storage';
import { describeError } from '../describeError.ts';
import type { ProvingErrorCode } from '../errors.ts';
import { JOB_POLICIES, type Job } from '../jobs/jobGraph.ts';
import type { JobStore } from '../jobs/jobStore.ts';
import { fileOf, outputOf } from '../orchestrator/batchJobs.ts';
import type { OsRunRecord, ProveRecord } from '../orchestrator/batchResults.ts';
import type { OrchestratorEvents } from '../orchestrator/orchestrator.ts';
import type { OsThread } from '../orchestrator/osThread.ts';

/** Work for a prover. */
export interface ProvingTask {
  /** Names this lease; whoever has it may renew and deliver. */
  readonly ticket: string;
  readonly firstBlock: number;
  readonly lastBlock: number;
  /** Input of the OS, as text. */
  readonly input: string;
  /** How long the task is the prover's without a renewal. */
  readonly leaseMs: number;
}

/** How far a prover is. */
export interface ProverProgress {
  readonly firstBlock: number;
  readonly lastBlock: number;
  readonly prover: string;
  readonly step: string;
}

/** How long a prover that delivered rubbish gets nothing. */
const BAN_MS = 60_000;

/**
 * Where provers fetch work and hand in proofs. None of them is trusted: every proof is verified before it counts, a lease
 * that is not renewed ends, and one that delivers rubbish waits before it gets work again.
 */
export class ProverDesk {
  readonly #jobs: JobStore;
  readonly #files: BlobStore;
  readonly #os: OsThread;
  readonly #events: OrchestratorEvents;
  /** What those who hold a ticket last said of their work. */
  readonly #steps = new Map<string, Omit<ProverProgress, 'prover'>>();
  readonly #bannedUntilMs = new Map<string, number>();

  constructor(parts: { jobs: JobStore; files: BlobStore; os: OsThread; events: OrchestratorEvents }) {
    this.#jobs = parts.jobs;
    this.#files = parts.files;
    this.#os = parts.os;
    this.#events = parts.events;
  }

  get progress(): ProverProgress[] {
    return [...this.#steps].map(([ticket, progress]) => ({ ...progress, prover: proverOf(ticket) }));
  }

  /** The next batch to prove; undefined when there is none, or none for this prover. */
  async take(prover: string): Promise<ProvingTask | undefined> {
    const nowMs = Date.now();
    if ((this.#bannedUntilMs.get(prover) ?? 0) > nowMs) return undefined;
    const ticket = `${prover}/${randomUUID()}`;
    const job = await this.#jobs.claim(['prove'], ticket, nowMs);
    if (job === undefined) return undefined;
    try {
      const run = (await this.#jobs.resultOf(job.batchId, 'osRun')) as OsRunRecord;
      const input = new TextDecoder().decode(await fileOf(this.#files, run.inputFile));
      const { firstBlock, lastBlock } = job;
      this.#steps.set(ticket, { firstBlock, lastBlock, step: 'OS run' });
      return { ticket, firstBlock, lastBlock, input, leaseMs: JOB_POLICIES.prove.leaseMs };
    } catch (error) {
      await this.#jobs.fail(job.id, ticket, describeError(error), Date.now());
      throw error;
    }
  }

  /** Goes on with a lease; false when it is another's by now. */
  async renew(ticket: string, step: string): Promise<boolean> {
    const job = await this.#jobs.heldBy(ticket);
    const isOwn = job !== undefined && (await this.#jobs.renew(job.id, ticket, Date.now()));
    if (isOwn) this.#steps.set(ticket, { firstBlock: job.firstBlock, lastBlock: job.lastBlock, step });
    else this.#steps.delete(ticket);
    return isOwn;
  }

  /**
   * Takes a proof. @throws CairnError `WRONG_PROOF` when it does not prove the task's run, `UNKNOWN_TICKET` for a lease that
   * has ended.
   */
  async deliver(ticket: string, proof: Uint8Array): Promise<void> {
    const job = await this.#held(ticket);
    const prover = proverOf(ticket);
    const run = (await this.#jobs.resultOf(job.batchId, 'osRun')) as OsRunRecord;
    const fault = await this.#os.proofFault(proof, outputOf(run));
    if (fault !== null) {
      this.#steps.delete(ticket);
      this.#bannedUntilMs.set(prover, Date.now() + BAN_MS);
      await this.#jobs.release(job.id, ticket, Date.now());
      const message = `the proof of ${prover} is not accepted: ${fault}`;
      this.#events.failed?.(job, { code: 'WRONG_PROOF', message });
      throw new CairnError<ProvingErrorCode>('WRONG_PROOF', message);
    }
    const record: ProveRecord = {
      proofFile: await this.#files.put(proof),
      proofBytes: proof.length,
      prover,
      seconds: (Date.now() - job.startedMs!) / 1000,
    };
    this.#steps.delete(ticket);
    if (!(await this.#jobs.complete(job.id, ticket, record, Date.now()))) throw unknownTicket(ticket);
    this.#events.done?.(job, record);
  }

  /** A prover gives up, and says why. */
  async giveUp(ticket: string, error: { readonly code: string; readonly message: string }): Promise<void> {
    const job = await this.#held(ticket);
    this.#steps.delete(ticket);
    await this.#jobs.fail(job.id, ticket, error, Date.now());
    this.#events.failed?.(job, error);
  }

  async #held(ticket: string): Promise<Job> {
    const job = await this.#jobs.heldBy(ticket);
    if (job?.kind !== 'prove') throw unknownTicket(ticket);
    return job;
  }
}

/** The name that a prover gave when it took a ticket. */
function proverOf(ticket: string): string {
  return ticket.slice(0, ticket.lastIndexOf('/'));
}

function unknownTicket(ticket: string): CairnError<ProvingErrorCode> {
  return new CairnError(
    'UNKNOWN_TICKET',
    `ticket ${ticket}: its task was given to another prover or is done`,
  );
}

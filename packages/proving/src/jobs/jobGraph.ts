/** What is done with a batch of blocks, in an order in which it can be done. */
export const JOB_KINDS = ['osRun', 'prove', 'publishData', 'registerProof', 'updateState'] as const;

export type JobKind = (typeof JOB_KINDS)[number];

/** Those whose work stands on L1, and may be taken back there. */
export const L1_KINDS = ['publishData', 'registerProof', 'updateState'] as const satisfies readonly JobKind[];

/** A job that must be done before another: of the same batch, or of the batch before it. */
export interface JobNeed {
  readonly kind: JobKind;
  readonly batch: 'same' | 'previous';
}

/** The edges of the graph. */
export const JOB_NEEDS: Readonly<Record<JobKind, readonly JobNeed[]>> = {
  osRun: [],
  prove: [{ kind: 'osRun', batch: 'same' }],
  publishData: [{ kind: 'osRun', batch: 'same' }],
  registerProof: [{ kind: 'prove', batch: 'same' }],
  updateState: [
    { kind: 'registerProof', batch: 'same' },
    { kind: 'publishData', batch: 'same' },
    { kind: 'updateState', batch: 'previous' },
  ],
};

/** How often a job is tried, and when again. */
export interface JobPolicy {
  /** Attempts before the job is dead. */
  readonly attempts: number;
  /** Wait after the first failure; each further one multiplies it by `factor`, up to `maxDelayMs`. */
  readonly baseDelayMs: number;
  readonly factor: number;
  readonly maxDelayMs: number;
  /** How long a worker has the job without renewing. */
  readonly leaseMs: number;
}

/** Policies unless configured otherwise. What works on L1 is tried longest: fees and nodes come and go. */
export const JOB_POLICIES: Readonly<Record<JobKind, JobPolicy>> = {
  osRun: { attempts: 3, baseDelayMs: 2_000, factor: 2, maxDelayMs: 60_000, leaseMs: 60_000 },
  prove: { attempts: 5, baseDelayMs: 5_000, factor: 2, maxDelayMs: 120_000, leaseMs: 60_000 },
  publishData: { attempts: 10, baseDelayMs: 2_000, factor: 2, maxDelayMs: 300_000, leaseMs: 60_000 },
  registerProof: { attempts: 10, baseDelayMs: 2_000, factor: 2, maxDelayMs: 300_000, leaseMs: 60_000 },
  updateState: { attempts: 10, baseDelayMs: 2_000, factor: 2, maxDelayMs: 300_000, leaseMs: 60_000 },
};

/** Why an attempt failed. */
export interface JobFailure {
  readonly code: string;
  readonly message: string;
  /** Trying again cannot help: the job is dead at once. */
  readonly isPermanent?: boolean;
  /** Not the job's fault (L1 cannot be reached): the attempt does not count, so it is tried for ever. */
  readonly isEnvironmental?: boolean;
}

/** A job without its result. Times are milliseconds since the epoch. */
export interface Job {
  readonly id: number;
  readonly batchId: number;
  readonly firstBlock: number;
  readonly lastBlock: number;
  readonly kind: JobKind;
  /** `pending`: nobody works on it, whether or not it may begin. */
  readonly status: 'pending' | 'running' | 'done' | 'dead';
  /** Attempts that count, with the one that runs. */
  readonly attempts: number;
  /** Environmental failures in a row. */
  readonly outages: number;
  /** A pending job does not begin before. */
  readonly runAtMs: number;
  /** Whose the job is while it runs. */
  readonly lease: { readonly owner: string; readonly untilMs: number } | null;
  /** The last failure; none once it is done. */
  readonly error: { readonly code: string; readonly message: string; readonly atMs: number } | null;
  /** When the last attempt began. */
  readonly startedMs: number | null;
  readonly createdMs: number;
  readonly updatedMs: number;
}

/** What happens to a job. An owner is a text that its worker uses for one claim only. */
export type JobEvent =
  | { readonly type: 'claimed'; readonly owner: string }
  | { readonly type: 'renewed'; readonly owner: string }
  | { readonly type: 'completed'; readonly owner: string }
  | { readonly type: 'failed'; readonly owner: string; readonly failure: JobFailure }
  /** The worker gives the job back undone; the attempt does not count. */
  | { readonly type: 'released'; readonly owner: string }
  | { readonly type: 'leaseExpired' }
  /** L1 has taken back what the job had brought there. */
  | { readonly type: 'lostOnL1' }
  | { readonly type: 'retriedByHand' };

/**
 * The job after an event; undefined when the event is not possible now, above all when it comes from a worker whose job is
 * another's by then. A lease that has run out is still its owner's until somebody notices.
 */
export function nextJob(job: Job, event: JobEvent, nowMs: number, policy: JobPolicy): Job | undefined {
  const changed = { ...job, updatedMs: nowMs };
  switch (event.type) {
    case 'claimed':
      if (job.status !== 'pending' || job.runAtMs > nowMs) return undefined;
      return {
        ...changed,
        status: 'running',
        attempts: job.attempts + 1,
        startedMs: nowMs,
        lease: { owner: event.owner, untilMs: nowMs + policy.leaseMs },
      };
    case 'leaseExpired':
      if (job.lease === null || job.lease.untilMs > nowMs) return undefined;
      return afterFailure(
        { ...changed, outages: 0 },
        { code: 'LEASE_EXPIRED', message: 'its worker was not heard of any more' },
        job.attempts >= policy.attempts,
        0,
      );
    case 'lostOnL1':
      if (job.status !== 'done') return undefined;
      return { ...changed, status: 'pending', attempts: 0, outages: 0, runAtMs: nowMs };
    case 'retriedByHand':
      // A settled batch stays settled; other results may be made once more, as when their files are lost.
      if (job.status === 'running' || (job.status === 'done' && job.kind === 'updateState')) return undefined;
      return { ...changed, status: 'pending', attempts: 0, outages: 0, runAtMs: nowMs };
  }
  if (job.lease?.owner !== event.owner) return undefined;
  switch (event.type) {
    case 'renewed':
      return { ...changed, lease: { owner: event.owner, untilMs: nowMs + policy.leaseMs } };
    case 'completed':
      return { ...changed, status: 'done', lease: null, error: null, outages: 0 };
    case 'released':
      return { ...changed, status: 'pending', lease: null, attempts: job.attempts - 1, runAtMs: nowMs };
    case 'failed': {
      const { failure } = event;
      if (failure.isEnvironmental && !failure.isPermanent) {
        const outages = job.outages + 1;
        const uncounted = { ...changed, outages, attempts: job.attempts - 1 };
        return afterFailure(uncounted, failure, false, backOffMs(policy, outages));
      }
      const isDead = failure.isPermanent === true || job.attempts >= policy.attempts;
      return afterFailure({ ...changed, outages: 0 }, failure, isDead, backOffMs(policy, job.attempts));
    }
  }
}

function afterFailure(job: Job, failure: JobFailure, isDead: boolean, delayMs: number): Job {
  const { code, message } = failure;
  return {
    ...job,
    status: isDead ? 'dead' : 'pending',
    lease: null,
    runAtMs: job.updatedMs + delayMs,
    error: { code, message, atMs: job.updatedMs },
  };
}

/** Wait after the `failureCount`-th failure in a row. */
function backOffMs({ baseDelayMs, factor, maxDelayMs }: JobPolicy, failureCount: number): number {
  return Math.round(Math.min(maxDelayMs, baseDelayMs * factor ** (failureCount - 1)));
}

/** What a user sees of a job: a pending one waits for others, or may begin (from `runAtMs` on). */
export type JobStatus = 'waiting' | 'ready' | 'running' | 'done' | 'dead';

/** A job with what it waits for. */
export interface ListedJob extends Omit<Job, 'status'> {
  readonly status: JobStatus;
  /** Its needs that are not done; for a job that is `waiting`, at least one. */
  readonly waitsFor: readonly {
    readonly batchId: number;
    readonly kind: JobKind;
    readonly isDead: boolean;
  }[];
}

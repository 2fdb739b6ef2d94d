import { JOB_POLICIES, type JobKind, type JobPolicy, type ListedJob } from './jobGraph.ts';

/** One line about a job, for people: `prove of blocks 5-8: ready again in 12 s (attempt 2 of 5); last error …`. */
export function jobDescription(
  job: ListedJob,
  nowMs: number,
  policies: Readonly<Record<JobKind, JobPolicy>> = JOB_POLICIES,
): string {
  const { firstBlock, lastBlock, kind, error } = job;
  const blocks = firstBlock === lastBlock ? `block ${firstBlock}` : `blocks ${firstBlock}-${lastBlock}`;
  const cause = error === null ? '' : `; last error ${error.code}: ${error.message}`;
  return `#${job.id} ${kind} of ${blocks}: ${stateOf(job, nowMs, policies[kind].attempts)}${cause}`;
}

function stateOf(job: ListedJob, nowMs: number, attemptLimit: number): string {
  switch (job.status) {
    case 'waiting': {
      const needs = job.waitsFor.map(
        ({ batchId, kind, isDead }) =>
          `${kind}${batchId === job.batchId ? '' : ' of the batch before'}${isDead ? ', which is dead' : ''}`,
      );
      return `waiting for ${needs.join(' and ')}`;
    }
    case 'ready': {
      const attempt = `attempt ${job.attempts + 1} of ${attemptLimit}`;
      const outages = job.outages === 0 ? '' : `, ${job.outages} not counted`;
      if (job.runAtMs > nowMs)
        return `ready again in ${duration(job.runAtMs - nowMs)} (${attempt}${outages})`;
      return job.attempts + job.outages === 0 ? 'ready' : `ready (${attempt}${outages})`;
    }
    case 'running':
      return `running for ${duration(nowMs - job.startedMs!)} (attempt ${job.attempts} of ${attemptLimit})`;
    case 'done':
      return `done in ${duration(job.updatedMs - job.startedMs!)}${job.attempts > 1 ? ` (attempt ${job.attempts})` : ''}`;
    case 'dead':
      return `dead after ${job.attempts} of ${attemptLimit} attempts; retry it by hand`;
  }
}

/** `0.4 s`, `12 s`, `3 min 5 s`, `2 h 4 min`. */
function duration(ms: number): string {
  if (ms < 10_000) return `${(Math.max(ms, 0) / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  if (minutes === 0) return `${seconds} s`;
  return minutes < 60
    ? `${minutes} min ${seconds % 60} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

import type { Migration } from '@cairn/storage';
import { JOB_NEEDS, type Job, type JobKind, type ListedJob } from './jobGraph.ts';

/** Tables of the orchestrator. Times are milliseconds since the epoch. */
export const JOB_MIGRATIONS: readonly Migration[] = [
  {
    number: 1,
    statements: [
      `create table batch (
        id bigint primary key,
        first_block bigint not null unique,
        last_block bigint not null unique check (last_block >= first_block),
        last_block_hash text not null,
        created_ms bigint not null
      )`,
      `create table job (
        id bigint generated always as identity primary key,
        batch_id bigint not null references batch on delete cascade,
        kind text not null,
        status text not null check (status in ('pending', 'running', 'done', 'dead')),
        attempts integer not null,
        outages integer not null,
        run_at_ms bigint not null,
        lease_owner text,
        lease_until_ms bigint,
        error jsonb,
        result jsonb,
        started_ms bigint,
        created_ms bigint not null,
        updated_ms bigint not null,
        unique (batch_id, kind),
        check ((status = 'running') = (lease_owner is not null)),
        check ((status = 'running') = (lease_until_ms is not null))
      )`,
      `create index job_open on job (id) where status in ('pending', 'running')`,
      'create table meta (key text primary key, value text not null)',
    ],
  },
];

/** A row of `job`, joined with the blocks of its batch. */
export interface JobRow {
  id: number;
  batch_id: number;
  first_block: number;
  last_block: number;
  kind: JobKind;
  status: Job['status'];
  attempts: number;
  outages: number;
  run_at_ms: number;
  lease_owner: string | null;
  lease_until_ms: number | null;
  error: Job['error'];
  started_ms: number | null;
  created_ms: number;
  updated_ms: number;
}

/** Columns of a {@link JobRow}: all but the result, which may be large. */
export const JOB_COLUMNS = `job.id, job.batch_id, batch.first_block, batch.last_block, job.kind, job.status,
  job.attempts, job.outages, job.run_at_ms, job.lease_owner, job.lease_until_ms, job.error, job.started_ms,
  job.created_ms, job.updated_ms`;

const needPairs = (batch: 'same' | 'previous') =>
  Object.entries(JOB_NEEDS)
    .flatMap(([kind, needs]) =>
      needs.filter((need) => need.batch === batch).map((need) => `('${kind}', '${need.kind}')`),
    )
    .join(', ');

/** From and where of a query of the jobs (`need`) that `job` needs and that are not done. Batches are numbered without gap. */
export const UNMET_NEEDS = `from job need where need.status <> 'done' and (
  (need.batch_id = job.batch_id and (job.kind, need.kind) in (${needPairs('same')}))
  or (need.batch_id = job.batch_id - 1 and (job.kind, need.kind) in (${needPairs('previous')})))`;

/** A row as a job. */
export function jobOf(row: JobRow): Job {
  return {
    id: row.id,
    batchId: row.batch_id,
    firstBlock: row.first_block,
    lastBlock: row.last_block,
    kind: row.kind,
    status: row.status,
    attempts: row.attempts,
    outages: row.outages,
    runAtMs: row.run_at_ms,
    lease: row.lease_owner === null ? null : { owner: row.lease_owner, untilMs: row.lease_until_ms! },
    error: row.error,
    startedMs: row.started_ms,
    createdMs: row.created_ms,
    updatedMs: row.updated_ms,
  };
}

/** A row with what the job waits for, as users see it. */
export function listedJobOf(row: JobRow & { waits_for: ListedJob['waitsFor'] | null }): ListedJob {
  const waitsFor = row.waits_for ?? [];
  const { status, ...job } = jobOf(row);
  const isWaiting = waitsFor.length > 0;
  return { ...job, waitsFor, status: status === 'pending' ? (isWaiting ? 'waiting' : 'ready') : status };
}

import { CairnError, type Felt, formatFelt, parseFelt } from '@cairn/primitives';
import { migrate, type SqlDatabase, type SqlSession, type SqlValue } from '@cairn/storage';
import type { ProvingErrorCode } from '../errors.ts';
import {
  JOB_KINDS,
  JOB_POLICIES,
  type Job,
  type JobEvent,
  type JobFailure,
  type JobKind,
  type JobPolicy,
  type JobStatus,
  L1_KINDS,
  type ListedJob,
  nextJob,
} from './jobGraph.ts';
import { JOB_COLUMNS, JOB_MIGRATIONS, type JobRow, jobOf, listedJobOf, UNMET_NEEDS } from './jobTables.ts';

/** Blocks that are proven and settled together. */
export interface BatchRange {
  readonly firstBlock: number;
  readonly lastBlock: number;
  readonly lastBlockHash: Felt;
}

/** A stored batch; ids count up without a gap. */
export interface Batch extends BatchRange {
  readonly id: number;
  readonly createdMs: number;
}

/** Which jobs to list. */
export interface JobFilter {
  readonly statuses?: readonly JobStatus[];
  readonly batchId?: number;
  /** Of the batch that has this block. */
  readonly block?: number;
  /** The newest so many; default 100. */
  readonly limit?: number;
}

/**
 * Batches and their jobs in a database that several orchestrators and workers may share. The rules are those of
 * {@link nextJob}; here each event is one transaction that holds the job's row. The store has no clock: callers give the
 * time, and processes that share a database need clocks that agree to well under a lease.
 *
 * @throws CairnError from every method: those of `SqlDatabase`
 */
export class JobStore {
  readonly #database: SqlDatabase;
  readonly #policies: Readonly<Record<JobKind, JobPolicy>>;

  private constructor(database: SqlDatabase, policies: Readonly<Record<JobKind, JobPolicy>>) {
    this.#database = database;
    this.#policies = policies;
  }

  /** Opens the store, and makes its tables in a database that lacks them. Closing the database is the caller's. */
  static async open(
    database: SqlDatabase,
    policies: Readonly<Record<JobKind, JobPolicy>> = JOB_POLICIES,
  ): Promise<JobStore> {
    await migrate(database, 'jobs', JOB_MIGRATIONS);
    return new JobStore(database, policies);
  }

  /**
   * Makes the database that of one rollup, the first time; afterwards checks that it is.
   * @param rollup what tells rollups apart: chain and address of the core contract
   * @throws CairnError `WRONG_ROLLUP` when the jobs are of another
   */
  async bindTo(rollup: string): Promise<void> {
    const sql = "insert into meta (key, value) values ('rollup', $1) on conflict do nothing";
    await this.#database.query(sql, [rollup]);
    const found = await this.meta('rollup');
    if (found !== rollup) {
      throw new CairnError<ProvingErrorCode>(
        'WRONG_ROLLUP',
        `the job database is of another rollup: got ${found}, expected ${rollup}`,
        { details: { found, expected: rollup }, fix: 'use another data directory or database' },
      );
    }
  }

  /** A noted value. */
  async meta(key: string): Promise<string | undefined> {
    const [row] = await this.#database.query<{ value: string }>('select value from meta where key = $1', [
      key,
    ]);
    return row?.value;
  }

  async setMeta(key: string, value: string): Promise<void> {
    await this.#database.query(
      'insert into meta (key, value) values ($1, $2) on conflict (key) do update set value = excluded.value',
      [key, value],
    );
  }

  /**
   * Stores a batch and its jobs. The first may begin at any block, the others where the one before ends. A batch that is
   * there already is returned as it is.
   * @throws CairnError `BATCH_GAP` when it does not follow the last one, `BATCH_CONFLICT` when it shares blocks with stored
   * ones
   */
  async createBatch(range: BatchRange, nowMs: number): Promise<Batch> {
    const { firstBlock, lastBlock, lastBlockHash } = range;
    const hash = formatFelt(lastBlockHash);
    return await this.#database.transaction(async (session) => {
      await lockBatches(session);
      const [known] = await session.query<BatchRow>(
        'select * from batch where first_block = $1 and last_block = $2 and last_block_hash = $3',
        [firstBlock, lastBlock, hash],
      );
      if (known !== undefined) return batchOf(known);
      const last = await lastBatchOf(session);
      const expected = last === undefined ? firstBlock : last.lastBlock + 1;
      if (firstBlock !== expected || lastBlock < firstBlock) {
        throw new CairnError<ProvingErrorCode>(
          firstBlock < expected ? 'BATCH_CONFLICT' : 'BATCH_GAP',
          `batch of blocks ${firstBlock}-${lastBlock}: the next one must begin with block ${expected}`,
          { details: { firstBlock, lastBlock, expected } },
        );
      }
      const id = last === undefined ? 1 : last.id + 1;
      await session.query('insert into batch values ($1, $2, $3, $4, $5)', [
        id,
        firstBlock,
        lastBlock,
        hash,
        nowMs,
      ]);
      for (const kind of JOB_KINDS) {
        await session.query(
          `insert into job (batch_id, kind, status, attempts, outages, run_at_ms, created_ms, updated_ms)
           values ($1, $2, 'pending', 0, 0, $3, $3, $3)`,
          [id, kind, nowMs],
        );
      }
      return { ...range, id, createdMs: nowMs };
    });
  }

  /** The batch with the highest blocks. */
  lastBatch(): Promise<Batch | undefined> {
    return lastBatchOf(this.#database);
  }

  /**
   * Takes the first job that may begin now, of the lowest batch, or one whose worker was lost.
   * @param owner a text of this claim alone: it is the right to the job, until the lease ends without renewal
   */
  async claim(kinds: readonly JobKind[], owner: string, nowMs: number): Promise<Job | undefined> {
    for (;;) {
      const taken = await this.#database.transaction(async (session) => {
        const [row] = await session.query<JobRow>(
          `select ${JOB_COLUMNS} from job join batch on batch.id = job.batch_id
           where job.kind = any (string_to_array($1, ','))
             and ((job.status = 'pending' and job.run_at_ms <= $2)
               or (job.status = 'running' and job.lease_until_ms <= $2))
             and not exists (select 1 ${UNMET_NEEDS})
           order by job.id limit 1 for update of job skip locked`,
          [kinds.join(','), nowMs],
        );
        if (row === undefined) return undefined;
        const found = jobOf(row);
        const policy = this.#policies[found.kind];
        const free =
          found.status === 'running' ? nextJob(found, { type: 'leaseExpired' }, nowMs, policy)! : found;
        const claimed = nextJob(free, { type: 'claimed', owner }, nowMs, policy) ?? free;
        await write(session, claimed);
        return claimed;
      });
      // A job whose last attempt was lost is dead now: look for another.
      if (taken?.status !== 'dead') return taken;
    }
  }

  /** Prolongs a lease by the policy's time from now. False: the job is no longer the owner's, stop the work. */
  renew(id: number, owner: string, nowMs: number): Promise<boolean> {
    return this.#apply(id, { type: 'renewed', owner }, nowMs);
  }

  /** Stores the result (JSON). False: the job is no longer the owner's; nothing was stored. */
  complete(id: number, owner: string, result: unknown, nowMs: number): Promise<boolean> {
    return this.#apply(id, { type: 'completed', owner }, nowMs, JSON.stringify(result ?? null));
  }

  /** Notes a failed attempt. False: the job is no longer the owner's. */
  fail(id: number, owner: string, failure: JobFailure, nowMs: number): Promise<boolean> {
    const message = storableText(failure.message);
    return this.#apply(id, { type: 'failed', owner, failure: { ...failure, message } }, nowMs);
  }

  /** The job that an owner has now. */
  async heldBy(owner: string): Promise<Job | undefined> {
    const [row] = await this.#database.query<JobRow>(
      `select ${JOB_COLUMNS} from job join batch on batch.id = job.batch_id where job.lease_owner = $1`,
      [owner],
    );
    return row && jobOf(row);
  }

  /**
   * Gives back all jobs of these kinds that somebody has: for whoever knows that their workers are gone.
   * @returns how many they were
   */
  async releaseAll(kinds: readonly JobKind[], nowMs: number): Promise<number> {
    const held = await this.#database.query<{ id: number; lease_owner: string }>(
      "select id, lease_owner from job where status = 'running' and kind = any (string_to_array($1, ','))",
      [kinds.join(',')],
    );
    let count = 0;
    for (const { id, lease_owner } of held) if (await this.release(id, lease_owner, nowMs)) count += 1;
    return count;
  }

  /** Gives a job back undone, as on a clean shutdown. False: it is no longer the owner's. */
  release(id: number, owner: string, nowMs: number): Promise<boolean> {
    return this.#apply(id, { type: 'released', owner }, nowMs);
  }

  /**
   * Gives one job, or all dead ones, new attempts from now on. A job that is done is done again, but for `updateState`.
   * @returns to how many: 0 for a job that runs, or that there is not
   */
  async retry(which: number | 'dead', nowMs: number): Promise<number> {
    const sql = "select id from job where status = 'dead' order by id";
    const ids =
      which === 'dead' ? (await this.#database.query<{ id: number }>(sql)).map(({ id }) => id) : [which];
    let count = 0;
    for (const id of ids) if (await this.#apply(id, { type: 'retriedByHand' }, nowMs)) count += 1;
    return count;
  }

  /** Jobs by batch and kind, oldest first. */
  async jobs({ statuses, batchId, block, limit = 100 }: JobFilter = {}): Promise<ListedJob[]> {
    const values: SqlValue[] = [limit];
    const conditions: string[] = [];
    const where = (value: SqlValue, condition: (place: string) => string) => {
      conditions.push(condition(`$${values.push(value)}`));
    };
    if (batchId !== undefined) where(batchId, (place) => `batch_id = ${place}`);
    if (block !== undefined) where(block, (place) => `${place}::bigint between first_block and last_block`);
    if (statuses !== undefined) {
      where(
        statuses.join(','),
        (
          place,
        ) => `case when status <> 'pending' then status when waits_for is null then 'ready' else 'waiting' end
          = any (string_to_array(${place}, ','))`,
      );
    }
    const rows = await this.#database.query<Parameters<typeof listedJobOf>[0]>(
      `select * from (
         select ${JOB_COLUMNS}, case when job.status <> 'done' then (
           select jsonb_agg(jsonb_build_object('batchId', need.batch_id, 'kind', need.kind,
             'isDead', need.status = 'dead') order by need.id) ${UNMET_NEEDS}) end as waits_for
         from job join batch on batch.id = job.batch_id
       ) listed ${conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`}
       order by id desc limit $1`,
      values,
    );
    return rows.reverse().map(listedJobOf);
  }

  /** True when a job of this kind is there that nobody has begun or may begin yet. */
  async isPending(kind: JobKind): Promise<boolean> {
    const [row] = await this.#database.query<{ id: number }>(
      "select id from job where kind = $1 and status = 'pending' limit 1",
      [kind],
    );
    return row !== undefined;
  }

  /** The batch whose done job of a kind has stored a result with this text in a field. */
  async batchWithResult(kind: JobKind, field: string, text: string): Promise<number | undefined> {
    const [row] = await this.#database.query<{ batch_id: number }>(
      "select batch_id from job where kind = $1 and status = 'done' and result ->> $2 = $3 order by id limit 1",
      [kind, field, text],
    );
    return row?.batch_id;
  }

  /** What a done job stored; undefined for one that is not done. */
  async resultOf(batchId: number, kind: JobKind): Promise<unknown> {
    const [row] = await this.#database.query<{ result: unknown }>(
      "select result from job where batch_id = $1 and kind = $2 and status = 'done'",
      [batchId, kind],
    );
    return row?.result;
  }

  /**
   * Forgets the batches with blocks that L2 took back: `firstGone` and later. Their workers find that the job is no longer
   * theirs. A settled batch stays: its blocks are final.
   * @returns what was forgotten, oldest first
   */
  async dropFrom(firstGone: number): Promise<Batch[]> {
    return await this.#database.transaction(async (session) => {
      await lockBatches(session);
      const rows = await session.query<BatchRow>(
        `delete from batch where last_block >= $1 and not exists (
           select 1 from job where batch_id = batch.id and kind = 'updateState' and status = 'done')
         returning *`,
        [firstGone],
      );
      return rows.map(batchOf).sort((a, b) => a.id - b.id);
    });
  }

  /** The last block of a batch whose state L1 has accepted. */
  async settledBlock(): Promise<number | undefined> {
    const [row] = await this.#database.query<{ last_block: number }>(
      `select batch.last_block from batch join job on job.batch_id = batch.id
       where job.kind = 'updateState' and job.status = 'done' order by batch.id desc limit 1`,
    );
    return row?.last_block;
  }

  /**
   * Has settled batches behind `lastBlock` settled once more: L1 has no block after that. What was computed and proven stays.
   * @returns how many batches that were
   */
  async lostOnL1(lastBlock: number, nowMs: number): Promise<number> {
    const settled = await this.#database.query<{ id: number }>(
      `select batch.id from batch join job on job.batch_id = batch.id
       where batch.last_block > $1 and job.kind = 'updateState' and job.status = 'done' order by batch.id`,
      [lastBlock],
    );
    for (const { id: batchId } of settled)
      for (const job of await this.jobs({ batchId }))
        if ((L1_KINDS as readonly JobKind[]).includes(job.kind))
          await this.#apply(job.id, { type: 'lostOnL1' }, nowMs);
    return settled.length;
  }

  /** Applies an event; false when it is not possible. */
  async #apply(id: number, event: JobEvent, nowMs: number, result?: string): Promise<boolean> {
    return await this.#database.transaction(async (session) => {
      const [row] = await session.query<JobRow>(
        `select ${JOB_COLUMNS} from job join batch on batch.id = job.batch_id where job.id = $1 for update of job`,
        [id],
      );
      if (row === undefined) return false;
      const job = jobOf(row);
      const next = nextJob(job, event, nowMs, this.#policies[job.kind]);
      if (next === undefined) return false;
      await write(session, next, result);
      return true;
    });
  }
}

/** The beginning of a text, without what PostgreSQL's jsonb refuses: NUL and halves of surrogate pairs. */
function storableText(text: string): string {
  return Buffer.from(text.replaceAll('\0', '').slice(0, 2_000)).toString();
}

/** Stores what can change of a job. A result that is not given stays. */
async function write(session: SqlSession, job: Job, result: string | null = null): Promise<void> {
  await session.query(
    `update job set status = $2, attempts = $3, outages = $4, run_at_ms = $5, lease_owner = $6, lease_until_ms = $7,
       error = $8::text::jsonb, result = coalesce($9::text::jsonb, result), started_ms = $10, updated_ms = $11
     where id = $1`,
    [
      job.id,
      job.status,
      job.attempts,
      job.outages,
      job.runAtMs,
      job.lease?.owner ?? null,
      job.lease?.untilMs ?? null,
      job.error && JSON.stringify(job.error),
      result,
      job.startedMs,
      job.updatedMs,
    ],
  );
}

interface BatchRow {
  id: number;
  first_block: number;
  last_block: number;
  last_block_hash: string;
  created_ms: number;
}

function batchOf(row: BatchRow): Batch {
  return {
    id: row.id,
    firstBlock: row.first_block,
    lastBlock: row.last_block,
    lastBlockHash: parseFelt(row.last_block_hash),
    createdMs: row.created_ms,
  };
}

async function lastBatchOf(session: SqlSession): Promise<Batch | undefined> {
  const [row] = await session.query<BatchRow>('select * from batch order by id desc limit 1');
  return row && batchOf(row);
}

/** Holds off others that add or remove batches, until the transaction ends. */
async function lockBatches(session: SqlSession): Promise<void> {
  await session.query('lock table batch in share row exclusive mode');
}

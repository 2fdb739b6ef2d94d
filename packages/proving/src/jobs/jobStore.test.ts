import { openEmbeddedSql, openPostgres, type SqlDatabase } from '@cairn/storage';
import { findPostgres, startPostgres, type TestPostgres } from '@cairn/storage/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { JOB_KINDS, JOB_POLICIES, type JobKind } from './jobGraph.ts';
import { JobStore } from './jobStore.ts';

const folder = findPostgres();
if (folder === undefined) console.log('skipped: jobs on a PostgreSQL server (no initdb and postgres found)');

const LEASE_MS = JOB_POLICIES.osRun.leaseMs;

describe.each([
  { name: 'PGlite', isServer: false },
  ...(folder === undefined ? [] : [{ name: 'PostgreSQL', isServer: true }]),
])('$name', ({ isServer }) => {
  let server: TestPostgres;
  let url: string;
  let database: SqlDatabase;
  let store: JobStore;

  beforeAll(async () => {
    if (isServer) {
      server = await startPostgres(folder!);
      url = await server.createDatabase();
    }
    database = isServer ? await openPostgres(url) : await openEmbeddedSql(undefined);
  }, 60_000);
  afterAll(async () => {
    await database?.close();
    await server?.stop();
  });
  beforeEach(async () => {
    store = await JobStore.open(database);
    await database.query('truncate batch, job, meta');
  });

  const create = (firstBlock: number, lastBlock: number) =>
    store.createBatch({ firstBlock, lastBlock, lastBlockHash: BigInt(lastBlock) }, 0);
  const statuses = async (batchId: number) =>
    Object.fromEntries((await store.jobs({ batchId })).map((job) => [job.kind, job.status]));
  /** Takes the next job of a kind and does it. */
  const perform = async (kind: JobKind, nowMs = 0, result: unknown = { kind }) => {
    const job = await store.claim([kind], `owner of ${kind}`, nowMs);
    expect(job?.kind).toBe(kind);
    expect(await store.complete(job!.id, `owner of ${kind}`, result, nowMs)).toBe(true);
    return job!;
  };

  it('stores batches in a chain without gap or overlap', async () => {
    expect(await store.lastBatch()).toBeUndefined();
    const first = await create(7, 9);
    expect(first).toEqual({ id: 1, firstBlock: 7, lastBlock: 9, lastBlockHash: 9n, createdMs: 0 });
    expect(await create(7, 9)).toEqual(first);
    expect(await create(10, 10)).toMatchObject({ id: 2 });
    expect(await create(7, 9)).toEqual(first);
    expect(await store.lastBatch()).toMatchObject({ id: 2, firstBlock: 10 });
    expect(await store.jobs()).toHaveLength(10);

    const other = { firstBlock: 10, lastBlock: 10, lastBlockHash: 5n };
    await expect(store.createBatch(other, 0)).rejects.toMatchObject({ code: 'BATCH_CONFLICT' });
    await expect(create(9, 12)).rejects.toMatchObject({ code: 'BATCH_CONFLICT' });
    await expect(create(12, 13)).rejects.toMatchObject({ code: 'BATCH_GAP', details: { expected: 11 } });
    await expect(create(11, 10)).rejects.toMatchObject({ code: 'BATCH_GAP' });
    expect(await store.jobs()).toHaveLength(10);
  });

  it('makes one batch when several orchestrators close it at once', async () => {
    const made = await Promise.all(Array.from({ length: 5 }, () => create(1, 4)));
    expect(new Set(made.map((batch) => batch.id)).size).toBe(1);
    expect(await store.jobs()).toHaveLength(5);
  });

  it('offers a job once what it needs is done', async () => {
    await create(0, 0);
    await create(1, 1);
    expect(await statuses(1)).toEqual({
      osRun: 'ready',
      prove: 'waiting',
      publishData: 'waiting',
      registerProof: 'waiting',
      updateState: 'waiting',
    });
    expect(
      await store.claim(['prove', 'publishData', 'registerProof', 'updateState'], 'x', 0),
    ).toBeUndefined();
    expect(await perform('osRun')).toMatchObject({ batchId: 1, firstBlock: 0, lastBlock: 0 });
    expect(await perform('osRun')).toMatchObject({ batchId: 2 });
    await perform('prove');
    await perform('publishData');
    expect(await store.claim(['updateState'], 'x', 0)).toBeUndefined();
    // The second batch is all done but for its predecessor.
    for (const kind of ['prove', 'publishData'] as const) expect((await perform(kind)).batchId).toBe(2);
    const first = await store.claim(['registerProof'], 'one', 0);
    expect(first?.batchId).toBe(1);
    await perform('registerProof');
    expect(await store.claim(['updateState'], 'x', 0)).toBeUndefined();
    const [blocked] = await store.jobs({ batchId: 2, statuses: ['waiting'] });
    expect(blocked).toMatchObject({
      kind: 'updateState',
      waitsFor: [{ batchId: 1, kind: 'updateState', isDead: false }],
    });
    await store.complete(first!.id, 'one', null, 0);
    expect((await perform('updateState')).batchId).toBe(1);
    expect((await perform('updateState')).batchId).toBe(2);
    expect(await store.claim(JOB_KINDS, 'x', 1e12)).toBeUndefined();
  });

  it('finds what is pending, and a batch by what its job has stored', async () => {
    expect(await store.isPending('prove')).toBe(false);
    await create(0, 0);
    expect(await store.isPending('prove')).toBe(true);
    await perform('osRun');
    await store.claim(['prove'], 'a', 0);
    expect(await store.isPending('prove')).toBe(false);
    expect(await store.batchWithResult('osRun', 'kind', 'osRun')).toBe(1);
    expect(await store.batchWithResult('osRun', 'kind', 'prove')).toBeUndefined();
    expect(await store.batchWithResult('prove', 'kind', 'osRun')).toBeUndefined();
  });

  it('keeps results as they were', async () => {
    await create(0, 0);
    expect(await store.resultOf(1, 'osRun')).toBeUndefined();
    const result = {
      output: ['0x1', '0x2'],
      text: '"\\ß\u{1f600}',
      nothing: null,
      deep: [[{}]],
      number: 1.5,
    };
    await perform('osRun', 0, result);
    expect(await store.resultOf(1, 'osRun')).toEqual(result);
    await perform('prove', 0, null);
    expect(await store.resultOf(1, 'prove')).toBeNull();
    await perform('publishData', 0, 'text');
    expect(await store.resultOf(1, 'publishData')).toBe('text');
  });

  it('refuses a worker whose job is another one’s by now', async () => {
    await create(0, 0);
    const late = (await store.claim(['osRun'], 'late', 0))!;
    expect(await store.claim(['osRun'], 'next', LEASE_MS - 1)).toBeUndefined();
    expect(await store.renew(late.id, 'late', 10)).toBe(true);
    expect(await store.claim(['osRun'], 'next', LEASE_MS)).toBeUndefined();
    const taken = await store.claim(['osRun'], 'next', LEASE_MS + 10);
    expect(taken).toMatchObject({ id: late.id, attempts: 2, error: { code: 'LEASE_EXPIRED' } });
    const nowMs = LEASE_MS + 20;
    expect(await store.renew(late.id, 'late', nowMs)).toBe(false);
    expect(await store.complete(late.id, 'late', 'wrong', nowMs)).toBe(false);
    expect(await store.fail(late.id, 'late', { code: 'X', message: '' }, nowMs)).toBe(false);
    expect(await store.release(late.id, 'late', nowMs)).toBe(false);
    expect(await store.complete(late.id, 'next', 'right', nowMs)).toBe(true);
    expect(await store.complete(late.id, 'next', 'again', nowMs)).toBe(false);
    expect(await store.resultOf(1, 'osRun')).toBe('right');
    expect(await store.renew(-1, 'next', nowMs)).toBe(false);
  });

  it('tries a failed job again later, and blocks what needs a dead one until it is retried', async () => {
    await create(0, 0);
    let nowMs = 0;
    for (let attempt = 1; attempt <= JOB_POLICIES.osRun.attempts; attempt++) {
      const job = (await store.claim(['osRun'], 'a', nowMs))!;
      expect(job.attempts).toBe(attempt);
      await store.fail(job.id, 'a', { code: 'NODE_ERROR', message: `attempt ${attempt}` }, nowMs);
      expect(await store.claim(['osRun'], 'a', nowMs)).toBeUndefined();
      nowMs = (await store.jobs({ batchId: 1 }))[0]!.runAtMs;
    }
    expect(await store.claim(JOB_KINDS, 'a', 1e12)).toBeUndefined();
    expect(await store.jobs({ statuses: ['dead'] })).toMatchObject([
      { kind: 'osRun', attempts: 3, error: { code: 'NODE_ERROR', message: 'attempt 3', atMs: 6_000 } },
    ]);
    expect((await store.jobs({ statuses: ['waiting'] }))[0]!.waitsFor).toEqual([
      { batchId: 1, kind: 'osRun', isDead: true },
    ]);
    expect(await store.retry('dead', nowMs)).toBe(1);
    expect(await store.retry('dead', nowMs)).toBe(0);
    await perform('osRun', nowMs);
    await perform('prove', nowMs);
  });

  it('tries for ever what is not the job’s fault', async () => {
    await create(0, 0);
    let nowMs = 0;
    for (let attempt = 1; attempt <= 20; attempt++) {
      const job = (await store.claim(['osRun'], 'a', nowMs))!;
      expect(job.attempts).toBe(1);
      const failure = { code: 'L1_UNREACHABLE', message: 'no answer', isEnvironmental: true };
      await store.fail(job.id, 'a', failure, nowMs);
      nowMs = (await store.jobs({ batchId: 1 }))[0]!.runAtMs;
    }
    await perform('osRun', nowMs);
  });

  it('lets a job that kills its workers die', async () => {
    await create(0, 0);
    await create(1, 1);
    let nowMs = 0;
    for (let attempt = 1; attempt <= JOB_POLICIES.osRun.attempts; attempt++) {
      expect((await store.claim(['osRun'], `a${attempt}`, nowMs))?.batchId).toBe(1);
      nowMs += LEASE_MS;
    }
    // Noticing that it is dead, a worker goes on to the next batch.
    expect((await store.claim(['osRun'], 'b', nowMs))?.batchId).toBe(2);
    expect(await store.jobs({ statuses: ['dead'] })).toMatchObject([{ batchId: 1, kind: 'osRun' }]);
  });

  it('takes a job back at a shutdown, and does one once more by hand', async () => {
    await create(0, 0);
    const job = (await store.claim(['osRun'], 'a', 0))!;
    expect(await store.retry(job.id, 0)).toBe(0);
    expect(await store.release(job.id, 'a', 1)).toBe(true);
    expect(await store.claim(['osRun'], 'b', 1)).toMatchObject({ id: job.id, attempts: 1 });
    await store.complete(job.id, 'b', 'first', 2);
    expect((await statuses(1)).prove).toBe('ready');
    expect(await store.retry(job.id, 3)).toBe(1);
    expect((await statuses(1)).prove).toBe('waiting');
    expect(await store.resultOf(1, 'osRun')).toBeUndefined();
    await perform('osRun', 3, 'second');
    expect(await store.resultOf(1, 'osRun')).toBe('second');
    expect(await store.retry(12345, 3)).toBe(0);
  });

  it('lists jobs by status, batch and block', async () => {
    for (let batch = 0; batch < 4; batch++) await create(batch * 10, batch * 10 + 9);
    await store.claim(['osRun'], 'a', 0);
    expect((await store.jobs({ block: 25 })).map((job) => [job.batchId, job.kind])).toEqual(
      JOB_KINDS.map((kind) => [3, kind]),
    );
    expect(await store.jobs({ block: 40 })).toEqual([]);
    expect((await store.jobs({ statuses: ['ready', 'running'] })).map((job) => job.status)).toEqual([
      'running',
      'ready',
      'ready',
      'ready',
    ]);
    expect((await store.jobs({ limit: 2 })).map((job) => [job.batchId, job.kind])).toEqual([
      [4, 'registerProof'],
      [4, 'updateState'],
    ]);
    expect(await store.jobs({ statuses: ['done'] })).toEqual([]);
  });

  it('forgets batches whose blocks L2 took back, but none that is settled', async () => {
    for (let batch = 0; batch < 4; batch++) await create(batch * 10, batch * 10 + 9);
    for (const kind of JOB_KINDS) await perform(kind);
    const running = (await store.claim(['osRun'], 'late', 0))!;
    expect(running.batchId).toBe(2);
    expect(await store.dropFrom(40)).toEqual([]);
    expect((await store.dropFrom(25)).map((batch) => batch.id)).toEqual([3, 4]);
    expect(await store.renew(running.id, 'late', 1)).toBe(true);
    expect((await store.dropFrom(0)).map((batch) => batch.id)).toEqual([2]);
    expect(await store.complete(running.id, 'late', 'of a block that is gone', 1)).toBe(false);
    expect(await store.lastBatch()).toMatchObject({ id: 1, lastBlock: 9 });
    await create(10, 14);
    expect(await store.complete(running.id, 'late', 'of a block that is gone', 1)).toBe(false);
    expect((await perform('osRun')).lastBlock).toBe(14);
  });

  it('settles again what L1 has lost, with what was computed and proven', async () => {
    for (let batch = 0; batch < 3; batch++) await create(batch * 10, batch * 10 + 9);
    expect(await store.settledBlock()).toBeUndefined();
    for (const kind of [...JOB_KINDS, ...JOB_KINDS]) await perform(kind);
    expect(await store.settledBlock()).toBe(19);
    expect(await store.lostOnL1(19, 5)).toBe(0);
    expect(await store.lostOnL1(9, 5)).toBe(1);
    expect(await store.settledBlock()).toBe(9);
    expect(await statuses(2)).toEqual({
      osRun: 'done',
      prove: 'done',
      publishData: 'ready',
      registerProof: 'ready',
      updateState: 'waiting',
    });
  });

  it('knows what an owner has, and takes back what lost workers have', async () => {
    await create(0, 0);
    const held = (await store.claim(['osRun'], 'ticket', 7))!;
    expect(await store.heldBy('ticket')).toMatchObject({ id: held.id, startedMs: 7 });
    expect(await store.heldBy('another')).toBeUndefined();
    expect(await store.releaseAll(['prove'], 8)).toBe(0);
    expect(await store.releaseAll(['osRun', 'prove'], 8)).toBe(1);
    expect(await store.heldBy('ticket')).toBeUndefined();
    expect(await store.claim(['osRun'], 'next', 8)).toMatchObject({ id: held.id, attempts: 1 });
  });

  it('keeps an error whatever its text', async () => {
    await create(0, 0);
    const job = (await store.claim(['osRun'], 'a', 0))!;
    const message = `nul \0 half \ud83d "quoted" \\u0000 ${'long '.repeat(10_000)}`;
    expect(await store.fail(job.id, 'a', { code: 'X', message }, 0)).toBe(true);
    const [failed] = await store.jobs({ batchId: 1 });
    expect(failed!.error!.message).toHaveLength(2_000);
    expect(failed!.error!.message).toMatch(/^nul {2}half \ufffd "quoted" \\u0000 long long/);
  });

  it('belongs to one rollup', async () => {
    await store.bindTo('chain/0x1');
    await store.bindTo('chain/0x1');
    await expect(store.bindTo('chain/0x2')).rejects.toMatchObject({
      code: 'WRONG_ROLLUP',
      details: { found: 'chain/0x1' },
    });
    expect(await store.meta('cursor')).toBeUndefined();
    await store.setMeta('cursor', '1');
    await store.setMeta('cursor', '2');
    expect(await store.meta('cursor')).toBe('2');
  });

  it('lets four workers do everything, no job twice at once and none too early', async () => {
    const batchCount = 12;
    for (let batch = 0; batch < batchCount; batch++) await create(batch, batch);
    const running = new Set<number>();
    const done: string[] = [];
    let failureCount = 0;
    const work = async (worker: number, workerStore: JobStore) => {
      for (let claim = 0; ; claim++) {
        const owner = `worker ${worker} claim ${claim}`;
        const job = await workerStore.claim(JOB_KINDS, owner, 1e9);
        if (job === undefined) {
          if (done.length === batchCount * JOB_KINDS.length) return;
          await new Promise((resolve) => setTimeout(resolve, 2));
          continue;
        }
        expect(running.has(job.id)).toBe(false);
        running.add(job.id);
        await new Promise((resolve) => setTimeout(resolve, (job.id * 7) % 5));
        running.delete(job.id);
        if (job.attempts === 1 && job.id % 4 === 0) {
          failureCount += 1;
          // Long enough ago that it may be tried again at once.
          await workerStore.fail(job.id, owner, { code: 'X', message: '' }, 1e9 - 1e6);
        } else {
          done.push(`${job.batchId} ${job.kind}`);
          expect(await workerStore.complete(job.id, owner, job.id, 1e9)).toBe(true);
        }
      }
    };
    // On a server each worker has connections of its own, as other machines have.
    const databases = await Promise.all(
      Array.from({ length: 4 }, async () => (isServer ? await openPostgres(url) : database)),
    );
    await Promise.all(databases.map(async (own, worker) => work(worker, await JobStore.open(own))));
    if (isServer) await Promise.all(databases.map((own) => own.close()));

    expect(failureCount).toBeGreaterThan(5);
    expect(new Set(done).size).toBe(batchCount * JOB_KINDS.length);
    const place = new Map(done.map((name, index) => [name, index]));
    for (let batch = 1; batch <= batchCount; batch++) {
      const at = (kind: JobKind) => place.get(`${batch} ${kind}`)!;
      expect(at('prove')).toBeGreaterThan(at('osRun'));
      expect(at('publishData')).toBeGreaterThan(at('osRun'));
      expect(at('registerProof')).toBeGreaterThan(at('prove'));
      expect(at('updateState')).toBeGreaterThan(Math.max(at('registerProof'), at('publishData')));
      if (batch > 1) expect(at('updateState')).toBeGreaterThan(place.get(`${batch - 1} updateState`)!);
    }
    expect((await store.jobs({ limit: 1000 })).every((job) => job.status === 'done')).toBe(true);
  });
});

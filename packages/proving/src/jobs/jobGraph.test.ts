import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  JOB_KINDS,
  JOB_NEEDS,
  JOB_POLICIES,
  type Job,
  type JobEvent,
  type JobKind,
  type JobPolicy,
  nextJob,
} from './jobGraph.ts';

const POLICY: JobPolicy = { attempts: 3, baseDelayMs: 100, factor: 2, maxDelayMs: 300, leaseMs: 1_000 };

function newJob(id: number, batchId: number, kind: JobKind): Job {
  return {
    id,
    batchId,
    firstBlock: batchId,
    lastBlock: batchId,
    kind,
    status: 'pending',
    attempts: 0,
    outages: 0,
    runAtMs: 0,
    lease: null,
    error: null,
    startedMs: null,
    createdMs: 0,
    updatedMs: 0,
  };
}

/** Applies events one after the other; each must be possible. */
function after(job: Job, ...events: [JobEvent, number][]): Job {
  return events.reduce((state, [event, nowMs]) => {
    const next = nextJob(state, event, nowMs, POLICY);
    expect(next, JSON.stringify(event)).toBeDefined();
    return next!;
  }, job);
}

const claimed: JobEvent = { type: 'claimed', owner: 'a' };
const failure = { code: 'X', message: 'broke' };
const failed: JobEvent = { type: 'failed', owner: 'a', failure };
const outage: JobEvent = { type: 'failed', owner: 'a', failure: { ...failure, isEnvironmental: true } };

describe('one job', () => {
  const job = newJob(1, 1, 'prove');

  it('waits longer after each failure, then is dead', () => {
    const once = after(job, [claimed, 0], [failed, 10]);
    expect(once).toMatchObject({
      status: 'pending',
      runAtMs: 110,
      attempts: 1,
      error: { ...failure, atMs: 10 },
    });
    expect(nextJob(once, claimed, 109, POLICY)).toBeUndefined();
    const twice = after(once, [claimed, 110], [failed, 120]);
    expect(twice).toMatchObject({ status: 'pending', runAtMs: 320, attempts: 2 });
    const dead = after(twice, [claimed, 320], [failed, 330]);
    expect(dead).toMatchObject({ status: 'dead', attempts: 3 });
    expect(nextJob(dead, claimed, 9_999, POLICY)).toBeUndefined();
    expect(after(dead, [{ type: 'retriedByHand' }, 400])).toMatchObject({
      status: 'pending',
      attempts: 0,
      runAtMs: 400,
      error: failure,
    });
  });

  it('is dead at once when trying again cannot help', () => {
    const permanent = { ...failure, isPermanent: true, isEnvironmental: true };
    expect(after(job, [claimed, 0], [{ ...failed, failure: permanent } as JobEvent, 1]).status).toBe('dead');
  });

  it('does not count what is not its fault, but waits longer each time, up to a limit', () => {
    let state = job;
    let nowMs = 0;
    const delays: number[] = [];
    for (let round = 0; round < 5; round++) {
      state = after(state, [claimed, nowMs], [outage, nowMs]);
      delays.push(state.runAtMs - nowMs);
      nowMs = state.runAtMs;
    }
    expect(delays).toEqual([100, 200, 300, 300, 300]);
    expect(state).toMatchObject({ status: 'pending', attempts: 0, outages: 5 });
    expect(after(state, [claimed, nowMs], [failed, nowMs])).toMatchObject({ attempts: 1, outages: 0 });
  });

  it('is done again when L1 has lost it, and only then', () => {
    const done = after(job, [claimed, 0], [{ type: 'completed', owner: 'a' }, 1]);
    expect(after(done, [{ type: 'lostOnL1' }, 2])).toMatchObject({
      status: 'pending',
      attempts: 0,
      runAtMs: 2,
    });
    expect(nextJob(job, { type: 'lostOnL1' }, 2, POLICY)).toBeUndefined();
  });

  it('belongs to its owner until somebody notices that the lease has run out', () => {
    const running = after(job, [claimed, 0]);
    expect(nextJob(running, { type: 'leaseExpired' }, 999, POLICY)).toBeUndefined();
    expect(nextJob(running, { type: 'renewed', owner: 'b' }, 1, POLICY)).toBeUndefined();
    expect(after(running, [{ type: 'renewed', owner: 'a' }, 5_000]).lease?.untilMs).toBe(6_000);
    const lost = after(running, [{ type: 'leaseExpired' }, 1_000]);
    expect(lost).toMatchObject({
      status: 'pending',
      runAtMs: 1_000,
      lease: null,
      error: { code: 'LEASE_EXPIRED' },
    });
    for (const type of ['renewed', 'completed', 'released'] as const) {
      expect(nextJob(lost, { type, owner: 'a' }, 1_001, POLICY)).toBeUndefined();
    }
  });

  it('is given back without an attempt', () => {
    const released = after(job, [claimed, 0], [{ type: 'released', owner: 'a' }, 7]);
    expect(released).toMatchObject({ status: 'pending', attempts: 0, runAtMs: 7, error: null });
  });

  it('may be done once more by hand, unless it settled the batch', () => {
    const done = after(job, [claimed, 0], [{ type: 'completed', owner: 'a' }, 9]);
    expect(done).toMatchObject({ status: 'done', error: null, lease: null });
    expect(after(done, [{ type: 'retriedByHand' }, 10]).status).toBe('pending');
    expect(nextJob({ ...done, kind: 'updateState' }, { type: 'retriedByHand' }, 10, POLICY)).toBeUndefined();
  });
});

it('needs only what comes before, so the graph has no circle', () => {
  for (const kind of JOB_KINDS) {
    for (const need of JOB_NEEDS[kind]) {
      if (need.batch === 'same') expect(JOB_KINDS.indexOf(need.kind)).toBeLessThan(JOB_KINDS.indexOf(kind));
    }
    expect(JOB_POLICIES[kind].maxDelayMs).toBeGreaterThanOrEqual(JOB_POLICIES[kind].baseDelayMs);
  }
});

describe('any sequence of events', () => {
  const owner = fc.constantFrom('a', 'b', 'c');
  const anyFailure = fc.record({
    code: fc.constant('X'),
    message: fc.constant('broke'),
    isPermanent: fc.boolean(),
    isEnvironmental: fc.boolean(),
  });
  const event: fc.Arbitrary<JobEvent> = fc.oneof(
    ...(['claimed', 'renewed', 'completed', 'released'] as const).map((type) =>
      owner.map((name): JobEvent => ({ type, owner: name })),
    ),
    fc
      .tuple(owner, anyFailure)
      .map(([name, given]): JobEvent => ({ type: 'failed', owner: name, failure: given })),
    fc.constant<JobEvent>({ type: 'leaseExpired' }),
  );
  const byHand = fc.constant<JobEvent>({ type: 'retriedByHand' });
  const steps = (events: fc.Arbitrary<JobEvent>) =>
    fc.array(fc.record({ event: events, waitMs: fc.nat(700) }), { maxLength: 60 });

  it('keeps one owner, counts attempts within the policy, and ends for good', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...JOB_KINDS),
        steps(fc.oneof({ weight: 12, arbitrary: event }, byHand)),
        (kind, sequence) => {
          let job = newJob(1, 1, kind);
          let nowMs = 0;
          for (const { event: given, waitMs } of sequence) {
            nowMs += waitMs;
            const before = job;
            const next = nextJob(job, given, nowMs, POLICY);
            if (next === undefined) continue;
            job = next;
            expect(job.attempts).toBeGreaterThanOrEqual(job.status === 'running' ? 1 : 0);
            expect(job.attempts).toBeLessThanOrEqual(POLICY.attempts);
            expect(job.lease !== null).toBe(job.status === 'running');
            expect(job.runAtMs).toBeLessThanOrEqual(nowMs + POLICY.maxDelayMs);
            if (job.status === 'dead') expect(job.error).not.toBeNull();
            // Only by hand does an ended job begin again; a settled one never does.
            if (before.status === 'done' || before.status === 'dead') {
              expect(given.type).toBe('retriedByHand');
              expect(before.status === 'done' && kind === 'updateState').toBe(false);
            }
            // A job that runs changes hands only once its lease has ended or its owner let go.
            if (before.lease !== null && given.type !== 'leaseExpired') {
              expect('owner' in given && given.owner).toBe(before.lease.owner);
              if (job.lease !== null) expect(job.lease.owner).toBe(before.lease.owner);
            }
            if (given.type === 'leaseExpired') expect(before.lease!.untilMs).toBeLessThanOrEqual(nowMs);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('does no job before its needs, and none behind a dead one', () => {
    const batchCount = 3;
    const jobs = () =>
      Array.from({ length: batchCount }, (_, batch) =>
        JOB_KINDS.map((kind, index) => newJob(batch * JOB_KINDS.length + index, batch, kind)),
      ).flat();
    const unmet = (all: Job[], job: Job) =>
      JOB_NEEDS[job.kind].flatMap(({ kind, batch }) =>
        all.filter(
          (other) =>
            other.kind === kind &&
            other.batchId === job.batchId - (batch === 'same' ? 0 : 1) &&
            other.status !== 'done',
        ),
      );
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            pick: fc.nat(batchCount * JOB_KINDS.length - 1),
            event,
            waitMs: fc.nat(700),
          }),
          { maxLength: 200 },
        ),
        (sequence) => {
          const all = jobs();
          let nowMs = 0;
          for (const { pick, event: given, waitMs } of sequence) {
            nowMs += waitMs;
            // As the store does: it offers only jobs whose needs are done.
            if (given.type === 'claimed' && unmet(all, all[pick]!).length > 0) continue;
            all[pick] = nextJob(all[pick]!, given, nowMs, POLICY) ?? all[pick]!;
          }
          for (const job of all) {
            if (job.status === 'running' || job.status === 'done') expect(unmet(all, job)).toEqual([]);
          }
          const settled = all.filter((job) => job.kind === 'updateState' && job.status === 'done').length;
          // Settled batches come first, and of each everything is done.
          for (const job of all) if (job.batchId < settled) expect(job.status).toBe('done');
        },
      ),
      { numRuns: 200 },
    );
  });
});

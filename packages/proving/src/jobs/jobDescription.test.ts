import { expect, it } from 'vitest';
import { jobDescription } from './jobDescription.ts';
import type { ListedJob } from './jobGraph.ts';

const job: ListedJob = {
  id: 12,
  batchId: 3,
  firstBlock: 5,
  lastBlock: 8,
  kind: 'prove',
  status: 'ready',
  waitsFor: [],
  attempts: 0,
  outages: 0,
  runAtMs: 0,
  lease: null,
  error: null,
  startedMs: null,
  createdMs: 0,
  updatedMs: 0,
};
const error = { code: 'NODE_UNREACHABLE', message: 'nobody answers', atMs: 0 };
const need = { batchId: 3, kind: 'osRun', isDead: false } as const;

it.each<[Partial<ListedJob>, string]>([
  [{}, '#12 prove of blocks 5-8: ready'],
  [{ lastBlock: 5 }, '#12 prove of block 5: ready'],
  [{ status: 'waiting', waitsFor: [need] }, '#12 prove of blocks 5-8: waiting for osRun'],
  [
    {
      kind: 'updateState',
      status: 'waiting',
      waitsFor: [
        { batchId: 3, kind: 'registerProof', isDead: true },
        { batchId: 2, kind: 'updateState', isDead: false },
      ],
    },
    '#12 updateState of blocks 5-8: waiting for registerProof, which is dead and updateState of the batch before',
  ],
  [
    { attempts: 1, runAtMs: 72_000, error },
    '#12 prove of blocks 5-8: ready again in 12 s (attempt 2 of 5); last error NODE_UNREACHABLE: nobody answers',
  ],
  [
    { outages: 3, runAtMs: 61_500 },
    '#12 prove of blocks 5-8: ready again in 1.5 s (attempt 1 of 5, 3 not counted)',
  ],
  [{ attempts: 1 }, '#12 prove of blocks 5-8: ready (attempt 2 of 5)'],
  [
    { status: 'running', attempts: 2, startedMs: -125_000 },
    '#12 prove of blocks 5-8: running for 3 min 5 s (attempt 2 of 5)',
  ],
  [
    { status: 'done', attempts: 1, startedMs: 0, updatedMs: 7_440_000 },
    '#12 prove of blocks 5-8: done in 2 h 4 min',
  ],
  [
    { status: 'dead', attempts: 5, error },
    '#12 prove of blocks 5-8: dead after 5 of 5 attempts; retry it by hand; last error NODE_UNREACHABLE: nobody answers',
  ],
])('%j', (change, line) => {
  expect(jobDescription({ ...job, ...change }, 60_000)).toBe(line);
});

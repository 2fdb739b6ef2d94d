import { expect, it } from 'vitest';
import { nextBatch } from './nextBatch.ts';

const LIMITS = { maxBlocks: 3, maxTransactions: 10, maxAgeMs: 1_000 };
const blocks = (...transactionCounts: number[]) =>
  transactionCounts.map((transactionCount, i) => ({
    blockNumber: 5 + i,
    blockHash: BigInt(i),
    transactionCount,
    seenMs: 100 * i,
  }));
const sizeAt = (nowMs: number, ...counts: number[]) => nextBatch(blocks(...counts), LIMITS, nowMs).length;

it.each([
  ['nothing waits', 5_000, [], 0],
  ['few blocks wait for more', 999, [1, 1], 0],
  ['the first is old', 1_000, [1, 1], 2],
  ['enough blocks', 0, [1, 1, 1], 3],
  ['more than enough blocks', 0, [1, 1, 1, 1], 3],
  ['enough transactions', 0, [4, 6], 2],
  ['the next would be too much', 0, [4, 7], 1],
  ['one block is too much by itself', 0, [40, 1], 1],
])('%s', (_, nowMs, counts, expected) => {
  expect(sizeAt(nowMs, ...counts)).toBe(expected);
});

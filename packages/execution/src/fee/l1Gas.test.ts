import { describe, expect, it } from 'vitest';
import { dataAvailabilityGas, messageGas, messageSegmentLength, stateDiffWords } from './l1Gas.ts';

const changes = (
  modifiedContracts: number,
  storageUpdates: number,
  classHashUpdates = 0,
  compiledClassHashUpdates = 0,
) => ({ modifiedContracts, storageUpdates, classHashUpdates, compiledClassHashUpdates });

describe('data availability', () => {
  it('takes two words for a contract, a cell and a class, one for a class hash', () => {
    expect(stateDiffWords(changes(1, 10, 100, 1000))).toBe(2 + 20 + 100 + 2000);
  });

  // A transaction that only pays: its nonce and its balance.
  it.each([
    ['nonce and balance, blob', changes(1, 1), true, { l1Gas: 0n, l1DataGas: 128n }],
    ['nonce and balance, calldata', changes(1, 1), false, { l1Gas: 1_652n, l1DataGas: 0n }],
    ['a cell more, calldata', changes(1, 2), false, { l1Gas: 2_754n, l1DataGas: 0n }],
    ['nothing, calldata: the discount stops at zero', changes(0, 0), false, { l1Gas: 0n, l1DataGas: 0n }],
  ])('%s', (_, count, blob, expected) => {
    expect(dataAvailabilityGas(count, blob)).toEqual({ ...expected, l2Gas: 0n });
  });
});

describe('messages', () => {
  it('have headers of three words to L1 and five to L2', () => {
    expect(messageSegmentLength([])).toBe(0);
    expect(messageSegmentLength([0, 9])).toBe(15);
    expect(messageSegmentLength([], 0)).toBe(5);
    expect(messageSegmentLength([2], 4)).toBe(14);
  });

  // Receipts of blockifier 0.20.0-rc.1.
  it.each([
    [[], 1, 14_643n],
    [[], 0, 13_263n],
    [[], undefined, 0n],
    [[2], undefined, 28_144n],
  ])('to L1 %j and from L1 %s cost', (toL1, fromL1, l1Gas) => {
    expect(messageGas(toL1, fromL1)).toEqual({ l1Gas, l1DataGas: 0n, l2Gas: 0n });
  });
});

import { emptyStateDiff, type StateDiff, versionedConstants } from '@cairn/protocol';
import { EMPTY_STATE, StateOverlay } from '@cairn/state';
import { describe, expect, it } from 'vitest';
import { feeTokenBalanceKey } from './balance.ts';
import { allocatedKeyCount, kzgResources, type TransactionWork, transactionGas } from './transactionGas.ts';

const constants = versionedConstants('0.14.2');
const TOKEN = 0x57n;
const PAYER = 0x500n;

const work = (changes: Partial<TransactionWork> = {}): TransactionWork => ({
  type: 'INVOKE',
  calldataLength: 0,
  signatureLength: 0,
  hasProofFacts: false,
  codeSize: 0,
  calls: [],
  stateDiff: diff(),
  allocatedKeyCount: 0,
  payer: PAYER,
  feeToken: TOKEN,
  revertedStepCount: 0,
  revertedSierraGas: 0n,
  ...changes,
});

/** The payer's nonce, and storage as given. */
function diff(storage: readonly (readonly [bigint, bigint, bigint])[] = []): StateDiff {
  const made = emptyStateDiff();
  made.nonces.set(PAYER, 1n);
  for (const [address, key, value] of storage) {
    const cells = made.storage.get(address) ?? new Map<bigint, bigint>();
    made.storage.set(address, cells.set(key, value));
  }
  return made;
}

const blobGas = (changes: Partial<TransactionWork>) => transactionGas(work(changes), constants, true).total;
const least = transactionGas(work(), constants, true).total;

describe('gas of a transaction', () => {
  it('has the OS work, the nonce and the balance at least', () => {
    expect(least).toEqual({ l1Gas: 0n, l1DataGas: 128n, l2Gas: 520_000n });
  });

  it.each([
    ['5,120 a felt of signature', { signatureLength: 2 }, 10_240n],
    ['1,280 a byte of code', { codeSize: 3 }, 3_840n],
    ['75,000,000 for a proof', { hasProofFacts: true }, 75_000_000n],
    ['402,000 a new key', { allocatedKeyCount: 2 }, 804_000n],
    ['reverted Sierra gas as it is', { revertedSierraGas: 123n }, 123n],
  ])('charges %s', (_, changes, l2Gas) => {
    expect(blobGas(changes).l2Gas - least.l2Gas).toBe(l2Gas);
  });

  it('charges a new key for its place in the data as well', () => {
    expect(blobGas({ allocatedKeyCount: 2 }).l1DataGas - least.l1DataGas).toBe(64n);
    const inCalldata = (count: number) =>
      transactionGas(work({ allocatedKeyCount: count }), constants, false).total.l1Gas;
    expect(inCalldata(2) - inCalldata(0)).toBe(1_102n);
  });

  it('counts the balance once when the transaction itself changes it, and the token never', () => {
    const own = diff([[TOKEN, feeTokenBalanceKey(PAYER), 5n]]);
    expect(blobGas({ stateDiff: own }).l1DataGas).toBe(128n);
    const others = diff([[TOKEN, feeTokenBalanceKey(0x600n), 5n]]);
    expect(blobGas({ stateDiff: others }).l1DataGas).toBe(192n);
    expect(blobGas({ stateDiff: others, payer: undefined } as never).l1DataGas).toBe(128n);
  });
});

it('the commitment to a blob is a Poseidon hash of its words and 113 steps for each', () => {
  expect(kzgResources(0, constants)).toEqual({
    stepCount: 21,
    memoryHoleCount: 0,
    builtins: { poseidon: 1, range_check: 0 },
  });
  expect(kzgResources(25, constants)).toEqual({
    stepCount: 2 * 55 + 2 * 18 + 3 + 21 + 25 * 113,
    memoryHoleCount: 0,
    builtins: { poseidon: 13, range_check: 25 * 17 },
  });
});

it('a key is new when its cell was empty before the transaction', () => {
  const below = new StateOverlay(EMPTY_STATE);
  below.setStorage(1n, 1n, 5n);
  const state = new StateOverlay(below);
  state.setStorage(1n, 1n, 6n);
  state.setStorage(1n, 2n, 6n);
  state.setStorage(1n, 3n, 6n);
  state.setStorage(1n, 3n, 0n);
  expect(allocatedKeyCount(state.diff(), state)).toBe(1);
});

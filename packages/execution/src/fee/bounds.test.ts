import { type InvokeV3, versionedConstants } from '@cairn/protocol';
import { EMPTY_STATE, StateOverlay } from '@cairn/state';
import { describe, expect, it } from 'vitest';
import { feeTokenBalanceKey } from './balance.ts';
import {
  calldataLength,
  checkBalance,
  checkBounds,
  clampGas,
  exceededBound,
  maxPossibleFee,
  minimalGas,
} from './bounds.ts';

const TOKEN = 0x57n;
const price = (priceInFri: bigint) => ({ priceInWei: 1n, priceInFri });
const context = (l1DaMode: 'BLOB' | 'CALLDATA') => ({
  block: {
    blockNumber: 1,
    timestamp: 1,
    sequencerAddress: 1n,
    gasPrices: { l1Gas: price(30n), l1DataGas: price(20n), l2Gas: price(10n) },
    l1DaMode,
    starknetVersion: '0.14.2' as const,
  },
  chain: { chainId: 1n, strkTokenAddress: TOKEN, ethTokenAddress: 3n },
  constants: versionedConstants('0.14.2'),
  classes: { executableClass: () => undefined },
  info: { version: 3n, hash: 1n, senderAddress: 1n, signature: [], nonce: 0n },
});

const invoke = (changes: Partial<InvokeV3> = {}): InvokeV3 => ({
  type: 'INVOKE',
  version: 3,
  senderAddress: 1n,
  calldata: [1n, 2n],
  nonce: 0n,
  signature: [],
  resourceBounds: {
    l1Gas: { maxAmount: 0n, maxPricePerUnit: 30n },
    l1DataGas: { maxAmount: 128n, maxPricePerUnit: 20n },
    l2Gas: { maxAmount: 520_000n, maxPricePerUnit: 10n },
  },
  tip: 0n,
  paymasterData: [],
  accountDeploymentData: [],
  nonceDataAvailabilityMode: 'L1',
  feeDataAvailabilityMode: 'L1',
  ...changes,
});

describe('the least a transaction costs', () => {
  it('is the OS work, the nonce and the balance', () => {
    // 4,348 steps, 11 for two felts, and the commitment to the blob.
    expect(minimalGas(invoke(), context('BLOB'))).toEqual({ l1Gas: 0n, l1DataGas: 128n, l2Gas: 520_000n });
    expect(minimalGas(invoke(), context('CALLDATA'))).toMatchObject({ l1Gas: 1_652n, l1DataGas: 0n });
  });

  it('grows with calldata and proof facts alike', () => {
    expect(calldataLength(invoke({ proofFacts: [1n] }))).toBe(3);
  });

  it('must be in the bounds, at the prices of the block', () => {
    expect(() => checkBounds(invoke(), context('BLOB'))).not.toThrow();
    const bounds = {
      l1Gas: { maxAmount: 0n, maxPricePerUnit: 29n },
      l1DataGas: { maxAmount: 127n, maxPricePerUnit: 20n },
      l2Gas: { maxAmount: 519_999n, maxPricePerUnit: 9n },
    };
    expect(() => checkBounds(invoke({ resourceBounds: bounds }), context('BLOB'))).toThrow(
      'Resource bounds were not satisfied: Max L1Gas price (29) is lower than the actual gas price: 30.\n' +
        'Max L1DataGas amount (127) is lower than the minimal gas amount: 128.\n' +
        'Max L2Gas amount (519999) is lower than the minimal gas amount: 520000.\n' +
        'Max L2Gas price (9) is lower than the actual gas price: 10.',
    );
  });
});

describe('the balance', () => {
  it('must cover the bounds with the tip', () => {
    const tx = invoke({ tip: 5n });
    const fee = 128n * 20n + 520_000n * 15n;
    expect(maxPossibleFee(tx)).toBe(fee);
    const state = new StateOverlay(EMPTY_STATE);
    state.setStorage(TOKEN, feeTokenBalanceKey(1n), fee - 1n);
    expect(() => checkBalance(tx, 1n, context('BLOB'), state)).toThrow(
      'Resources bounds ({ l1_gas: { max_amount: 0, max_price_per_unit: 30 }, l2_gas: { max_amount: 520000, ' +
        'max_price_per_unit: 10 }, l1_data_gas: { max_amount: 128, max_price_per_unit: 20 } }) exceed balance (7802559).',
    );
    state.setStorage(TOKEN, feeTokenBalanceKey(1n), fee);
    expect(() => checkBalance(tx, 1n, context('BLOB'), state)).not.toThrow();
  });

  it('has a high half', () => {
    const state = new StateOverlay(EMPTY_STATE);
    state.setStorage(TOKEN, feeTokenBalanceKey(1n) + 1n, 1n);
    expect(() => checkBalance(invoke(), 1n, context('BLOB'), state)).not.toThrow();
  });
});

describe('a bound that was exceeded', () => {
  const max = { l1Gas: 1n, l1DataGas: 2n, l2Gas: 3n };

  it('is told: L1 gas first, then L2 gas, then data gas', () => {
    expect(exceededBound(max, max)).toBeUndefined();
    expect(exceededBound(max, { l1Gas: 2n, l1DataGas: 9n, l2Gas: 9n })).toBe(
      'Insufficient max L1Gas: max amount: 1, actual used: 2.',
    );
    expect(exceededBound(max, { l1Gas: 0n, l1DataGas: 9n, l2Gas: 9n })).toContain('max L2Gas');
    expect(exceededBound(max, { l1Gas: 0n, l1DataGas: 9n, l2Gas: 0n })).toContain('max L1DataGas');
  });

  it('is what is charged', () => {
    expect(clampGas({ l1Gas: 9n, l1DataGas: 1n, l2Gas: 9n }, max)).toEqual({
      l1Gas: 1n,
      l1DataGas: 1n,
      l2Gas: 3n,
    });
  });
});

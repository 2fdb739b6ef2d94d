import { versionedConstants } from '@cairn/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextL2GasPrice } from './feeMarket.ts';

const { feeMarket } = versionedConstants('0.14.2');
const BLOCK = feeMarket.maxBlockGas;
const market = (gasTarget: bigint) => ({ feeMarket: { ...feeMarket, gasTarget } });

// Facts of starkware-libs/sequencer, apollo_consensus_orchestrator/src/fee_market/test.rs.
describe('the price of L2 gas', () => {
  it.each([
    ['congested, target half', (BLOCK * 3n) / 4n, BLOCK / 2n, 30_312_500_000n],
    ['calm, target half', BLOCK / 4n, BLOCK / 2n, 29_687_500_000n],
    ['balanced, target half', BLOCK / 2n, BLOCK / 2n, 30_000_000_000n],
    ['congested, target four fifths', (BLOCK * 9n) / 10n, (BLOCK * 4n) / 5n, 30_078_125_000n],
    ['calm, target four fifths', BLOCK / 4n, (BLOCK * 4n) / 5n, 29_570_312_500n],
    ['balanced, target four fifths', (BLOCK * 4n) / 5n, (BLOCK * 4n) / 5n, 30_000_000_000n],
  ])('moves towards balance: %s', (_, gasUsed, gasTarget, expected) => {
    expect(nextL2GasPrice(30_000_000_000n, gasUsed, market(gasTarget))).toBe(expected);
  });

  it('never falls below the floor and can leave it', () => {
    const floor = feeMarket.minGasPriceFri;
    expect(nextL2GasPrice(floor, 0n, market(BLOCK / 2n))).toBe(floor);
    expect(nextL2GasPrice(floor, BLOCK, market(BLOCK / 2n))).toBeGreaterThan(floor);
  });

  it('climbs by 1/333 a block when it is below the floor, and stops there', () => {
    expect(nextL2GasPrice(10_000_000_000n, 1000n, market(2000n), 20_000_000_000n)).toBe(10_030_030_030n);
    expect(nextL2GasPrice(9_971_000_000n, 1000n, market(2000n), 10_000_000_000n)).toBe(10_000_000_000n);
  });

  it('changes by at most 1/48 while no block is above twice the target', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: feeMarket.minGasPriceFri, max: 1n << 80n }),
        fc.bigInt({ min: 0n, max: 2n * feeMarket.gasTarget }),
        (price, gasUsed) => {
          const next = nextL2GasPrice(price, gasUsed, { feeMarket });
          const change = next > price ? next - price : price - next;
          expect(change <= price / 48n).toBe(true);
        },
      ),
    );
  });
});

import { describe, expect, it } from 'vitest';
import { rangeCheckedSumAir } from '../../examples/rangeCheckedSum.ts';
import { proofLayout } from '../proof/proofLayout.ts';
import { checkParameters } from './parameters.ts';
import { C96, DEV, PROVEN96 } from './profiles.ts';
import { type StatementSize, securityBits, statementSize } from './security.ts';

/** About the largest statement that the profiles are meant for. */
const LARGE: StatementSize = {
  logMaxHeight: 20,
  batchedFunctions: 1500,
  constraints: 2000,
  logComposition: 2,
  lookupTerms: 150 * 2 ** 20,
  tupleWidth: 32,
};

describe('security arithmetic', () => {
  it('gives bits per query as in the tables of the reference', () => {
    const perQuery = (logBlowup: number, assumption: 'capacity' | 'uniqueDecoding') => {
      const parameters = {
        ...C96.parameters,
        logBlowup,
        queryCount: 1,
        grinding: { lookup: 0, point: 0, deep: 0, fold: 0, query: 0 },
      };
      return securityBits(parameters, LARGE, assumption).queries;
    };
    const rounded = (values: number[]) => values.map((v) => v.toFixed(3));
    // shared/reference/proof-system.md, section 6: "Elias, 31-bit alphabet" and "unique decoding".
    expect(rounded([1, 2, 3, 4].map((b) => perQuery(b, 'capacity')))).toEqual([
      '0.910',
      '1.850',
      '2.794',
      '3.739',
    ]);
    expect(rounded([1, 2, 3, 4].map((b) => perQuery(b, 'uniqueDecoding')))).toEqual([
      '0.415',
      '0.678',
      '0.830',
      '0.913',
    ]);
  });
  it('c96 has 96 bits by conjecture, and says how far theorems reach', () => {
    expect(securityBits(C96.parameters, LARGE, 'capacity').total).toBeGreaterThanOrEqual(96);
    expect(securityBits(C96.parameters, LARGE, 'johnson').total).toBeLessThan(64);
    expect(
      securityBits(C96.parameters, { ...LARGE, logMaxHeight: 22 }, 'capacity').total,
    ).toBeGreaterThanOrEqual(96);
  });
  it('proven96 has 96 bits by theorems', () => {
    for (const logMaxHeight of [20, 22]) {
      const size = { ...LARGE, logMaxHeight };
      expect(securityBits(PROVEN96.parameters, size, 'johnson').total).toBeGreaterThanOrEqual(96);
    }
  });
  it('has the constants of soundcalc up to the Johnson bound', () => {
    // Worked out from its formulas for rate 2^-4 and 2^20 rows: m = 3 is best, agreement (1 + 1/3)/4, γ = 2/3.
    const bits = securityBits(PROVEN96.parameters, LARGE, 'johnson');
    const field = 4 * Math.log2(2 ** 31 - 1);
    const gap = ((2 * 3.5 ** 5 + (3 * 3.5 * (2 / 3)) / 16) * 2 ** 24) / (3 / 64) + 3.5 * 4;
    const list = 1 / (2 * (1 / 12) * (1 / 4));
    expect(bits.queries).toBeCloseTo(26 + 45 * Math.log2(3), 3);
    expect(bits.batching).toBeCloseTo(24 + field - Math.log2(gap * 1499), 3);
    expect(bits.folding).toBeCloseTo(18 + field - Math.log2(gap * 15), 3);
    expect(bits.constraints).toBeCloseTo(field - Math.log2(list * 2000), 3);
  });
  it('dev has next to none', () => {
    expect(securityBits(DEV.parameters, LARGE, 'capacity').total).toBeLessThan(30);
  });
  it('falls with every parameter that is weakened', () => {
    const size = statementSize(rangeCheckedSumAir, proofLayout(rangeCheckedSumAir, C96.parameters, [8, 10]));
    expect(size).toMatchObject({ logMaxHeight: 10, tupleWidth: 6 });
    const rounds = securityBits(C96.parameters, size, 'capacity');
    for (const [name, round] of [
      ['lookup', 'lookup'],
      ['point', 'outOfDomain'],
      ['deep', 'batching'],
      ['fold', 'folding'],
      ['query', 'queries'],
    ] as const) {
      const grinding = { ...C96.parameters.grinding, [name]: 0 };
      const weaker = securityBits({ ...C96.parameters, grinding }, size, 'capacity');
      expect(rounds[round] - weaker[round]).toBeCloseTo(C96.parameters.grinding[name], 6);
    }
  });
  it('counts collisions of tree digests', () => {
    expect(securityBits(C96.parameters, LARGE, 'capacity').hash).toBe(96);
    expect(securityBits(PROVEN96.parameters, LARGE, 'johnson').hash).toBe(128);
    // With whole digests c96 is as strong as its queries: cutting them costs less than a bit.
    const whole = securityBits({ ...C96.parameters, hash: 'keccak256' }, LARGE, 'capacity').total;
    expect(whole).toBeLessThan(97);
  });
  it('profiles are within bounds; others are refused', () => {
    for (const { parameters } of [DEV, C96, PROVEN96]) checkParameters(parameters);
    expect(() => checkParameters({ ...C96.parameters, logBlowup: 0 })).toThrow(/logBlowup/);
    expect(() => checkParameters({ ...C96.parameters, queryCount: 2.5 })).toThrow(/queryCount/);
    expect(() =>
      checkParameters({ ...C96.parameters, grinding: { ...C96.parameters.grinding, query: 41 } }),
    ).toThrow(/grinding.query/);
  });
});

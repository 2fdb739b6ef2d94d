import { Point } from '@scure/starknet';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ecAdd, ecMul, ecNeg, ecOp, isOnCurve } from './curve.ts';
import { PRIME } from './felt.ts';
import * as reference from './reference/curve.ts';
import { type AffinePoint, STARK_CURVE } from './starkCurve.ts';
import { point, scalar } from './testing/arbitraries.ts';

const { generator: G, order } = STARK_CURVE;

function noblePoint(p: AffinePoint | null) {
  return p === null ? Point.ZERO : Point.fromAffine({ x: p.x, y: p.y });
}

function fromNoble(p: InstanceType<typeof Point>): AffinePoint | null {
  return p.is0() ? null : p.toAffine();
}

describe('Stark curve', () => {
  test('parameters are those of @scure/starknet', () => {
    const curve = Point.CURVE();
    expect(STARK_CURVE).toEqual({
      alpha: curve.a,
      beta: curve.b,
      order: curve.n,
      generator: { x: curve.Gx, y: curve.Gy },
    });
    expect(isOnCurve(G)).toBe(true);
  });

  test('isOnCurve refuses other points and numbers that are no felts', () => {
    expect(isOnCurve({ x: G.x, y: G.y + 1n })).toBe(false);
    expect(isOnCurve({ x: G.x + PRIME, y: G.y })).toBe(false);
    expect(isOnCurve({ x: G.x, y: G.y - PRIME })).toBe(false);
    expect(isOnCurve({ x: 0n, y: 0n })).toBe(false);
  });

  test('addition = twin = @scure/starknet', () => {
    fc.assert(
      fc.property(point, point, (p, q) => {
        const sum = ecAdd(p, q);
        expect(sum).toEqual(reference.ecAdd(p, q));
        expect(sum).toEqual(fromNoble(noblePoint(p).add(noblePoint(q))));
      }),
    );
  });

  test('group laws', () => {
    fc.assert(
      fc.property(point, point, point, (p, q, r) => {
        expect(ecAdd(p, null)).toEqual(p);
        expect(ecAdd(null, p)).toEqual(p);
        expect(ecAdd(null, null)).toBe(null);
        expect(ecAdd(p, ecNeg(p))).toBe(null);
        expect(ecAdd(p, p)).toEqual(ecMul(2n, p));
        expect(ecAdd(p, q)).toEqual(ecAdd(q, p));
        expect(ecAdd(ecAdd(p, q), r)).toEqual(ecAdd(p, ecAdd(q, r)));
      }),
      { numRuns: 50 },
    );
    expect(ecNeg(null)).toBe(null);
  });

  test('multiplication = twin = @scure/starknet', () => {
    fc.assert(
      fc.property(scalar, point, (k, p) => {
        const product = ecMul(k, p);
        expect(product).toEqual(reference.ecMul(k, p));
        expect(product).toEqual(k === 0n ? null : fromNoble(noblePoint(p).multiplyUnsafe(k)));
      }),
    );
  });

  // Sums that meet ± the next table entry: the last signed digit of the sliding window, and of the generator's windows.
  test.each([
    ...[0n, 1n, 2n, 15n, 16n, 17n, 30n, 31n, 32n, 255n, 256n, 257n, 511n, 512n],
    ...Array.from({ length: 40 }, (_, i) => order - BigInt(i)),
    ...Array.from({ length: 9 }, (_, i) => 2n * (BigInt(248 + i) << 243n) - order).filter((k) => k > 0n),
    ...[order + 1n, 2n * order + 5n, -1n, -7n, 1n << 300n],
  ])('special scalar %i', (k) => {
    const P = reference.ecMul(12345n, G)!;
    expect(ecMul(k, P)).toEqual(reference.ecMul(k, P));
    expect(ecMul(k, G)).toEqual(reference.ecMul(k, G));
  });

  test('the generator by its table = by doubling', () => {
    fc.assert(
      fc.property(scalar, (k) => {
        expect(ecMul(k, G)).toEqual(reference.ecMul(k, G));
      }),
    );
    expect(ecMul(5n, null)).toBe(null);
  });

  test('multiplication is linear', () => {
    fc.assert(
      fc.property(scalar, scalar, point, (k, l, p) => {
        expect(ecAdd(ecMul(k, p), ecMul(l, p))).toEqual(ecMul(k + l, p));
        expect(ecMul(k, ecMul(l, p))).toEqual(ecMul(k * l, p));
      }),
      { numRuns: 50 },
    );
  });

  test('refuses coordinates that are no felts', () => {
    expect(() => ecAdd({ x: PRIME, y: 0n }, G)).toThrow(expect.objectContaining({ code: 'INVALID_FELT' }));
    expect(() => ecMul(3n, { x: 0n, y: -1n })).toThrow(expect.objectContaining({ code: 'INVALID_FELT' }));
  });
});

describe('ec_op builtin', () => {
  test('result of the cairo-vm program ec_op.cairo', () => {
    const p = {
      x: 0x6a4beaef5a93425b973179cdba0c9d42f30e01a5f1e2db73da0884b8d6756fcn,
      y: 0x72565ec81bc09ff53fbfad99324a92aa5b39fb58267e395e8abe36290ebf24fn,
    };
    const q = {
      x: 0x654fd7e67a123dd13868093b3b7777f1ffef596c2e324f25ceaf9146698482cn,
      y: 0x4fad269cbf860980e38768fe9cb6b0b9ab03ee3fe84cfde2eccce597c874fd8n,
    };
    expect(ecOp(p, q, 34n)).toEqual({
      x: 108925483682366235368969256555281508851459278989259552980345066351008608800n,
      y: 1592365885972480102953613056006596671718206128324372995731808913669237079419n,
    });
  });

  test('kernel = twin, and = p + m·q where defined', () => {
    fc.assert(
      fc.property(point, point, scalar, (p, q, m) => {
        const result = ecOp(p, q, m);
        expect(result).toEqual(reference.ecOp(p, q, m));
        if (result !== undefined) expect(result).toEqual(ecAdd(p, ecMul(m, q)));
      }),
      { numRuns: 30 },
    );
  });

  test('undefined where sum and power meet in x: at each step, with either sign, under a 0 and a 1 bit', () => {
    const q = reference.ecMul(987654321n, G)!;
    for (const step of [0n, 1n, 2n, 63n, 64n, 200n, 251n, 252n, 255n]) {
      const power = reference.ecMul(1n << step, q);
      for (const p of [power!, ecNeg(power)!]) {
        // Scalars without a bit below the step leave the sum at p until then.
        for (const m of [0n, 1n << step, 3n << step]) expect(ecOp(p, q, m)).toBe(undefined);
      }
      // With all bits set below the step, the sum before it is p + (2^step − 1)·q = −2^step·q.
      const p = reference.ecMul(1n - (1n << (step + 1n)), q)!;
      for (const m of [(1n << step) - 1n, (1n << 256n) - 1n]) expect(ecOp(p, q, m)).toBe(undefined);
    }
    expect(reference.ecOp(reference.ecMul(1n << 255n, q)!, q, 0n)).toBe(undefined);
    expect(ecOp(reference.ecMul(1n << 256n, q)!, q, 0n)).toEqual(reference.ecMul(1n << 256n, q));
  });
});

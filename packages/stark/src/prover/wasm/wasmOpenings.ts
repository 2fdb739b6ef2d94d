import { doubleSecurePoint, type SecurePoint } from '../../core/circle/circlePoint.ts';
import { liftedPosition, pointAtPosition } from '../../core/circle/domain.ts';
import type { M31 } from '../../core/field/m31.ts';
import type { QM31 } from '../../core/field/qm31.ts';
import type { KernelContext, Polynomial } from './kernelContext.ts';
import { baseWeights, logLowWeights, secureWeights } from './weights.ts';

/** Values of polynomials, lifted, at a point over QM31. */
export async function samplePolynomials(
  context: KernelContext,
  polynomials: readonly Polynomial[],
  point: SecurePoint,
): Promise<QM31[]> {
  const mark = context.arena.mark();
  const tables = new Map<number, { low: number; high: number }>();
  for (const { logHeight } of polynomials) {
    if (tables.has(logHeight)) continue;
    const own = doubleSecurePoint(point, context.task.layout.logMaxHeight - logHeight);
    const { low, high } = secureWeights(own, logHeight);
    tables.set(logHeight, { low: context.arena.place(low), high: context.arena.place(high) });
  }
  const results = context.arena.allocate(16 * polynomials.length);
  await context.pool.run(
    polynomials.map(({ address, logHeight }, i) => {
      const { low, high } = tables.get(logHeight)!;
      return {
        name: 'samplePoint',
        args: [address, logHeight, low, logLowWeights(logHeight), high, results + 16 * i],
      };
    }),
  );
  const words = context.arena.words(results, 4 * polynomials.length);
  const samples = polynomials.map(
    (_, i): QM31 => [words[4 * i]!, words[4 * i + 1]!, words[4 * i + 2]!, words[4 * i + 3]!],
  );
  context.arena.release(mark);
  return samples;
}

/** Values of polynomials, lifted, at positions of the domain: one list per position. */
export async function evaluateRows(
  context: KernelContext,
  polynomials: readonly Polynomial[],
  positions: readonly number[],
): Promise<M31[][]> {
  const { layout, parameters } = context.task;
  const mark = context.arena.mark();
  const weights = new Map<number, { address: number; stride: number }>();
  for (const { logHeight } of polynomials) {
    if (weights.has(logHeight)) continue;
    const tables = positions.map((position) => {
      const own = liftedPosition(position, layout.logMaxHeight - logHeight);
      return baseWeights(pointAtPosition(own, logHeight + parameters.logBlowup), logHeight);
    });
    const stride = tables[0]!.length;
    const address = context.arena.allocate(4 * stride * tables.length);
    tables.forEach((table, i) => {
      context.arena.words(address + 4 * stride * i, stride).set(table);
    });
    weights.set(logHeight, { address, stride: 4 * stride });
  }
  const results = context.arena.allocate(4 * positions.length * polynomials.length);
  await context.pool.run(
    polynomials.map(({ address, logHeight }, i) => {
      const { address: table, stride } = weights.get(logHeight)!;
      const target = results + 4 * positions.length * i;
      return {
        name: 'openColumn',
        args: [address, logHeight, table, logLowWeights(logHeight), stride, positions.length, target],
      };
    }),
  );
  const words = context.arena.words(results, positions.length * polynomials.length);
  const rows = positions.map((_, q) => polynomials.map((_column, i) => words[positions.length * i + q]!));
  context.arena.release(mark);
  return rows;
}

import { mulCM31, subCM31 } from '../../core/field/cm31.ts';
import { negM31 } from '../../core/field/m31.ts';
import { ONE, type QM31, ZERO } from '../../core/field/qm31.ts';
import type { DeepPlan, DeepPoint } from '../../core/verifier/deepQuotients.ts';
import {
  allocatePlanes,
  chunked,
  evaluateBlock,
  type KernelContext,
  type Planes,
  type Polynomial,
  ROW_CHUNK,
} from './kernelContext.ts';

/** Σ coefficient·column over polynomials of one height, on their blown-up domain. */
async function combined(
  context: KernelContext,
  polynomials: readonly Polynomial[],
  coefficients: readonly QM31[],
): Promise<Planes> {
  const { logBlowup } = context.task.parameters;
  const { logHeight } = polynomials[0]!;
  const height = 2 ** logHeight;
  const values = allocatePlanes(context.arena, height * 2 ** logBlowup);
  const mark = context.arena.mark();
  const sums = allocatePlanes(context.arena, height);
  // The kernel takes columns by fours: what is missing is filled up with coefficient 0.
  const count = 4 * Math.ceil(polynomials.length / 4);
  const columns = context.arena.place(
    Array.from({ length: count }, (_, i) => (polynomials[i] ?? polynomials[0]!).address),
  );
  const weights = context.arena.place(
    Array.from({ length: count }, (_, i) => coefficients[i] ?? ZERO).flat(),
  );
  const planes = context.arena.place(sums);
  await context.pool.run(
    chunked(height, ROW_CHUNK, (from, to) => ({
      name: 'combineColumns',
      args: [columns, weights, count, 4 * from, 4 * to, planes],
    })),
  );
  await context.pool.run(
    sums.flatMap((address, c) =>
      Array.from({ length: 2 ** logBlowup }, (_, block) =>
        evaluateBlock(context, { address, logHeight }, values[c]! + 4 * height * block, block),
      ),
    ),
  );
  context.arena.release(mark);
  return values;
}

async function addQuotient(
  context: KernelContext,
  sum: Planes,
  doublings: number,
  at: DeepPoint,
  factor: QM31,
  result: Planes,
): Promise<void> {
  const { logDomain } = context.task.layout;
  const { point, slope, offset } = at;
  const [rx, ix] = [
    [point.x[0], point.x[1]],
    [point.x[2], point.x[3]],
  ] as const;
  const [ry, iy] = [
    [point.y[0], point.y[1]],
    [point.y[2], point.y[3]],
  ] as const;
  const constant = subCM31(mulCM31([rx[0], rx[1]], [iy[0], iy[1]]), mulCM31([ry[0], ry[1]], [ix[0], ix[1]]));
  const mark = context.arena.mark();
  const constants = context.arena.place([
    ...constant,
    negM31(iy[0]),
    negM31(iy[1]),
    ...ix,
    ...slope,
    ...offset,
    ...factor,
  ]);
  const [sums, results] = [context.arena.place(sum), context.arena.place(result)];
  const { xs, ys } = context.twiddles.coordinates(logDomain);
  await context.pool.run(
    chunked(2 ** (logDomain - 2), ROW_CHUNK / 4, (from, to) => ({
      name: 'addQuotient',
      args: [sums, doublings, constants, xs, ys, from, to, results],
      scratch: true,
    })),
  );
  context.arena.release(mark);
}

/** The joined quotient of all polynomials' openings on the whole domain, by position. */
export async function makeQuotient(
  context: KernelContext,
  all: readonly Polynomial[],
  plan: DeepPlan,
): Promise<Planes> {
  const { layout } = context.task;
  const { logDomain, logMaxHeight } = layout;
  const size = 2 ** logDomain;
  const result = allocatePlanes(context.arena, size);
  for (const plane of result) context.arena.words(plane, size).fill(0);
  const mark = context.arena.mark();
  const ofHeight = async (height: number, indices: readonly number[], coefficient: (k: number) => QM31) => {
    const own = indices.flatMap((index, k) => (all[index]!.logHeight === height ? [{ index, k }] : []));
    if (own.length === 0) return undefined;
    return combined(
      context,
      own.map(({ index }) => all[index]!),
      own.map(({ k }) => coefficient(k)),
    );
  };
  const addLifted = (target: Planes, source: Planes, height: number) =>
    context.pool.run(
      target.map((plane, c) => ({
        name: 'addLifted',
        args: [plane, source[c]!, logMaxHeight - height, 0, 4 * size],
      })),
    );
  const everyColumn = all.map((_, i) => i);
  const sum = (await ofHeight(logMaxHeight, everyColumn, (k) => plan.columnCoefficients[k]!))!;
  for (const [h, height] of layout.shortLogHeights.entries()) {
    const inner = context.arena.mark();
    const short = await ofHeight(height, everyColumn, (k) => plan.columnCoefficients[k]!);
    if (short !== undefined) {
      await addLifted(sum, short, height);
      await addQuotient(
        context,
        short,
        logMaxHeight - height,
        plan.atShort[h]!,
        plan.shortCoefficients[h]!,
        result,
      );
    }
    context.arena.release(inner);
  }
  await addQuotient(context, sum, 0, plan.atPoint, ONE, result);
  context.arena.release(mark);
  if (plan.atNext !== undefined) {
    let next: Planes | undefined = await ofHeight(
      logMaxHeight,
      layout.nextColumns,
      (k) => plan.nextCoefficients[k]!,
    );
    if (next === undefined) {
      next = allocatePlanes(context.arena, size);
      for (const plane of next) context.arena.words(plane, size).fill(0);
    }
    for (const height of layout.shortLogHeights) {
      const inner = context.arena.mark();
      const short = await ofHeight(height, layout.nextColumns, (k) => plan.nextCoefficients[k]!);
      if (short !== undefined) await addLifted(next, short, height);
      context.arena.release(inner);
    }
    await addQuotient(context, next, 0, plan.atNext, ONE, result);
    context.arena.release(mark);
  }
  return result;
}

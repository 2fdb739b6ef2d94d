import type { LookupChallenges } from '../../core/air/evaluate.ts';
import { constraintCount } from '../../core/air/ir.ts';
import { doubleX } from '../../core/circle/circlePoint.ts';
import { pointAtPosition } from '../../core/circle/domain.ts';
import { invM31, mulM31 } from '../../core/field/m31.ts';
import { powers, type QM31, QM31_DEGREE, scale, ZERO } from '../../core/field/qm31.ts';
import type { CommittedColumn, TreeName } from '../../core/proof/proofLayout.ts';
import {
  allocatePlanes,
  chunked,
  evaluateBlock,
  type KernelContext,
  type Planes,
  type Polynomial,
  ROW_CHUNK,
} from './kernelContext.ts';
import { kernelConstants, selectorColumns } from './kernelEmitter.ts';
import type { KernelCall } from './pool.ts';
import type { AirKernels } from './tableKernels.ts';

/** The columns of a tree with their polynomials. */
export type CommittedPolynomials = (
  tree: TreeName,
) => readonly { readonly column: CommittedColumn; readonly polynomial: Polynomial }[];

/** Coefficients, in place, of the column that is 1 in one row and 0 in the others. */
async function selectorPolynomial(
  { arena, pool, twiddles }: KernelContext,
  row: number,
  logHeight: number,
): Promise<Polynomial> {
  const rows = arena.allocate(4 * 2 ** logHeight);
  arena.words(rows, 2 ** logHeight).fill(0)[row] = 1;
  const address = arena.allocate(4 * 2 ** logHeight);
  const layers = twiddles.layers(logHeight, 'inverse');
  await pool.run([{ name: 'interpolateRows', args: [rows, address, logHeight, layers] }]);
  return { address, logHeight };
}

/** Adds Σ γ^k C_k of one table to the total, on the positions of the composition. */
async function addTableComposition(
  context: KernelContext,
  kernels: AirKernels,
  committed: CommittedPolynomials,
  t: number,
  coefficients: readonly QM31[],
  lookup: LookupChallenges | undefined,
  meanSum: QM31,
  total: Planes,
): Promise<void> {
  const { arena, pool } = context;
  const { air, layout, parameters, publicValues } = context.task;
  const table = air.tables[t]!;
  const logHeight = layout.logHeights[t]!;
  const blockCount = 2 ** air.logComposition;
  const size = blockCount * 2 ** logHeight;
  const mark = arena.mark();
  const selectors = selectorColumns(table);
  const sources: (Polynomial | undefined)[] = new Array(selectors.sums + QM31_DEGREE * table.batches.length);
  const needsNext = new Set<number>(table.columns.flatMap((column, i) => (column.hasNext ? [i] : [])));
  for (const name of ['fixed', 'main', 'interaction'] as const) {
    for (const { column, polynomial } of committed(name)) {
      if (column.table !== t) continue;
      const at = name === 'interaction' ? selectors.sums + column.column : column.column;
      sources[at] = polynomial;
      if (name === 'interaction' && column.hasNext) needsNext.add(at);
    }
  }
  for (const node of table.nodes) {
    if (node.op !== 'selector') continue;
    sources[selectors[node.row]] = await selectorPolynomial(
      context,
      node.row === 'first' ? 0 : 2 ** logHeight - 1,
      logHeight,
    );
  }
  const values = Array.from(sources, (source) => (source === undefined ? 0 : arena.allocate(4 * size)));
  await pool.run(
    Array.from(sources).flatMap((source, i) =>
      source === undefined
        ? []
        : Array.from({ length: blockCount }, (_, block) =>
            evaluateBlock(context, source, values[i]! + 4 * 2 ** logHeight * block, block),
          ),
    ),
  );
  const nextValues = values.map((_, i) => (needsNext.has(i) ? arena.allocate(4 * size) : 0));
  await pool.run(
    [...needsNext].map((i) => ({
      name: 'placeNext',
      args: [values[i]!, nextValues[i]!, logHeight, air.logComposition, parameters.logBlowup],
    })),
  );
  const list = arena.place(values);
  const nextList = arena.place(nextValues);
  const kernel = kernels.composition[t]!;
  const constants = arena.place(kernelConstants(kernel, { publicValues, lookup, meanSum, coefficients }));
  const own = allocatePlanes(arena, size);
  const outputs = arena.place(own);
  await pool.run(
    chunked(size, ROW_CHUNK, (from, to) => ({
      name: kernel.name,
      args: [list, nextList, constants, outputs, 4 * from, 4 * to],
    })),
  );
  const doublings = layout.logMaxHeight - logHeight;
  const bytes = 4 * blockCount * 2 ** layout.logMaxHeight;
  await pool.run(
    total.map((plane, c) => ({ name: 'addLifted', args: [plane, own[c]!, doublings, 0, bytes] })),
  );
  arena.release(mark);
}

/** Makes the pieces of the composition polynomial. */
export async function makeComposition(
  context: KernelContext,
  kernels: AirKernels,
  committed: CommittedPolynomials,
  coefficient: QM31,
  lookup: LookupChallenges | undefined,
  claimedSums: readonly QM31[],
): Promise<Polynomial[]> {
  const { arena, pool, twiddles } = context;
  const { air, layout } = context.task;
  const { logMaxHeight, logDomain, logHeights } = layout;
  const blockWords = 2 ** logMaxHeight;
  const blockCount = 2 ** air.logComposition;
  const total = allocatePlanes(arena, blockWords * blockCount);
  for (const plane of total) arena.words(plane, blockWords * blockCount).fill(0);
  const all = powers(
    coefficient,
    air.tables.reduce((n, table) => n + constraintCount(table), 0),
  );
  let used = 0;
  for (const [t, table] of air.tables.entries()) {
    const claimed = claimedSums[layout.lookupTables.indexOf(t)] ?? ZERO;
    const mean = scale(claimed, invM31(2 ** logHeights[t]!));
    const coefficients = all.slice(used, used + constraintCount(table));
    used += coefficients.length;
    await addTableComposition(context, kernels, committed, t, coefficients, lookup, mean, total);
  }
  // Divided by the vanishing polynomial, one value on each block, and by the size, which interpolation leaves out.
  const calls: KernelCall[] = [];
  for (let block = 0; block < blockCount; block++) {
    let { x } = pointAtPosition(block * blockWords, logDomain);
    for (let i = 1; i < logMaxHeight; i++) x = doubleX(x);
    const factor = invM31(mulM31(x, blockWords * blockCount));
    for (const plane of total) {
      calls.push({
        name: 'scalePlane',
        args: [plane, 4 * blockWords * block, 4 * blockWords * (block + 1), factor],
      });
    }
  }
  await pool.run(calls);
  const layers = twiddles.layers(logDomain, 'inverse');
  await pool.run(
    total.map((plane) => ({
      name: 'interpolateBlock',
      args: [plane, logMaxHeight + air.logComposition, 0, layers],
    })),
  );
  return Array.from({ length: blockCount }, (_, piece) =>
    total.map((plane): Polynomial => ({ address: plane + 4 * blockWords * piece, logHeight: logMaxHeight })),
  ).flat();
}

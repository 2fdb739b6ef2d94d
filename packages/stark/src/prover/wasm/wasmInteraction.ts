import type { LookupChallenges } from '../../core/air/evaluate.ts';
import type { Table } from '../../core/air/ir.ts';
import { leavesOf } from '../../core/air/leavesOf.ts';
import { invM31 } from '../../core/field/m31.ts';
import { type QM31, QM31_DEGREE, scale, ZERO } from '../../core/field/qm31.ts';
import type { CommittedColumn } from '../../core/proof/proofLayout.ts';
import { allocatePlanes, chunked, type KernelContext, type Polynomial, ROW_CHUNK } from './kernelContext.ts';
import { kernelConstants, selectorColumns } from './kernelEmitter.ts';
import type { AirKernels } from './tableKernels.ts';

/** Columns that the look-up entries of a table read, selectors included, in row order; one value more than rows. */
function placeTraceColumns({ task, arena }: KernelContext, table: Table, t: number): number[] {
  const { columns, logHeight } = task.trace[t]!;
  const height = 2 ** logHeight;
  const selectors = selectorColumns(table);
  const read = leavesOf(
    table,
    table.entries.flatMap((entry) => [...entry.tuple, entry.multiplicity]),
  );
  const used = new Set([...read.columns, ...[...read.selectors].map((row) => selectors[row])]);
  return Array.from({ length: selectors.sums }, (_, i) => {
    if (!used.has(i)) return 0;
    const address = arena.allocate(4 * (height + 4));
    const words = arena.words(address, height + 4);
    if (i < columns.length) words.set(columns[i]!);
    else {
      words.fill(0);
      words[i === selectors.first ? 0 : height - 1] = 1;
    }
    words[height] = words[0]!;
    return address;
  });
}

/**
 * Makes the columns of running sums in place of these: their polynomials, and the claimed sum of each table with look-ups.
 * Undefined on a zero denominator.
 */
export async function makeInteractionColumns(
  context: KernelContext,
  kernels: AirKernels,
  columns: readonly CommittedColumn[],
  challenges: LookupChallenges,
): Promise<{ polynomials: Polynomial[]; claimed: QM31[] } | undefined> {
  const { arena, pool, twiddles } = context;
  const { air, layout, publicValues } = context.task;
  const polynomials: Polynomial[] = columns.map(({ logHeight }) => ({
    address: arena.allocate(4 * 2 ** logHeight),
    logHeight,
  }));
  const claimed: QM31[] = [];
  let firstPolynomial = 0;
  for (const t of layout.lookupTables) {
    const table = air.tables[t]!;
    const logHeight = layout.logHeights[t]!;
    const height = 2 ** logHeight;
    const mark = arena.mark();
    const cells = placeTraceColumns(context, table, t);
    const list = arena.place(cells);
    const nextList = arena.place(cells.map((address) => address + 4));
    const kernel = kernels.fractions[t]!;
    const inputs = { publicValues, lookup: challenges, meanSum: ZERO, coefficients: [] };
    const constants = arena.place(kernelConstants(kernel, inputs));
    const planes = table.batches.map(
      () => [allocatePlanes(arena, height), allocatePlanes(arena, height)] as const,
    );
    const outputs = arena.place(planes.flat(2));
    await pool.run(
      chunked(height, ROW_CHUNK, (from, to) => ({
        name: kernel.name,
        args: [list, nextList, constants, outputs, 4 * from, 4 * to],
      })),
    );
    const zeros = await pool.run(
      planes.flatMap(([numerators, denominators]) => {
        const [n, d] = [arena.place(numerators), arena.place(denominators)];
        return chunked(height, ROW_CHUNK, (from, to) => ({
          name: 'divideFractions',
          args: [n, d, 4 * from, 4 * to],
          scratch: true,
        }));
      }),
    );
    if (zeros.some((flag) => flag !== 0)) return undefined;
    const last = planes.at(-1)![0];
    for (const [numerators] of planes.slice(0, -1)) {
      await pool.run(
        last.map((plane, c) => ({ name: 'addLifted', args: [plane, numerators[c]!, 0, 0, 4 * height] })),
      );
    }
    const total = (await pool.run(
      last.map((plane) => ({ name: 'sumWords', args: [plane, height] })),
    )) as number[];
    const claim: QM31 = [total[0]! >>> 0, total[1]! >>> 0, total[2]! >>> 0, total[3]! >>> 0];
    claimed.push(claim);
    const mean = scale(claim, invM31(height));
    await pool.run(last.map((plane, c) => ({ name: 'runningSums', args: [plane, height, mean[c]!] })));
    const layers = twiddles.layers(logHeight, 'inverse');
    await pool.run(
      planes.flatMap(([numerators], b) =>
        numerators.map((plane, c) => ({
          name: 'interpolateRows',
          args: [plane, polynomials[firstPolynomial + QM31_DEGREE * b + c]!.address, logHeight, layers],
        })),
      ),
    );
    firstPolynomial += QM31_DEGREE * table.batches.length;
    arena.release(mark);
  }
  return { polynomials, claimed };
}

import type { Table } from '../core/air/ir.ts';
import type { M31 } from '../core/field/m31.ts';
import { ColumnEvaluator } from './evaluateColumns.ts';
import { type ComputedColumns, type RowVisitor, WitnessKernel } from './wasm/witnessKernels.ts';

/** Tables of fewer rows are evaluated plainly: compiling a kernel would take longer. */
const MIN_KERNEL_LOG_HEIGHT = 9;

const kernels = new WeakMap<Table, Map<string, WitnessKernel>>();

function kernelFor(table: Table, nodes: readonly number[], computed: ComputedColumns): WitnessKernel {
  let own = kernels.get(table);
  if (own === undefined) {
    own = new Map();
    kernels.set(table, own);
  }
  const key = `${nodes.join()};${[...computed.keys()].join()}`;
  let kernel = own.get(key);
  if (kernel === undefined) {
    kernel = new WitnessKernel(table, nodes, computed);
    own.set(key, kernel);
  }
  return kernel;
}

/**
 * Evaluates nodes of a table in all rows of its trace and shows their values, some rows at a time, in order: with a kernel,
 * or plainly where the table is low. Both give the same values.
 */
export function visitRows(
  table: Table,
  logHeight: number,
  columns: readonly Uint32Array[],
  publicValues: readonly M31[],
  nodes: readonly number[],
  visit: RowVisitor,
): void {
  if (nodes.length === 0) return;
  if (logHeight >= MIN_KERNEL_LOG_HEIGHT) {
    kernelFor(table, nodes, new Map()).run(columns, logHeight, publicValues, visit);
    return;
  }
  const evaluator = new ColumnEvaluator(table, logHeight, columns, publicValues);
  visit(
    nodes.map((node) => evaluator.values(node)),
    0,
    2 ** logHeight,
  );
}

/**
 * Fills assigned columns, given as a run that reads no column of its own in the next row: appends one array for each to
 * `columns`, which holds all earlier ones.
 */
export function assignColumns(
  table: Table,
  logHeight: number,
  columns: Uint32Array[],
  publicValues: readonly M31[],
  run: ComputedColumns,
): void {
  const made = Array.from(run, () => new Uint32Array(2 ** logHeight));
  if (logHeight >= MIN_KERNEL_LOG_HEIGHT) {
    const kernel = kernelFor(table, [...run.values()], run);
    kernel.run(columns, logHeight, publicValues, (values, first, count) => {
      made.forEach((target, i) => {
        target.set(values[i]!.subarray(0, count), first);
      });
    });
    columns.push(...made);
    return;
  }
  for (const node of run.values()) {
    const evaluator = new ColumnEvaluator(table, logHeight, columns, publicValues);
    columns.push(evaluator.values(node).slice());
  }
}

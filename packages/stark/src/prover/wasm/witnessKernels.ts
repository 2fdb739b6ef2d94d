import type { Table } from '../../core/air/ir.ts';
import { leavesOf } from '../../core/air/leavesOf.ts';
import type { M31 } from '../../core/field/m31.ts';
import { ZERO } from '../../core/field/qm31.ts';
import {
  KernelEmitter,
  kernelConstants,
  nodeEmitter,
  selectorColumns,
  type TableKernel,
} from './kernelEmitter.ts';
import { encodeModule } from './wasmEncoder.ts';

// The back end that evaluates expressions of a table in the rows of its trace: columns to be assigned, tuples and
// multiplicities of look-ups. Rows pass through a small memory of the kernel's own, a thousand at a time.

const CHUNK_ROWS = 1024;
/** Bytes of a column's rows in the memory: those of a chunk, the one after it, and up to a whole vector. */
const COLUMN_BYTES = 4 * (CHUNK_ROWS + 4);
const PAGE_BYTES = 0x10000;

/** Columns that a kernel makes as it goes, as the nodes that they are equal to. */
export type ComputedColumns = ReadonlyMap<number, number>;

/** Values of nodes in rows first … first + count - 1; valid until the visit returns. */
export type RowVisitor = (values: readonly Uint32Array[], first: number, count: number) => void;

/** A kernel that evaluates some nodes of a table in rows. */
export class WitnessKernel {
  readonly #table: Table;
  readonly #kernel: TableKernel;
  /** Columns to be loaded, and the two selectors where they are read. */
  readonly #sources: readonly { readonly column: number; readonly words: Uint32Array }[];
  readonly #outputs: readonly Uint32Array[];
  readonly #constants: Uint32Array;
  readonly #call: (to: number) => void;

  /** Compiles the kernel. PERF: about 0.4 ms per KiB of code, so it pays from some hundred rows. */
  constructor(table: Table, nodes: readonly number[], computed: ComputedColumns = new Map()) {
    this.#table = table;
    const emitter = new KernelEmitter();
    const emit = nodeEmitter(table, emitter, computed);
    nodes.forEach((node, i) => {
      emitter.store(i, emitter.canonical(emit(node)));
    });
    const { encoded, constants } = emitter.finish('rows');
    this.#kernel = { name: 'rows', constants };

    const selectors = selectorColumns(table);
    const read = leavesOf(table, [...nodes, ...computed.values()]);
    const loaded = [...read.columns].filter((column) => !computed.has(column));
    const sources = [...loaded, ...[...read.selectors].map((row) => selectors[row])];
    const listWords = selectors.sums;
    const words = 2 * listWords + constants.length + nodes.length;
    const firstColumn = Math.ceil((4 * words) / 16) * 16;
    const byteCount = firstColumn + COLUMN_BYTES * (sources.length + nodes.length);
    const pages = Math.max(2, Math.ceil(byteCount / PAGE_BYTES));
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    const at = (i: number) => firstColumn + COLUMN_BYTES * i;
    const columnWords = (i: number) => new Uint32Array(memory.buffer, at(i), COLUMN_BYTES / 4);
    const lists = new Uint32Array(memory.buffer, 0, words);
    sources.forEach((column, i) => {
      lists[column] = at(i);
      lists[listWords + column] = at(i) + 4;
    });
    nodes.forEach((_, i) => {
      lists[2 * listWords + constants.length + i] = at(sources.length + i);
    });
    this.#sources = sources.map((column, i) => ({ column, words: columnWords(i) }));
    this.#outputs = nodes.map((_, i) => columnWords(sources.length + i));
    this.#constants = lists.subarray(2 * listWords, 2 * listWords + constants.length);
    const instance = new WebAssembly.Instance(new WebAssembly.Module(encodeModule([encoded])), {
      env: { memory },
    });
    const rows = instance.exports.rows as (...args: number[]) => void;
    const [constantsAt, outputsAt] = [8 * listWords, 8 * listWords + 4 * constants.length];
    this.#call = (to) => rows(0, 4 * listWords, constantsAt, outputsAt, 0, to);
  }

  /** Evaluates the nodes in all rows. @param columns values by index of the column; those not read may be missing. */
  run(
    columns: readonly Uint32Array[],
    logHeight: number,
    publicValues: readonly M31[],
    visit: RowVisitor,
  ): void {
    const height = 2 ** logHeight;
    const inputs = { publicValues, lookup: undefined, meanSum: ZERO, coefficients: [] };
    this.#constants.set(kernelConstants(this.#kernel, inputs));
    const { first, last } = selectorColumns(this.#table);
    const count = Math.min(CHUNK_ROWS, height);
    for (let from = 0; from < height; from += count) {
      for (const { column, words } of this.#sources) {
        if (column === first || column === last) {
          const row = column === first ? 0 : height - 1;
          words.fill(0);
          if (row >= from && row < from + count) words[row - from] = 1;
          continue;
        }
        const values = columns[column]!;
        words.set(values.subarray(from, from + count));
        words[count] = values[from + count < height ? from + count : 0]!;
      }
      this.#call(4 * count);
      visit(this.#outputs, from, count);
    }
  }
}

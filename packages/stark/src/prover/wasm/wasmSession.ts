import { CairnError } from '@cairn/primitives';
import type { LookupChallenges } from '../../core/air/evaluate.ts';
import { constraintCount, type Table } from '../../core/air/ir.ts';
import { grindingInput, type Step } from '../../core/channel/channel.ts';
import { doubleX, type SecurePoint } from '../../core/circle/circlePoint.ts';
import { pointAtPosition } from '../../core/circle/domain.ts';
import { invM31, mulM31 } from '../../core/field/m31.ts';
import { powers, type QM31, QM31_DEGREE, scale, square, ZERO } from '../../core/field/qm31.ts';
import { blake2sInitialState, HASH_ROLE } from '../../core/hash/hashSuite.ts';
import type { Nonce } from '../../core/proof/proof.ts';
import type { CommittedColumn, FriLayerLayout, TreeName } from '../../core/proof/proofLayout.ts';
import type { DeepPlan } from '../../core/verifier/deepQuotients.ts';
import type { Opening, ProverSession, ProverTask } from '../backend.ts';
import { interpolateLine } from '../interpolateLine.ts';
import type { Arena } from './arena.ts';
import {
  allocatePlanes,
  chunked,
  evaluateBlock,
  type KernelContext,
  type Planes,
  type Polynomial,
  ROW_CHUNK,
} from './kernelContext.ts';
import type { KernelCall, Pool } from './pool.ts';
import { type AirKernels, kernelConstants, selectorColumns } from './tableKernels.ts';
import type { TwiddleStore } from './twiddleStore.ts';
import { evaluateRows, samplePolynomials } from './wasmOpenings.ts';
import { makeQuotient } from './wasmQuotient.ts';
import { type LeafColumn, stridedMode, TreeHasher, WasmTree } from './wasmTree.ts';

/**
 * A proof on the kernels. Coefficients are all that is kept of a column: its values on the blown-up domain are made block by
 * block (2^logBlowup of them) where leaves are hashed or constraints evaluated, and opened rows are computed anew.
 */
export class WasmSession implements ProverSession {
  readonly #context: KernelContext;
  readonly #task: ProverTask;
  readonly #kernels: AirKernels;
  readonly #arena: Arena;
  readonly #twiddles: TwiddleStore;
  readonly #pool: Pool;
  readonly #start: number;
  readonly #hasher: TreeHasher;
  readonly #polynomials = new Map<TreeName, Polynomial[]>();
  readonly #trees = new Map<TreeName, WasmTree>();
  readonly #friLayers: { readonly planes: Planes; readonly tree: WasmTree }[] = [];
  #afterTrace = 0;
  #layer: { planes: Planes; logSize: number } | undefined;

  constructor(task: ProverTask, kernels: AirKernels, arena: Arena, twiddles: TwiddleStore, pool: Pool) {
    this.#context = { task, arena, twiddles, pool };
    this.#task = task;
    this.#kernels = kernels;
    this.#arena = arena;
    this.#twiddles = twiddles;
    this.#pool = pool;
    const { layout, parameters } = task;
    // Everything that outlives the proof comes before the mark.
    for (const logHeight of new Set(layout.logHeights)) {
      twiddles.layers(logHeight, 'inverse');
      twiddles.layers(logHeight + parameters.logBlowup, 'doubled');
    }
    twiddles.layers(layout.logDomain, 'inverse');
    twiddles.coordinates(layout.logDomain);
    this.#start = arena.mark();
    this.#hasher = new TreeHasher(parameters.hash, arena, pool);
  }

  #columnsOf(name: TreeName): readonly CommittedColumn[] {
    return this.#task.layout.trees.find((tree) => tree.name === name)?.columns ?? [];
  }

  #polynomialsOf(name: TreeName): readonly Polynomial[] {
    return this.#polynomials.get(name) ?? [];
  }

  /** Commits to polynomials that are in place: evaluates and hashes one block of the domain after the other. */
  async #commit(name: TreeName, polynomials: Polynomial[]): Promise<Uint8Array[]> {
    const { layout, parameters } = this.#task;
    this.#polynomials.set(name, polynomials);
    const tree = new WasmTree(this.#arena, layout.treeShape);
    this.#trees.set(name, tree);
    const mark = this.#arena.mark();
    const values = polynomials.map(({ logHeight }) => this.#arena.allocate(4 * 2 ** logHeight));
    const columns = polynomials.map(
      ({ logHeight }, i): LeafColumn => ({ address: values[i]!, mode: layout.logMaxHeight - logHeight }),
    );
    const blockLeaves = 2 ** layout.logMaxHeight;
    for (let block = 0; block < 2 ** parameters.logBlowup; block++) {
      await this.#pool.run(
        polynomials.map((polynomial, i) => evaluateBlock(this.#context, polynomial, values[i]!, block)),
      );
      await this.#hasher.leaves(this.#arena, columns, blockLeaves, tree.leaves + 32 * blockLeaves * block);
    }
    this.#arena.release(mark);
    await tree.build(this.#hasher);
    return tree.cap;
  }

  async commitTrace(name: 'fixed' | 'main'): Promise<Uint8Array[]> {
    const { trace } = this.#task;
    const polynomials: Polynomial[] = this.#columnsOf(name).map(({ logHeight }) => ({
      address: this.#arena.allocate(4 * 2 ** logHeight),
      logHeight,
    }));
    const columns = this.#columnsOf(name);
    // A few columns at a time pass through memory of their own in row order.
    const batch = 8 * this.#pool.threadCount;
    for (let first = 0; first < columns.length; first += batch) {
      const mark = this.#arena.mark();
      const calls = columns.slice(first, first + batch).map(({ table, column }, i): KernelCall => {
        const { address, logHeight } = polynomials[first + i]!;
        const rows = this.#arena.place(trace[table!]!.columns[column]!);
        return {
          name: 'interpolateRows',
          args: [rows, address, logHeight, this.#twiddles.layers(logHeight, 'inverse')],
        };
      });
      await this.#pool.run(calls);
      this.#arena.release(mark);
    }
    const cap = await this.#commit(name, polynomials);
    this.#afterTrace = this.#arena.mark();
    return cap;
  }

  /** Columns that the look-up entries of a table read, selectors included, in row order; one value more than rows. */
  #placeTraceColumns(table: Table, t: number): number[] {
    const { columns, logHeight } = this.#task.trace[t]!;
    const height = 2 ** logHeight;
    const used = new Set<number>();
    const selectors = selectorColumns(table);
    const visit = (index: number) => {
      const node = table.nodes[index]!;
      if (node.op === 'column') used.add(node.column);
      else if (node.op === 'selector') used.add(selectors[node.row]);
      else if ('a' in node) {
        visit(node.a);
        visit(node.b);
      }
    };
    for (const entry of table.entries) for (const node of [...entry.tuple, entry.multiplicity]) visit(node);
    return Array.from({ length: selectors.sums }, (_, i) => {
      if (!used.has(i)) return 0;
      const address = this.#arena.allocate(4 * (height + 4));
      const words = this.#arena.words(address, height + 4);
      if (i < columns.length) words.set(columns[i]!);
      else {
        words.fill(0);
        words[i === selectors.first ? 0 : height - 1] = 1;
      }
      words[height] = words[0]!;
      return address;
    });
  }

  async interactionColumns(challenges: LookupChallenges): Promise<QM31[] | undefined> {
    const { air, layout, publicValues } = this.#task;
    // A second attempt with another salt starts from here again.
    this.#arena.release(this.#afterTrace);
    const polynomials: Polynomial[] = this.#columnsOf('interaction').map(({ logHeight }) => ({
      address: this.#arena.allocate(4 * 2 ** logHeight),
      logHeight,
    }));
    const claimed: QM31[] = [];
    let firstPolynomial = 0;
    for (const t of layout.lookupTables) {
      const table = air.tables[t]!;
      const logHeight = layout.logHeights[t]!;
      const height = 2 ** logHeight;
      const mark = this.#arena.mark();
      const columns = this.#placeTraceColumns(table, t);
      const list = this.#arena.place(columns);
      const nextList = this.#arena.place(columns.map((address) => address + 4));
      const kernel = this.#kernels.fractions[t]!;
      const inputs = { publicValues, lookup: challenges, meanSum: ZERO, coefficients: [] };
      const constants = this.#arena.place(kernelConstants(kernel, inputs));
      const planes = table.batches.map(
        () => [allocatePlanes(this.#arena, height), allocatePlanes(this.#arena, height)] as const,
      );
      const outputs = this.#arena.place(planes.flat(2));
      await this.#pool.run(
        chunked(height, ROW_CHUNK, (from, to) => ({
          name: kernel.name,
          args: [list, nextList, constants, outputs, 4 * from, 4 * to],
        })),
      );
      const zeros = await this.#pool.run(
        planes.flatMap(([numerators, denominators]) => {
          const [n, d] = [this.#arena.place(numerators), this.#arena.place(denominators)];
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
        await this.#pool.run(
          last.map((plane, c) => ({ name: 'addLifted', args: [plane, numerators[c]!, 0, 0, 4 * height] })),
        );
      }
      const total = (await this.#pool.run(
        last.map((plane) => ({ name: 'sumWords', args: [plane, height] })),
      )) as number[];
      const claim: QM31 = [total[0]! >>> 0, total[1]! >>> 0, total[2]! >>> 0, total[3]! >>> 0];
      claimed.push(claim);
      const mean = scale(claim, invM31(height));
      await this.#pool.run(
        last.map((plane, c) => ({ name: 'runningSums', args: [plane, height, mean[c]!] })),
      );
      const layers = this.#twiddles.layers(logHeight, 'inverse');
      await this.#pool.run(
        planes.flatMap(([numerators], b) =>
          numerators.map((plane, c) => ({
            name: 'interpolateRows',
            args: [plane, polynomials[firstPolynomial + QM31_DEGREE * b + c]!.address, logHeight, layers],
          })),
        ),
      );
      firstPolynomial += QM31_DEGREE * table.batches.length;
      this.#arena.release(mark);
    }
    this.#polynomials.set('interaction', polynomials);
    return claimed;
  }

  async commitInteraction(): Promise<Uint8Array[]> {
    return this.#commit('interaction', [...this.#polynomialsOf('interaction')]);
  }

  /** Coefficients, in place, of the column that is 1 in one row and 0 in the others. */
  async #selectorPolynomial(row: number, logHeight: number): Promise<Polynomial> {
    const rows = this.#arena.allocate(4 * 2 ** logHeight);
    this.#arena.words(rows, 2 ** logHeight).fill(0)[row] = 1;
    const address = this.#arena.allocate(4 * 2 ** logHeight);
    const layers = this.#twiddles.layers(logHeight, 'inverse');
    await this.#pool.run([{ name: 'interpolateRows', args: [rows, address, logHeight, layers] }]);
    return { address, logHeight };
  }

  /** Adds Σ γ^k C_k of one table to the total, on the positions of the composition. */
  async #addTableComposition(
    t: number,
    coefficients: readonly QM31[],
    lookup: LookupChallenges | undefined,
    meanSum: QM31,
    total: Planes,
  ): Promise<void> {
    const { air, layout, parameters, publicValues } = this.#task;
    const table = air.tables[t]!;
    const logHeight = layout.logHeights[t]!;
    const blockCount = 2 ** air.logComposition;
    const size = blockCount * 2 ** logHeight;
    const mark = this.#arena.mark();
    const selectors = selectorColumns(table);
    const sources: (Polynomial | undefined)[] = new Array(
      selectors.sums + QM31_DEGREE * table.batches.length,
    );
    const needsNext = new Set<number>(table.columns.flatMap((column, i) => (column.hasNext ? [i] : [])));
    for (const name of ['fixed', 'main', 'interaction'] as const) {
      this.#columnsOf(name).forEach((column, i) => {
        if (column.table !== t) return;
        const at = name === 'interaction' ? selectors.sums + column.column : column.column;
        sources[at] = this.#polynomialsOf(name)[i]!;
        if (name === 'interaction' && column.hasNext) needsNext.add(at);
      });
    }
    for (const node of table.nodes) {
      if (node.op !== 'selector') continue;
      sources[selectors[node.row]] = await this.#selectorPolynomial(
        node.row === 'first' ? 0 : 2 ** logHeight - 1,
        logHeight,
      );
    }
    const values = Array.from(sources, (source) =>
      source === undefined ? 0 : this.#arena.allocate(4 * size),
    );
    await this.#pool.run(
      Array.from(sources).flatMap((source, i) =>
        source === undefined
          ? []
          : Array.from({ length: blockCount }, (_, block) =>
              evaluateBlock(this.#context, source, values[i]! + 4 * 2 ** logHeight * block, block),
            ),
      ),
    );
    const nextValues = values.map((_, i) => (needsNext.has(i) ? this.#arena.allocate(4 * size) : 0));
    await this.#pool.run(
      [...needsNext].map((i) => ({
        name: 'placeNext',
        args: [values[i]!, nextValues[i]!, logHeight, air.logComposition, parameters.logBlowup],
      })),
    );
    const list = this.#arena.place(values);
    const nextList = this.#arena.place(nextValues);
    const kernel = this.#kernels.composition[t]!;
    const constants = this.#arena.place(
      kernelConstants(kernel, { publicValues, lookup, meanSum, coefficients }),
    );
    const own = allocatePlanes(this.#arena, size);
    const outputs = this.#arena.place(own);
    await this.#pool.run(
      chunked(size, ROW_CHUNK, (from, to) => ({
        name: kernel.name,
        args: [list, nextList, constants, outputs, 4 * from, 4 * to],
      })),
    );
    const doublings = layout.logMaxHeight - logHeight;
    const bytes = 4 * blockCount * 2 ** layout.logMaxHeight;
    await this.#pool.run(
      total.map((plane, c) => ({ name: 'addLifted', args: [plane, own[c]!, doublings, 0, bytes] })),
    );
    this.#arena.release(mark);
  }

  async commitComposition(
    coefficient: QM31,
    lookup: LookupChallenges | undefined,
    claimedSums: readonly QM31[],
  ): Promise<Uint8Array[]> {
    const { air, layout } = this.#task;
    const { logMaxHeight, logDomain, logHeights } = layout;
    if (layout.lookupTables.length === 0) this.#arena.release(this.#afterTrace);
    const blockWords = 2 ** logMaxHeight;
    const blockCount = 2 ** air.logComposition;
    const total = allocatePlanes(this.#arena, blockWords * blockCount);
    for (const plane of total) this.#arena.words(plane, blockWords * blockCount).fill(0);
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
      await this.#addTableComposition(t, coefficients, lookup, mean, total);
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
    await this.#pool.run(calls);
    const layers = this.#twiddles.layers(logDomain, 'inverse');
    await this.#pool.run(
      total.map((plane) => ({
        name: 'interpolateBlock',
        args: [plane, logMaxHeight + air.logComposition, 0, layers],
      })),
    );
    return this.#commit(
      'composition',
      Array.from({ length: blockCount }, (_, piece) =>
        total.map(
          (plane): Polynomial => ({ address: plane + 4 * blockWords * piece, logHeight: logMaxHeight }),
        ),
      ).flat(),
    );
  }

  #allPolynomials(): Polynomial[] {
    return this.#task.layout.trees.flatMap((tree) => this.#polynomialsOf(tree.name));
  }

  async sample(z: SecurePoint, next: SecurePoint): Promise<{ samples: QM31[]; nextSamples: QM31[] }> {
    const all = this.#allPolynomials();
    const samples = await samplePolynomials(this.#context, all, z);
    const nextSamples = await samplePolynomials(
      this.#context,
      this.#task.layout.nextColumns.map((i) => all[i]!),
      next,
    );
    return { samples, nextSamples };
  }

  async makeQuotient(plan: DeepPlan): Promise<void> {
    this.#layer = {
      planes: await makeQuotient(this.#context, this.#allPolynomials(), plan),
      logSize: this.#task.layout.logDomain,
    };
  }

  #currentLayer(): { planes: Planes; logSize: number } {
    if (this.#layer === undefined) throw new CairnError('INTERNAL', 'no FRI layer yet');
    return this.#layer;
  }

  async commitFriLayer(_i: number, layer: FriLayerLayout): Promise<Uint8Array[]> {
    const { planes } = this.#currentLayer();
    const tree = new WasmTree(this.#arena, layer.shape);
    const columns: LeafColumn[] = [];
    for (let v = 0; v < 2 ** layer.logFold; v++) {
      for (const plane of planes) columns.push({ address: plane + 4 * v, mode: stridedMode(layer.logFold) });
    }
    await this.#hasher.leaves(this.#arena, columns, 2 ** layer.shape.logLeaves, tree.leaves);
    await tree.build(this.#hasher);
    this.#friLayers.push({ planes, tree });
    return tree.cap;
  }

  async foldFriLayer(_i: number, layer: FriLayerLayout, foldCount: number, coefficient: QM31): Promise<void> {
    let current = this.#currentLayer();
    let lambda = coefficient;
    for (let fold = 0; fold < layer.logFold; fold++) {
      const pairCount = 2 ** (current.logSize - 1);
      const planes = allocatePlanes(this.#arena, pairCount);
      const mark = this.#arena.mark();
      const [source, target] = [this.#arena.place(current.planes), this.#arena.place(planes)];
      const constants = this.#arena.place(lambda);
      const inverses = this.#twiddles.foldInverses(this.#task.layout.logDomain, foldCount + fold);
      await this.#pool.run(
        chunked(pairCount, ROW_CHUNK, (from, to) => ({
          name: 'foldPairs',
          args: [source, target, inverses, constants, from, to],
        })),
      );
      this.#arena.release(mark);
      current = { planes, logSize: current.logSize - 1 };
      lambda = square(lambda);
    }
    this.#layer = current;
  }

  async lastLayerCoefficients(): Promise<QM31[]> {
    const { planes, logSize } = this.#currentLayer();
    const { logDomain } = this.#task.layout;
    const words = planes.map((plane) => this.#arena.words(plane, 2 ** logSize));
    const values = Array.from(
      { length: 2 ** logSize },
      (_, i): QM31 => [words[0]![i]!, words[1]![i]!, words[2]![i]!, words[3]![i]!],
    );
    return interpolateLine(values, logDomain);
  }

  async grind(state: Uint8Array, step: Step, bits: number): Promise<Nonce> {
    const isKeccak = this.#task.parameters.hash === 'keccak256';
    const mark = this.#arena.mark();
    const role = isKeccak
      ? HASH_ROLE.transcript << 24
      : this.#arena.place(blake2sInitialState(HASH_ROLE.transcript));
    const message = this.#arena.allocate(64);
    const portion = 2 ** 14;
    try {
      for (let high = 0; ; high++) {
        this.#arena.bytes(message, 52).set(grindingInput(state, step, bits, [high, 0]));
        for (let low = 0; low < 2 ** 31; ) {
          const calls: KernelCall[] = [];
          for (let i = 0; i < 4 * this.#pool.threadCount; i++, low += portion) {
            calls.push({
              name: isKeccak ? 'keccakGrind' : 'blakeGrind',
              args: [message, low, low + portion, bits, role],
              scratch: true,
            });
          }
          const found = (await this.#pool.run(calls)).find((nonce) => Number(nonce) >= 0);
          if (found !== undefined) return [high, Number(found)];
        }
      }
    } finally {
      this.#arena.release(mark);
    }
  }

  async openRows(name: TreeName, positions: readonly number[]): Promise<Opening[]> {
    const tree = this.#trees.get(name);
    if (tree === undefined) throw new CairnError('INTERNAL', `tree ${name} has not been committed to`);
    const rows = await evaluateRows(this.#context, this.#polynomialsOf(name), positions);
    return positions.map((position, q) => ({ words: rows[q]!, path: tree.path(position) }));
  }

  async openFriLeaves(i: number, leafIndices: readonly number[]): Promise<Opening[]> {
    const { planes, tree } = this.#friLayers[i]!;
    const { logFold } = this.#task.layout.friLayers[i]!;
    return leafIndices.map((leaf) => {
      const width = 2 ** logFold;
      const coordinates = planes.map((plane) => this.#arena.words(plane + 4 * leaf * width, width));
      const words = Array.from({ length: width }, (_, v) => coordinates.map((values) => values[v]!)).flat();
      return { words, path: tree.path(leaf) };
    });
  }

  close(): void {
    this.#arena.release(this.#start);
  }
}

import { CairnError } from '@cairn/primitives';
import type { LookupChallenges } from '../../core/air/evaluate.ts';
import type { Step } from '../../core/channel/channel.ts';
import type { SecurePoint } from '../../core/circle/circlePoint.ts';
import type { QM31 } from '../../core/field/qm31.ts';
import { hashSuite } from '../../core/hash/hashSuite.ts';
import type { Nonce } from '../../core/proof/proof.ts';
import type { CommittedColumn, FriLayerLayout, TreeName } from '../../core/proof/proofLayout.ts';
import type { DeepPlan } from '../../core/verifier/deepQuotients.ts';
import type { Opening, ProverSession, ProverTask } from '../backend.ts';
import type { Arena } from './arena.ts';
import { evaluateBlock, type KernelContext, type Polynomial } from './kernelContext.ts';
import type { KernelCall, Pool } from './pool.ts';
import type { AirKernels } from './tableKernels.ts';
import type { TwiddleStore } from './twiddleStore.ts';
import { makeComposition } from './wasmComposition.ts';
import { WasmFri } from './wasmFri.ts';
import { grind } from './wasmGrinding.ts';
import { makeInteractionColumns } from './wasmInteraction.ts';
import { evaluateRows, samplePolynomials } from './wasmOpenings.ts';
import { makeQuotient } from './wasmQuotient.ts';
import { type LeafColumn, TreeHasher, WasmTree } from './wasmTree.ts';

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
  readonly #maxKeptLeaves: number;
  #afterTrace = 0;
  #fri: WasmFri | undefined;

  /** @param maxKeptLeaves digests of the leaves of larger trees are not kept but made anew where they are opened. */
  constructor(context: KernelContext, kernels: AirKernels, maxKeptLeaves: number) {
    const { task, arena, twiddles, pool } = context;
    this.#context = context;
    this.#maxKeptLeaves = maxKeptLeaves;
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
    const keepsLeaves = 2 ** layout.treeShape.logLeaves <= this.#maxKeptLeaves;
    const tree = new WasmTree(this.#arena, layout.treeShape, parameters.hash, keepsLeaves);
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
      await tree.addLeaves(this.#hasher, columns, blockLeaves * block, blockLeaves);
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

  async interactionColumns(challenges: LookupChallenges): Promise<QM31[] | undefined> {
    // A second attempt with another salt starts from here again.
    this.#arena.release(this.#afterTrace);
    const columns = this.#columnsOf('interaction');
    const made = await makeInteractionColumns(this.#context, this.#kernels, columns, challenges);
    if (made !== undefined) this.#polynomials.set('interaction', made.polynomials);
    return made?.claimed;
  }

  async commitInteraction(): Promise<Uint8Array[]> {
    return this.#commit('interaction', [...this.#polynomialsOf('interaction')]);
  }

  async commitComposition(
    coefficient: QM31,
    lookup: LookupChallenges | undefined,
    claimedSums: readonly QM31[],
  ): Promise<Uint8Array[]> {
    if (this.#task.layout.lookupTables.length === 0) this.#arena.release(this.#afterTrace);
    const committed = (name: TreeName) => {
      const polynomials = this.#polynomialsOf(name);
      return this.#columnsOf(name).map((column, i) => ({ column, polynomial: polynomials[i]! }));
    };
    const pieces = await makeComposition(
      this.#context,
      this.#kernels,
      committed,
      coefficient,
      lookup,
      claimedSums,
    );
    return this.#commit('composition', pieces);
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
    const planes = await makeQuotient(this.#context, this.#allPolynomials(), plan);
    this.#fri = new WasmFri(this.#context, this.#hasher, planes);
  }

  #friLayers(): WasmFri {
    if (this.#fri === undefined) throw new CairnError('INTERNAL', 'no FRI layer yet');
    return this.#fri;
  }

  async commitFriLayer(_i: number, layer: FriLayerLayout): Promise<Uint8Array[]> {
    return this.#friLayers().commit(layer);
  }

  async foldFriLayer(_i: number, layer: FriLayerLayout, foldCount: number, coefficient: QM31): Promise<void> {
    await this.#friLayers().fold(layer, foldCount, coefficient);
  }

  async lastLayerCoefficients(): Promise<QM31[]> {
    return this.#friLayers().lastLayerCoefficients();
  }

  async grind(state: Uint8Array, step: Step, bits: number): Promise<Nonce> {
    return grind(this.#context, state, step, bits);
  }

  async openRows(name: TreeName, positions: readonly number[]): Promise<Opening[]> {
    const tree = this.#trees.get(name);
    if (tree === undefined) throw new CairnError('INTERNAL', `tree ${name} has not been committed to`);
    const rows = await evaluateRows(this.#context, this.#polynomialsOf(name), positions);
    const hash = hashSuite(this.#task.parameters.hash);
    const siblings = tree.keepsLeaves
      ? undefined
      : await evaluateRows(
          this.#context,
          this.#polynomialsOf(name),
          positions.map((position) => position ^ 1),
        );
    return positions.map((position, q) => ({
      words: rows[q]!,
      path: tree.path(position, siblings && hash.leaf(siblings[q]!)),
    }));
  }

  async openFriLeaves(i: number, leafIndices: readonly number[]): Promise<Opening[]> {
    return this.#friLayers().open(i, leafIndices);
  }

  close(): void {
    this.#arena.release(this.#start);
  }
}

import { type QM31, square } from '../../core/field/qm31.ts';
import type { FriLayerLayout } from '../../core/proof/proofLayout.ts';
import type { Opening } from '../backend.ts';
import { interpolateLine } from '../interpolateLine.ts';
import { allocatePlanes, chunked, type KernelContext, type Planes, ROW_CHUNK } from './kernelContext.ts';
import { type LeafColumn, stridedMode, type TreeHasher, WasmTree } from './wasmTree.ts';

/** The layers of FRI in the memory of the kernels. */
export class WasmFri {
  readonly #context: KernelContext;
  readonly #hasher: TreeHasher;
  readonly #layers: { readonly planes: Planes; readonly tree: WasmTree }[] = [];
  #current: { readonly planes: Planes; readonly logSize: number };

  /** @param planes the joined quotient on the whole domain. */
  constructor(context: KernelContext, hasher: TreeHasher, planes: Planes) {
    this.#context = context;
    this.#hasher = hasher;
    this.#current = { planes, logSize: context.task.layout.logDomain };
  }

  /** Commits to the present layer; the cap. */
  async commit(layer: FriLayerLayout): Promise<Uint8Array[]> {
    const { arena, task } = this.#context;
    const { planes } = this.#current;
    const tree = new WasmTree(arena, layer.shape, task.parameters.hash, true);
    const columns: LeafColumn[] = [];
    for (let v = 0; v < 2 ** layer.logFold; v++) {
      for (const plane of planes) columns.push({ address: plane + 4 * v, mode: stridedMode(layer.logFold) });
    }
    await tree.addLeaves(this.#hasher, columns, 0, 2 ** layer.shape.logLeaves);
    await tree.build(this.#hasher);
    this.#layers.push({ planes, tree });
    return tree.cap;
  }

  /** Folds the present layer, `foldCount` folds having been done before. */
  async fold(layer: FriLayerLayout, foldCount: number, coefficient: QM31): Promise<void> {
    const { arena, pool, task, twiddles } = this.#context;
    let current = this.#current;
    let lambda = coefficient;
    for (let fold = 0; fold < layer.logFold; fold++) {
      const pairCount = 2 ** (current.logSize - 1);
      const planes = allocatePlanes(arena, pairCount);
      const mark = arena.mark();
      const [source, target] = [arena.place(current.planes), arena.place(planes)];
      const constants = arena.place(lambda);
      const inverses = twiddles.foldInverses(task.layout.logDomain, foldCount + fold);
      await pool.run(
        chunked(pairCount, ROW_CHUNK, (from, to) => ({
          name: 'foldPairs',
          args: [source, target, inverses, constants, from, to],
        })),
      );
      arena.release(mark);
      current = { planes, logSize: current.logSize - 1 };
      lambda = square(lambda);
    }
    this.#current = current;
  }

  /** Coefficients of what is left after the last fold. */
  lastLayerCoefficients(): QM31[] {
    const { arena, task } = this.#context;
    const { planes, logSize } = this.#current;
    const { logDomain } = task.layout;
    const words = planes.map((plane) => arena.words(plane, 2 ** logSize));
    const values = Array.from(
      { length: 2 ** logSize },
      (_, i): QM31 => [words[0]![i]!, words[1]![i]!, words[2]![i]!, words[3]![i]!],
    );
    return interpolateLine(values, logDomain);
  }

  /** Opens leaves of layer i. */
  open(i: number, leafIndices: readonly number[]): Opening[] {
    const { arena, task } = this.#context;
    const { planes, tree } = this.#layers[i]!;
    const { logFold } = task.layout.friLayers[i]!;
    return leafIndices.map((leaf) => {
      const width = 2 ** logFold;
      const coordinates = planes.map((plane) => arena.words(plane + 4 * leaf * width, width));
      const words = Array.from({ length: width }, (_, v) => coordinates.map((values) => values[v]!)).flat();
      return { words, path: tree.path(leaf) };
    });
  }
}

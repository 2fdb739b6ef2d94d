import { CairnError } from '@cairn/primitives';
import {
  batchFraction,
  constraintValues,
  evaluateNodes,
  type LookupChallenges,
  SECURE_FIELD,
} from '../../core/air/evaluate.ts';
import type { Table } from '../../core/air/ir.ts';
import { grindingInput, leadingZeroBits, type Step } from '../../core/channel/channel.ts';
import { evaluate, fftTwiddles, interpolate } from '../../core/circle/circleFft.ts';
import { doubleSecurePoint, doubleX, type SecurePoint } from '../../core/circle/circlePoint.ts';
import { liftedPosition, nextRowPosition, pointAtPosition, positionOfRow } from '../../core/circle/domain.ts';
import { evaluatePolynomial } from '../../core/circle/evaluatePolynomial.ts';
import { invM31 } from '../../core/field/m31.ts';
import {
  add,
  batchInverse,
  isZero,
  liftM31,
  mul,
  ONE,
  type QM31,
  QM31_DEGREE,
  scale,
  sub,
  ZERO,
} from '../../core/field/qm31.ts';
import { foldLeaf } from '../../core/fri/fold.ts';
import { type HashSuite, hashSuite } from '../../core/hash/hashSuite.ts';
import type { MerkleShape } from '../../core/merkle/merklePath.ts';
import type { Nonce } from '../../core/proof/proof.ts';
import type { CommittedColumn, FriLayerLayout, TreeName } from '../../core/proof/proofLayout.ts';
import { type DeepPlan, deepQuotient } from '../../core/verifier/deepQuotients.ts';
import type { Opening, ProverBackend, ProverSession, ProverTask } from '../backend.ts';
import { interpolateLine } from '../interpolateLine.ts';

/** A Merkle tree with all its nodes; level 0 holds the leaves. */
class Tree {
  readonly #levels: Uint8Array[][];
  readonly #shape: MerkleShape;
  readonly #leafWords: (index: number) => readonly number[];

  constructor(hash: HashSuite, shape: MerkleShape, leafWords: (index: number) => readonly number[]) {
    this.#shape = shape;
    this.#leafWords = leafWords;
    let level = Array.from({ length: 2 ** shape.logLeaves }, (_, i) => hash.leaf(leafWords(i)));
    this.#levels = [level];
    for (let log = shape.logLeaves; log > shape.logCap; log--) {
      level = Array.from({ length: level.length / 2 }, (_, i) => hash.node(level[2 * i]!, level[2 * i + 1]!));
      this.#levels.push(level);
    }
  }

  get cap(): Uint8Array[] {
    return this.#levels[this.#levels.length - 1]!;
  }

  open(index: number): Opening {
    const path: Uint8Array[] = [];
    for (let level = 0; level < this.#shape.logLeaves - this.#shape.logCap; level++) {
      path.push(this.#levels[level]![(index >>> level) ^ 1]!);
    }
    return { words: this.#leafWords(index), path };
  }
}

/** A column as polynomial and as values on its own domain, by position. */
interface Polynomial {
  readonly logHeight: number;
  readonly coefficients: Uint32Array;
  readonly values: Uint32Array;
}

/** A session that does everything in plain TypeScript, close to the formulas: slow, and the judge of the fast one. */
class ReferenceSession implements ProverSession {
  readonly #task: ProverTask;
  readonly #hash: HashSuite;
  readonly #twiddles = new Map<number, Uint32Array[]>();
  readonly #polynomials = new Map<TreeName, Polynomial[]>();
  readonly #trees = new Map<TreeName, Tree>();
  readonly #friTrees: Tree[] = [];
  #layer: QM31[] = [];
  #sumColumns: Uint32Array[] = [];

  constructor(task: ProverTask) {
    this.#task = task;
    this.#hash = hashSuite(task.parameters.hash);
  }

  #twiddlesOf(logDomain: number): Uint32Array[] {
    let twiddles = this.#twiddles.get(logDomain);
    if (twiddles === undefined) {
      twiddles = fftTwiddles(logDomain);
      this.#twiddles.set(logDomain, twiddles);
    }
    return twiddles;
  }

  #polynomialOfRows(rows: Uint32Array): Polynomial {
    const logHeight = Math.log2(rows.length);
    const values = new Uint32Array(rows.length);
    rows.forEach((value, row) => {
      values[positionOfRow(row, logHeight)] = value;
    });
    interpolate(values, this.#twiddlesOf(logHeight));
    return this.#extend(values);
  }

  #extend(coefficients: Uint32Array): Polynomial {
    const logHeight = Math.log2(coefficients.length);
    const twiddles = this.#twiddlesOf(logHeight + this.#task.parameters.logBlowup);
    return { logHeight, coefficients, values: evaluate(coefficients, twiddles) };
  }

  #commit(name: TreeName, polynomials: Polynomial[]): Uint8Array[] {
    const { layout } = this.#task;
    this.#polynomials.set(name, polynomials);
    const tree = new Tree(this.#hash, layout.treeShape, (position) =>
      polynomials.map(
        ({ logHeight, values }) => values[liftedPosition(position, layout.logMaxHeight - logHeight)]!,
      ),
    );
    this.#trees.set(name, tree);
    return tree.cap;
  }

  #columnsOf(name: TreeName): readonly CommittedColumn[] {
    return this.#task.layout.trees.find((tree) => tree.name === name)?.columns ?? [];
  }

  async commitTrace(name: 'fixed' | 'main'): Promise<Uint8Array[]> {
    const { trace } = this.#task;
    return this.#commit(
      name,
      this.#columnsOf(name).map(({ table, column }) =>
        this.#polynomialOfRows(trace[table!]!.columns[column]!),
      ),
    );
  }

  async interactionColumns(challenges: LookupChallenges): Promise<QM31[] | undefined> {
    const { air, trace, publicValues, layout } = this.#task;
    const busIds = air.buses.map((bus) => bus.id);
    const claimed: QM31[] = [];
    this.#sumColumns = [];
    for (const t of layout.lookupTables) {
      const table = air.tables[t]!;
      const { columns, logHeight } = trace[t]!;
      const height = 2 ** logHeight;
      const numerators: QM31[][] = table.batches.map(() => []);
      const denominators: QM31[][] = table.batches.map(() => []);
      for (let row = 0; row < height; row++) {
        const nodeValues = evaluateNodes(table.nodes, SECURE_FIELD, {
          column: (column, next) => liftM31(columns[column]![next ? (row + 1) % height : row]!),
          publicValues,
          isFirst: row === 0 ? ONE : ZERO,
          isLast: row === height - 1 ? ONE : ZERO,
        });
        table.batches.forEach((batch, b) => {
          const { numerator, denominator } = batchFraction(table, batch, nodeValues, { challenges, busIds });
          numerators[b]!.push(numerator);
          denominators[b]!.push(denominator);
        });
      }
      if (denominators.some((column) => column.some(isZero))) return undefined;
      const fractions = numerators.map((column, b) => {
        const inverses = batchInverse(denominators[b]!);
        return column.map((numerator, row) => mul(numerator, inverses[row]!));
      });
      const rowSums = Array.from({ length: height }, (_, row) =>
        fractions.reduce((sum, column) => add(sum, column[row]!), ZERO),
      );
      const total = rowSums.reduce(add, ZERO);
      const mean = scale(total, invM31(height));
      const running: QM31[] = [];
      let sum = ZERO;
      for (const rowSum of rowSums) {
        running.push(sum);
        sum = sub(add(sum, rowSum), mean);
      }
      claimed.push(total);
      fractions[fractions.length - 1] = running;
      for (const column of fractions) {
        for (let c = 0; c < QM31_DEGREE; c++)
          this.#sumColumns.push(Uint32Array.from(column, (value) => value[c]!));
      }
    }
    return claimed;
  }

  async commitInteraction(): Promise<Uint8Array[]> {
    return this.#commit(
      'interaction',
      this.#sumColumns.map((column) => this.#polynomialOfRows(column)),
    );
  }

  /** Σ γ^k C_k of one table on the first positions of its domain, as many as the composition needs. */
  #tableComposition(
    table: Table,
    t: number,
    coefficients: readonly QM31[],
    lookup: LookupChallenges | undefined,
    claimedSum: QM31 | undefined,
  ): QM31[] {
    const { air, layout, parameters, publicValues } = this.#task;
    const logHeight = layout.logHeights[t]!;
    const columns = new Map<number, Uint32Array>();
    for (const name of ['fixed', 'main'] as const) {
      this.#columnsOf(name).forEach((column, i) => {
        if (column.table === t) columns.set(column.column, this.#polynomials.get(name)![i]!.values);
      });
    }
    const sums: Uint32Array[] = [];
    this.#columnsOf('interaction').forEach((column, i) => {
      if (column.table === t) sums.push(this.#polynomials.get('interaction')![i]!.values);
    });
    const sumAt = (batch: number, position: number): QM31 => [
      sums[4 * batch]![position]!,
      sums[4 * batch + 1]![position]!,
      sums[4 * batch + 2]![position]!,
      sums[4 * batch + 3]![position]!,
    ];
    const selector = (row: number) => {
      const rows = new Uint32Array(2 ** logHeight);
      rows[row] = 1;
      return this.#polynomialOfRows(rows).values;
    };
    const first = selector(0);
    const last = selector(2 ** logHeight - 1);
    const busIds = air.buses.map((bus) => bus.id);
    const meanSum = claimedSum === undefined ? ZERO : scale(claimedSum, invM31(2 ** logHeight));
    return Array.from({ length: 2 ** (logHeight + air.logComposition) }, (_, position) => {
      const next = nextRowPosition(position, logHeight, parameters.logBlowup);
      const nodeValues = evaluateNodes(table.nodes, SECURE_FIELD, {
        column: (column, isNext) => liftM31(columns.get(column)![isNext ? next : position]!),
        publicValues,
        isFirst: liftM31(first[position]!),
        isLast: liftM31(last[position]!),
      });
      const values = constraintValues(
        table,
        nodeValues,
        lookup === undefined || claimedSum === undefined
          ? undefined
          : {
              challenges: lookup,
              busIds,
              sums: table.batches.map((_batch, b) => sumAt(b, position)),
              nextSum: sumAt(table.batches.length - 1, next),
              meanSum,
            },
      );
      return values.reduce((sum, value, k) => add(sum, mul(coefficients[k]!, value)), ZERO);
    });
  }

  async commitComposition(
    coefficient: QM31,
    lookup: LookupChallenges | undefined,
    claimedSums: readonly QM31[],
  ): Promise<Uint8Array[]> {
    const { air, layout } = this.#task;
    const { logMaxHeight, logDomain } = layout;
    const size = 2 ** (logMaxHeight + air.logComposition);
    let total: QM31[] = new Array<QM31>(size).fill(ZERO);
    let power = ONE;
    air.tables.forEach((table, t) => {
      const coefficients = Array.from({ length: table.constraints.length + table.batches.length }, () => {
        const own = power;
        power = mul(power, coefficient);
        return own;
      });
      const claimed = claimedSums[layout.lookupTables.indexOf(t)];
      const values = this.#tableComposition(table, t, coefficients, lookup, claimed);
      const doublings = logMaxHeight - layout.logHeights[t]!;
      total = total.map((sum, position) => add(sum, values[liftedPosition(position, doublings)]!));
    });
    const quotient = total.map((sum, position) => {
      let x = pointAtPosition(position, logDomain).x;
      for (let i = 1; i < logMaxHeight; i++) x = doubleX(x);
      return scale(sum, invM31(x));
    });
    const twiddles = this.#twiddlesOf(logDomain);
    const coordinates = Array.from({ length: QM31_DEGREE }, (_, c) => {
      const values = Uint32Array.from(quotient, (value) => value[c]!);
      interpolate(values, twiddles);
      return values;
    });
    const pieceSize = 2 ** logMaxHeight;
    return this.#commit(
      'composition',
      Array.from({ length: 2 ** air.logComposition }, (_, piece) =>
        coordinates.map((values) => this.#extend(values.slice(piece * pieceSize, (piece + 1) * pieceSize))),
      ).flat(),
    );
  }

  #allPolynomials(): Polynomial[] {
    return this.#task.layout.trees.flatMap((tree) => this.#polynomials.get(tree.name)!);
  }

  async sample(z: SecurePoint, next: SecurePoint): Promise<{ samples: QM31[]; nextSamples: QM31[] }> {
    const { layout } = this.#task;
    const polynomials = this.#allPolynomials();
    const at = ({ logHeight, coefficients }: Polynomial, point: SecurePoint) =>
      evaluatePolynomial(coefficients, doubleSecurePoint(point, layout.logMaxHeight - logHeight));
    return {
      samples: polynomials.map((polynomial) => at(polynomial, z)),
      nextSamples: layout.nextColumns.map((column) => at(polynomials[column]!, next)),
    };
  }

  async makeQuotient(plan: DeepPlan): Promise<void> {
    const { layout } = this.#task;
    const polynomials = this.#allPolynomials();
    this.#layer = Array.from({ length: 2 ** layout.logDomain }, (_, position) =>
      deepQuotient(
        layout,
        plan,
        pointAtPosition(position, layout.logDomain),
        polynomials.map(
          ({ logHeight, values }) => values[liftedPosition(position, layout.logMaxHeight - logHeight)]!,
        ),
      ),
    );
  }

  async commitFriLayer(_i: number, layer: FriLayerLayout): Promise<Uint8Array[]> {
    const values = this.#layer;
    const width = 2 ** layer.logFold;
    const tree = new Tree(this.#hash, layer.shape, (index) =>
      values.slice(index * width, (index + 1) * width).flat(),
    );
    this.#friTrees.push(tree);
    return tree.cap;
  }

  async foldFriLayer(_i: number, layer: FriLayerLayout, foldCount: number, coefficient: QM31): Promise<void> {
    const width = 2 ** layer.logFold;
    const values = this.#layer;
    this.#layer = Array.from({ length: values.length / width }, (_, index) =>
      foldLeaf(
        values.slice(index * width, (index + 1) * width),
        index,
        this.#task.layout.logDomain,
        foldCount,
        coefficient,
      ),
    );
  }

  async lastLayerCoefficients(): Promise<QM31[]> {
    return interpolateLine(this.#layer, this.#task.layout.logDomain);
  }

  async grind(state: Uint8Array, step: Step, bits: number): Promise<Nonce> {
    for (let high = 0; ; high++) {
      for (let low = 0; low < 2 ** 32; low++) {
        const nonce: Nonce = [high, low];
        if (leadingZeroBits(this.#hash.transcript(grindingInput(state, step, bits, nonce))) >= bits)
          return nonce;
      }
    }
  }

  async openRows(name: TreeName, positions: readonly number[]): Promise<Opening[]> {
    const tree = this.#trees.get(name);
    if (tree === undefined) throw new CairnError('INTERNAL', `tree ${name} has not been committed to`);
    return positions.map((position) => tree.open(position));
  }

  async openFriLeaves(i: number, leafIndices: readonly number[]): Promise<Opening[]> {
    return leafIndices.map((index) => this.#friTrees[i]!.open(index));
  }

  close(): void {
    this.#polynomials.clear();
    this.#trees.clear();
  }
}

/** The plain TypeScript backend: slow, literal, the reference that the fast one is compared with. */
export const referenceBackend: ProverBackend = {
  name: 'reference',
  open: async (task) => new ReferenceSession(task),
};

import type { LookupChallenges } from '../../core/air/evaluate.ts';
import type { Table } from '../../core/air/ir.ts';
import { type M31, P } from '../../core/field/m31.ts';
import { type QM31, sub } from '../../core/field/qm31.ts';
import { type EncodedFunction, OP } from './wasmEncoder.ts';

// Expression graphs as WebAssembly. Four rows or positions at a time; values lie in [0, p]. Parameters of every function:
// addresses of a list of column addresses, of the same columns' next rows, of the constants, of a list of output addresses;
// first and last byte of the columns.

/** A word of the constants that a kernel reads; doubled ones are factors. */
export type ConstantName =
  | { readonly kind: 'value'; readonly value: M31 }
  | { readonly kind: 'public'; readonly index: number }
  /** Coordinate c of α^power. */
  | { readonly kind: 'alpha'; readonly power: number; readonly c: number }
  /** Coordinate c of (bus id) - z. */
  | { readonly kind: 'bus'; readonly id: M31; readonly c: number }
  /** Coordinate c of the table's mean sum. */
  | { readonly kind: 'mean'; readonly c: number }
  /** Coordinate c of the composition coefficient of the table's k-th constraint. */
  | { readonly kind: 'coefficient'; readonly k: number; readonly c: number };

/** Values of the constants' names, for one proof and table. */
export interface KernelInputs {
  readonly publicValues: readonly M31[];
  readonly lookup: LookupChallenges | undefined;
  readonly meanSum: QM31;
  readonly coefficients: readonly QM31[];
}

const PARAMETER = { columns: 0, nextColumns: 1, constants: 2, outputs: 3, at: 4, to: 5 } as const;
const PARAMETER_COUNT = 6;

/** Four values, by a number of their own. */
export type Vector = number;
/** Four coordinates of QM31. */
export type Secure = readonly [Vector, Vector, Vector, Vector];

const accessGet = (vector: Vector): Access[] => [{ code: OP.localGet, vector }];
const accessSet = (vector: Vector): Access[] => [{ code: OP.localSet, vector }];
const accessTee = (vector: Vector): Access[] => [{ code: OP.localTee, vector }];

/** Where code reads or writes a vector, by its number. */
type Access = { readonly code: (local: number) => number[]; readonly vector: Vector };

/** Emits the body of one kernel. Vectors are numbered as they are computed, and share locals when their lives do not meet. */
export class KernelEmitter {
  readonly #code: (number | Access)[] = [];
  readonly #constants: { readonly name: ConstantName; readonly doubled: boolean }[] = [];
  readonly #constantIndex = new Map<string, number>();
  #vectorCount = 0;
  readonly #prime: Vector;
  readonly #low: Vector;
  readonly #high: Vector;

  constructor() {
    this.#prime = this.#local();
    this.#low = this.#local();
    this.#high = this.#local();
  }

  #local(): Vector {
    return this.#vectorCount++;
  }

  #emit(...parts: readonly (readonly (number | Access)[])[]): void {
    for (const part of parts) for (const item of part) this.#code.push(item);
  }

  #set(...parts: readonly (readonly (number | Access)[])[]): Vector {
    const local = this.#local();
    this.#emit(...parts, accessSet(local));
    return local;
  }

  constant(name: ConstantName, doubled = false): Vector {
    const key = JSON.stringify([name, doubled]);
    let index = this.#constantIndex.get(key);
    if (index === undefined) {
      index = this.#constants.length;
      this.#constants.push({ name, doubled });
      this.#constantIndex.set(key, index);
    }
    return this.#set(OP.localGet(PARAMETER.constants), OP.v128Load32Splat(4 * index));
  }

  secureConstant(name: (c: number) => ConstantName): Secure {
    return [0, 1, 2, 3].map((c) => this.constant(name(c))) as unknown as Secure;
  }

  column(index: number, next: boolean): Vector {
    const list = next ? PARAMETER.nextColumns : PARAMETER.columns;
    return this.#set(
      OP.localGet(list),
      OP.i32Load(4 * index),
      OP.localGet(PARAMETER.at),
      OP.i32Add,
      OP.v128Load,
    );
  }

  store(output: number, value: Vector): void {
    this.#emit(OP.localGet(PARAMETER.outputs), OP.i32Load(4 * output), OP.localGet(PARAMETER.at), OP.i32Add);
    this.#emit(accessGet(value), OP.v128Store);
  }

  add(a: Vector, b: Vector): Vector {
    const local = this.#local();
    this.#emit(accessGet(a), accessGet(b), OP.i32x4Add, accessTee(local), accessGet(local));
    this.#emit(accessGet(this.#prime), OP.i32x4Sub, OP.i32x4MinU, accessSet(local));
    return local;
  }

  /** The value in [0, p). */
  canonical(a: Vector): Vector {
    return this.#set(accessGet(a), accessGet(a), accessGet(this.#prime), OP.i32x4Sub, OP.i32x4MinU);
  }

  sub(a: Vector, b: Vector): Vector {
    const local = this.#local();
    this.#emit(accessGet(a), accessGet(b), OP.i32x4Sub, accessTee(local), accessGet(local));
    this.#emit(accessGet(this.#prime), OP.i32x4Add, OP.i32x4MinU, accessSet(local));
    return local;
  }

  mulDoubled(a: Vector, doubled: Vector): Vector {
    const local = this.#local();
    const operands = [...accessGet(a), ...accessGet(doubled)];
    this.#emit(
      operands,
      OP.i64x2ExtmulLowU,
      accessSet(this.#low),
      operands,
      OP.i64x2ExtmulHighU,
      accessSet(this.#high),
    );
    const both = [...accessGet(this.#low), ...accessGet(this.#high)];
    this.#emit(both, OP.shuffleEven, OP.i32Const(1), OP.i32x4ShrU, both, OP.shuffleOdd, OP.i32x4Add);
    this.#emit(
      accessTee(local),
      accessGet(local),
      accessGet(this.#prime),
      OP.i32x4Sub,
      OP.i32x4MinU,
      accessSet(local),
    );
    return local;
  }

  mul(a: Vector, b: Vector): Vector {
    return this.mulDoubled(a, this.#set(accessGet(b), accessGet(b), OP.i32x4Add));
  }

  addSecure(a: Secure, b: Secure): Secure {
    return [this.add(a[0], b[0]), this.add(a[1], b[1]), this.add(a[2], b[2]), this.add(a[3], b[3])];
  }

  subSecure(a: Secure, b: Secure): Secure {
    return [this.sub(a[0], b[0]), this.sub(a[1], b[1]), this.sub(a[2], b[2]), this.sub(a[3], b[3])];
  }

  /** a·b for a vector of base-field values b. */
  scaleSecure(a: Secure, b: Vector): Secure {
    const doubled = this.#set(accessGet(b), accessGet(b), OP.i32x4Add);
    return a.map((word) => this.mulDoubled(word, doubled)) as unknown as Secure;
  }

  #complex([x0, x1]: readonly [Vector, Vector], [y0, y1]: readonly [Vector, Vector]): [Vector, Vector] {
    const m0 = this.mul(x0, y0);
    const m1 = this.mul(x1, y1);
    const m2 = this.mul(this.add(x0, x1), this.add(y0, y1));
    return [this.sub(m0, m1), this.sub(this.sub(m2, m0), m1)];
  }

  mulSecure(a: Secure, b: Secure): Secure {
    const l = this.#complex([a[0], a[1]], [b[0], b[1]]);
    const h = this.#complex([a[2], a[3]], [b[2], b[3]]);
    const k = this.#complex(
      [this.add(a[0], a[2]), this.add(a[1], a[3])],
      [this.add(b[0], b[2]), this.add(b[1], b[3])],
    );
    return [
      this.add(l[0], this.sub(this.add(h[0], h[0]), h[1])),
      this.add(l[1], this.add(h[0], this.add(h[1], h[1]))),
      this.sub(this.sub(k[0], l[0]), h[0]),
      this.sub(this.sub(k[1], l[1]), h[1]),
    ];
  }

  /** The function and the names of its constants. The loop runs over the bytes from `at` up to `to`. */
  finish(name: string): {
    encoded: EncodedFunction;
    constants: readonly { name: ConstantName; doubled: boolean }[];
  } {
    const primeAt = this.#constants.length;
    this.#constants.push({ name: { kind: 'value', value: P }, doubled: false });
    const { locals, count } = this.#allocate();
    const body = [
      ...OP.localGet(PARAMETER.constants),
      ...OP.v128Load32Splat(4 * primeAt),
      ...OP.localSet(locals[this.#prime]!),
      ...OP.loop,
    ];
    for (const item of this.#code) {
      if (typeof item === 'number') body.push(item);
      else body.push(...item.code(locals[item.vector]!));
    }
    body.push(...OP.localGet(PARAMETER.at), ...OP.i32Const(16), ...OP.i32Add, ...OP.localTee(PARAMETER.at));
    body.push(...OP.localGet(PARAMETER.to), ...OP.i32LtU, ...OP.brIf(0), ...OP.end);
    return { encoded: { name, vectorCount: count, body }, constants: this.#constants };
  }

  /** Gives every vector a local, free again after its last access; the prime keeps its own. */
  #allocate(): { locals: number[]; count: number } {
    const last = new Uint32Array(this.#vectorCount);
    this.#code.forEach((item, at) => {
      if (typeof item !== 'number') last[item.vector] = at;
    });
    const locals: number[] = [];
    const free: number[] = [];
    let count = 0;
    const take = () => free.pop() ?? PARAMETER_COUNT + count++;
    locals[this.#prime] = take();
    this.#code.forEach((item, at) => {
      if (typeof item === 'number' || item.vector === this.#prime) return;
      const local = (locals[item.vector] ??= take());
      if (last[item.vector] === at) free.push(local);
    });
    return { locals, count };
  }
}

/** The order of a table's columns in a kernel's lists: its own, two selectors, then four per look-up batch. */
export function selectorColumns(table: Table): { first: number; last: number; sums: number } {
  return { first: table.columns.length, last: table.columns.length + 1, sums: table.columns.length + 2 };
}

/** Emits the nodes that are asked for, each once; columns in `computed` are not loaded but emitted as their nodes. */
export function nodeEmitter(
  table: Table,
  emitter: KernelEmitter,
  computed: ReadonlyMap<number, number> = new Map(),
): (node: number) => Vector {
  const known = new Map<number, Vector>();
  const selectors = selectorColumns(table);
  const emit = (index: number): Vector => {
    const earlier = known.get(index);
    if (earlier !== undefined) return earlier;
    const node = table.nodes[index]!;
    let vector: Vector;
    switch (node.op) {
      case 'const':
        vector = emitter.constant({ kind: 'value', value: node.value });
        break;
      case 'public':
        vector = emitter.constant({ kind: 'public', index: node.index });
        break;
      case 'column': {
        const source = node.next ? undefined : computed.get(node.column);
        vector = source === undefined ? emitter.column(node.column, node.next) : emit(source);
        break;
      }
      case 'selector':
        vector = emitter.column(selectors[node.row], false);
        break;
      case 'mul': {
        const [a, b] = [table.nodes[node.a]!, table.nodes[node.b]!];
        if (a.op === 'const')
          vector = emitter.mulDoubled(
            emit(node.b),
            emitter.constant({ kind: 'value', value: a.value }, true),
          );
        else if (b.op === 'const')
          vector = emitter.mulDoubled(
            emit(node.a),
            emitter.constant({ kind: 'value', value: b.value }, true),
          );
        else vector = emitter.mul(emit(node.a), emit(node.b));
        break;
      }
      default:
        vector = emitter[node.op](emit(node.a), emit(node.b));
    }
    known.set(index, vector);
    return vector;
  };
  return emit;
}

/** A kernel of a table: its export and what it wants in its constants. */
export interface TableKernel {
  readonly name: string;
  readonly constants: readonly { readonly name: ConstantName; readonly doubled: boolean }[];
}

/** The words of a kernel's constants. */
export function kernelConstants(kernel: TableKernel, inputs: KernelInputs): Uint32Array {
  const wordOf = (name: ConstantName): M31 => {
    switch (name.kind) {
      case 'value':
        return name.value;
      case 'public':
        return inputs.publicValues[name.index]!;
      case 'alpha':
        return inputs.lookup!.alphaPowers[name.power]![name.c]!;
      case 'bus':
        return sub([name.id, 0, 0, 0], inputs.lookup!.z)[name.c]!;
      case 'mean':
        return inputs.meanSum[name.c]!;
      case 'coefficient':
        return inputs.coefficients[name.k]![name.c]!;
    }
  };
  return Uint32Array.from(kernel.constants, ({ name, doubled }) => (doubled ? 2 : 1) * wordOf(name));
}

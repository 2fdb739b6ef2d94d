import { xTwiddles, yTwiddles } from '../../core/circle/twiddles.ts';
import { batchInverseM31 } from '../../core/field/m31.ts';
import type { Arena } from './arena.ts';

/** Twiddles in the memory of the kernels, made once and kept. */
export class TwiddleStore {
  readonly #arena: Arena;
  readonly #tables = new Map<string, number>();
  readonly #layers = new Map<string, number>();

  constructor(arena: Arena) {
    this.#arena = arena;
  }

  #table(kind: 'x' | 'y', logSize: number, form: 'plain' | 'doubled' | 'inverse'): number {
    const key = `${kind}${logSize}${form}`;
    let address = this.#tables.get(key);
    if (address === undefined) {
      const plain = kind === 'x' ? xTwiddles(logSize) : yTwiddles(logSize);
      const values = form === 'inverse' ? batchInverseM31(plain) : plain;
      if (form !== 'plain') for (let i = 0; i < values.length; i++) values[i] = 2 * values[i]!;
      address = this.#arena.place(values);
      this.#tables.set(key, address);
    }
    return address;
  }

  /** Address of the list of addresses of all layers of C_logDomain: doubled twiddles, or doubled inverses. */
  layers(logDomain: number, form: 'doubled' | 'inverse'): number {
    const key = `${logDomain}${form}`;
    let address = this.#layers.get(key);
    if (address === undefined) {
      const tables = [this.#table('y', logDomain, form)];
      for (let layer = 1; layer < logDomain; layer++)
        tables.push(this.#table('x', logDomain - layer + 1, form));
      address = this.#arena.place(tables);
      this.#layers.set(key, address);
    }
    return address;
  }

  /** Address of one layer's doubled inverses, for the fold after so many. */
  foldInverses(logDomain: number, foldCount: number): number {
    return foldCount === 0
      ? this.#table('y', logDomain, 'inverse')
      : this.#table('x', logDomain - foldCount + 1, 'inverse');
  }

  /** Addresses of the coordinates of C_logDomain: x at positions 4m, y at positions 2i. */
  coordinates(logDomain: number): { xs: number; ys: number } {
    return { xs: this.#table('x', logDomain, 'plain'), ys: this.#table('y', logDomain, 'plain') };
  }
}

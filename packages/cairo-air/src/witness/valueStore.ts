import { type Felt, PRIME } from '@cairn/primitives';
import { FIRST_BIG_ID, GROUP_COUNT, LIMB_COUNT, SMALL_LIMB_COUNT } from '../air/valueForm.ts';
import { splitFelt } from './splitFelt.ts';

const SMALL_VALUE_BOUND = 2n ** 72n;
const SIGNED_BOUND = 2 ** 27;

/** A typed array that grows. */
function grown(values: Uint16Array, needed: number): Uint16Array {
  if (needed <= values.length) return values;
  const larger = new Uint16Array(Math.max(2 * values.length, needed));
  larger.set(values);
  return larger;
}

/** Forms in which tables look values up. */
export type ValueView = 'signed' | 'groups' | 'limbs' | 'pairs';

/** Values of a run, each once, as limbs, with counts of how often each view of a value is looked up. */
export class ValueStore {
  smallCount = 0;
  bigCount = 0;
  /** Eight limbs for each small value. */
  smallLimbs: Uint16Array = new Uint16Array(1024 * SMALL_LIMB_COUNT);
  /** 28 limbs for each big value. */
  bigLimbs: Uint16Array = new Uint16Array(256 * LIMB_COUNT);
  /** Ids of values met in the calls of one view. */
  readonly #uses = {
    signed: new UseCounts(),
    groups: new UseCounts(),
    limbs: new UseCounts(),
    pairs: new UseCounts(),
  };
  readonly #numbers = new Map<number, number>();
  readonly #felts = new Map<Felt, number>();

  constructor() {
    this.idOfNumber(0);
  }

  /** Id of an integer in (-2^53, 2^53); negative ones stand for P - |n|. */
  idOfNumber(value: number): number {
    const known = this.#numbers.get(value);
    if (known !== undefined) return known;
    let id: number;
    if (value >= 0) {
      this.smallLimbs = grown(this.smallLimbs, (this.smallCount + 1) * SMALL_LIMB_COUNT);
      const at = this.smallCount * SMALL_LIMB_COUNT;
      const low = value % 2 ** 27;
      const high = (value - low) / 2 ** 27;
      for (let k = 0; k < 3; k++) {
        this.smallLimbs[at + k] = (low >>> (9 * k)) & 511;
        this.smallLimbs[at + 3 + k] = (high >>> (9 * k)) & 511;
      }
      id = this.smallCount++;
    } else {
      id = this.#addBig(PRIME + BigInt(value));
    }
    this.#numbers.set(value, id);
    return id;
  }

  /** Id of a canonical felt. */
  idOfFelt(value: Felt): number {
    if (value <= 9007199254740991n) return this.idOfNumber(Number(value));
    if (PRIME - value <= 9007199254740991n) return this.idOfNumber(-Number(PRIME - value));
    const known = this.#felts.get(value);
    if (known !== undefined) return known;
    const id = value < SMALL_VALUE_BOUND ? this.#addSmall(value) : this.#addBig(value);
    this.#felts.set(value, id);
    return id;
  }

  #addSmall(value: Felt): number {
    this.smallLimbs = grown(this.smallLimbs, (this.smallCount + 1) * SMALL_LIMB_COUNT);
    splitFelt(value, this.smallLimbs, this.smallCount * SMALL_LIMB_COUNT, SMALL_LIMB_COUNT);
    return this.smallCount++;
  }

  #addBig(value: Felt): number {
    this.bigLimbs = grown(this.bigLimbs, (this.bigCount + 1) * LIMB_COUNT);
    splitFelt(value, this.bigLimbs, this.bigCount * LIMB_COUNT, LIMB_COUNT);
    return FIRST_BIG_ID + this.bigCount++;
  }

  /** Limb k of a value. */
  limb(id: number, k: number): number {
    if (id >= FIRST_BIG_ID) return this.bigLimbs[(id - FIRST_BIG_ID) * LIMB_COUNT + k]!;
    return k < SMALL_LIMB_COUNT ? this.smallLimbs[id * SMALL_LIMB_COUNT + k]! : 0;
  }

  /** Group g of three limbs of a value. */
  group(id: number, g: number): number {
    const k = 3 * g;
    if (g === GROUP_COUNT - 1) return this.limb(id, k);
    return this.limb(id, k) + 512 * this.limb(id, k + 1) + 2 ** 18 * this.limb(id, k + 2);
  }

  /** The value as an integer in [-2^27 - 1, 2^27), or NaN. */
  signed(id: number): number {
    if (id < FIRST_BIG_ID) {
      const at = id * SMALL_LIMB_COUNT;
      for (let k = 3; k < SMALL_LIMB_COUNT; k++) if (this.smallLimbs[at + k] !== 0) return Number.NaN;
      return this.group(id, 0);
    }
    if (this.limb(id, 27) !== 256 || this.limb(id, 22) !== 0) return Number.NaN;
    if (this.limb(id, 21) === 136) return -1;
    for (let k = 3; k < 27; k++)
      if (this.limb(id, k) !== (k < 21 ? 511 : k === 21 ? 135 : 0)) return Number.NaN;
    return this.group(id, 0) - SIGNED_BOUND - 1;
  }

  /** The felt. */
  felt(id: number): Felt {
    let value = 0n;
    for (let k = LIMB_COUNT - 1; k >= 0; k--) value = (value << 9n) | BigInt(this.limb(id, k));
    return value;
  }

  /** Counts a look-up of a view. */
  use(view: ValueView, id: number): void {
    this.#uses[view].add(id);
  }

  /** Counts of a view, for small or for big values. */
  uses(view: ValueView, size: 'small' | 'big'): Uint32Array {
    return this.#uses[view][size];
  }
}

/** Counts by id. */
class UseCounts {
  small: Uint32Array = new Uint32Array(1024);
  big: Uint32Array = new Uint32Array(256);

  add(id: number): void {
    const isBig = id >= FIRST_BIG_ID;
    const index = isBig ? id - FIRST_BIG_ID : id;
    let counts = isBig ? this.big : this.small;
    if (index >= counts.length) {
      const larger = new Uint32Array(Math.max(2 * counts.length, index + 1));
      larger.set(counts);
      if (isBig) this.big = larger;
      else this.small = larger;
      counts = larger;
    }
    counts[index] = counts[index]! + 1;
  }
}

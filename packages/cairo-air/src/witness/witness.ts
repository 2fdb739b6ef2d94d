import { ByteXorUses } from '../air/blake/byteXorTable.ts';
import type { RangeSizes } from '../air/rangeTables.ts';
import { XorUses, xorPieces } from '../air/xorTable.ts';
import type { BlakeRequest } from './fillBlake.ts';
import { ChainRequests } from './fillChains.ts';
import type { FlatMemory } from './flatMemory.ts';
import { RangeUses } from './rangeUses.ts';
import type { TableColumns } from './tableColumns.ts';
import type { ValueStore } from './valueStore.ts';

/** An operation that a table is asked to show: ids of operands and result. */
export type Operation = readonly [a: number, b: number, c: number];

/** Everything that tables ask of each other while they are filled. */
export class Witness {
  readonly memory: FlatMemory;
  readonly values: ValueStore;
  readonly ranges: RangeUses;
  readonly xors: XorUses;
  /** Xors of bytes. */
  readonly byteXors = new ByteXorUses();
  readonly blakes: BlakeRequest[] = [];
  readonly chains = new ChainRequests();
  readonly sums: Operation[] = [];
  readonly products: Operation[] = [];
  readonly tables: Record<string, TableColumns> = {};

  constructor(memory: FlatMemory, sizes: RangeSizes) {
    this.memory = memory;
    this.values = memory.values;
    this.ranges = new RangeUses(sizes);
    this.xors = new XorUses(xorPieces(sizes)[0]!);
  }
}

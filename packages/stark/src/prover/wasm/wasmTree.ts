import { blake2sInitialState, DIGEST_BYTES, HASH_ROLE, type HashName } from '../../core/hash/hashSuite.ts';
import type { MerkleShape } from '../../core/merkle/merklePath.ts';
import type { Arena } from './arena.ts';
import type { KernelCall, Pool } from './pool.ts';

/** How a leaf reads a column: lifted by so many doublings, or every 2^(mode - 32)th value. */
export interface LeafColumn {
  readonly address: number;
  readonly mode: number;
}

/** Mode of a column of which leaf i has value i·2^logStride. */
export function stridedMode(logStride: number): number {
  return 32 + logStride;
}

const CHUNK = 2048;

/** The hash kernels of one hash. */
export class TreeHasher {
  readonly #name: HashName;
  readonly #leafRole: number;
  readonly #nodeRole: number;
  readonly #pool: Pool;

  constructor(name: HashName, arena: Arena, pool: Pool) {
    this.#name = name;
    this.#pool = pool;
    const role = (code: number) =>
      name === 'keccak256' ? code << 24 : arena.place(blake2sInitialState(code));
    this.#leafRole = role(HASH_ROLE.leaf);
    this.#nodeRole = role(HASH_ROLE.node);
  }

  /** Hashes leaves [first, first + count) of the columns, numbered from `first` = 0 for their values, to target. */
  async leaves(arena: Arena, columns: readonly LeafColumn[], count: number, target: number): Promise<void> {
    const mark = arena.mark();
    const list = arena.place(columns.flatMap(({ address, mode }) => [address, mode]));
    const name = this.#name === 'keccak256' ? 'keccakLeaves' : 'blakeLeaves';
    const calls: KernelCall[] = [];
    for (let first = 0; first < count; first += CHUNK) {
      const size = Math.max(4, Math.min(CHUNK, count - first));
      calls.push({
        name,
        args: [list, columns.length, first, size, target + DIGEST_BYTES * first, this.#leafRole],
        scratch: true,
      });
    }
    await this.#pool.run(calls);
    arena.release(mark);
  }

  /** Hashes pairs of the 2·count digests at source to target. */
  async nodes(source: number, target: number, count: number): Promise<void> {
    const name = this.#name === 'keccak256' ? 'keccakNodes' : 'blakeNodes';
    const calls: KernelCall[] = [];
    for (let first = 0; first < count; first += CHUNK) {
      const size = Math.max(4, Math.min(CHUNK, count - first));
      calls.push({
        name,
        args: [source + 2 * DIGEST_BYTES * first, target + DIGEST_BYTES * first, size, this.#nodeRole],
        scratch: true,
      });
    }
    await this.#pool.run(calls);
  }
}

/** A Merkle tree in the memory of the kernels, every level of it. */
export class WasmTree {
  readonly #arena: Arena;
  readonly #shape: MerkleShape;
  readonly #levels: number[] = [];

  constructor(arena: Arena, shape: MerkleShape) {
    this.#arena = arena;
    this.#shape = shape;
    for (let log = shape.logLeaves; log >= shape.logCap; log--)
      this.#levels.push(arena.allocate(DIGEST_BYTES * 2 ** log));
  }

  /** Where the digests of the leaves belong. */
  get leaves(): number {
    return this.#levels[0]!;
  }

  /** Makes all levels above the leaves. */
  async build(hasher: TreeHasher): Promise<void> {
    for (let level = 1; level < this.#levels.length; level++) {
      await hasher.nodes(
        this.#levels[level - 1]!,
        this.#levels[level]!,
        2 ** (this.#shape.logLeaves - level),
      );
    }
  }

  #digest(level: number, index: number): Uint8Array {
    return this.#arena.bytes(this.#levels[level]! + DIGEST_BYTES * index, DIGEST_BYTES).slice();
  }

  /** The published nodes. */
  get cap(): Uint8Array[] {
    return Array.from({ length: 2 ** this.#shape.logCap }, (_, i) =>
      this.#digest(this.#levels.length - 1, i),
    );
  }

  /** The siblings from a leaf to the cap. */
  path(leaf: number): Uint8Array[] {
    return Array.from({ length: this.#levels.length - 1 }, (_, level) =>
      this.#digest(level, (leaf >>> level) ^ 1),
    );
  }
}

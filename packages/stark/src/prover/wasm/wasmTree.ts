import {
  blake2sInitialState,
  DIGEST_BYTES,
  HASH_ROLE,
  type HashName,
  hashSuite,
} from '../../core/hash/hashSuite.ts';
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

/** Words of a block of keccak-256. */
const KECCAK_BLOCK_WORDS = 34;
/** log2 of the most leaves that share a state of the sponge: the kernel hashes 256 leaves together, in fours. */
const MAX_LOG_SHARED = 6;

/**
 * Where keccak's blocks come to columns that fewer leaves share: pairs of the columns before, and log2 of the leaves that
 * share all those. Columns of short tables that stand first are so absorbed once for many leaves.
 */
export function keccakStages(columns: readonly LeafColumn[]): [columnsBefore: number, logShared: number][] {
  const stages: [number, number][] = [];
  let logShared = MAX_LOG_SHARED;
  // The role is the first word.
  for (let from = 0, to = KECCAK_BLOCK_WORDS - 1; ; from = to, to += KECCAK_BLOCK_WORDS) {
    const block = columns.slice(from, to);
    logShared = Math.min(logShared, ...block.map(({ mode }) => (mode < 32 ? mode : 0)));
    const isLast = to > columns.length;
    const before: [number, number] = [isLast ? columns.length : to, isLast ? 0 : logShared];
    if (stages.at(-1)?.[1] === before[1]) stages.pop();
    stages.push(before);
    if (isLast) return stages;
  }
}

const KERNELS: Record<HashName, { readonly leaves: string; readonly nodes: string }> = {
  keccak256: { leaves: 'keccakLeaves', nodes: 'keccakNodes' },
  keccak192: { leaves: 'keccakLeaves', nodes: 'keccakShortNodes' },
  blake2s: { leaves: 'blakeLeaves', nodes: 'blakeNodes' },
};

/** The hash kernels of one hash. Digests lie 32 bytes apart, shorter ones too. */
export class TreeHasher {
  readonly #name: HashName;
  readonly #leafRole: number;
  readonly #nodeRole: number;
  readonly #pool: Pool;

  constructor(name: HashName, arena: Arena, pool: Pool) {
    this.#name = name;
    this.#pool = pool;
    const role = (code: number) => (name === 'blake2s' ? arena.place(blake2sInitialState(code)) : code << 24);
    this.#leafRole = role(HASH_ROLE.leaf);
    this.#nodeRole = role(HASH_ROLE.node);
  }

  /** Hashes leaves [first, first + count) of the columns, numbered from `first` = 0 for their values, to target. */
  async leaves(arena: Arena, columns: readonly LeafColumn[], count: number, target: number): Promise<void> {
    const mark = arena.mark();
    const list = arena.place(columns.flatMap(({ address, mode }) => [address, mode]));
    const name = KERNELS[this.#name].leaves;
    const stages = name === 'keccakLeaves' ? keccakStages(columns) : [];
    const stageArgs = stages.length === 0 ? [] : [arena.place(stages.flat()), stages.length];
    const calls: KernelCall[] = [];
    for (let first = 0; first < count; first += CHUNK) {
      const size = Math.max(4, Math.min(CHUNK, count - first));
      calls.push({
        name,
        args: [
          list,
          columns.length,
          ...stageArgs,
          first,
          size,
          target + DIGEST_BYTES * first,
          this.#leafRole,
        ],
        scratch: true,
      });
    }
    await this.#pool.run(calls);
    arena.release(mark);
  }

  /** Hashes pairs of the 2·count digests at source to target. */
  async nodes(source: number, target: number, count: number): Promise<void> {
    const name = KERNELS[this.#name].nodes;
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

/** A Merkle tree in the memory of the kernels: every level of it, or all but the leaves. */
export class WasmTree {
  readonly #arena: Arena;
  readonly #shape: MerkleShape;
  readonly #digestBytes: number;
  /** Addresses of the levels, from the leaves up; the first is of no use where leaves are not kept. */
  readonly #levels: number[] = [];
  readonly keepsLeaves: boolean;

  constructor(arena: Arena, shape: MerkleShape, hash: HashName, keepsLeaves: boolean) {
    this.keepsLeaves = keepsLeaves || shape.logLeaves === shape.logCap;
    this.#arena = arena;
    this.#digestBytes = hashSuite(hash).digestBytes;
    this.#shape = shape;
    for (let log = shape.logLeaves; log >= shape.logCap; log--) {
      const isKept = log < shape.logLeaves || this.keepsLeaves;
      this.#levels.push(isKept ? arena.allocate(DIGEST_BYTES * 2 ** log) : 0);
    }
  }

  /** Hashes `count` leaves from number `first` on, both multiples of 8; in the columns they are numbered from 0. */
  async addLeaves(
    hasher: TreeHasher,
    columns: readonly LeafColumn[],
    first: number,
    count: number,
  ): Promise<void> {
    if (this.keepsLeaves) {
      await hasher.leaves(this.#arena, columns, count, this.#levels[0]! + DIGEST_BYTES * first);
      return;
    }
    const mark = this.#arena.mark();
    const digests = this.#arena.allocate(DIGEST_BYTES * count);
    await hasher.leaves(this.#arena, columns, count, digests);
    await hasher.nodes(digests, this.#levels[1]! + (DIGEST_BYTES * first) / 2, count / 2);
    this.#arena.release(mark);
  }

  /** Makes all levels above the leaves. */
  async build(hasher: TreeHasher): Promise<void> {
    for (let level = this.keepsLeaves ? 1 : 2; level < this.#levels.length; level++) {
      await hasher.nodes(
        this.#levels[level - 1]!,
        this.#levels[level]!,
        2 ** (this.#shape.logLeaves - level),
      );
    }
  }

  #digest(level: number, index: number): Uint8Array {
    return this.#arena.bytes(this.#levels[level]! + DIGEST_BYTES * index, this.#digestBytes).slice();
  }

  /** The published nodes. */
  get cap(): Uint8Array[] {
    return Array.from({ length: 2 ** this.#shape.logCap }, (_, i) =>
      this.#digest(this.#levels.length - 1, i),
    );
  }

  /** The siblings from a leaf to the cap; the first is `sibling` where leaves are not kept. */
  path(leaf: number, sibling?: Uint8Array): Uint8Array[] {
    return Array.from({ length: this.#levels.length - 1 }, (_, level) =>
      level === 0 && sibling !== undefined ? sibling : this.#digest(level, (leaf >>> level) ^ 1),
    );
  }
}

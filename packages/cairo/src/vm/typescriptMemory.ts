import { inconsistent, Memory, memoryLimit, unknownCell, type WriteWatcher } from './memory.ts';
import { SegmentTable } from './segmentTable.ts';
import {
  EMPTY,
  FIRST_TEMPORARY,
  isPointer,
  pointerWord,
  SEGMENT_BOUND,
  type Word,
  wordOffset,
  wordSegment,
} from './word.ts';

const FIRST_SEGMENT_CELLS = 8;
const FIRST_ARENA_CELLS = 2048;

/**
 * Memory whose segments lie in one arena (`cells`, and `accessed` beside it); a segment that outgrows its block
 * moves to a block twice as large, so cached indices into `cells` and the arrays themselves are stale after any
 * write by method. Offset o of segment s is `cells[segments.base[s] + o]`.
 */
export class TypescriptMemory extends Memory {
  cells: Float64Array;
  /** 1 for cells an instruction touched. */
  accessed: Uint8Array;
  readonly segments = new SegmentTable();
  readonly #temporary = new SegmentTable();
  readonly #watchers: (WriteWatcher | undefined)[] = [];
  readonly #maxCells: number;
  #arenaUsed = 0;

  /** `programBigs`: see {@link Memory}; `programSize` cells are expected for the program. */
  constructor(maxCells: number, programBigs: readonly bigint[] = [], programSize = 0) {
    super(programBigs);
    this.#maxCells = maxCells;
    const length = FIRST_ARENA_CELLS + programSize;
    this.cells = new Float64Array(length).fill(EMPTY);
    this.accessed = new Uint8Array(length);
  }

  override get segmentCount(): number {
    return this.segments.count;
  }

  override get temporaryCount(): number {
    return this.#temporary.count;
  }

  override sizeOf(segment: number): number {
    return segment < FIRST_TEMPORARY
      ? this.segments.size[segment]!
      : this.#temporary.size[segment - FIRST_TEMPORARY]!;
  }

  override cell(segment: number, offset: number): Word {
    return offset < this.sizeOf(segment) ? this.cells[this.#baseOf(segment) + offset]! : EMPTY;
  }

  override hasValue(segment: number, offset: number): boolean {
    return !Number.isNaN(this.cell(segment, offset));
  }

  override isAccessed(segment: number, offset: number): boolean {
    return offset < this.sizeOf(segment) && this.accessed[this.#baseOf(segment) + offset] === 1;
  }

  override sizes(): Int32Array {
    return this.segments.size.slice(0, this.segments.count);
  }

  override newSegment(): Word {
    if (this.segments.count >= FIRST_TEMPORARY) throw memoryLimit('segments', FIRST_TEMPORARY);
    return pointerWord(this.segments.add(), 0);
  }

  override newTemporarySegment(): Word {
    if (this.#temporary.count >= SEGMENT_BOUND - FIRST_TEMPORARY)
      throw memoryLimit('temporary segments', SEGMENT_BOUND - FIRST_TEMPORARY);
    return pointerWord(FIRST_TEMPORARY + this.#temporary.add(), 0);
  }

  override watch(segment: number, watcher: WriteWatcher): void {
    this.#watchers[segment] = watcher;
  }

  override read(address: Word): Word {
    const segment = wordSegment(address);
    const offset = wordOffset(address);
    let word: Word;
    if (segment < FIRST_TEMPORARY) {
      if (segment >= this.segments.count || offset >= this.segments.size[segment]!) return EMPTY;
      word = this.cells[this.segments.base[segment]! + offset]!;
    } else {
      const index = segment - FIRST_TEMPORARY;
      if (index >= this.#temporary.count || offset >= this.#temporary.size[index]!) return EMPTY;
      word = this.cells[this.#temporary.base[index]! + offset]!;
    }
    return this.relocationRules.size !== 0 && isPointer(word) ? this.relocate(word) : word;
  }

  override set(address: Word, value: Word): void {
    const segment = wordSegment(address);
    const offset = wordOffset(address);
    const isReal = segment < FIRST_TEMPORARY;
    const table = isReal ? this.segments : this.#temporary;
    const index = isReal ? segment : segment - FIRST_TEMPORARY;
    if (index >= table.count) throw unknownCell(address, 'a cell of an allocated segment');
    if (offset >= table.capacity[index]!) this.#grow(table, index, offset + 1);
    const at = table.base[index]! + offset;
    const current = this.cells[at]!;
    if (Number.isNaN(current)) {
      this.cells[at] = value;
      if (offset >= table.size[index]!) table.size[index] = offset + 1;
    } else if (!this.same(current, value)) {
      throw inconsistent(this, address, value, current);
    }
    if (isReal) this.#watchers[segment]?.(this, offset, value);
  }

  override reserve(segment: number, cells: number): void {
    if (cells > this.segments.capacity[segment]!) this.#grow(this.segments, segment, cells);
  }

  override load(segment: number, words: Float64Array): void {
    if (words.length === 0) return;
    this.reserve(segment, words.length);
    this.cells.set(words, this.segments.base[segment]!);
    this.segments.size[segment] = words.length;
  }

  override markAccessed(start: Word, length: number): void {
    const segment = wordSegment(start);
    const isReal = segment < FIRST_TEMPORARY;
    const table = isReal ? this.segments : this.#temporary;
    const index = isReal ? segment : segment - FIRST_TEMPORARY;
    if (index >= table.count) return;
    const from = wordOffset(start);
    const to = Math.min(from + length, table.size[index]!);
    const base = table.base[index]!;
    if (to > from) this.accessed.fill(1, base + from, base + to);
  }

  override countAccessed(segment: number): number {
    const base = this.segments.base[segment]!;
    let count = 0;
    for (let i = base, end = base + this.segments.size[segment]!; i < end; i++)
      if (this.accessed[i] === 1 && !Number.isNaN(this.cells[i]!)) count++;
    return count;
  }

  override countKnown(segment: number): number {
    const base = this.segments.base[segment]!;
    let count = 0;
    for (let i = base, end = base + this.segments.size[segment]!; i < end; i++)
      if (!Number.isNaN(this.cells[i]!)) count++;
    return count;
  }

  override replaceTemporaryPointers(
    replace: (pointer: Word) => Word,
    where: 'segments' | 'everywhere',
  ): void {
    const tables = where === 'segments' ? [this.segments] : [this.segments, this.#temporary];
    for (const table of tables)
      for (let segment = 0; segment < table.count; segment++)
        for (let at = table.base[segment]!, end = at + table.size[segment]!; at < end; at++) {
          const word = this.cells[at]!;
          if (isPointer(word) && wordSegment(word) >= FIRST_TEMPORARY) this.cells[at] = replace(word);
        }
  }

  override clearTemporary(segment: number): void {
    this.#temporary.size[segment - FIRST_TEMPORARY] = 0;
  }

  #baseOf(segment: number): number {
    return segment < FIRST_TEMPORARY
      ? this.segments.base[segment]!
      : this.#temporary.base[segment - FIRST_TEMPORARY]!;
  }

  #grow(table: SegmentTable, index: number, cells: number): void {
    const base = table.base[index]!;
    const oldCapacity = table.capacity[index]!;
    const capacity = Math.max(cells, 2 * oldCapacity, FIRST_SEGMENT_CELLS);
    const isLast = oldCapacity !== 0 && base + oldCapacity === this.#arenaUsed;
    const newBase = isLast ? base : this.#arenaUsed;
    const used = newBase + capacity;
    if (used > this.#maxCells) throw memoryLimit('cells', this.#maxCells);
    if (used > this.cells.length) {
      const length = Math.min(Math.max(used, 2 * this.cells.length), Math.max(used, this.#maxCells));
      const grown = new Float64Array(length);
      grown.set(this.cells);
      this.cells = grown.fill(EMPTY, this.#arenaUsed);
      const accessed = new Uint8Array(length);
      accessed.set(this.accessed);
      this.accessed = accessed;
    }
    if (!isLast) {
      this.cells.copyWithin(newBase, base, base + oldCapacity);
      this.accessed.copyWithin(newBase, base, base + oldCapacity);
    }
    table.base[index] = newBase;
    table.capacity[index] = capacity;
    this.#arenaUsed = used;
  }
}

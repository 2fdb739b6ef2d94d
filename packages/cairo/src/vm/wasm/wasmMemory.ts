import type { Felt } from '@cairn/primitives';
import type { Builtin } from '../builtins/builtin.ts';
import { inconsistent, Memory, memoryLimit, unknownCell, type WriteWatcher } from '../memory.ts';
import type { PreparedProgram } from '../preparedProgram.ts';
import {
  EMPTY,
  FIRST_TEMPORARY,
  isBig,
  isPointer,
  POINTER_BASE,
  pointerWord,
  SEGMENT_BOUND,
  type Word,
  wordOffset,
  wordSegment,
} from '../word.ts';
import { readBig, readSmall, storeBig, storeSmall } from './cellWords.ts';
import { CELL_BYTES, CONTEXT, ROW, ROW_BYTES, TAG } from './layout.ts';
import { coreForRun, releaseCores, type VmCore } from './vmCore.ts';

const CELL_INTS = CELL_BYTES >> 2;
const ROW_INTS = ROW_BYTES >> 2;

/**
 * Memory of one run in a {@link VmCore}. It must be closed, later runs of the core first. Cells of temporary
 * segments are kept outside the core, which stops at every pointer to them.
 */
export class WasmMemory extends Memory {
  readonly core: VmCore;
  /** Address of the run's context. */
  readonly context: number;
  readonly #maxCells: number;
  readonly #watchers: (WriteWatcher | undefined)[] = [];
  readonly #temporary: { words: Word[]; accessed: boolean[] }[] = [];
  /** The cell behind the shared program, as it was before this run. */
  #borrowed: { at: number; words: Uint32Array } | undefined;
  #isOpen = true;

  /**
   * Opens a run; `program` becomes segment 0 when given. A memory on a `core` of its own need not be closed: it
   * goes with the core. @throws CairnError `MEMORY_LIMIT`.
   */
  constructor(
    maxCells: number,
    program?: PreparedProgram,
    programSize = program?.words.length ?? 0,
    core: VmCore = coreForRun(),
  ) {
    super(program?.bigs);
    this.#maxCells = maxCells;
    this.core = core;
    this.context = this.core.openRun(maxCells);
    if (this.context === 0) throw memoryLimit('cells', maxCells);
    if (program === undefined) return;
    try {
      this.#attach(program, programSize);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Gives the memory back; nothing may be read any more. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    if (this.#borrowed !== undefined) this.core.words32.set(this.#borrowed.words, this.#borrowed.at);
    this.core.closeRun(this.context);
    releaseCores();
  }

  #attach(program: PreparedProgram, programSize: number): void {
    if (programSize > this.#maxCells) throw memoryLimit('cells', this.#maxCells);
    const segment = wordSegment(this.newSegment());
    const image = this.core.image(program);
    if (image === undefined) throw memoryLimit('cells', this.#maxCells);
    const size = program.words.length;
    if (programSize > size) {
      const at = (image.cells + size * CELL_BYTES) >> 2;
      this.#borrowed = { at, words: this.core.words32.slice(at, at + CELL_INTS) };
      this.core.words32.fill(0, at, at + CELL_INTS);
    }
    this.core.exports.attach(this.context, segment, image.cells, size, programSize, image.records);
  }

  /** Tells the core how the builtins' cells follow from each other. */
  describeBuiltins(builtins: readonly Builtin[]): void {
    for (const { name, segment, cellsPerInstance, inputCells, deduce } of builtins) {
      if (deduce === undefined) continue;
      const isBitwise = name === 'bitwise' ? 1 : 0;
      this.core.words32[this.#row(segment) + (ROW.instance >> 2)] =
        cellsPerInstance | (inputCells << 16) | (isBitwise << 24);
    }
  }

  override get segmentCount(): number {
    return this.core.words32[(this.context + CONTEXT.segmentCount) >> 2]!;
  }

  override get temporaryCount(): number {
    return this.#temporary.length;
  }

  override sizeOf(segment: number): number {
    if (segment >= FIRST_TEMPORARY) return this.#temporary[segment - FIRST_TEMPORARY]!.words.length;
    return this.core.words32[this.#row(segment) + (ROW.size >> 2)]!;
  }

  override cell(segment: number, offset: number): Word {
    if (segment >= FIRST_TEMPORARY) return this.#temporary[segment - FIRST_TEMPORARY]?.words[offset] ?? EMPTY;
    return offset < this.sizeOf(segment) ? this.#word(this.#cellAt(segment, offset)) : EMPTY;
  }

  override hasValue(segment: number, offset: number): boolean {
    if (segment >= FIRST_TEMPORARY) return !Number.isNaN(this.cell(segment, offset));
    return offset < this.sizeOf(segment) && this.#isPresent(this.#cellAt(segment, offset));
  }

  override isAccessed(segment: number, offset: number): boolean {
    if (segment >= FIRST_TEMPORARY)
      return this.#temporary[segment - FIRST_TEMPORARY]?.accessed[offset] === true;
    if (offset >= this.sizeOf(segment)) return false;
    return (this.core.words32[this.#cellAt(segment, offset) + 7]! & TAG.accessed) !== 0;
  }

  override newSegment(): Word {
    const segment = this.core.exports.newSegment(this.context);
    this.core.refresh();
    if (segment < 0) throw memoryLimit('segments', FIRST_TEMPORARY);
    return pointerWord(segment, 0);
  }

  override newTemporarySegment(): Word {
    if (this.#temporary.length >= SEGMENT_BOUND - FIRST_TEMPORARY)
      throw memoryLimit('temporary segments', SEGMENT_BOUND - FIRST_TEMPORARY);
    return pointerWord(FIRST_TEMPORARY + this.#temporary.push({ words: [], accessed: [] }) - 1, 0);
  }

  override watch(segment: number, watcher: WriteWatcher, bitCount?: 96 | 128): void {
    this.#watchers[segment] = watcher;
    const row = this.#row(segment);
    if (bitCount === undefined) this.core.words32[row + (ROW.watched >> 2)] = 1;
    else this.core.words32[row + (ROW.valueBits >> 2)] = bitCount;
  }

  override read(address: Word): Word {
    const segment = wordSegment(address);
    const offset = wordOffset(address);
    if (segment >= FIRST_TEMPORARY || segment < this.segmentCount) {
      const word = this.cell(segment, offset);
      return this.relocationRules.size !== 0 && isPointer(word) ? this.relocate(word) : word;
    }
    return EMPTY;
  }

  override set(address: Word, value: Word): void {
    const segment = wordSegment(address);
    const offset = wordOffset(address);
    if (segment >= FIRST_TEMPORARY) {
      this.#setTemporary(address, value);
      return;
    }
    if (segment >= this.segmentCount) throw unknownCell(address, 'a cell of an allocated segment');
    if (offset >= this.core.words32[this.#row(segment) + (ROW.capacity >> 2)]!)
      this.#grow(segment, offset + 1);
    const at = this.#cellAt(segment, offset);
    if (!this.#isPresent(at)) {
      this.#store(at, value, this.core.words32[at + 7]! & TAG.accessed);
      const size = this.#row(segment) + (ROW.size >> 2);
      if (offset >= this.core.words32[size]!) this.core.words32[size] = offset + 1;
    } else {
      const current = this.#word(at);
      if (!this.same(current, value)) throw inconsistent(this, address, value, current);
    }
    this.#watchers[segment]?.(this, offset, value);
  }

  override reserve(segment: number, cells: number): void {
    if (cells > this.core.words32[this.#row(segment) + (ROW.capacity >> 2)]!) this.#grow(segment, cells);
  }

  override load(segment: number, words: Float64Array): void {
    if (words.length === 0) return;
    this.reserve(segment, words.length);
    let at = this.#cellAt(segment, 0);
    for (let i = 0; i < words.length; i++, at += CELL_INTS) this.#store(at, words[i]!, 0);
    this.core.words32[this.#row(segment) + (ROW.size >> 2)] = words.length;
  }

  override markAccessed(start: Word, length: number): void {
    const segment = wordSegment(start);
    const from = wordOffset(start);
    if (segment >= FIRST_TEMPORARY) {
      const target = this.#temporary[segment - FIRST_TEMPORARY];
      if (target === undefined) return;
      for (let i = from; i < Math.min(from + length, target.words.length); i++) target.accessed[i] = true;
      return;
    }
    if (segment >= this.segmentCount) return;
    const to = Math.min(from + length, this.sizeOf(segment));
    if (to > from) this.core.exports.markAccessed(this.context, segment, from, to);
  }

  override countAccessed(segment: number): number {
    return this.core.exports.countAccessed(this.context, segment);
  }

  override countKnown(segment: number): number {
    return this.core.exports.countPresent(this.context, segment);
  }

  override isBitwiseSound(segment: number): boolean {
    return this.core.exports.isBitwiseSound(this.context, segment) !== 0;
  }

  override replaceTemporaryPointers(
    replace: (pointer: Word) => Word,
    where: 'segments' | 'everywhere',
  ): void {
    for (let segment = 0; segment < this.segmentCount; segment++) {
      const size = this.sizeOf(segment);
      for (let offset = 0; offset < size; offset++) {
        const at = this.#cellAt(segment, offset);
        const tags = this.core.words32[at + 7]!;
        if ((tags & TAG.pointer) === 0) continue;
        const word = this.#word(at);
        if (wordSegment(word) >= FIRST_TEMPORARY) this.#store(at, replace(word), tags & TAG.accessed);
      }
    }
    if (where === 'segments') return;
    for (const { words } of this.#temporary)
      for (const [offset, word] of words.entries())
        if (isPointer(word) && wordSegment(word) >= FIRST_TEMPORARY) words[offset] = replace(word);
  }

  override clearTemporary(segment: number): void {
    this.#temporary[segment - FIRST_TEMPORARY] = { words: [], accessed: [] };
  }

  #setTemporary(address: Word, value: Word): void {
    const target = this.#temporary[wordSegment(address) - FIRST_TEMPORARY];
    if (target === undefined) throw unknownCell(address, 'a cell of an allocated segment');
    const offset = wordOffset(address);
    const { words } = target;
    if (offset - words.length > this.#maxCells) throw memoryLimit('cells', this.#maxCells);
    while (words.length <= offset) words.push(EMPTY);
    const current = words[offset]!;
    if (Number.isNaN(current)) words[offset] = value;
    else if (!this.same(current, value)) throw inconsistent(this, address, value, current);
  }

  #grow(segment: number, cells: number): void {
    const hasGrown = this.core.exports.grow(this.context, segment, cells);
    this.core.refresh();
    if (hasGrown === 0) throw memoryLimit('cells', this.#maxCells);
  }

  /** Index of a segment's row in 32-bit words. */
  #row(segment: number): number {
    return (this.core.words32[(this.context + CONTEXT.table) >> 2]! >> 2) + segment * ROW_INTS;
  }

  #cellAt(segment: number, offset: number): number {
    return (this.core.words32[this.#row(segment) + (ROW.base >> 2)]! >>> 2) + offset * CELL_INTS;
  }

  #isPresent(at: number): boolean {
    return this.core.words32[at + 7]! >= TAG.present;
  }

  #word(at: number): Word {
    if (!this.#isPresent(at)) return EMPTY;
    return readSmall(this.core.words32, at) ?? this.fromFelt(readBig(this.core.words64, at));
  }

  #store(at: number, word: Word, tags: number): void {
    if (isBig(word)) storeBig(this.core, at, this.toFelt(word) as Felt, tags);
    else if (!Number.isNaN(word)) storeSmall(this.core.words32, at, word, tags);
  }
}

/** The word of the pointer whose low word is in two halves. */
export function pointerFromHalves(low: number, high: number): Word {
  return POINTER_BASE + high * 2 ** 32 + low;
}

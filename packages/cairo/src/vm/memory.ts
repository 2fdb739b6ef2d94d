import { CairnError, type Felt, PRIME } from '@cairn/primitives';
import type { VmErrorCode } from '../errors.ts';
import {
  formatRelocatable,
  type Relocatable,
  relocatableToWord,
  type VmValue,
  wordToRelocatable,
} from './relocatable.ts';
import { SegmentTable } from './segmentTable.ts';
import type { VmMemory } from './vmMemory.ts';
import {
  EMPTY,
  FIRST_TEMPORARY,
  isBig,
  isFelt,
  isPointer,
  OFFSET_BOUND,
  POINTER_BASE,
  pointerWord,
  SEGMENT_BOUND,
  SMALL_BOUND,
  type Word,
  wordOffset,
  wordSegment,
} from './word.ts';

/** Called after a value was set in a watched segment; throws when the value may not stand there. */
export type WriteWatcher = (memory: Memory, offset: number, value: Word) => void;

const SMALL_BOUND_BIG = BigInt(SMALL_BOUND);
const NEGATIVE_START = PRIME - SMALL_BOUND_BIG;
const FIRST_SEGMENT_CELLS = 8;
const FIRST_ARENA_CELLS = 2048;

/**
 * Segmented write-once memory of one run. All segments lie in one arena (`cells`, and `accessed` beside it);
 * a segment that outgrows its block moves to a block twice as large, so cached indices into `cells` and the
 * arrays themselves are stale after any write by method. Offset o of segment s is `cells[segments.base[s] + o]`.
 */
export class Memory implements VmMemory {
  cells: Float64Array;
  /** 1 for cells an instruction touched: what is not touched becomes a memory hole. */
  accessed: Uint8Array;
  readonly segments = new SegmentTable();
  readonly temporary = new SegmentTable();
  /** Felts that are no small words, by index; those of the program come before. */
  readonly bigs: bigint[] = [];
  readonly #programBigs: readonly bigint[];
  /** Temporary segment (index) → where it will lie. Values read from memory follow these rules. */
  readonly relocationRules = new Map<number, Word>();
  readonly readOnlySegments: { start: Word; length: number }[] = [];
  readonly #watchers: (WriteWatcher | undefined)[] = [];
  readonly #maxCells: number;
  #arenaUsed = 0;

  /** `programBigs` are the first big felts: the words of a prepared program, of `programSize` cells, refer to them. */
  constructor(maxCells: number, programBigs: readonly bigint[] = [], programSize = 0) {
    this.#maxCells = maxCells;
    this.#programBigs = programBigs;
    const length = FIRST_ARENA_CELLS + programSize;
    this.cells = new Float64Array(length).fill(EMPTY);
    this.accessed = new Uint8Array(length);
  }

  /** The word of a canonical felt. */
  fromFelt(value: Felt): Word {
    if (value < SMALL_BOUND_BIG) return Number(value);
    if (value > NEGATIVE_START) return Number(value - PRIME);
    return -POINTER_BASE - (this.#programBigs.length + this.bigs.push(value) - 1);
  }

  /** The felt a felt word means. @throws CairnError `EXPECTED_FELT` for a pointer. */
  toFelt(word: Word): Felt {
    if (isBig(word)) {
      const index = -word - POINTER_BASE;
      const programCount = this.#programBigs.length;
      return index < programCount ? this.#programBigs[index]! : this.bigs[index - programCount]!;
    }
    if (!isFelt(word)) throw expectedFelt(word);
    return word >= 0 ? BigInt(word) : PRIME + BigInt(word);
  }

  fromValue(value: VmValue): Word {
    return typeof value === 'bigint' ? this.fromFelt(value) : relocatableToWord(value);
  }

  toValue(word: Word): VmValue {
    return isPointer(word) ? wordToRelocatable(word) : this.toFelt(word);
  }

  /** True when two words mean the same value. */
  same(a: Word, b: Word): boolean {
    return a === b || (isBig(a) && isBig(b) && this.toFelt(a) === this.toFelt(b));
  }

  /** Order of felts by canonical value: negative, zero or positive. */
  compareFelts(a: Word, b: Word): number {
    const rankA = isBig(a) ? 1 : a < 0 ? 2 : 0;
    const rankB = isBig(b) ? 1 : b < 0 ? 2 : 0;
    if (rankA !== rankB) return rankA - rankB;
    if (rankA !== 1) return a - b;
    const x = this.toFelt(a);
    const y = this.toFelt(b);
    return x < y ? -1 : x > y ? 1 : 0;
  }

  /** Pointer to the start of a new segment. @throws CairnError `MEMORY_LIMIT`. */
  newSegment(): Word {
    if (this.segments.count >= FIRST_TEMPORARY) throw memoryLimit('segments', FIRST_TEMPORARY);
    return pointerWord(this.segments.add(), 0);
  }

  newTemporarySegment(): Word {
    if (this.temporary.count >= SEGMENT_BOUND - FIRST_TEMPORARY)
      throw memoryLimit('temporary segments', SEGMENT_BOUND - FIRST_TEMPORARY);
    return pointerWord(FIRST_TEMPORARY + this.temporary.add(), 0);
  }

  /** Calls `watcher` on every write into segment number `segment`. */
  watch(segment: number, watcher: WriteWatcher): void {
    this.#watchers[segment] = watcher;
  }

  /** The cell's word, {@link EMPTY} when nothing is there; relocation rules applied to what was read. */
  read(address: Word): Word {
    const segment = wordSegment(address);
    const offset = wordOffset(address);
    let word: Word;
    if (segment < FIRST_TEMPORARY) {
      if (segment >= this.segments.count || offset >= this.segments.size[segment]!) return EMPTY;
      word = this.cells[this.segments.base[segment]! + offset]!;
    } else {
      const index = segment - FIRST_TEMPORARY;
      if (index >= this.temporary.count || offset >= this.temporary.size[index]!) return EMPTY;
      word = this.cells[this.temporary.base[index]! + offset]!;
    }
    return this.relocationRules.size !== 0 && isPointer(word) ? this.relocate(word) : word;
  }

  /** {@link Memory.read}. @throws CairnError `UNKNOWN_CELL` for an empty cell. */
  readKnown(address: Word): Word {
    const word = this.read(address);
    if (Number.isNaN(word)) throw unknownCell(address);
    return word;
  }

  /** Sets the cell at a pointer word. @throws CairnError `INCONSISTENT_MEMORY`, `MEMORY_LIMIT`, builtin errors. */
  set(address: Word, value: Word): void {
    const segment = wordSegment(address);
    const offset = wordOffset(address);
    const isReal = segment < FIRST_TEMPORARY;
    const table = isReal ? this.segments : this.temporary;
    const index = isReal ? segment : segment - FIRST_TEMPORARY;
    if (index >= table.count) throw unknownCell(address, 'a cell of an allocated segment');
    if (offset >= table.capacity[index]!) this.#grow(table, index, offset + 1);
    const at = table.base[index]! + offset;
    const current = this.cells[at]!;
    if (Number.isNaN(current)) {
      this.cells[at] = value;
      if (offset >= table.size[index]!) table.size[index] = offset + 1;
    } else if (!this.same(current, value)) {
      throw new CairnError<VmErrorCode>(
        'INCONSISTENT_MEMORY',
        `memory cell ${showAddress(address)} cannot change: got ${this.show(value)}, holds ${this.show(current)}`,
      );
    }
    if (isReal) this.#watchers[segment]?.(this, offset, value);
  }

  /** {@link Memory.set}, and the cell counts as accessed. */
  setAccessed(address: Word, value: Word): void {
    this.set(address, value);
    this.markAccessed(address, 1);
  }

  /** Makes room for `cells` cells in segment number `segment`, so that indices below it exist. */
  reserve(segment: number, cells: number): void {
    if (cells > this.segments.capacity[segment]!) this.#grow(this.segments, segment, cells);
  }

  /** Copies words to the start of an empty segment in one go. */
  load(segment: number, words: Float64Array): void {
    if (words.length === 0) return;
    this.reserve(segment, words.length);
    this.cells.set(words, this.segments.base[segment]!);
    this.segments.size[segment] = words.length;
  }

  /** Marks `length` cells from `start` on as accessed; cells beyond the segment's end are left out. */
  markAccessed(start: Word, length: number): void {
    const segment = wordSegment(start);
    const isReal = segment < FIRST_TEMPORARY;
    const table = isReal ? this.segments : this.temporary;
    const index = isReal ? segment : segment - FIRST_TEMPORARY;
    if (index >= table.count) return;
    const from = wordOffset(start);
    const to = Math.min(from + length, table.size[index]!);
    const base = table.base[index]!;
    if (to > from) this.accessed.fill(1, base + from, base + to);
  }

  /** Cells of a segment that hold a value and were accessed. */
  countAccessed(segment: number): number {
    const base = this.segments.base[segment]!;
    let count = 0;
    for (let i = base, end = base + this.segments.size[segment]!; i < end; i++)
      if (this.accessed[i] === 1 && !Number.isNaN(this.cells[i]!)) count++;
    return count;
  }

  /** Where a pointer leads under the relocation rules, one rule deep. */
  relocate(word: Word): Word {
    const segment = wordSegment(word);
    if (segment < FIRST_TEMPORARY) return word;
    const target = this.relocationRules.get(segment - FIRST_TEMPORARY);
    return target === undefined ? word : this.add(target, wordOffset(word));
  }

  /** Sum of two felts or of a pointer and a felt. @throws CairnError `POINTER_ARITHMETIC`. */
  add(a: Word, b: Word): Word {
    const sum = a + b;
    if (sum > -SMALL_BOUND && sum < SMALL_BOUND && isFelt(a) && a > -SMALL_BOUND && isFelt(b)) return sum;
    if (isPointer(a)) return movePointer(a, b);
    if (isPointer(b)) return movePointer(b, a);
    const s = this.toFelt(a) + this.toFelt(b);
    return this.fromFelt(s >= PRIME ? s - PRIME : s);
  }

  /** Difference of felts, pointer − felt, or distance of two pointers of one segment. @throws `POINTER_ARITHMETIC`. */
  subtract(a: Word, b: Word): Word {
    if (isPointer(a)) {
      if (!isPointer(b)) return movePointer(a, isBig(b) ? b : -b);
      if (wordSegment(a) === wordSegment(b)) return wordOffset(a) - wordOffset(b);
      throw pointerArithmetic('subtracted', a, b);
    }
    if (isPointer(b)) throw pointerArithmetic('subtracted', a, b);
    if (a > -SMALL_BOUND && b > -SMALL_BOUND) {
      const difference = a - b;
      if (difference > -SMALL_BOUND && difference < SMALL_BOUND) return difference;
    }
    const d = this.toFelt(a) - this.toFelt(b);
    return this.fromFelt(d < 0n ? d + PRIME : d);
  }

  /** Product of two felts. @throws CairnError `POINTER_ARITHMETIC`. */
  multiply(a: Word, b: Word): Word {
    if (isPointer(a) || isPointer(b)) throw pointerArithmetic('multiplied', a, b);
    if (a > -SMALL_BOUND && b > -SMALL_BOUND) {
      const product = a * b;
      if (product > -SMALL_BOUND && product < SMALL_BOUND) return product;
    }
    return this.fromFelt((this.toFelt(a) * this.toFelt(b)) % PRIME);
  }

  /** Value of a cell or word for messages. */
  show(word: Word): string {
    return Number.isNaN(word) ? 'nothing' : isPointer(word) ? showAddress(word) : `${this.toFelt(word)}`;
  }

  get(at: Relocatable): VmValue | undefined {
    const word = this.read(this.#address(at));
    return Number.isNaN(word) ? undefined : this.toValue(word);
  }

  readFelt(at: Relocatable): Felt {
    return this.toFelt(this.readKnown(this.#address(at)));
  }

  readPointer(at: Relocatable): Relocatable {
    const word = this.readKnown(this.#address(at));
    if (!isPointer(word)) throw expectedPointer(this, word);
    return wordToRelocatable(word);
  }

  readFelts(start: Relocatable, count: number): Felt[] {
    const first = this.#address(start);
    const felts: Felt[] = [];
    for (let i = 0; i < count; i++) felts.push(this.toFelt(this.readKnown(this.add(first, i))));
    return felts;
  }

  write(at: Relocatable, value: VmValue): void {
    this.set(this.#address(at), this.fromValue(value));
  }

  addSegment(): Relocatable {
    return wordToRelocatable(this.newSegment());
  }

  addTemporarySegment(): Relocatable {
    return wordToRelocatable(this.newTemporarySegment());
  }

  allocate(values: readonly VmValue[]): Relocatable {
    const start = this.newSegment();
    this.load(
      wordSegment(start),
      Float64Array.from(values, (value) => this.fromValue(value)),
    );
    return wordToRelocatable(start);
  }

  allocateReadOnly(values: readonly VmValue[]): Relocatable {
    const start = this.allocate(values);
    this.readOnlySegments.push({ start: relocatableToWord(start), length: values.length });
    return start;
  }

  #address({ segment, offset }: Relocatable): Word {
    if (!Number.isInteger(offset) || offset < 0 || offset >= OFFSET_BOUND)
      throw new CairnError<VmErrorCode>('POINTER_ARITHMETIC', `no such cell: got ${segment}:${offset}`);
    return relocatableToWord({ segment, offset });
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

/** Moves a pointer by a felt. @throws CairnError `POINTER_ARITHMETIC` when it leaves the segment. */
function movePointer(pointer: Word, delta: Word): Word {
  const offset = wordOffset(pointer) + delta;
  if (!(offset >= 0 && offset < OFFSET_BOUND)) throw pointerArithmetic('moved', pointer, delta);
  return pointer + delta;
}

function showAddress(word: Word): string {
  return formatRelocatable(wordToRelocatable(word));
}

function unknownCell(address: Word, expected = 'a value'): CairnError<VmErrorCode> {
  return new CairnError(
    'UNKNOWN_CELL',
    `memory cell ${showAddress(address)} is unknown: expected ${expected}`,
  );
}

function expectedFelt(word: Word): CairnError<VmErrorCode> {
  const got = Number.isNaN(word) ? 'nothing' : showAddress(word);
  return new CairnError('EXPECTED_FELT', `expected a felt: got ${got}`);
}

/** The error for a felt where a pointer must be. */
export function expectedPointer(memory: Memory, word: Word): CairnError<VmErrorCode> {
  return new CairnError('EXPECTED_POINTER', `expected a pointer: got ${memory.show(word)}`);
}

function pointerArithmetic(what: string, a: Word, b: Word): CairnError<VmErrorCode> {
  const show = (word: Word) =>
    isPointer(word) ? showAddress(word) : isBig(word) ? 'a large felt' : `${word}`;
  return new CairnError('POINTER_ARITHMETIC', `pointers cannot be ${what} so: got ${show(a)} and ${show(b)}`);
}

function memoryLimit(what: string, limit: number): CairnError<VmErrorCode> {
  return new CairnError('MEMORY_LIMIT', `the run needs too many ${what}: expected at most ${limit}`);
}

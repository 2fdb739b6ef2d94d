import { CairnError, type Felt, PRIME } from '@cairn/primitives';
import type { VmErrorCode } from '../errors.ts';
import {
  formatRelocatable,
  type Relocatable,
  relocatableToWord,
  type VmValue,
  wordToRelocatable,
} from './relocatable.ts';
import type { VmMemory } from './vmMemory.ts';
import {
  type EMPTY,
  FIRST_TEMPORARY,
  isBig,
  isFelt,
  isPointer,
  OFFSET_BOUND,
  POINTER_BASE,
  SMALL_BOUND,
  type Word,
  wordOffset,
  wordSegment,
} from './word.ts';

/** Called after a value was set in a watched segment; throws when the value may not stand there. */
export type WriteWatcher = (memory: Memory, offset: number, value: Word) => void;

const SMALL_BOUND_BIG = BigInt(SMALL_BOUND);
const NEGATIVE_START = PRIME - SMALL_BOUND_BIG;

/**
 * Segmented write-once memory of one run, as machines, hints and builtins see it. Where the cells lie is the
 * engine's matter; big felts met as words are kept here, by index.
 */
export abstract class Memory implements VmMemory {
  /** Felts that are no small words, by index; those of the program come before. */
  readonly bigs: bigint[] = [];
  readonly #programBigs: readonly bigint[];
  /** Temporary segment (index) → where it will lie. Values read from memory follow these rules. */
  readonly relocationRules = new Map<number, Word>();
  readonly readOnlySegments: { start: Word; length: number }[] = [];

  /** `programBigs` are the first big felts: the words of a prepared program refer to them. */
  constructor(programBigs: readonly bigint[] = []) {
    this.#programBigs = programBigs;
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

  /** Number of segments, temporary ones left out. */
  abstract get segmentCount(): number;
  abstract get temporaryCount(): number;

  // Segment numbers below may be those of temporary segments too, unless it says otherwise.

  /** Cells of a segment up to the last one that was written. */
  abstract sizeOf(segment: number): number;

  /** A cell's word as it was written, no relocation rule applied; {@link EMPTY} when nothing is there. */
  abstract cell(segment: number, offset: number): Word;

  /** True when the cell holds a value. */
  abstract hasValue(segment: number, offset: number): boolean;

  /** True when an instruction touched the cell: what is not touched becomes a memory hole. */
  abstract isAccessed(segment: number, offset: number): boolean;

  /** Pointer to the start of a new segment. @throws CairnError `MEMORY_LIMIT`. */
  abstract newSegment(): Word;

  /** Pointer to the start of a new temporary segment. @throws CairnError `MEMORY_LIMIT`. */
  abstract newTemporarySegment(): Word;

  /**
   * Calls `watcher` on every write into a segment that is not temporary. `bitCount` says that the watcher does no
   * more than to demand felts below 2^bitCount.
   */
  abstract watch(segment: number, watcher: WriteWatcher, bitCount?: 96 | 128): void;

  /** The cell's word, {@link EMPTY} when nothing is there; relocation rules applied to what was read. */
  abstract read(address: Word): Word;

  /** Sets the cell at a pointer word. @throws CairnError `INCONSISTENT_MEMORY`, `MEMORY_LIMIT`, builtin errors. */
  abstract set(address: Word, value: Word): void;

  /** Makes room for `cells` cells in a segment that is not temporary. */
  abstract reserve(segment: number, cells: number): void;

  /** Copies words to the start of an empty segment that is not temporary in one go. */
  abstract load(segment: number, words: Float64Array): void;

  /** Marks `length` cells from `start` on as accessed; cells beyond the segment's end are left out. */
  abstract markAccessed(start: Word, length: number): void;

  /** Cells of a segment, not temporary, that hold a value and were accessed. */
  abstract countAccessed(segment: number): number;

  /** Cells of a segment, not temporary, that hold a value. */
  abstract countKnown(segment: number): number;

  /** True when the engine found all cells of a bitwise builtin's segment right; false says nothing. */
  isBitwiseSound(_segment: number): boolean {
    return false;
  }

  /** Replaces every pointer into a temporary segment; in cells of temporary segments too when told so. */
  abstract replaceTemporaryPointers(replace: (pointer: Word) => Word, where: 'segments' | 'everywhere'): void;

  /** Forgets the cells of a temporary segment. */
  abstract clearTemporary(segment: number): void;

  /** Sizes of all segments that are not temporary. */
  sizes(): Int32Array {
    return Int32Array.from({ length: this.segmentCount }, (_, segment) => this.sizeOf(segment));
  }

  /** {@link Memory.read}. @throws CairnError `UNKNOWN_CELL` for an empty cell. */
  readKnown(address: Word): Word {
    const word = this.read(address);
    if (Number.isNaN(word)) throw unknownCell(address);
    return word;
  }

  /** {@link Memory.set}, and the cell counts as accessed. */
  setAccessed(address: Word, value: Word): void {
    this.set(address, value);
    this.markAccessed(address, 1);
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

/** The error for a cell without value. */
export function unknownCell(address: Word, expected = 'a value'): CairnError<VmErrorCode> {
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

/** The error for a run that wants too much. */
export function memoryLimit(what: string, limit: number): CairnError<VmErrorCode> {
  return new CairnError('MEMORY_LIMIT', `the run needs too many ${what}: expected at most ${limit}`);
}

/** The error for a second, different value. */
export function inconsistent(
  memory: Memory,
  address: Word,
  value: Word,
  current: Word,
): CairnError<VmErrorCode> {
  return new CairnError(
    'INCONSISTENT_MEMORY',
    `memory cell ${showAddress(address)} cannot change: got ${memory.show(value)}, holds ${memory.show(current)}`,
  );
}

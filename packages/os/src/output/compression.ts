import { CairnError, type Felt } from '@cairn/primitives';
import type { OsErrorCode } from '../errors.ts';

/** Bits of the values of each class, in the order of the form. */
const CLASS_BITS = [252, 125, 83, 62, 31, 15] as const;
/** Class of a value that stood before. */
export const REPEATED_CLASS = CLASS_BITS.length;
const CLASS_COUNT = REPEATED_CLASS + 1;
const VERSION = 0n;
const SIZE_BITS = 20n;
const SIZE_COUNT = 9;
/** Bits that packing uses of a felt. */
const PACKED_BITS = 251;

/** Data taken apart: what compression writes, before it is packed. */
export interface CompressionParts {
  /** Values by class, each once, in the order in which they first stand in the data. */
  unique: Felt[][];
  /** Index among all unique values of each value that stood before. */
  repeated: number[];
  /** Class of each word of the data. */
  classes: number[];
}

/** Takes data apart as the official OS does, so that the compressed form is the same. */
export function compressionParts(data: readonly Felt[]): CompressionParts {
  const unique: Felt[][] = CLASS_BITS.map(() => []);
  const places = new Map<Felt, [cls: number, index: number]>();
  const classes: number[] = [];
  const repeatedPlaces: [number, number][] = [];
  for (const word of data) {
    const known = places.get(word);
    if (known) {
      repeatedPlaces.push(known);
      classes.push(REPEATED_CLASS);
      continue;
    }
    const cls = classOf(word);
    places.set(word, [cls, unique[cls]!.push(word) - 1]);
    classes.push(cls);
  }
  const starts = unique.map((_, cls) => unique.slice(0, cls).reduce((sum, { length }) => sum + length, 0));
  return { unique, classes, repeated: repeatedPlaces.map(([cls, index]) => starts[cls]! + index) };
}

/** The smallest class that holds the value. */
function classOf(word: Felt): number {
  let cls = 0;
  while (cls + 1 < CLASS_BITS.length && word < 1n << BigInt(CLASS_BITS[cls + 1]!)) cls++;
  return cls;
}

/** The compressed form of state-diff words. @see os-and-settlement.md section 2.1 */
export function compress(data: readonly Felt[]): Felt[] {
  const { unique, repeated, classes } = compressionParts(data);
  const sizes = [VERSION, ...[data, ...unique, repeated].map(({ length }) => BigInt(length))];
  const uniqueCount = unique.reduce((sum, { length }) => sum + length, 0);
  return [
    pack(sizes, 1n << SIZE_BITS, SIZE_COUNT)[0]!,
    ...unique[0]!,
    ...unique
      .slice(1)
      .flatMap((values, i) => pack(values, 1n << BigInt(CLASS_BITS[i + 1]!), perWordOfClass(i + 1))),
    ...pack(repeated.map(BigInt), BigInt(uniqueCount), perWord(uniqueCount)),
    ...pack(classes.map(BigInt), BigInt(CLASS_COUNT), perWord(CLASS_COUNT)),
  ];
}

/**
 * The words before compression, and how many felts the compressed form takes.
 * @throws CairnError `INVALID_COMPRESSED_DATA`
 */
export function decompress(compressed: readonly Felt[]): { words: Felt[]; length: number } {
  const reader = new PackedReader(compressed);
  const [version, count, ...rest] = reader.unpack(SIZE_COUNT, 1n << SIZE_BITS, SIZE_COUNT).map(Number);
  if (version !== Number(VERSION)) throw invalid('version', `${version}`, `${VERSION}`);
  const repeatedCount = rest.pop()!;
  const unique = rest.map((size, cls) =>
    cls === 0 ? reader.take(size) : reader.unpack(size, 1n << BigInt(CLASS_BITS[cls]!), perWordOfClass(cls)),
  );
  const values = unique.flat();
  if (repeatedCount > 0 && values.length === 0)
    throw invalid('repeated values', `${repeatedCount}`, 'none without others');
  const repeated = reader.unpack(repeatedCount, BigInt(values.length), perWord(values.length));
  const classes = reader.unpack(count!, BigInt(CLASS_COUNT), perWord(CLASS_COUNT)).map(Number);
  const sources = [...unique, repeated.map((index) => values[Number(index)]!)].map((list) => list.values());
  const words = classes.map((cls) => {
    const { value } = sources[cls]!.next();
    if (value === undefined) throw invalid(`class ${cls}`, 'more places', 'as many as values');
    return value;
  });
  return { words, length: reader.position };
}

const perWordOfClass = (cls: number): number => Math.floor(PACKED_BITS / CLASS_BITS[cls]!);

/** Digits below `bound` that a word holds. */
function perWord(bound: number): number {
  return bound <= 1 ? PACKED_BITS : Math.floor(PACKED_BITS / (bound - 1).toString(2).length);
}

/** Digits in the given base, `count` to a word, lowest first. */
function pack(digits: readonly bigint[], base: bigint, count: number): Felt[] {
  return Array.from({ length: Math.ceil(digits.length / count) }, (_, i) =>
    digits.slice(i * count, (i + 1) * count).reduceRight((sum, digit) => sum * base + digit, 0n),
  );
}

class PackedReader {
  position = 0;
  readonly #words: readonly Felt[];

  constructor(words: readonly Felt[]) {
    this.#words = words;
  }

  take(count: number): Felt[] {
    const words = this.#words.slice(this.position, this.position + count);
    if (words.length < count) throw invalid('length', `${this.#words.length} words`, 'more');
    this.position += count;
    return words;
  }

  unpack(digitCount: number, base: bigint, countPerWord: number): bigint[] {
    const digits: bigint[] = [];
    for (const word of this.take(Math.ceil(digitCount / countPerWord))) {
      let left = word;
      for (let i = 0; i < countPerWord && digits.length < digitCount; i++) {
        digits.push(left % base);
        left /= base;
      }
      if (left !== 0n)
        throw invalid('packed word', `${word}`, `at most ${countPerWord} digits below ${base}`);
    }
    return digits;
  }
}

function invalid(what: string, got: string, expected: string): CairnError<OsErrorCode> {
  return new CairnError(
    'INVALID_COMPRESSED_DATA',
    `compressed state diff, ${what}: got ${got}, expected ${expected}`,
  );
}

import { PRIME } from '@cairn/primitives';
import { refuse, require } from './errors.ts';

const MIN_PADDED_WORD_COUNT = 256n;
const USIZE_BOUND = 1n << 64n;

/**
 * The plain program vector behind its packed form: the distinct words, then felts that hold as many base-S
 * digits as fit below the prime, least significant first; S is the padded number of words.
 *
 * @throws CairnError `INVALID_SIERRA_CLASS`
 * @see cairo-lang-starknet-classes, felt252_vec_compression
 */
export function decompressProgram(packed: readonly bigint[]): bigint[] {
  const size = (value: bigint | undefined, what: string): bigint => {
    if (value === undefined || value >= USIZE_BOUND) throw malformed(`no ${what}`);
    return value;
  };
  const wordCount = size(packed[0], 'number of words');
  require(wordCount <
    BigInt(packed.length - 1), 'INVALID_SIERRA_CLASS', 'invalid Sierra program: fewer words than announced');
  const paddedCount = wordCount + size(packed[1], 'padding');
  const words = packed.slice(2, 2 + Number(wordCount));
  const length = size(packed[2 + Number(wordCount)], 'program length');
  const digits = packed.slice(3 + Number(wordCount));
  if (
    paddedCount < MIN_PADDED_WORD_COUNT ||
    paddedCount >= USIZE_BOUND ||
    (paddedCount & (paddedCount - 1n)) !== 0n
  )
    throw malformed(`${paddedCount} padded words are not a power of two from 256`);
  const bits = BigInt(paddedCount.toString(2).length - 1);
  const perFelt = digitsPerFelt(paddedCount);
  if (length > BigInt(digits.length * perFelt)) throw malformed(`no ${length} packed words`);

  const plain: bigint[] = [];
  let remaining = Number(length);
  const mask = paddedCount - 1n;
  for (let felt of digits) {
    const count = Math.min(perFelt, remaining);
    for (let i = 0; i < count; i++) {
      const word = words[Number(felt & mask)];
      if (word === undefined) throw malformed(`no word ${felt & mask}`);
      plain.push(word);
      felt >>= bits;
    }
    remaining -= count;
  }
  if (remaining !== 0) throw malformed('the packed words end early');
  return plain;
}

/** The largest w with base^(w+1) ≥ prime > base^w. */
function digitsPerFelt(base: bigint): number {
  let count = 0;
  for (let power = base; power < PRIME; power *= base) count++;
  return count;
}

function malformed(what: string) {
  return refuse('INVALID_SIERRA_CLASS', `invalid Sierra program: ${what}`);
}

import { CairnError, type Felt } from '@cairn/primitives';
import type { OsErrorCode } from '../errors.ts';

/** Reads the words of an output one after the other. */
export class WordReader {
  readonly #words: readonly Felt[];
  #position = 0;

  constructor(words: readonly Felt[]) {
    this.#words = words;
  }

  /** @throws CairnError `INVALID_OS_OUTPUT` at the end. */
  next(): Felt {
    const word = this.#words[this.#position++];
    if (word === undefined) throw invalidOutput(`it ends after ${this.#words.length} words, expected more`);
    return word;
  }

  /** A count of things that the words left can hold. */
  asCount(word: Felt): number {
    const left = this.#words.length - this.#position;
    if (word > BigInt(left)) throw invalidOutput(`got a count of ${word}, expected at most ${left}`);
    return Number(word);
  }

  /** Things behind their number. */
  list<T>(read: () => T): T[] {
    return Array.from({ length: this.asCount(this.next()) }, read);
  }

  /** Words behind their number. */
  segment(): WordReader {
    return new WordReader(this.list(() => this.next()));
  }

  get isAtEnd(): boolean {
    return this.#position === this.#words.length;
  }

  rest(): Felt[] {
    return this.#words.slice(this.#position);
  }
}

export function invalidOutput(what: string): CairnError<OsErrorCode> {
  return new CairnError('INVALID_OS_OUTPUT', `OS output: ${what}`);
}

import { joinSpans, type SourceSpan } from '../sourceSpan.ts';
import { zeroError } from '../zeroError.ts';
import { type Token, type TokenKind, tokenize } from './lexer.ts';

/** How deep blocks, types and expressions may nest. */
const MAX_NESTING = 150;

/** The tokens of a file, read from the start. */
export class TokenStream {
  readonly #tokens: readonly Token[];
  #at = 0;
  #nesting = 0;

  constructor(fileName: string, source: string) {
    this.#tokens = tokenize(fileName, source);
  }

  get current(): Token {
    return this.#tokens[this.#at]!;
  }

  /** The token read last. */
  get previous(): Token {
    return this.#tokens[Math.max(this.#at - 1, 0)]!;
  }

  /** The token `distance` after the current one. */
  peek(distance: number): Token {
    return this.#tokens[Math.min(this.#at + distance, this.#tokens.length - 1)]!;
  }

  /** Whether the current token is this symbol or keyword. */
  at(text: string): boolean {
    const { kind, text: current } = this.current;
    return current === text && (kind === 'symbol' || kind === 'keyword');
  }

  atKind(kind: TokenKind): boolean {
    return this.current.kind === kind;
  }

  take(): Token {
    const token = this.current;
    if (this.#at < this.#tokens.length - 1) this.#at++;
    return token;
  }

  /** Takes the current token if it is this symbol or keyword. */
  takeIf(text: string): Token | undefined {
    return this.at(text) ? this.take() : undefined;
  }

  /** @throws CairnError `ZERO_SYNTAX` */
  expect(text: string): Token {
    return this.at(text) ? this.take() : this.fail(`"${text}"`);
  }

  /** @throws CairnError `ZERO_SYNTAX` */
  expectKind(kind: TokenKind): Token {
    return this.atKind(kind) ? this.take() : this.fail(kind === 'newline' ? 'the end of the line' : kind);
  }

  /** @throws CairnError `ZERO_SYNTAX` saying what was expected instead of the current token. */
  fail(expected: string): never {
    const { kind, text, span } = this.current;
    if (kind === 'invalid') {
      const open = {
        '%': ' (a hint without its end?)',
        '"': ' (a string without its end?)',
        "'": ' (a short string without its end?)',
      }[text];
      throw zeroError('ZERO_SYNTAX', `Unexpected character "${text}"${open ?? ''}.`, span);
    }
    const found = kind === 'end' ? 'end of file' : kind === 'newline' ? 'end of line' : JSON.stringify(text);
    throw zeroError('ZERO_SYNTAX', `Unexpected ${found}. Expected ${expected}.`, span);
  }

  /** The span from `start` to the token read last. */
  spanFrom(start: SourceSpan): SourceSpan {
    return joinSpans(start, this.previous.span);
  }

  /** Runs `parse` one level deeper. @throws CairnError `ZERO_TOO_COMPLEX` */
  nested<T>(parse: () => T): T {
    if (this.#nesting === MAX_NESTING)
      throw zeroError('ZERO_TOO_COMPLEX', `Nested more than ${MAX_NESTING} deep.`, this.current.span);
    this.#nesting++;
    const result = parse();
    this.#nesting--;
    return result;
  }

  /** Skips line breaks and comments inside parentheses; returns them as a formatter writes them. */
  skipGap(): string {
    const comments: string[] = [];
    let startsNewLine = false;
    for (;;) {
      if (this.atKind('newline')) {
        if (comments.length === 0) startsNewLine = true;
      } else if (this.atKind('comment')) comments.push(this.current.text.slice(2).trim());
      else break;
      this.take();
    }
    const lead = startsNewLine ? '\n' : comments.length > 0 ? '  ' : '';
    return lead + comments.map((body) => `//${body === '' ? '' : ` ${body}`}\n`).join('');
  }
}

import type { SourceFile, SourceSpan } from '../sourceSpan.ts';

/** `invalid` is one character that starts no token. */
export type TokenKind =
  | 'identifier'
  | 'keyword'
  | 'integer'
  | 'string'
  | 'shortString'
  | 'hint'
  | 'comment'
  | 'newline'
  | 'symbol'
  | 'invalid'
  | 'end';

/** One token and where it stands. */
export interface Token {
  kind: TokenKind;
  text: string;
  span: SourceSpan;
}

const KEYWORDS = new Set(
  (
    'abs alloc_locals and ap as assert call cast codeoffset const dw else felt fp from func if import jmp let ' +
    'local namespace new nondet rel ret return static_assert struct tempvar using with with_attr'
  ).split(' '),
);

/** One named group per kind; a directive's `%name` is a symbol. */
const TOKEN = new RegExp(
  [
    '(?<blank>[ \\t]+)',
    '(?<newline>\\n)',
    '(?<comment>//[^\\n]*)',
    '(?<hint>%\\{[\\s\\S]*?%\\})',
    '(?<integer>0x[0-9a-fA-F]+|[0-9]+)',
    '(?<identifier>[a-zA-Z_][a-zA-Z_0-9]*)',
    '(?<string>"[^"\\n]*")',
    "(?<shortString>'[^'\\n]*')",
    '(?<symbol>\\+\\+|\\+=|==|\\*\\*|!=|->|%builtins|%lang|[-+*/&=.,:;(){}[\\]@])',
  ].join('|'),
  'y',
);

/** The kinds that {@link TOKEN} tells apart, the frequent ones first. */
const GROUPS = [
  'identifier',
  'symbol',
  'newline',
  'integer',
  'comment',
  'hint',
  'string',
  'shortString',
] as const;

/** The tokens of a file, blanks left out, ending with a newline and one `end` token. */
export function tokenize(name: string, source: string): Token[] {
  let text = source.replace(/\r\n?/g, '\n');
  if (!text.endsWith('\n')) text += '\n';
  const file: SourceFile = { name, text };
  const tokens: Token[] = [];
  for (let start = 0; start < text.length; start = TOKEN.lastIndex) {
    TOKEN.lastIndex = start;
    const match = TOKEN.exec(text);
    if (match === null) {
      // Read no further: what follows a broken token means nothing.
      tokens.push({ kind: 'invalid', text: text[start]!, span: { file, start, end: start + 1 } });
      return tokens;
    }
    const groups = match.groups!;
    if (groups.blank !== undefined) continue;
    const kind = GROUPS.find((key) => groups[key] !== undefined)!;
    const isKeyword = kind === 'identifier' && KEYWORDS.has(match[0]);
    const span = { file, start, end: TOKEN.lastIndex };
    tokens.push({ kind: isKeyword ? 'keyword' : kind, text: match[0], span });
  }
  tokens.push({ kind: 'end', text: '', span: { file, start: text.length - 1, end: text.length - 1 } });
  return tokens;
}

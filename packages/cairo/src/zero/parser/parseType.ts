import { type CairoType, pointerTo, type TupleMember } from '../ast/cairoType.ts';
import { type Identifier, identifier } from '../ast/expression.ts';
import { zeroError } from '../zeroError.ts';
import { parseList } from './parseList.ts';
import type { TokenStream } from './tokenStream.ts';

/** `a` of `a.b.c`. */
export function parseName(tokens: TokenStream): Identifier {
  const { text, span } = tokens.expectKind('identifier');
  return identifier(text, span);
}

/** `a.b.c`. */
export function parseDottedName(tokens: TokenStream): Identifier {
  const { text, span } = tokens.expectKind('identifier');
  let name = text;
  while (tokens.takeIf('.')) name += `.${tokens.expectKind('identifier').text}`;
  return identifier(name, tokens.spanFrom(span));
}

/** A type: `felt`, `codeoffset`, a name, a tuple, each followed by any number of `*`. */
export function parseType(tokens: TokenStream): CairoType {
  return tokens.nested(() => parsePointers(tokens, parsePointee(tokens)));
}

const MAX_STAR_COUNT = 50;

function parsePointers(tokens: TokenStream, pointee: CairoType): CairoType {
  const start = pointee.span!;
  let type = pointee;
  let starCount = 0;
  for (;;) {
    const stars = tokens.takeIf('*') ?? tokens.takeIf('**');
    if (stars === undefined) return type;
    for (let i = 1; i <= stars.text.length; i++) {
      type = pointerTo(type, { ...start, end: stars.span.start + i });
      if (++starCount > MAX_STAR_COUNT)
        throw zeroError('ZERO_TOO_COMPLEX', 'Too many pointers to pointers.', type.span);
    }
  }
}

function parsePointee(tokens: TokenStream): CairoType {
  const { span } = tokens.current;
  if (tokens.takeIf('felt')) return { kind: 'felt', span };
  if (tokens.takeIf('codeoffset')) return { kind: 'codeoffset', span };
  if (tokens.takeIf('(')) {
    const { items } = parseList(tokens, ')', () => parseTupleMember(tokens));
    return { kind: 'tuple', members: items, span: tokens.spanFrom(span) };
  }
  if (!tokens.atKind('identifier')) return tokens.fail('a type');
  const { name, span: nameSpan } = parseDottedName(tokens);
  return { kind: 'named', name, span: nameSpan };
}

function parseTupleMember(tokens: TokenStream): TupleMember {
  const { span } = tokens.current;
  if (!tokens.atKind('identifier')) return { name: undefined, type: parseType(tokens), span };
  const name = parseDottedName(tokens);
  if (tokens.takeIf(':')) {
    if (name.name.includes('.')) throw zeroError('ZERO_SYNTAX', "Unexpected '.' in name.", name.span);
    const type = parseType(tokens);
    return { name: name.name, type, span: tokens.spanFrom(span) };
  }
  const type = parsePointers(tokens, { kind: 'named', name: name.name, span: name.span });
  return { name: undefined, type, span: tokens.spanFrom(span) };
}

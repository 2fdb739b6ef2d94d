import type { Identifier } from '../ast/expression.ts';
import type { AliasedName, Block, NameList, Statement, TypedName } from '../ast/statement.ts';
import { parseList } from './parseList.ts';
import { parseDottedName, parseName, parseType } from './parseType.ts';
import type { TokenStream } from './tokenStream.ts';

/** `name`, `name: type`, either with `local` before it. */
export function parseTypedName(tokens: TokenStream): TypedName {
  const { span } = tokens.current;
  const local = tokens.takeIf('local')?.span;
  const identifier = parseName(tokens);
  const type = tokens.takeIf(':') ? parseType(tokens) : undefined;
  return { identifier, type, local, span: tokens.spanFrom(span) };
}

/** Names from the opening parenthesis or brace to the closing one. */
export function parseNameList(tokens: TokenStream, open: string, close: string): NameList {
  tokens.expect(open);
  const { items: names } = parseList(tokens, close, () => parseTypedName(tokens));
  const [first] = names;
  return { names, span: first && { ...first.span, end: tokens.previous.span.start } };
}

/** A block from its opening brace, which ends a line, to its closing one, which starts a line. */
export type ParseBlock = (tokens: TokenStream) => Block;

/** `func`, `struct` or `namespace` with the decorators before it. */
export function parseDefinition(tokens: TokenStream, parseBlock: ParseBlock): Statement {
  const { span } = tokens.current;
  const decorators: Identifier[] = [];
  while (tokens.takeIf('@')) {
    decorators.push(parseName(tokens));
    while (tokens.atKind('newline')) tokens.take();
  }
  if (tokens.takeIf('struct')) {
    const name = parseName(tokens);
    const members = parseMembers(tokens);
    return { kind: 'struct', name, members, decorators, span: tokens.spanFrom(span) };
  }
  if (tokens.takeIf('namespace')) {
    const name = parseName(tokens);
    const body = parseBlock(tokens);
    const parameters = { names: [], span: undefined };
    const absent = { implicitParameters: undefined, returns: undefined };
    return { kind: 'namespace', name, parameters, ...absent, body, decorators, span: tokens.spanFrom(span) };
  }
  tokens.expect('func');
  const name = parseName(tokens);
  const implicitParameters = tokens.at('{') ? parseNameList(tokens, '{', '}') : undefined;
  const parameters = parseNameList(tokens, '(', ')');
  while (tokens.atKind('newline')) tokens.take();
  const returns = tokens.takeIf('->') ? parseReturns(tokens) : undefined;
  const body = parseBlock(tokens);
  const signature = { parameters, implicitParameters, returns };
  return { kind: 'function', name, ...signature, body, decorators, span: tokens.spanFrom(span) };
}

function parseReturns(tokens: TokenStream) {
  while (tokens.atKind('newline')) tokens.take();
  return parseType(tokens);
}

/** The members of a struct, one on a line, each with its comma. */
function parseMembers(tokens: TokenStream): TypedName[] {
  const members: TypedName[] = [];
  tokens.expect('{');
  tokens.expectKind('newline');
  while (!tokens.at('}')) {
    if (tokens.atKind('identifier') || tokens.at('local')) {
      members.push(parseTypedName(tokens));
      tokens.expect(',');
    }
    if (tokens.atKind('comment')) tokens.take();
    tokens.expectKind('newline');
  }
  tokens.take();
  return members;
}

/** `name` or `name as alias`. */
export function parseAliasedName(tokens: TokenStream): AliasedName {
  const original = parseName(tokens);
  return { original, alias: tokens.takeIf('as') ? parseName(tokens) : undefined };
}

/** `from module import a, b as c`, the names in parentheses where they take several lines. */
export function parseImport(tokens: TokenStream): Statement {
  const { span } = tokens.expect('from');
  const module = parseDottedName(tokens);
  tokens.expect('import');
  const items: AliasedName[] = [];
  if (tokens.takeIf('(')) items.push(...parseList(tokens, ')', () => parseAliasedName(tokens)).items);
  else
    do items.push(parseAliasedName(tokens));
    while (tokens.takeIf(','));
  if (items.length === 0) tokens.fail('a name to import');
  return { kind: 'import', module, items, span: tokens.spanFrom(span) };
}

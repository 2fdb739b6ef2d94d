import type {
  AliasedName,
  Block,
  CallValue,
  Condition,
  ExpressionValue,
  Statement,
} from '../ast/statement.ts';
import { hintCode } from './hintCode.ts';
import {
  parseAliasedName,
  parseDefinition,
  parseImport,
  parseNameList,
  parseTypedName,
} from './parseDefinition.ts';
import { parseExpression } from './parseExpression.ts';
import { parseCallInstruction, parseKeywordInstruction } from './parseInstruction.ts';
import { parseName, parseType } from './parseType.ts';
import { TokenStream } from './tokenStream.ts';

/**
 * The statements of a file.
 * @param fileName as messages show it
 * @throws CairnError `ZERO_SYNTAX`, `ZERO_TOO_COMPLEX`
 */
export function parseFile(fileName: string, source: string): Block {
  const tokens = new TokenStream(fileName, source);
  const statements = parseStatements(tokens);
  if (!tokens.atKind('end')) tokens.fail('a statement');
  return statements;
}

/** Lines of at most one statement each, up to what starts none. */
function parseStatements(tokens: TokenStream): Block {
  const statements: Statement[] = [];
  while (!tokens.at('}') && !tokens.atKind('end')) {
    if (!tokens.atKind('newline') && !tokens.atKind('comment')) statements.push(parseStatement(tokens));
    if (tokens.atKind('comment')) tokens.take();
    tokens.expectKind('newline');
  }
  return statements;
}

function parseBlock(tokens: TokenStream): Block {
  tokens.expect('{');
  tokens.expectKind('newline');
  const statements = tokens.nested(() => parseStatements(tokens));
  tokens.expect('}');
  return statements;
}

/** Statements known by their first word. */
const BY_KEYWORD: Readonly<Record<string, (tokens: TokenStream) => Statement>> = {
  const: parseConst,
  let: parseLet,
  local: (tokens) => parseVariable(tokens, 'local'),
  tempvar: (tokens) => parseVariable(tokens, 'tempvar'),
  assert: (tokens) => parseAssert(tokens, 'assert', '='),
  static_assert: (tokens) => parseAssert(tokens, 'staticAssert', '=='),
  return: parseReturn,
  if: parseIf,
  '@': (tokens) => parseDefinition(tokens, parseBlock),
  func: (tokens) => parseDefinition(tokens, parseBlock),
  struct: (tokens) => parseDefinition(tokens, parseBlock),
  namespace: (tokens) => parseDefinition(tokens, parseBlock),
  using: parseUsing,
  with: parseWith,
  with_attr: parseWithAttribute,
  from: parseImport,
  '%builtins': parseBuiltins,
  '%lang': parseLanguage,
  alloc_locals: (tokens) => {
    const { span } = tokens.take();
    tokens.expect(';');
    return { kind: 'allocLocals', span: tokens.spanFrom(span) };
  },
};

function parseStatement(tokens: TokenStream): Statement {
  const { kind, text, span } = tokens.current;
  if (kind === 'hint') {
    tokens.take();
    return { kind: 'hint', code: hintCode(text), span };
  }
  const byKeyword = kind === 'keyword' || kind === 'symbol' ? BY_KEYWORD[text] : undefined;
  return byKeyword?.(tokens) ?? parseInstructionStatement(tokens);
}

/** An instruction, a call or a label. */
function parseInstructionStatement(tokens: TokenStream): Statement {
  const { span } = tokens.current;
  let body = parseKeywordInstruction(tokens);
  if (body === undefined) {
    const left = parseExpression(tokens);
    if (left.kind === 'identifier' && !left.name.includes('.') && tokens.takeIf(':'))
      return { kind: 'label', name: left, span: left.span };
    if (left.kind === 'call' && tokens.takeIf(';')) return { kind: 'call', call: left.call, span: left.span };
    tokens.expect('=');
    const right = parseExpression(tokens);
    body = { kind: 'assertEq', left, right, span: tokens.spanFrom(span) };
  }
  const incrementAp = tokens.takeIf(',') !== undefined;
  if (incrementAp) {
    tokens.expect('ap');
    tokens.expect('++');
  }
  const whole = tokens.spanFrom(span);
  tokens.expect(';');
  return { kind: 'instruction', instruction: { body, incrementAp, span: whole }, span: whole };
}

function parseConst(tokens: TokenStream): Statement {
  const { span } = tokens.take();
  const name = parseName(tokens);
  tokens.expect('=');
  const value = parseExpression(tokens);
  tokens.expect(';');
  return { kind: 'const', name, value, span: tokens.spanFrom(span) };
}

function parseLet(tokens: TokenStream): Statement {
  const { span } = tokens.take();
  if (tokens.at('(')) {
    const names = parseNameList(tokens, '(', ')');
    tokens.expect('=');
    const value = parseValue(tokens);
    tokens.expect(';');
    return { kind: 'unpack', names, value, span: tokens.spanFrom(span) };
  }
  const variable = parseTypedName(tokens);
  tokens.expect('=');
  const value = parseValue(tokens);
  tokens.expect(';');
  const whole = tokens.spanFrom(span);
  return value.kind === 'expression'
    ? { kind: 'reference', variable, value: value.value, span: whole }
    : { kind: 'callReference', variable, call: value, span: whole };
}

function parseValue(tokens: TokenStream): CallValue | ExpressionValue {
  if (tokens.at('call')) {
    const body = parseCallInstruction(tokens);
    return { kind: 'callInstruction', body, span: body.span };
  }
  const value = parseExpression(tokens);
  return value.kind === 'call'
    ? { kind: 'functionCall', call: value.call, span: value.span }
    : { kind: 'expression', value, span: value.span };
}

function parseVariable(tokens: TokenStream, kind: 'local' | 'tempvar'): Statement {
  const { span } = tokens.take();
  const variable = parseTypedName(tokens);
  const value = tokens.takeIf('=') ? parseExpression(tokens) : undefined;
  tokens.expect(';');
  return { kind, variable, value, span: tokens.spanFrom(span) };
}

function parseAssert(tokens: TokenStream, kind: 'assert' | 'staticAssert', sign: string): Statement {
  const { span } = tokens.take();
  const left = parseExpression(tokens);
  tokens.expect(sign);
  const right = parseExpression(tokens);
  tokens.expect(';');
  return { kind, left, right, span: tokens.spanFrom(span) };
}

function parseReturn(tokens: TokenStream): Statement {
  const { span } = tokens.take();
  const value = parseExpression(tokens);
  tokens.expect(';');
  const whole = tokens.spanFrom(span);
  return value.kind === 'call'
    ? { kind: 'tailCall', call: value.call, span: whole }
    : { kind: 'return', value, span: whole };
}

function parseIf(tokens: TokenStream): Statement {
  const { span } = tokens.take();
  tokens.expect('(');
  const conditions = [parseCondition(tokens)];
  while (tokens.takeIf('and')) {
    tokens.skipGap();
    conditions.push(parseCondition(tokens));
    if (conditions.length > MAX_CONDITION_COUNT) tokens.fail(`at most ${MAX_CONDITION_COUNT} conditions`);
  }
  tokens.expect(')');
  const body = parseBlock(tokens);
  const otherwise = tokens.takeIf('else') ? parseBlock(tokens) : undefined;
  return { kind: 'if', conditions, body, otherwise, id: 0, span };
}

/** Each condition becomes a block of its own, one inside the other. */
const MAX_CONDITION_COUNT = 50;

function parseCondition(tokens: TokenStream): Condition {
  const left = parseExpression(tokens);
  const equal = tokens.at('==');
  if (!equal && !tokens.at('!=')) tokens.fail('"==" or "!="');
  tokens.take();
  tokens.skipGap();
  const right = parseExpression(tokens);
  return { left, right, equal, span: tokens.spanFrom(left.span) };
}

function parseUsing(tokens: TokenStream): Statement {
  const { span } = tokens.take();
  const name = parseName(tokens);
  tokens.expect('=');
  const type = parseType(tokens);
  tokens.expect(';');
  return { kind: 'typeAlias', name, type, span: tokens.spanFrom(span) };
}

function parseWith(tokens: TokenStream): Statement {
  const { span } = tokens.take();
  const names: AliasedName[] = [];
  do names.push(parseAliasedName(tokens));
  while (tokens.takeIf(','));
  const body = parseBlock(tokens);
  return { kind: 'with', names, body, span: tokens.spanFrom(span) };
}

function parseWithAttribute(tokens: TokenStream): Statement {
  const { span } = tokens.take();
  const name = parseName(tokens);
  let value = '';
  if (tokens.takeIf('(')) {
    tokens.skipGap();
    while (tokens.atKind('string')) {
      value += tokens.take().text.slice(1, -1);
      tokens.skipGap();
    }
    tokens.expect(')');
  }
  const body = parseBlock(tokens);
  return { kind: 'withAttribute', name, value, body, span: tokens.spanFrom(span) };
}

function parseBuiltins(tokens: TokenStream): Statement {
  const { span } = tokens.take();
  const names = [tokens.expectKind('identifier').text];
  while (tokens.atKind('identifier')) names.push(tokens.take().text);
  return { kind: 'builtins', names, span: tokens.spanFrom(span) };
}

function parseLanguage(tokens: TokenStream): Statement {
  const { span } = tokens.take();
  const { text: name } = tokens.expectKind('identifier');
  return { kind: 'language', name, span: tokens.spanFrom(span) };
}

import {
  type Argument,
  type ArgumentList,
  type BinaryOperator,
  binary,
  constant,
  dereference,
  type Expression,
  identifier,
  register,
} from '../ast/expression.ts';
import { checkComplexity } from '../expressions/checkComplexity.ts';
import { hintCode } from './hintCode.ts';
import { parseList } from './parseList.ts';
import { parseDottedName, parseType } from './parseType.ts';
import { shortStringValue } from './shortStringValue.ts';
import type { TokenStream } from './tokenStream.ts';

/** An expression; line breaks may stand after an operator and inside parentheses and brackets. */
export function parseExpression(tokens: TokenStream): Expression {
  const expression = parseInner(tokens);
  checkComplexity(expression);
  return expression;
}

function parseInner(tokens: TokenStream): Expression {
  return tokens.nested(() => parseBinary(tokens, 0));
}

const BINARY_OPERATORS: readonly (readonly BinaryOperator[])[] = [
  ['+', '-'],
  ['*', '/'],
];

function parseBinary(tokens: TokenStream, level: number): Expression {
  const operators = BINARY_OPERATORS[level];
  if (operators === undefined) return parseUnary(tokens);
  let left = parseBinary(tokens, level + 1);
  for (;;) {
    const operator = operators.find((text) => tokens.at(text));
    if (operator === undefined) return left;
    tokens.take();
    tokens.skipGap();
    const right = parseBinary(tokens, level + 1);
    left = binary(operator, left, right, tokens.spanFrom(left.span));
  }
}

function parseUnary(tokens: TokenStream): Expression {
  const { span } = tokens.current;
  const unary = (operand: () => Expression) => tokens.nested(operand);
  if (tokens.takeIf('&')) {
    const operand = unary(() => parseUnary(tokens));
    return { kind: 'addressOf', operand, span: tokens.spanFrom(span) };
  }
  if (tokens.takeIf('-')) {
    const operand = unary(() => parseUnary(tokens));
    return { kind: 'negate', operand, span: tokens.spanFrom(span) };
  }
  if (tokens.takeIf('new')) {
    const operand = unary(() => parseUnary(tokens));
    return { kind: 'new', operand, typed: true, span: tokens.spanFrom(span) };
  }
  return parsePower(tokens);
}

function parsePower(tokens: TokenStream): Expression {
  const base = parsePostfix(tokens);
  if (!tokens.takeIf('**')) return base;
  tokens.skipGap();
  const exponent = tokens.nested(() => parsePower(tokens));
  return { kind: 'power', base, exponent, span: tokens.spanFrom(base.span) };
}

function parsePostfix(tokens: TokenStream): Expression {
  let base = parseAtom(tokens);
  for (;;) {
    if (tokens.takeIf('.')) {
      const member = tokens.expectKind('identifier').text;
      base = { kind: 'member', base, member, span: tokens.spanFrom(base.span) };
    } else if (tokens.takeIf('[')) {
      const index = parseBracketed(tokens);
      base = { kind: 'subscript', base, index, span: tokens.spanFrom(base.span) };
    } else return base;
  }
}

/** What stands between brackets, the closing one taken. */
function parseBracketed(tokens: TokenStream): Expression {
  tokens.skipGap();
  const inner = parseInner(tokens);
  tokens.skipGap();
  tokens.expect(']');
  return inner;
}

function parseAtom(tokens: TokenStream): Expression {
  const { kind, text, span } = tokens.current;
  if (kind === 'integer') {
    tokens.take();
    return { ...constant(BigInt(text), span), text };
  }
  if (kind === 'shortString') {
    tokens.take();
    return { ...constant(shortStringValue(text.slice(1, -1), span), span), text };
  }
  if (kind === 'identifier') return parseNameOrCall(tokens);
  if (tokens.takeIf('nondet')) {
    const code = hintCode(tokens.expectKind('hint').text);
    return { kind: 'hint', code, span: tokens.spanFrom(span) };
  }
  if (tokens.takeIf('ap')) return register('ap', span);
  if (tokens.takeIf('fp')) return register('fp', span);
  if (tokens.takeIf('[')) {
    const address = parseBracketed(tokens);
    return dereference(address, tokens.spanFrom(span));
  }
  if (tokens.takeIf('cast')) return parseCast(tokens);
  if (tokens.at('(')) return parseTupleOrParentheses(tokens);
  return tokens.fail('an expression');
}

function parseNameOrCall(tokens: TokenStream): Expression {
  const callee = parseDottedName(tokens);
  if (!tokens.at('(') && !tokens.at('{')) return callee;
  const implicitArguments = tokens.at('{') ? parseArguments(tokens, '}') : undefined;
  if (!tokens.at('(')) tokens.fail('"("');
  const args = parseArguments(tokens, ')');
  const span = tokens.spanFrom(callee.span);
  return { kind: 'call', call: { callee, arguments: args, implicitArguments, span }, span };
}

/** Arguments from the opening parenthesis or brace to the closing one; the span lies between them. */
function parseArguments(tokens: TokenStream, close: string): ArgumentList {
  const open = tokens.take();
  const { items, gaps, trailingComma } = parseList(tokens, close, () => parseArgument(tokens));
  const first = items[0]?.span.start ?? open.span.end;
  const span = { ...open.span, start: first, end: Math.max(first, tokens.previous.span.start) };
  return { items, gaps, trailingComma, span };
}

function parseArgument(tokens: TokenStream): Argument {
  const { span } = tokens.current;
  const next = tokens.peek(1);
  const isNamed = tokens.atKind('identifier') && next.kind === 'symbol' && next.text === '=';
  const name = isNamed ? identifier(tokens.take().text, span) : undefined;
  if (isNamed) tokens.take();
  const value = parseInner(tokens);
  return { name, value, span: tokens.spanFrom(span) };
}

function parseCast(tokens: TokenStream): Expression {
  const { span } = tokens.previous;
  tokens.expect('(');
  tokens.skipGap();
  const value = parseInner(tokens);
  tokens.skipGap();
  tokens.expect(',');
  tokens.skipGap();
  const type = parseType(tokens);
  tokens.takeIf(',');
  tokens.skipGap();
  tokens.expect(')');
  return { kind: 'cast', value, type, strength: 'explicit', span: tokens.spanFrom(span) };
}

function parseTupleOrParentheses(tokens: TokenStream): Expression {
  const { span } = tokens.current;
  const members = parseArguments(tokens, ')');
  const [only] = members.items;
  if (members.items.length === 1 && !members.trailingComma && only!.name === undefined)
    return { kind: 'parentheses', inner: only!.value, span: members.span };
  return { kind: 'tuple', members, span: tokens.spanFrom(span) };
}

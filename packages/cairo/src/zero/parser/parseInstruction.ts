import type { Expression } from '../ast/expression.ts';
import type { InstructionBody } from '../ast/statement.ts';
import type { SourceSpan } from '../sourceSpan.ts';
import { zeroError } from '../zeroError.ts';
import { parseExpression } from './parseExpression.ts';
import { parseDottedName } from './parseType.ts';
import type { TokenStream } from './tokenStream.ts';

/** `call rel x`, `call abs x` or `call f`. */
export function parseCallInstruction(tokens: TokenStream): InstructionBody {
  const { span } = tokens.expect('call');
  const relative = tokens.at('rel');
  if (relative || tokens.at('abs')) {
    tokens.take();
    const target = parseExpression(tokens);
    return { kind: 'call', target, relative, span: tokens.spanFrom(span) };
  }
  const label = parseDottedName(tokens);
  return { kind: 'callLabel', label, isFullName: false, span: tokens.spanFrom(span) };
}

/** An instruction that starts with a keyword; undefined when none does. */
export function parseKeywordInstruction(tokens: TokenStream): InstructionBody | undefined {
  const { span } = tokens.current;
  if (tokens.at('call')) return parseCallInstruction(tokens);
  if (tokens.takeIf('jmp')) return parseJump(tokens);
  if (tokens.takeIf('ret')) return { kind: 'return', span };
  if (tokens.takeIf('dw')) {
    const value = parseExpression(tokens);
    return { kind: 'word', value, span: tokens.spanFrom(span) };
  }
  // `ap += x`; any other use of ap begins an expression.
  if (tokens.at('ap') && tokens.peek(1).text === '+=') {
    tokens.take();
    tokens.take();
    const amount = parseExpression(tokens);
    return { kind: 'addAp', amount, span: tokens.spanFrom(span) };
  }
  return undefined;
}

function parseJump(tokens: TokenStream): InstructionBody {
  const { span } = tokens.previous;
  const relative = tokens.at('rel');
  if (relative || tokens.at('abs')) {
    tokens.take();
    const target = parseExpression(tokens);
    const condition = relative ? parseJumpCondition(tokens, span) : undefined;
    const whole = tokens.spanFrom(span);
    return condition === undefined
      ? { kind: 'jump', target, relative, span: whole }
      : { kind: 'jumpIf', target, condition, span: whole };
  }
  const label = parseDottedName(tokens);
  const condition = parseJumpCondition(tokens, span);
  return { kind: 'jumpLabel', label, condition, span: tokens.spanFrom(span) };
}

/** `if x != 0` after a jump that begins at `start`. */
function parseJumpCondition(tokens: TokenStream, start: SourceSpan): Expression | undefined {
  if (!tokens.takeIf('if')) return undefined;
  const condition = parseExpression(tokens);
  tokens.expect('!=');
  if (tokens.expectKind('integer').text !== '0')
    throw zeroError('ZERO_SYNTAX', 'Expected "!= 0".', tokens.spanFrom(start));
  return condition;
}

import { feltInv, feltMod, feltPow, PRIME } from '@cairn/primitives';
import { binary, constant, type Expression, type ExpressionOf } from '../ast/expression.ts';
import { zeroError } from '../zeroError.ts';
import { mapExpression } from './expressionChildren.ts';

const HALF_PRIME = PRIME / 2n;
/** Largest power of whole numbers, in bits; in the field there is no such bound. */
const MAX_POWER_BITS = 4_096;

/** Whether constants are felts, written between -PRIME/2 and PRIME/2, or whole numbers. */
export type NumberDomain = 'felt' | 'integer';

/** The number between -PRIME/2 and PRIME/2 that means the same felt. */
export function centeredFelt(value: bigint): bigint {
  if (-HALF_PRIME <= value && value <= HALF_PRIME) return value;
  return feltMod(value + HALF_PRIME) - HALF_PRIME;
}

/**
 * The expression with constants folded and gathered on the right: `(fp + 1) + 2` is `fp + 3`, `x - 1` is `x + (-1)`.
 * Unfolded powers and quotients of felts come out between 0 and PRIME, as programs in the field have them.
 * @throws CairnError `ZERO_CONSTANT`
 */
export function simplifyExpression(expression: Expression, domain: NumberDomain): Expression {
  const simplify = (inner: Expression): Expression => simplifyExpression(inner, domain);
  switch (expression.kind) {
    case 'constant': {
      const value = normalized(expression.value, domain);
      const isPlain = value === expression.value && expression.text === undefined;
      return isPlain ? expression : constant(value, expression.span);
    }
    case 'binary':
      return simplifyBinary(mapExpression(expression, simplify) as ExpressionOf<'binary'>, domain);
    case 'power':
      return simplifyPower(expression, domain);
    case 'negate': {
      const operand = simplify(expression.operand);
      return operand.kind === 'constant'
        ? constant(normalized(-operand.value, domain), expression.span)
        : { ...expression, operand };
    }
    case 'parentheses':
      return simplify(expression.inner);
    default:
      return mapExpression(expression, simplify);
  }
}

function normalized(value: bigint, domain: NumberDomain): bigint {
  return domain === 'felt' ? centeredFelt(value) : value;
}

/** An operation whose operands are simplified. */
function simplifyBinary(expression: ExpressionOf<'binary'>, domain: NumberDomain): Expression {
  let { operator, left, right } = expression;
  const { span } = expression;
  if (right.kind === 'constant' && operator === '/') {
    const isZero = domain === 'felt' ? feltMod(right.value) === 0n : right.value === 0n;
    if (isZero) throw zeroError('ZERO_CONSTANT', 'Division by zero.', right.span);
  }
  if (left.kind === 'constant' && right.kind === 'constant') {
    const value = foldedValue(operator, left.value, right.value, domain);
    if (value !== undefined) return constant(value, span);
  }
  if (left.kind === 'constant' && operator === '+') [left, right] = [right, left];
  if (right.kind === 'constant' && operator === '-') {
    operator = '+';
    right = constant(normalized(-right.value, domain), right.span);
  }
  if (right.kind === 'constant' && operator === '/' && domain === 'felt') {
    operator = '*';
    right = constant(centeredFelt(feltInv(feltMod(right.value))), right.span);
  }
  if (right.kind === 'constant') {
    const isSum = operator === '+' || operator === '-';
    if (right.value === (isSum ? 0n : 1n)) return left;
  }
  if (left.kind === 'constant' && left.value === 1n && operator === '*') return right;
  if (right.kind === 'constant' && left.kind === 'binary') {
    const inner = left.operator;
    // (a + b) + c is a + (b + c), so that the constants b and c meet.
    const turns =
      (operator === '+' && (inner === '+' || inner === '-')) || (operator === '*' && inner === '*');
    if (turns) {
      const gathered = binary(inner, left.right, right, span);
      return simplifyExpression(binary(inner, left.left, gathered, span), domain);
    }
  }
  const isSame = operator === expression.operator && left === expression.left && right === expression.right;
  return isSame ? expression : binary(operator, left, right, span);
}

function foldedValue(
  operator: '+' | '-' | '*' | '/',
  left: bigint,
  right: bigint,
  domain: NumberDomain,
): bigint | undefined {
  switch (operator) {
    case '+':
      return normalized(left + right, domain);
    case '-':
      return normalized(left - right, domain);
    case '*':
      return normalized(left * right, domain);
    case '/':
      return domain === 'felt' ? feltMod(left * feltInv(feltMod(right))) : undefined;
  }
}

function simplifyPower(expression: ExpressionOf<'power'>, domain: NumberDomain): Expression {
  const base = simplifyExpression(expression.base, domain);
  // The exponent counts multiplications: it is a whole number whatever the base is.
  const exponent = simplifyExpression(expression.exponent, 'integer');
  const { span } = expression;
  if (base.kind !== 'constant' || exponent.kind !== 'constant') return { ...expression, base, exponent };
  if (exponent.value < 0n)
    throw zeroError('ZERO_CONSTANT', 'Power is not supported with a negative exponent.', span);
  if (domain === 'felt') return constant(feltPow(feltMod(base.value), exponent.value), span);
  const bitCount = BigInt(base.value.toString(2).length) * exponent.value;
  if (bitCount > MAX_POWER_BITS) throw zeroError('ZERO_TOO_COMPLEX', 'This power is too large.', span);
  return constant(base.value ** exponent.value, span);
}

import { binary, constant, type Expression } from '../ast/expression.ts';
import type { ApChange } from '../flow/apChange.ts';
import { mapExpression } from './expressionChildren.ts';

/**
 * The expression after ap moved by `change`: each `ap` becomes `ap - change`.
 * Undefined when it speaks of ap and the change is unknown.
 */
export function translateAp(expression: Expression, change: ApChange): Expression | undefined {
  let isLost = false;
  const translate = (inner: Expression): Expression => {
    if (inner.kind !== 'register') return mapExpression(inner, translate);
    if (inner.register === 'fp') return inner;
    if (change === 'unknown') {
      isLost = true;
      return inner;
    }
    return binary('-', inner, constant(change, inner.span), inner.span);
  };
  const result = translate(expression);
  return isLost ? undefined : result;
}

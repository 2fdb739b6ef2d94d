import type { Expression } from '../ast/expression.ts';
import { zeroError } from '../zeroError.ts';
import { expressionChildren } from './expressionChildren.ts';

const MAX_DEPTH = 400;
/** Most nodes of an expression as written, and as kept by a reference. */
export const MAX_NODE_COUNT = 10_000;

/**
 * Refuses an expression so deep or large that the passes over it could not finish: references that name
 * references double in size with each line.
 * @returns the number of nodes
 * @throws CairnError `ZERO_TOO_COMPLEX`
 */
export function checkComplexity(expression: Expression): number {
  let nodeCount = 0;
  const pending: [Expression, number][] = [[expression, 1]];
  for (let entry = pending.pop(); entry !== undefined; entry = pending.pop()) {
    const [node, depth] = entry;
    if (depth > MAX_DEPTH || ++nodeCount > MAX_NODE_COUNT)
      throw zeroError('ZERO_TOO_COMPLEX', 'This expression is too large.', expression.span);
    for (const child of expressionChildren(node)) pending.push([child, depth + 1]);
  }
  return nodeCount;
}

import type { CairoType } from '../ast/cairoType.ts';
import type { SourceSpan } from '../sourceSpan.ts';
import { zeroError } from '../zeroError.ts';

const MAX_NODE_COUNT = 5_000;

const nodeCounts = new WeakMap<CairoType, number>();

/**
 * Refuses a type that spells out to too much: a `using` of tuples of tuples doubles with each line.
 * @throws CairnError `ZERO_TOO_COMPLEX`
 */
export function measureType(type: CairoType, span: SourceSpan | undefined): void {
  if (nodeCount(type) > MAX_NODE_COUNT) throw zeroError('ZERO_TOO_COMPLEX', 'This type is too large.', span);
}

function nodeCount(type: CairoType): number {
  let count = nodeCounts.get(type);
  if (count === undefined) {
    count = 1;
    if (type.kind === 'pointer') count += nodeCount(type.pointee);
    if (type.kind === 'tuple') for (const member of type.members) count += nodeCount(member.type);
    nodeCounts.set(type, count);
  }
  return count;
}
